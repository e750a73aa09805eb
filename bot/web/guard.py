"""The guard: what holds for every request, whatever it asks: how much it may say and how slowly, and what a browser may do."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.database import AWAY_FAULTS
from bot.jsonl import log_fault

MOST_BYTES = 1 << 20
"""Nothing that is taken here is longer."""

BODY_SECONDS = 10.0
"""So long a body may take to come."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

STATIC = "/static/"
ROSTER = "/desk/roster"

_log = logging.getLogger("yanglao.web")

Refusal = Callable[[Scope, int], Response]
"""Makes the answer to a request that is refused before anybody looks at it."""


class Bounded:
    """Takes a body whole before anything is done with it, and refuses one that is too long or too slow.

    A roster is longer than anything else: it is taken in by its page, once it is known who sends it.
    """

    def __init__(self, app: ASGIApp, refusal: Refusal) -> None:
        self._app, self._refusal = app, refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] == ROSTER:
            return await self._app(scope, receive, send)
        try:
            body = await asyncio.wait_for(_whole(receive), BODY_SECONDS)
        except ClientDisconnect:
            return None  # half of what was meant is not what was meant
        except TimeoutError:
            refused = self._refusal(scope, 408)
            refused.headers["Connection"] = "close"  # or it would go on
            return await refused(scope, receive, send)
        if body is None:
            return await self._refusal(scope, 413)(scope, receive, send)
        given = False

        async def replayed() -> Message:
            nonlocal given
            if given:
                return await receive()  # what comes now is that nobody listens any more
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        return await self._app(scope, replayed, send)


async def _whole(receive: Receive) -> bytes | None:
    """The body; None where it is too long. Who is cut off while speaking hears no answer, so that it is heard to the end.

    Raises:
        ClientDisconnect: it ends in the middle.
    """
    parts, length = list[bytes](), 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        part = message.get("body", b"")
        length += len(part)
        if length <= MOST_BYTES:
            parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts) if length <= MOST_BYTES else None


class Caught:
    """Says so, and no more, where the database is away or something has a fault; what was begun is undone."""

    def __init__(self, app: ASGIApp, refusal: Refusal) -> None:
        self._app, self._refusal = app, refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            return await self._app(scope, receive, watched)
        except AWAY_FAULTS as fault:
            _log.warning("database away: %s", type(fault).__name__)
            status = 503
        except Exception as fault:
            log_fault(fault)
            status = 500
        return None if begun else await self._refusal(scope, status)(scope, receive, send)


class Guarded:
    """Tells browsers what pages may do, and lets nothing of a person be kept by anybody in between."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-cache" if scope["path"].startswith(STATIC) else "no-store")
            await send(message)

        return await self._app(scope, receive, guarded)


class Logged:
    """Logs what was asked of which route, and how it went: no address, no words, no name."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        begin, status = time.perf_counter(), 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            return await self._app(scope, receive, watched)
        finally:
            took = (time.perf_counter() - begin) * 1000
            _log.info("%s %s %d %.1f ms", scope["method"], scope.get("route_path", "-"), status, took)


def named(path: str, endpoint: Callable[..., Awaitable[Response]]) -> Callable[..., Awaitable[Response]]:
    """The endpoint of a route, under whose path it is logged: the path that was asked for may hold anything."""

    async def at(request: object) -> Response:
        request.scope["route_path"] = path  # type: ignore[attr-defined]
        return await endpoint(request)

    return at


