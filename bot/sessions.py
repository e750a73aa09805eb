"""Sessions: the state of every conversation, kept in a database so that a stop, even a kill, loses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Insert, Table, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.database import lock, open_database, wipe_log
from bot.outbox import Letter
from bot.reminders import keep_reminders, kept_reminders
from bot.state import State
from bot.tables import OUTBOX, REMINDERS, SESSIONS, UPDATES

DELIVERED_AGAIN = timedelta(days=3)
"""So long a delivery that was dealt with is remembered; nobody delivers again what is older."""


# Made once: to make a statement takes longer than to run it.
_KEPT = select(SESSIONS.c.state, SESSIONS.c.channel).where(SESSIONS.c.chat_id == bindparam("chat")).with_for_update()
_FORGOTTEN = delete(SESSIONS).where(SESSIONS.c.chat_id == bindparam("chat"))
_SENDING = OUTBOX.insert().returning(OUTBOX.c.id)


@dataclass
class Turn:
    """A turn of a conversation, to be changed in its course.

    Attributes:
        state: the state at the start; put the new one in its place.
        channel: what the channel keeps beside it, as JSON.
        calls: what is to be sent, in order; it is kept in the same step as the state.
        letters: the calls as they were kept, when the turn has ended.
        again: this delivery was dealt with before, and nothing is to be done.
        forget: nothing is to be kept of the conversation.
    """

    state: State
    channel: str = "{}"
    calls: list[str] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
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
        kept, seen = _insert(self.engine, SESSIONS), _insert(self.engine, UPDATES)
        changed = {name: kept.excluded[name] for name in ("state", "channel", "updated_at")}
        self._keep = kept.on_conflict_do_update(index_elements=["chat_id"], set_=changed)
        self._note = seen.on_conflict_do_nothing().returning(UPDATES.c.update_id)

    @contextmanager
    def turn(self, chat_id: str, update_id: int | None = None) -> Iterator[Turn]:
        """One turn of a conversation: its state, locked until the turn ends; what is put back is on disk then.

        A turn that raises leaves everything as it was. There is a new state where none was kept, or where the one kept
        is of a version too different.

        Args:
            chat_id: whose.
            update_id: the number of the delivery, where one may be delivered more than once.
        """
        with self.engine.begin() as connection:
            now = datetime.now(UTC)
            if update_id is not None and not self._first_time(connection, update_id, now):
                yield Turn(State(), again=True)
                return
            kept = connection.execute(_KEPT, {"chat": chat_id}).one_or_none()
            if kept is None:
                lock(connection, chat_id)
                kept = connection.execute(_KEPT, {"chat": chat_id}).one_or_none()
            turn = Turn(_read(kept.state), kept.channel) if kept else Turn(State())
            if turn.state.reminders:
                turn.state.reminders = kept_reminders(connection, chat_id)  # without what was told since
            reminders = turn.state.reminders
            yield turn
            if turn.forget:
                turn.state = State()
                connection.execute(_FORGOTTEN, {"chat": chat_id})
            else:
                state = turn.state.model_dump_json()
                row = {"chat_id": chat_id, "state": state, "channel": turn.channel, "updated_at": now}
                connection.execute(self._keep, row)
            if turn.state.reminders != reminders:
                keep_reminders(connection, chat_id, turn.state.reminders)
            for call in turn.calls:
                row = {"chat_id": chat_id, "call": call, "made_at": now}
                turn.letters.append(Letter(connection.execute(_SENDING, row).scalar_one(), call))
        if turn.forget and kept:
            wipe_log(self.engine)

    def _first_time(self, connection: Connection, update_id: int, now: datetime) -> bool:
        """Whether the delivery has not been dealt with; it is noted that it has been now."""
        noted = connection.execute(self._note, {"update_id": update_id, "seen_at": now})
        return noted.one_or_none() is not None

    def expire(self, unused: timedelta) -> int:
        """Deletes the conversations that nobody has used for so long and nobody is to be reminded in, and forgets old
        deliveries; how many conversations were deleted.
        """
        now = datetime.now(UTC)
        with self.engine.begin() as connection:
            connection.execute(delete(UPDATES).where(UPDATES.c.seen_at < now - DELIVERED_AGAIN))
            unused_yet = SESSIONS.c.updated_at < now - unused
            waiting = SESSIONS.c.chat_id.in_(select(REMINDERS.c.chat_id))
            deleted = connection.execute(delete(SESSIONS).where(unused_yet, ~waiting)).rowcount
        wipe_log(self.engine)
        return deleted

    def close(self) -> None:
        self.engine.dispose()


def _read(kept: str) -> State:
    try:
        return State.model_validate_json(kept)
    except ValueError:
        return State()


def _insert(engine: Engine, table: Table) -> Any:
    """An insert that can give way to a row that is there: every database has its own."""
    dialects: dict[str, type[Insert]] = {"sqlite": sqlite.Insert, "postgresql": postgresql.Insert}
    return dialects[engine.dialect.name](table)
