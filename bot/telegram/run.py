"""Running the bot: put together from the settings, started, and stopped so that what was received is answered."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, closing, suppress
from dataclasses import dataclass

import uvicorn
from httpx import AsyncBaseTransport
from starlette.applications import Starlette
from telegram import Bot
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from bot.claims import Claims
from bot.conversation import Conversation
from bot.gaps import GapKeeper
from bot.outbox import Outbox
from bot.sessions import SessionStore
from bot.settings import Settings, TelegramSettings
from bot.telegram.introduction import StartError, announced, introduced, secret
from bot.telegram.limits import Limits
from bot.telegram.polling import poll
from bot.telegram.post import Post
from bot.telegram.service import Service
from bot.telegram.talk import Talk
from bot.telegram.threads import Threads
from bot.telegram.web import web
from bot.telegram.webhook import webhook
from eligibility.rulebook import rule_book

STOP_SECONDS = 10.0
"""So long a stop waits for what is being sent."""

CONNECTIONS = 64
"""So many calls to Telegram may be under way at once."""

_log = logging.getLogger("yanglao.telegram")


@dataclass(frozen=True)
class Running:
    """A bot at work.

    Attributes:
        bot: what calls Telegram.
        service: what deals with updates.
        app: what is served over HTTP.
    """

    bot: Bot
    service: Service
    app: Starlette


def run_telegram(settings: Settings) -> None:
    """Runs the bot until it is told to stop.

    Raises:
        StartError: there is no token, or it is not a bot's, or the webhook is refused.
        StoreError: the database cannot be used.
    """
    asyncio.run(_run(settings))


@asynccontextmanager
async def running(settings: Settings, transport: AsyncBaseTransport | None = None) -> AsyncIterator[Running]:
    """The bot, ready to receive; at the end what was received is answered.

    Args:
        settings: token, database and all.
        transport: how calls reach Telegram; httpx's own when absent.

    Raises:
        StartError: there is no token, or it is not a bot's.
        StoreError: the database cannot be used.
    """
    bot = _bot(settings, transport)
    with ExitStack() as stack:
        store = stack.enter_context(closing(SessionStore(settings.store)))
        gaps = stack.enter_context(closing(GapKeeper(settings.store)))
        claims = stack.enter_context(closing(Claims(store.engine)))
        threads = stack.enter_context(closing(Threads(store.engine.dialect.name)))
        outbox, limits = Outbox(store.engine), Limits(settings.telegram.messages_per_second)
        try:
            await introduced(bot)
            post = Post(bot, outbox, claims, limits, threads)
            service = Service(bot, store, gaps, Talk(Conversation(rule_book()), bot.username), post, threads)
            post.start()
            yield Running(bot, service, web(outbox, threads, [webhook(bot, service, secret(settings.telegram))]))
            await post.stop(STOP_SECONDS)
        finally:
            with suppress(TelegramError):
                await bot.shutdown()


async def _run(settings: Settings) -> None:
    stopping = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopping.set)
    async with running(settings) as bot:
        await announced(bot.bot, settings.telegram)
        serving = [_served(bot.app, settings.telegram, stopping)] if settings.telegram.port else []
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


def _bot(settings: Settings, transport: AsyncBaseTransport | None) -> Bot:
    token = settings.telegram.token
    if token is None or not token.get_secret_value().strip():
        raise StartError("没有令牌：向 @BotFather 要一个，写在设置 telegram.token 或环境变量 YANGLAO_TELEGRAM__TOKEN 里")
    through = {"transport": transport} if transport else {}
    return Bot(
        token.get_secret_value(), base_url=f"{settings.telegram.api}/bot",
        request=HTTPXRequest(connection_pool_size=CONNECTIONS, httpx_kwargs=through),
        get_updates_request=HTTPXRequest(connection_pool_size=1, httpx_kwargs=through),
    )
