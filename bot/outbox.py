"""The outbox: what is still to be sent. It is filled in the same step as the state is kept, so that a kill loses no answer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, bindparam, delete, func, select

from bot.tables import OUTBOX, SESSIONS

_PENDING = select(OUTBOX.c.id, OUTBOX.c.call).where(OUTBOX.c.chat_id == bindparam("chat")).order_by(OUTBOX.c.id)
_DONE = delete(OUTBOX).where(OUTBOX.c.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True)
class Letter:
    """Something to be sent: its place in the order, and the call as JSON."""

    id: int
    call: str


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
            return [Letter(row.id, row.call) for row in connection.execute(_PENDING, {"chat": chat_id})]

    def done(self, ids: Collection[int]) -> None:
        """These were sent, or never can be."""
        with self._engine.begin() as connection:
            connection.execute(_DONE, {"ids": list(ids)})

    def chats(self, waiting: timedelta) -> list[str]:
        """The chats in which anything has been waiting to be sent for so long."""
        before = datetime.now(UTC) - waiting
        with self._engine.connect() as connection:
            return list(connection.execute(select(OUTBOX.c.chat_id).where(OUTBOX.c.made_at < before).distinct()).scalars())

    def size(self) -> int:
        """How much is still to be sent in all."""
        with self._engine.connect() as connection:
            return int(connection.execute(select(func.count()).select_from(OUTBOX)).scalar_one())

    def forget(self, chat_id: str) -> None:
        """Nobody reads this chat any more: nothing is kept of it."""
        with self._engine.begin() as connection:
            for table in (OUTBOX, SESSIONS):
                connection.execute(delete(table).where(table.c.chat_id == chat_id))
