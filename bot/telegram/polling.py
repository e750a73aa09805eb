"""Polling: asks Telegram for updates, and confirms each only when it has been dealt with."""

from __future__ import annotations

import asyncio
import logging
import warnings
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.jsonl import log_fault
from bot.telegram.events import ALLOWED, update_of
from bot.telegram.limits import seconds
from bot.telegram.service import Service, StoreAwayError
from bot.telegram.transport import READ_SECONDS

POLL_SECONDS = 30
"""So long Telegram holds a call for updates when there are none."""

RETRY_SECONDS = 1.0

BREATH_SECONDS = 0.1
"""Where a call comes back at once with nothing, as behind some proxies."""

T = TypeVar("T")

_log = logging.getLogger("yanglao.telegram")


async def poll(bot: Bot, service: Service, stopping: asyncio.Event) -> None:
    """Receives updates until it is told to stop; what came with the last call is dealt with.

    Raises:
        InvalidToken: the token was taken back.
    """
    following: int | None = None
    while not stopping.is_set():
        for number, update in await until(stopping, _updates(bot, following)) or ():
            if update:
                await _received(service, update, stopping)
            following = number + 1


async def _updates(bot: Bot, following: int | None) -> list[tuple[int, Update | None]]:
    """The next updates by number, None for one that cannot be read; none at all where Telegram does not answer."""
    pause, asked = RETRY_SECONDS, {"offset": following, "timeout": POLL_SECONDS, "allowed_updates": ALLOWED}
    try:
        updates = await _called(bot, asked)
    except InvalidToken:
        raise
    except RetryAfter as full:
        pause = seconds(full)
    except Conflict:
        _log.warning("another process asks for the updates of this bot")
    except TelegramError as fault:
        _log.warning("getUpdates failed: %s", type(fault).__name__)
    else:
        if updates:
            return updates
        pause = BREATH_SECONDS
    await asyncio.sleep(pause)
    return []


async def _called(bot: Bot, asked: dict[str, Any]) -> list[tuple[int, Update | None]]:
    try:
        return [(update.update_id, update) for update in await bot.get_updates(**asked)]
    except TelegramError:
        raise
    except Exception as fault:
        log_fault(fault)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that there is a method for it: it is the one that cannot read them
        delivered = await bot.do_api_request("getUpdates", asked, read_timeout=POLL_SECONDS + READ_SECONDS)
    return [(int(one["update_id"]), update_of(one, bot)) for one in delivered]


async def until(stopping: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """What the work comes to; None where it was told to stop before."""
    working, told = asyncio.create_task(work), asyncio.create_task(stopping.wait())
    await asyncio.wait((working, told), return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    if working.done():
        return working.result()
    working.cancel()
    with suppress(asyncio.CancelledError):
        await working
    return None


async def _received(service: Service, update: Update, stopping: asyncio.Event) -> None:
    """Has an update dealt with, as soon as the database is there; at a stop it is left to be delivered again."""
    while True:
        try:
            await service.receive(update)
        except StoreAwayError:
            if stopping.is_set():
                return
            await asyncio.sleep(RETRY_SECONDS)
        else:
            return
