"""Running the bot: put together from the settings, started, and stopped so that what was received is answered."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from httpx import AsyncBaseTransport
from telegram import Bot, BotCommand
from telegram.error import InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from bot.conversation import Conversation
from bot.gaps import GapKeeper
from bot.outbox import Outbox
from bot.sessions import SessionStore
from bot.settings import Settings
from bot.telegram.limits import Limits
from bot.telegram.polling import poll
from bot.telegram.post import Post
from bot.telegram.service import Service
from bot.telegram.talk import Talk
from bot.telegram.threads import Threads
from bot.telegram.words import words
from eligibility.rulebook import rule_book

STOP_SECONDS = 10.0
"""So long a stop waits for what is being sent."""

CONNECTIONS = 64
"""So many calls to Telegram may be under way at once."""

_log = logging.getLogger("yanglao.telegram")


class StartError(Exception):
    """The bot cannot be started; the text says in one sentence why."""


@dataclass(frozen=True)
class Running:
    """A bot at work."""

    bot: Bot
    service: Service
    store: SessionStore


def run_telegram(settings: Settings) -> None:
    """Runs the bot until it is told to stop.

    Raises:
        StartError: there is no token, or it is not a bot's.
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
    store, gaps = SessionStore(settings.store), GapKeeper(settings.store)
    threads = Threads(store.engine.dialect.name)
    try:
        await _introduced(bot, settings)
        talk = Talk(Conversation(rule_book()), bot.username)
        post = Post(bot, Outbox(store.engine), Limits(settings.telegram.messages_per_second), threads)
        post.start()
        yield Running(bot, Service(bot, store, gaps, talk, post, threads), store)
        await post.stop(STOP_SECONDS)
    finally:
        with suppress(TelegramError):
            await bot.shutdown()
        threads.close()
        store.close()
        gaps.close()


async def _run(settings: Settings) -> None:
    async with running(settings) as bot:
        stopping = asyncio.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, stopping.set)
        _log.info("ready")
        await poll(bot.bot, bot.service, stopping)
        _log.info("stopping")


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


async def _introduced(bot: Bot, settings: Settings) -> None:
    """Learns the bot's name, and sets its menu; a Telegram that is away just now is waited for."""
    while True:
        try:
            await bot.initialize()
            break
        except InvalidToken:
            raise StartError("令牌不对：Telegram 不认，看看是不是少抄了一截，或者已经换过了") from None
        except TelegramError as fault:
            _log.warning("Telegram away: %s", type(fault).__name__)
            await asyncio.sleep(1)
    menu = [BotCommand(name, command.menu) for name, command in words().commands.items()]
    try:
        await bot.set_my_commands(menu)
        if settings.telegram.webhook is None:
            await bot.delete_webhook()
    except TelegramError as fault:
        _log.warning("the menu could not be set: %s", type(fault).__name__)
