"""Threads: where conversations are computed and the database is asked, beside the loop that talks to the network."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

POSTGRESQL_THREADS = 2

NEW_OBJECTS = 10_000
"""So many new objects are made before it is looked for garbage among them: several questions' worth."""

SWITCH_SECONDS = 0.001
"""So soon the thread that talks to the network has its turn while another one computes; Python's own 5 ms add up to a wait."""


class Threads:
    """A pool: one thread for SQLite, which has one writer at a time anyway, and several for a server.

    Args:
        dialect: the database's, as SQLAlchemy calls it.
    """

    def __init__(self, dialect: str) -> None:
        sys.setswitchinterval(SWITCH_SECONDS)
        self._pool = ThreadPoolExecutor(1 if dialect == "sqlite" else POSTGRESQL_THREADS, "yanglao")

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Does the work in a thread."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, lambda: work(*args, **kwargs))

    def close(self) -> None:
        self._pool.shutdown()


def settle() -> None:
    """Ends the start: what is loaded stays, and to look through it for garbage again and again would halt everybody."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS)
