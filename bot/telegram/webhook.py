"""The webhook: Telegram calls, and gets its answer when the update has been dealt with; until then it calls again."""

from __future__ import annotations

import hmac

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from telegram import Bot

from bot.telegram.events import update_of
from bot.telegram.service import Service, StoreAwayError

PATH = "/telegram"

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header

MOST_BYTES = 1 << 20
"""No update of Telegram's is so long."""


def webhook(bot: Bot, service: Service, secret: str) -> Route:
    """The route that takes Telegram's calls, and nobody else's.

    Args:
        bot: what calls Telegram.
        service: what deals with updates.
        secret: what Telegram was told to show; whoever shows another is refused.
    """

    async def receive(request: Request) -> Response:
        shown = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(shown.encode(), secret.encode()):
            return PlainTextResponse("", 403)
        if int(request.headers.get("content-length") or MOST_BYTES) >= MOST_BYTES:
            return PlainTextResponse("", 413)
        try:
            delivered = await request.json()
        except ValueError:
            return PlainTextResponse("", 400)
        if not isinstance(delivered, dict):
            return PlainTextResponse("", 400)
        try:
            if update := update_of(delivered, bot):
                await service.receive(update)
        except StoreAwayError:
            return PlainTextResponse("", 503)
        return PlainTextResponse("")

    return Route(PATH, receive, methods=["POST"])
