"""Running the bot: put together from the settings, started, and stopped so that what was received is answered."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager, closing, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.routing import BaseRoute
from telegram import Bot
from telegram.error import TelegramError
from telegram.request import BaseRequest

from bot.claims import Claims
from bot.conversation import Conversation
from bot.gaps import GapKeeper
from bot.operations import operations
from bot.outbox import Outbox
from bot.rehearsal import rehearsed
from bot.reminders import due
from bot.rounds import rounds
from bot.sessions import SessionStore
from bot.settings import Settings, TelegramSettings
from bot.telegram.introduction import StartError, announced, introduced, secret
from bot.telegram.limits import Limits
from bot.telegram.polling import poll, until
from bot.telegram.post import Post
from bot.telegram.service import Service
from bot.telegram.talk import Talk, reminding
from bot.telegram.transport import Transport
from bot.telegram.webhook import webhook
from bot.threads import Threads, settle
from eligibility.rulebook import rule_book

STOP_SECONDS = 10.0
"""So long a stop waits for what is being sent."""

TIME_ZONE = "Asia/Shanghai"
REMIND_SECONDS = 30.0
TIDY_SECONDS = 3600.0

CONNECTIONS = 64
"""So many calls to Telegram may be under way at once."""

_log = logging.getLogger("yanglao.telegram")


@dataclass(frozen=True)
class Running:
    """A bot at work.

    Attributes:
        bot: what calls Telegram.
        service: what deals with updates.
        routes: what is served over HTTP.
    """

    bot: Bot
    service: Service
    routes: list[BaseRoute]


def run_telegram(settings: Settings) -> None:
    """Runs the bot until it is told to stop.

    Raises:
        StartError: there is no token, or it is not a bot's, or the webhook is refused.
        StoreError: the database cannot be used.
    """
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_run(settings))


@asynccontextmanager
async def running(settings: Settings, way: Callable[[int], BaseRequest] = Transport) -> AsyncIterator[Running]:
    """The bot, ready to receive; at the end what was received is answered.

    Args:
        settings: token, database and all.
        way: makes the way to Telegram, for so many connections.

    Raises:
        StartError: there is no token, or it is not a bot's.
        StoreError: the database cannot be used.
    """
    bot = _bot(settings, way)
    with ExitStack() as stack:
        store = stack.enter_context(closing(SessionStore(settings.store)))
        gaps = stack.enter_context(closing(GapKeeper(settings.store)))
        claims = stack.enter_context(closing(Claims(store.engine)))
        threads = stack.enter_context(closing(Threads(store.engine.dialect.name)))
        outbox, limits = Outbox(store.engine), Limits(settings.telegram.messages_per_second)
        try:
            await introduced(bot)
            post = Post(bot, outbox, claims, limits, threads)
            conversation = rehearsed(Conversation(rule_book(), reminds=True), rule_book())
            settle()
            service = Service(bot, store, gaps, Talk(conversation, bot.username, settings.telegram.advisers), post, threads)
            await post.start()
            tidy = partial(_tidy, store, threads, settings.telegram)
            remind = partial(_remind, store, post, threads, settings.telegram)
            going_round = [asyncio.create_task(rounds(remind, REMIND_SECONDS)), asyncio.create_task(rounds(tidy, TIDY_SECONDS))]
            yield Running(bot, service, [*operations(outbox, threads), webhook(bot, service, secret(settings.telegram))])
            for task in going_round:
                task.cancel()
            await post.stop(STOP_SECONDS)
        finally:
            with suppress(TelegramError):
                await bot.shutdown()


async def _run(settings: Settings) -> None:
    if settings.telegram.webhook and not settings.telegram.port:
        raise StartError("用 webhook，要在设置 telegram.port 里写在哪个端口上听")
    stopping = asyncio.Event()
    async with running(settings) as bot:
        for name in (signal.SIGINT, signal.SIGTERM):  # before, a signal ends it at once, and loses nothing
            asyncio.get_running_loop().add_signal_handler(name, stopping.set)
        await until(stopping, announced(bot.bot, settings.telegram))
        if stopping.is_set():
            return
        serving = [_served(Starlette(routes=bot.routes), settings.telegram, stopping)] if settings.telegram.port else []
        polling = [] if settings.telegram.webhook else [poll(bot.bot, bot.service, stopping)]
        _log.info("ready")
        await asyncio.gather(*serving, *polling)
        _log.info("stopping")


async def _served(app: Starlette, settings: TelegramSettings, stopping: asyncio.Event) -> None:
    """Serves over HTTP until it is told to stop, and then finishes what is under way."""
    config = uvicorn.Config(app, settings.host, settings.port or 0, log_config=None, access_log=False)
    server = uvicorn.Server(config)
    work = asyncio.create_task(server.serve())
    await asyncio.wait((work, asyncio.create_task(stopping.wait())), return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    await work
    stopping.set()


async def _remind(store: SessionStore, post: Post, threads: Threads, settings: TelegramSettings) -> None:
    """Sends, by day, what people asked to be reminded of."""
    now = datetime.now(ZoneInfo(TIME_ZONE))
    if settings.remind_from <= now.hour < settings.remind_until:
        for chat_id, letters in (await threads.run(due, store.engine, now.date(), reminding)).items():
            post.send(chat_id, letters)


async def _tidy(store: SessionStore, threads: Threads, settings: TelegramSettings) -> None:
    """Deletes the conversations that nobody has used for so long."""
    deleted = await threads.run(store.expire, timedelta(days=settings.unused_days))
    _log.info("%d unused conversations deleted", deleted)


def _bot(settings: Settings, way: Callable[[int], BaseRequest]) -> Bot:
    token = settings.telegram.token
    if token is None or not token.get_secret_value().strip():
        raise StartError("没有令牌：向 @BotFather 要一个，写在设置 telegram.token 或环境变量 YANGLAO_TELEGRAM__TOKEN 里")
    address = f"{settings.telegram.api}/bot"
    return Bot(token.get_secret_value(), base_url=address, request=way(CONNECTIONS), get_updates_request=way(1))
