"""The service: takes updates in, however they come, and has them answered: each once, and those of a chat in order."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from telegram import Bot, InlineQuery, InlineQueryResultsButton, Update
from telegram.error import TelegramError

from bot.database import AWAY_FAULTS
from bot.gaps import GapKeeper
from bot.jsonl import log_fault
from bot.outbox import Letter, Outbox
from bot.replies import Reply
from bot.sessions import SessionStore
from bot.telegram.calls import messages
from bot.telegram.events import Event, event_of
from bot.telegram.metrics import AWAY, RECEIVED, TURN
from bot.telegram.post import Post
from bot.telegram.talk import Talk
from bot.telegram.words import word
from bot.threads import Threads

INLINE_SECONDS = 300
"""So long Telegram may give the same passages for the same words."""

_NOTHING_FITS = InlineQueryResultsButton(word("nothing_fits"), start_parameter="inline")

_log = logging.getLogger("yanglao.telegram")


class StoreAwayError(Exception):
    """The database does not answer: the update was not dealt with, and has to be delivered again."""


class Service:
    """Deals with updates.

    Args:
        bot: what calls Telegram.
        store: the conversations.
        gaps: what the documents do not answer.
        talk: what answers.
        post: what sends.
        threads: where that is worked out.
    """

    def __init__(
        self, bot: Bot, store: SessionStore, gaps: GapKeeper, talk: Talk, post: Post, threads: Threads,
    ) -> None:
        self._bot, self._store, self._gaps = bot, store, gaps
        self._talk, self._post, self._threads = talk, post, threads
        self._outbox = Outbox(store.engine)
        self._chats = _ChatLocks()
        self._comforted: set[str] = set()
        self._offering: set[asyncio.Task[None]] = set()

    async def receive(self, update: Update) -> None:
        """Deals with an update; when this returns, the answer is kept and will be sent, whatever happens.

        Raises:
            StoreAwayError: the database is away; the person was told that it takes a little.
        """
        try:
            if update.inline_query:
                offering = asyncio.create_task(self._offer(update.inline_query))
                self._offering.add(offering)  # nobody else waits for it
                offering.add_done_callback(self._offering.discard)
            elif event := event_of(update, self._bot.username):
                with TURN.time():
                    await self._deal_with(event)
        except AWAY_FAULTS as fault:
            _log.warning("database away: %s", type(fault).__name__)
            AWAY.inc()
            raise StoreAwayError from None
        except Exception as fault:
            log_fault(fault)  # it would fault again for ever

    async def _offer(self, query: InlineQuery) -> None:
        """Answers an inline query; who types on asks again, so that nothing is kept and nothing tried again."""
        try:
            found = await self._threads.run(self._talk.articles, query.query)
            await query.answer(found, cache_time=INLINE_SECONDS, button=_NOTHING_FITS)
        except TelegramError as fault:
            _log.warning("answer_inline_query failed: %s", type(fault).__name__)
        except Exception as fault:
            log_fault(fault)
        RECEIVED.labels("inline").inc()

    async def _deal_with(self, event: Event) -> None:
        async with self._chats.holding(event.chat_id):
            try:
                letters = await self._threads.run(self._take, event)
            except AWAY_FAULTS:
                await self._comfort(event)
                raise
        RECEIVED.labels(event.kind).inc()
        self._comforted.discard(event.chat_id)
        self._post.send(event.chat_id, letters)

    def _take(self, event: Event) -> list[Letter]:
        reply: Reply | None = None
        with self._store.turn(event.chat_id, event.update_id) as turn:
            if not turn.again:
                reply = self._talk.take(turn, event)
        if event.kind == "left":
            self._outbox.forget(event.chat_id)
        if reply:
            self._gaps.keep(reply.gap)
        return turn.letters

    async def _comfort(self, event: Event) -> None:
        """Says once in a chat that it takes a little."""
        if event.chat_id in self._comforted or event.kind == "left" or event.group:
            return
        self._comforted.add(event.chat_id)
        for call in messages(event.chat_id, word("busy")):
            with suppress(TelegramError):
                await call.make(self._bot)


class _ChatLocks:
    """A lock for each chat that something is done in just now; the others are forgotten."""

    def __init__(self) -> None:
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def holding(self, chat_id: str) -> AsyncIterator[None]:
        """Holds the chat; who comes first is first."""
        lock, waiting = self._locks.get(chat_id, (asyncio.Lock(), 0))
        self._locks[chat_id] = lock, waiting + 1
        try:
            async with lock:
                yield
        finally:
            waiting = self._locks[chat_id][1] - 1
            if waiting:
                self._locks[chat_id] = lock, waiting
            else:
                del self._locks[chat_id]
