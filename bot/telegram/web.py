"""The web side: Telegram's calls where a webhook is configured, whether all is well, and the metrics."""

from __future__ import annotations

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.outbox import Outbox
from bot.telegram.metrics import WAITING
from bot.threads import Threads


def web(outbox: Outbox, threads: Threads, routes: list[BaseRoute]) -> Starlette:
    """The application.

    Args:
        outbox: what is still to be sent; whether it can be counted tells whether the database is there.
        threads: where it is counted.
        routes: what else is served.
    """

    async def waiting() -> int | None:
        try:
            return await threads.run(outbox.size)
        except SQLAlchemyError:
            return None

    async def health(_request: Request) -> Response:
        size = await waiting()
        state = {"database": "away" if size is None else "ok", "outbox": size}
        return JSONResponse(state, 503 if size is None else 200)

    async def metrics(_request: Request) -> Response:
        WAITING.set(await waiting() or 0)
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return Starlette(routes=[Route("/healthz", health), Route("/metrics", metrics), *routes])
