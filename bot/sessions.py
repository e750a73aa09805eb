"""Sessions: the state of every conversation, kept in a database so that a stop, even a kill, loses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Insert, Table, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.database import locked, open_database
from bot.state import State
from bot.tables import OUTBOX, SESSIONS, UPDATES

DELIVERED_AGAIN = timedelta(days=3)
"""So long a delivery that was dealt with is remembered; nobody delivers again what is older."""


@dataclass
class Turn:
    """A turn of a conversation, to be changed in its course.

    Attributes:
        state: the state at the start; put the new one in its place.
        channel: what the channel keeps beside it, as JSON.
        calls: what is to be sent, in order; it is kept in the same step as the state.
        again: this delivery was dealt with before, and nothing is to be done.
        forget: nothing is to be kept of the conversation.
    """

    state: State
    channel: str = "{}"
    calls: list[str] = field(default_factory=list)
    again: bool = False
    forget: bool = False


class SessionStore:
    """States by chat id.

    Args:
        place: where the database lies (:func:`bot.database.open_database`).

    Raises:
        StoreError: it cannot be used.
    """

    def __init__(self, place: Path | str) -> None:
        self.engine = open_database(place)

    @contextmanager
    def turn(self, chat_id: str, update_id: int | None = None) -> Iterator[Turn]:
        """One turn of a conversation: its state, locked until the turn ends; what is put back is on disk then.

        A turn that raises leaves everything as it was. There is a new state where none was kept, or where the one kept
        is of a version too different.

        Args:
            chat_id: whose.
            update_id: the number of the delivery, where one may be delivered more than once.
        """
        with self.engine.begin() as connection, locked(connection, chat_id):
            if update_id is not None and not _first_time(connection, update_id):
                yield Turn(State(), again=True)
                return
            kept = connection.execute(
                select(SESSIONS.c.state, SESSIONS.c.channel).where(SESSIONS.c.chat_id == chat_id)
            ).one_or_none()
            turn = Turn(_read(kept.state), kept.channel) if kept else Turn(State())
            yield turn
            if turn.forget:
                connection.execute(delete(SESSIONS).where(SESSIONS.c.chat_id == chat_id))
            else:
                _keep(connection, chat_id, turn)
            if turn.calls:
                now = datetime.now(UTC)
                connection.execute(
                    OUTBOX.insert(), [{"chat_id": chat_id, "call": call, "made_at": now} for call in turn.calls],
                )

    def expire(self, unused: timedelta) -> int:
        """Deletes the conversations that nobody has used for so long, and forgets old deliveries; how many were deleted."""
        now = datetime.now(UTC)
        with self.engine.begin() as connection:
            connection.execute(delete(UPDATES).where(UPDATES.c.seen_at < now - DELIVERED_AGAIN))
            return connection.execute(delete(SESSIONS).where(SESSIONS.c.updated_at < now - unused)).rowcount

    def close(self) -> None:
        self.engine.dispose()


def _read(kept: str) -> State:
    try:
        return State.model_validate_json(kept)
    except ValueError:
        return State()


def _keep(connection: Connection, chat_id: str, turn: Turn) -> None:
    values = {"state": turn.state.model_dump_json(), "channel": turn.channel, "updated_at": datetime.now(UTC)}
    statement = _insert(connection, SESSIONS).values(chat_id=chat_id, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["chat_id"], set_=values))


def _first_time(connection: Connection, update_id: int) -> bool:
    """Whether the delivery has not been dealt with; it is noted that it has been now."""
    statement = _insert(connection, UPDATES).values(update_id=update_id, seen_at=datetime.now(UTC))
    noted = connection.execute(statement.on_conflict_do_nothing().returning(UPDATES.c.update_id))
    return noted.one_or_none() is not None


def _insert(connection: Connection, table: Table) -> Any:
    """An insert that can give way to a row that is there: every database has its own."""
    dialects: dict[str, type[Insert]] = {"sqlite": sqlite.Insert, "postgresql": postgresql.Insert}
    return dialects[connection.dialect.name](table)
