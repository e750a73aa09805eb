"""Limits: how fast messages may be sent, in all and in one chat."""

from __future__ import annotations

import asyncio

from aiolimiter import AsyncLimiter
from telegram.error import RetryAfter

SECONDS_BETWEEN = 1.0
"""Telegram takes about one message a second in a chat."""

MOST_REMEMBERED = 1000
"""When so many chats are remembered, those that may be sent to at once are forgotten."""


class Limits:
    """Waits until the next message may be sent.

    Args:
        per_second: so many in all.
    """

    def __init__(self, per_second: float) -> None:
        self._all = AsyncLimiter(max(1.0, per_second), 1) if per_second >= 1 else AsyncLimiter(1, 1 / per_second)
        self._free: dict[str, float] = {}

    async def message(self, chat_id: str) -> None:
        """Waits for a message in a chat; who waits already is first."""
        now = asyncio.get_running_loop().time()
        if len(self._free) >= MOST_REMEMBERED:
            self._free = {chat: at for chat, at in self._free.items() if at > now}
        at = max(now, self._free.get(chat_id, now))
        self._free[chat_id] = at + SECONDS_BETWEEN
        await asyncio.sleep(at - now)
        await self._all.acquire()

    async def other(self) -> None:
        """Waits for any other call."""
        await self._all.acquire()


def seconds(full: RetryAfter) -> float:
    """How long Telegram wants to be left alone."""
    after = full.retry_after
    return float(after) if isinstance(after, int) else after.total_seconds()
