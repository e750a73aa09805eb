"""Servers of our own in this process, on loopback."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette


@contextmanager
def served(app: Starlette, port: int) -> Iterator[str]:
    """Serves on the port until the end; the address."""
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="critical", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run)
    thread.start()
    until(lambda: server.started)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


def until(what: Callable[[], Any], seconds: float = 20.0, why: Callable[[], str] = str) -> Any:
    """Waits until something is so, and returns it; ``why`` tells what may have been in the way."""
    end = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < end, f"waited in vain; {why()}"
        time.sleep(0.02)
    return found
