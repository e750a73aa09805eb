"""Rates: how often something may be done, and how long whoever tries passwords has to wait."""

from __future__ import annotations

import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.requests import Request

WRONG_HERE, WRONG_PER_ADDRESS, WRONG_PER_ACCOUNT = 5, 20, 100
"""So many wrong passwords a quarter of an hour are taken for an account from one address, from an address, and for an account.
Few from everywhere, and anybody could lock an operator out."""

WRONG_MINUTES = 15


class Rates:
    """Counts, within this process."""

    def __init__(self) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def wait(self, per_minute: int, *what: str, minutes: int = 1, cost: int = 1) -> int:
        """Counts one more; how many seconds to wait where that is too many, and 0 where it is not."""
        item = RateLimitItemPerMinute(per_minute, minutes)
        if self._limiter.hit(item, *what, cost=cost):
            return 0
        return self._left(item, *what)

    def wrong(self, request: Request, account: str) -> None:
        """Counts a wrong password."""
        for item, what in self._guesses(request, account):
            self._limiter.hit(item, *what)

    def locked(self, request: Request, account: str) -> int:
        """How many seconds nobody may try a password; 0 where it may be tried."""
        return max(
            0 if self._limiter.test(item, *what) else self._left(item, *what) for item, what in self._guesses(request, account)
        )

    def _guesses(self, request: Request, account: str) -> list[tuple[RateLimitItemPerMinute, tuple[str, ...]]]:
        return [
            (RateLimitItemPerMinute(WRONG_HERE, WRONG_MINUTES), ("from for", address(request), account)),
            (RateLimitItemPerMinute(WRONG_PER_ADDRESS, WRONG_MINUTES), ("from", address(request))),
            (RateLimitItemPerMinute(WRONG_PER_ACCOUNT, WRONG_MINUTES), ("for", account)),
        ]

    def _left(self, item: RateLimitItemPerMinute, *what: str) -> int:
        return max(1, math.ceil(self._limiter.get_window_stats(item, *what).reset_time - time.time()))


def address(request: Request) -> str:
    """Where a request comes from; of a proxy that is trusted, where it says so."""
    return request.client.host if request.client else "-"
