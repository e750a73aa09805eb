"""Running the web: put together from the settings, with the Telegram webhook where that is configured, and served."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, closing
from datetime import timedelta
from functools import partial

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot.conversation import Conversation
from bot.gaps import GapKeeper
from bot.operations import operations
from bot.outbox import Outbox
from bot.rehearsal import rehearsed
from bot.rounds import rounds
from bot.sessions import SessionStore
from bot.settings import Settings, SettingsError
from bot.threads import Threads, settle
from bot.web.app import application
from eligibility.rulebook import rule_book

MOST_AT_ONCE = 512
"""Who comes when so many are being served is told to come again."""

KEEP_ALIVE_SECONDS = 20

TIDY_SECONDS = 3600.0
"""So often the conversations that nobody uses any more are deleted."""

_log = logging.getLogger("yanglao.web")


def run_web(settings: Settings, host: str, port: int) -> None:
    """Serves until it is told to stop.

    Raises:
        StoreError: the database cannot be used.
        StartError: the Telegram webhook is configured, and cannot be set.
        SettingsError: nobody can listen there.
    """
    with ExitStack() as stack:
        store = stack.enter_context(closing(SessionStore(settings.store)))
        gaps = stack.enter_context(closing(GapKeeper(settings.store)))
        threads = stack.enter_context(closing(Threads(store.engine.dialect.name)))
        conversation = rehearsed(Conversation(rule_book()), rule_book())
        settle()

        @asynccontextmanager
        async def lifespan(app: Starlette) -> AsyncIterator[None]:
            async with AsyncExitStack() as running:
                if settings.telegram.token and settings.telegram.webhook:
                    app.router.routes[:0] = await _telegram(settings, running)
                expire = partial(threads.run, store.expire, timedelta(days=settings.web.unused_days))
                tidying = asyncio.create_task(rounds(expire, TIDY_SECONDS))
                _log.info("ready")
                yield
                tidying.cancel()

        app = application(
            rule_book(), conversation, store, gaps, threads, settings.web, operations(Outbox(store.engine), threads),
        )
        app.router.lifespan_context = lifespan
        config = uvicorn.Config(
            app, host, port, log_config=None, access_log=False, server_header=False, limit_concurrency=MOST_AT_ONCE,
            timeout_keep_alive=KEEP_ALIVE_SECONDS, proxy_headers=bool(settings.web.proxies),
            forwarded_allow_ips=list(settings.web.proxies),
        )
        listening = stack.enter_context(_listening(host, port))
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, _closing)
        uvicorn.Server(config).run([listening])


def _listening(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as fault:
        raise SettingsError(f"没法在 {host}:{port} 上听：{fault.strerror}") from None


def _closing(_name: int, _frame: object) -> None:
    """uvicorn finishes what is under way and then says the signal again; what is open is closed all the same."""


async def _telegram(settings: Settings, stack: AsyncExitStack) -> list[BaseRoute]:
    """The webhook's route, with a bot at work behind it."""
    from bot.telegram.introduction import announced
    from bot.telegram.run import running

    bot = await stack.enter_async_context(running(settings))
    await announced(bot.bot, settings.telegram)
    return bot.routes
