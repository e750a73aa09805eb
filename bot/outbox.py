"""The outbox: what is still to be sent. It is filled in the same step as the state is kept, so that a kill loses no answer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, bindparam, delete, func, select, update

from bot.database import reading, wipe_log
from bot.tables import OUTBOX, REMINDERS, SESSIONS

_PENDING = (
    select(OUTBOX.c.id, OUTBOX.c.call, OUTBOX.c.once)
    .where(OUTBOX.c.chat_id == bindparam("chat"), ~OUTBOX.c.begun).order_by(OUTBOX.c.id)
)
_BEGUN = update(OUTBOX).where(OUTBOX.c.id == bindparam("number")).values(begun=bindparam("yes"))
_DONE = delete(OUTBOX).where(OUTBOX.c.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True)
class Letter:
    """Something to be sent: its place in the order, the call as JSON, and whether it may be sent ``once`` only."""

    id: int
    call: str
    once: bool = False


class Outbox:
    """What is to be sent, chat by chat, in order.

    Args:
        engine: the database (:func:`bot.database.open_database`).
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def pending(self, chat_id: str) -> list[Letter]:
        """What is still to be sent in the chat, the oldest first."""
        with self._engine.begin() as connection:
            return [Letter(row.id, row.call, row.once) for row in connection.execute(_PENDING, {"chat": chat_id})]

    def begin(self, letter: Letter, yes: bool = True) -> None:
        """It is being sent, or was certainly not: what may be sent once only is not sent again after a kill."""
        with self._engine.begin() as connection:
            connection.execute(_BEGUN, {"number": letter.id, "yes": yes})

    def done(self, ids: Collection[int]) -> None:
        """These were sent, or never can be."""
        with self._engine.begin() as connection:
            connection.execute(_DONE, {"ids": list(ids)})

    def chats(self, waiting: timedelta) -> list[str]:
        """The chats in which anything has been waiting to be sent for so long."""
        before = datetime.now(UTC) - waiting
        with reading(self._engine) as connection:
            waiting_yet = select(OUTBOX.c.chat_id).where(OUTBOX.c.made_at < before, ~OUTBOX.c.begun)
            return list(connection.execute(waiting_yet.distinct()).scalars())

    def size(self) -> int:
        """How much is still to be sent in all."""
        with reading(self._engine) as connection:
            return int(connection.execute(select(func.count()).select_from(OUTBOX)).scalar_one())

    def forget(self, chat_id: str) -> None:
        """Nobody reads this chat any more: nothing is kept of it."""
        with self._engine.begin() as connection:
            for table in (OUTBOX, REMINDERS, SESSIONS):
                connection.execute(delete(table).where(table.c.chat_id == chat_id))
        wipe_log(self._engine)
