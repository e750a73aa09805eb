"""Sessions: the state of every conversation, kept in a database so that a stop, even a kill, loses nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Column, DateTime, MetaData, String, Table, Text, create_engine, delete, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import SQLAlchemyError

from bot.state import State

_METADATA = MetaData()

_SESSIONS = Table(
    "sessions", _METADATA,
    Column("chat_id", String(64), primary_key=True),
    Column("state", Text, nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
)


class StoreError(Exception):
    """The store cannot be used; the text says where and why in one sentence."""


class SessionStore:
    """States by chat id, in an SQLite file that is made on first use.

    Args:
        folder: where the file lies; it is made when it is not there.

    Raises:
        StoreError: the folder or the file cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._engine = create_engine(f"sqlite:///{folder / 'yanglao.db'}")
            _METADATA.create_all(self._engine)
        except (OSError, SQLAlchemyError) as fault:
            raise StoreError(f"资料没法保存在 {folder}：{getattr(fault, 'strerror', None) or type(fault).__name__}") from None

    def load(self, chat_id: str) -> State:
        """The state of a conversation; a new one where there is none, or where it was kept by a version too different."""
        with self._engine.connect() as connection:
            kept = connection.execute(select(_SESSIONS.c.state).where(_SESSIONS.c.chat_id == chat_id)).scalar_one_or_none()
        if kept is None:
            return State()
        try:
            return State.model_validate_json(kept)
        except ValueError:
            return State()

    def save(self, chat_id: str, state: State) -> None:
        """Keep the state; when this returns it is on disk."""
        values = {"state": state.model_dump_json(), "updated_at": datetime.now(UTC)}
        statement = insert(_SESSIONS).values(chat_id=chat_id, **values)
        with self._engine.begin() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["chat_id"], set_=values))

    def forget(self, chat_id: str) -> None:
        """Delete everything that is kept of a conversation."""
        with self._engine.begin() as connection:
            connection.execute(delete(_SESSIONS).where(_SESSIONS.c.chat_id == chat_id))

    def close(self) -> None:
        self._engine.dispose()
