"""Rounds: what is done again and again beside the talk, also when the database was away the last time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from sqlalchemy.exc import SQLAlchemyError

_log = logging.getLogger("yanglao")


async def rounds(work: Callable[[], Awaitable[object]], seconds: float) -> None:
    """Does the work, and again so many seconds after it was done."""
    while True:
        try:
            await work()
        except SQLAlchemyError as fault:
            _log.warning("database away: %s", type(fault).__name__)
        await asyncio.sleep(seconds)
