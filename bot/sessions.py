"""Sessions: the state of every conversation, kept in a database so that a stop, even a kill, loses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Column, DateTime, MetaData, String, Table, Text, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.schema import CreateTable

from bot.database import open_database
from bot.state import State

_METADATA = MetaData()

_SESSIONS = Table(
    "sessions", _METADATA,
    Column("chat_id", String(64), primary_key=True),
    Column("state", Text, nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
)


@dataclass
class Turn:
    """The state at the start of a turn; put the new one in its place."""

    state: State


class SessionStore:
    """States by chat id, in an SQLite file that is made on first use; only its owner may read it.

    Args:
        folder: where the file lies; it is made when it is not there.

    Raises:
        StoreError: the folder or the file cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._engine = open_database(folder)
        with self._engine.begin() as connection:
            connection.execute(CreateTable(_SESSIONS, if_not_exists=True))

    @contextmanager
    def turn(self, chat_id: str) -> Iterator[Turn]:
        """One turn of a conversation: its state, locked until the turn ends; what is put back is on disk then.

        A turn that raises leaves everything as it was. There is a new state where none was kept, or where the one kept
        is of a version too different.
        """
        with self._engine.begin() as connection:
            kept = connection.execute(select(_SESSIONS.c.state).where(_SESSIONS.c.chat_id == chat_id)).scalar_one_or_none()
            turn = Turn(_read(kept))
            yield turn
            values = {"state": turn.state.model_dump_json(), "updated_at": datetime.now(UTC)}
            statement = insert(_SESSIONS).values(chat_id=chat_id, **values)
            connection.execute(statement.on_conflict_do_update(index_elements=["chat_id"], set_=values))

    def close(self) -> None:
        self._engine.dispose()


def _read(kept: str | None) -> State:
    try:
        return State.model_validate_json(kept) if kept is not None else State()
    except ValueError:
        return State()
