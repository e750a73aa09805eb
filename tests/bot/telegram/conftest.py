"""What the tests of the Telegram channel stand on."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from tests.bot.telegram import emulator
from tests.bot.telegram.loopback import Telegram, serving


@pytest.fixture
def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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
