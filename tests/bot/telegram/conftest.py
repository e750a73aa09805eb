"""What the tests of the Telegram channel stand on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.bot.telegram import emulator
from tests.bot.telegram.loopback import Telegram, serving
from tests.needs import free_ports


@pytest.fixture
def free_port() -> int:
    """A port that nobody listens on."""
    return free_ports(1)[0]


@pytest.fixture
def emulated(pytestconfig: pytest.Config, free_port: int) -> Iterator[str]:
    """The address of telegram-test-api."""
    folder = emulator.installed(pytestconfig.rootpath / ".cache" / "node")
    server = emulator.start(folder, free_port)
    yield f"http://127.0.0.1:{free_port}"
    server.terminate()
    server.communicate()


@pytest.fixture
def telegram(free_port: int) -> Iterator[Telegram]:
    """A Bot API of our own."""
    with serving(Telegram(), free_port) as server:
        yield server
