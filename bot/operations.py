"""Operations: whether the service is well, and its figures for Prometheus; over HTTP, and nothing of anybody."""

from __future__ import annotations

from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.outbox import Outbox
from bot.threads import Threads

WAITING = Gauge("yanglao_outbox", "Calls that are still to be made")


def operations(outbox: Outbox, threads: Threads) -> list[Route]:
    """``/healthz`` and ``/metrics``.

    Args:
        outbox: what is still to be sent; whether it can be counted tells whether the database is there.
        threads: where it is counted.
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

    return [Route("/healthz", health), Route("/metrics", metrics)]
