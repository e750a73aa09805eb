"""What tests need of the machine: without it they are skipped and say so, but never where everything is checked."""

from __future__ import annotations

import os
import shutil
import socket
from contextlib import ExitStack
from pathlib import Path

import pytest


def program(name: str, *places: str) -> str:
    """The path of a program, looked for in some places besides; the test is skipped where there is none."""
    beside = os.pathsep.join([os.environ.get("PATH", ""), *places])
    found = shutil.which(name, path=beside)
    if found is None:
        missing(f"{name} is not installed")
    return str(Path(str(found)))


def missing(reason: str) -> None:
    """Skips the test; fails it where everything has to be checked."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def free_ports(count: int) -> list[int]:
    """Ports of loopback that nobody listens on."""
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
