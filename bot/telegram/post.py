"""The post: sends what lies in the outbox, chat by chat and in order, however often it takes."""

from __future__ import annotations

import asyncio
import logging

from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from bot.claims import Claims
from bot.jsonl import log_fault
from bot.outbox import Letter, Outbox
from bot.telegram.calls import Call
from bot.telegram.limits import Limits, seconds
from bot.telegram.metrics import SENT
from bot.telegram.threads import Threads

PATIENCE = (1, 1, 2, 5, 10, 30)
"""So many seconds are waited after each failure in a row; the last one again and again."""

SWEEP_SECONDS = 5
"""So often it is looked for what was left lying: by a process that died, or while the database was away."""

CLAIM_SECONDS = 0.1
"""So often it is asked for a chat in which another process is sending."""

NOT_COUNTED = "answer_callback_query"
"""The answer to a button is no message, and comes at once."""

_log = logging.getLogger("yanglao.telegram")


class Post:
    """Sends.

    Args:
        bot: what calls Telegram.
        outbox: what is to be sent.
        claims: who may send where.
        limits: how fast.
        threads: where the outbox is looked into.
    """

    def __init__(self, bot: Bot, outbox: Outbox, claims: Claims, limits: Limits, threads: Threads) -> None:
        self._bot, self._outbox, self._claims, self._limits, self._threads = bot, outbox, claims, limits, threads
        self._sent: set[int] = set()
        self._serving: dict[str, asyncio.Task[None]] = {}
        self._woken: set[str] = set()
        self._sweeping: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins with what an earlier process left lying, and looks for more from time to time."""
        self._sweeping = asyncio.create_task(self._sweep())

    def wake(self, chat_id: str) -> None:
        """Something is to be sent in the chat."""
        self._woken.add(chat_id)
        if chat_id not in self._serving:
            task = asyncio.create_task(self._serve(chat_id))
            self._serving[chat_id] = task
            task.add_done_callback(lambda _: self._served(chat_id))

    async def stop(self, seconds: float) -> None:
        """Sends what can be sent within so many seconds; the rest stays in the outbox."""
        if self._sweeping:
            self._sweeping.cancel()
        if self._serving:
            await asyncio.wait(self._serving.values(), timeout=seconds)
        for task in self._serving.values():
            task.cancel()

    async def _sweep(self) -> None:
        while True:
            try:
                for chat_id in await self._threads.run(self._outbox.chats):
                    self.wake(chat_id)
            except SQLAlchemyError as fault:
                _log.warning("database away: %s", type(fault).__name__)
            await asyncio.sleep(SWEEP_SECONDS)

    def _served(self, chat_id: str) -> None:
        del self._serving[chat_id]
        if chat_id in self._woken:
            self.wake(chat_id)

    async def _serve(self, chat_id: str) -> None:
        """Sends what is to be sent in one chat, while no other process does."""
        try:
            while not await self._threads.run(self._claims.take, chat_id):
                await asyncio.sleep(CLAIM_SECONDS)
            try:
                await self._send_all(chat_id)
            finally:
                await self._threads.run(self._claims.free, chat_id)
        except SQLAlchemyError as fault:
            _log.warning("database away: %s", type(fault).__name__)  # the next sweep finds what is left

    async def _send_all(self, chat_id: str) -> None:
        while chat_id in self._woken:
            self._woken.discard(chat_id)
            for letter in await self._threads.run(self._outbox.pending, chat_id):
                if not await self._delivered(chat_id, letter):
                    return

    async def _delivered(self, chat_id: str, letter: Letter) -> bool:
        """Sends one letter; False where the chat is closed to us, and forgotten with all that was to be sent there."""
        if letter.id not in self._sent:
            try:
                await self._persist(chat_id, Call.model_validate_json(letter.call))
            except Forbidden:
                await self._threads.run(self._outbox.forget, chat_id)
                return False
            except Exception as fault:
                log_fault(fault)  # it would fail for ever
        self._sent.add(letter.id)  # it is not sent again, though the database be away just now
        await self._threads.run(self._outbox.done, letter)
        self._sent.discard(letter.id)
        return True

    async def _persist(self, chat_id: str, call: Call) -> None:
        """Sends until it is sent, or refused.

        Raises:
            Forbidden: the person has shut us out.
        """
        failures = 0
        while True:
            try:
                await self._send(chat_id, call)
                SENT.labels(call.method, "sent").inc()
                return
            except RetryAfter as full:
                SENT.labels(call.method, "full").inc()
                await asyncio.sleep(seconds(full))
            except Forbidden:
                SENT.labels(call.method, "shut_out").inc()
                raise
            except BadRequest as refused:
                SENT.labels(call.method, "refused").inc()
                _log.warning("%s refused: %s", call.method, refused.message)
                return
            except TelegramError as fault:
                SENT.labels(call.method, "failed").inc()
                _log.warning("%s failed: %s", call.method, type(fault).__name__)
                await asyncio.sleep(PATIENCE[min(failures, len(PATIENCE) - 1)])
                failures += 1

    async def _send(self, chat_id: str, call: Call) -> None:
        if call.method.startswith("send"):
            await self._limits.message(chat_id)
        elif call.method != NOT_COUNTED:
            await self._limits.other()
        await call.make(self._bot)
