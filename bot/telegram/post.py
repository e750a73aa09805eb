"""The post: sends what lies in the outbox, chat by chat and in order, however often it takes."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict, deque
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError, TimedOut

from bot.claims import Claims
from bot.jsonl import log_fault
from bot.outbox import Letter, Outbox
from bot.rounds import rounds
from bot.telegram.calls import Call
from bot.telegram.limits import Limits, seconds
from bot.telegram.metrics import SENT
from bot.threads import Threads

PATIENCE = (1, 1, 2, 5, 10, 30)
"""So many seconds are waited after each failure in a row; the last one again and again."""

SWEEP_SECONDS = 5
"""So often it is looked for what was left lying: by a process that died, or while the database was away."""

LEFT_LYING = timedelta(seconds=3)
"""What has been waiting for so long may have been left; what is newer is being sent."""

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
        self._queues: defaultdict[str, deque[Letter]] = defaultdict(deque)
        self._taken: set[int] = set()
        self._sent: list[int] = []
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._noting: asyncio.Task[None] | None = None
        self._sweeping: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begins with what an earlier process left lying, before anything new comes behind it, and looks for more later."""
        await self._gather(timedelta())
        self._sweeping = asyncio.create_task(rounds(partial(self._gather, LEFT_LYING), SWEEP_SECONDS))

    def send(self, chat_id: str, letters: Sequence[Letter]) -> None:
        """Sends letters that were just put into the outbox."""
        new = [letter for letter in letters if letter.id not in self._taken]
        if new:
            self._taken.update(letter.id for letter in new)
            self._queues[chat_id].extend(new)
            if chat_id not in self._tasks:
                self._tasks[chat_id] = asyncio.create_task(self._serve(chat_id))

    async def stop(self, seconds: float) -> None:
        """Sends what can be sent within so many seconds; the rest stays in the outbox."""
        if self._sweeping:
            self._sweeping.cancel()
        under_way = [*self._tasks.values()]
        if under_way:
            await asyncio.wait(under_way, timeout=seconds)
        for task in under_way:
            task.cancel()
        if self._noting:
            await asyncio.wait((self._noting,), timeout=seconds)

    async def _gather(self, waiting: timedelta) -> None:
        """Sends what has been waiting for so long in chats where nothing is being sent."""
        for chat_id in await self._threads.run(self._outbox.chats, waiting):
            if chat_id not in self._tasks:
                self.send(chat_id, await self._threads.run(self._outbox.pending, chat_id))

    async def _serve(self, chat_id: str) -> None:
        """Sends what is to be sent in one chat."""
        queue = self._queues[chat_id]
        try:
            while queue:
                await (self._send_among_others(chat_id, queue) if self._claims.shared else self._send_all(chat_id, queue))
        except SQLAlchemyError as fault:
            _log.warning("database away: %s", type(fault).__name__)
        finally:
            self._taken -= {letter.id for letter in queue}  # the next sweep finds what is left
            del self._queues[chat_id], self._tasks[chat_id]

    async def _send_among_others(self, chat_id: str, queue: deque[Letter]) -> None:
        """Sends while no other process does, and always from the outbox: another one's letters may stand before ours."""
        while not await self._threads.run(self._claims.take, chat_id):
            await asyncio.sleep(CLAIM_SECONDS)
        try:
            while pending := await self._pending_instead_of(queue, chat_id):
                await self._send_all(chat_id, pending)
                while self._noting and not self._noting.done():
                    await asyncio.wait((self._noting,))
        finally:
            await self._threads.run(self._claims.free, chat_id)

    async def _pending_instead_of(self, queue: deque[Letter], chat_id: str) -> deque[Letter]:
        """What lies in the outbox, ours among it."""
        self._taken -= {letter.id for letter in queue}
        queue.clear()
        return deque(await self._threads.run(self._outbox.pending, chat_id))

    async def _send_all(self, chat_id: str, queue: deque[Letter]) -> None:
        while queue:
            if await self._delivered(chat_id, queue[0]):
                self._note(queue.popleft().id)
            else:
                self._taken -= {letter.id for letter in queue}
                queue.clear()

    def _note(self, number: int) -> None:
        """Has it noted that a letter is done; what is sent meanwhile is noted together with it."""
        self._sent.append(number)
        if self._noting is None or self._noting.done():
            self._noting = asyncio.create_task(self._note_all())

    async def _note_all(self) -> None:
        while sent := self._sent[:]:
            try:
                await self._threads.run(self._outbox.done, sent)
            except SQLAlchemyError as fault:
                _log.warning("database away: %s", type(fault).__name__)
                await asyncio.sleep(1)
            else:
                del self._sent[:len(sent)]
                self._taken.difference_update(sent)

    async def _delivered(self, chat_id: str, letter: Letter) -> bool:
        """Sends one letter; False where the chat is closed to us, and forgotten with all that was to be sent there."""
        try:
            await self._persist(chat_id, letter)
        except Forbidden:
            await self._threads.run(self._outbox.forget, chat_id)
            return False
        except SQLAlchemyError:
            raise
        except Exception as fault:
            log_fault(fault)  # it would fail for ever
        return True

    async def _persist(self, chat_id: str, letter: Letter) -> None:
        """Sends until it is sent, or refused; what may be sent once only, until it may have been sent.

        Raises:
            Forbidden: the person has shut us out.
        """
        call, failures = Call.model_validate_json(letter.call), 0
        while True:
            if letter.once:
                await self._threads.run(self._outbox.begin, letter)
            try:
                await self._send(chat_id, call)
                SENT.labels(call.method, "sent").inc()
                return
            except RetryAfter as full:
                SENT.labels(call.method, "full").inc()
                if letter.once:
                    await self._threads.run(self._outbox.begin, letter, yes=False)
                await asyncio.sleep(seconds(full))
            except Forbidden:
                SENT.labels(call.method, "shut_out").inc()
                raise
            except ChatMigrated as moved:
                SENT.labels(call.method, "moved").inc()
                call.params["chat_id"] = str(moved.new_chat_id)
            except BadRequest as refused:
                SENT.labels(call.method, "refused").inc()
                _log.warning("%s refused: %s", call.method, refused.message)
                return
            except TelegramError as fault:
                SENT.labels(call.method, "failed").inc()
                _log.warning("%s failed: %s", call.method, type(fault).__name__)
                if letter.once and isinstance(fault, TimedOut):
                    return
                await asyncio.sleep(PATIENCE[min(failures, len(PATIENCE) - 1)])
                failures += 1

    async def _send(self, chat_id: str, call: Call) -> None:
        if call.method.startswith("send"):
            await self._limits.message(chat_id)
        elif call.method != NOT_COUNTED:
            await self._limits.other()
        await call.make(self._bot)
