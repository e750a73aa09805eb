"""Claims: which process sends in a chat just now, so that two never send at once and out of order."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from bot.database import StoreError

_TAKE = text("SELECT pg_try_advisory_lock(hashtextextended(:chat, 1))")
_FREE = text("SELECT pg_advisory_unlock(hashtextextended(:chat, 1))")


class Claims:
    """Claims on chats. In PostgreSQL they are the session's own locks, free again as soon as the process is gone; an SQLite
    file belongs to one process as a whole, and nothing has to be claimed.

    Args:
        engine: the database (:func:`bot.database.open_database`).

    Raises:
        StoreError: another process has the SQLite file.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._one_at_a_time = threading.Lock()
        self._session: Connection | None = None
        self._file = _sole(Path(str(engine.url.database))) if engine.dialect.name == "sqlite" else None

    @property
    def shared(self) -> bool:
        """Whether other processes may send, too."""
        return self._file is None

    def take(self, chat_id: str) -> bool:
        """Claims a chat; False where another process has it."""
        return not self.shared or bool(self._ask(_TAKE, chat_id))

    def free(self, chat_id: str) -> None:
        """Gives a chat back."""
        if self.shared:
            self._ask(_FREE, chat_id)

    def close(self) -> None:
        """Gives everything back."""
        if self._session:
            self._session.close()
        if self._file:
            self._file.close()

    def _ask(self, query: object, chat_id: str) -> object:
        with self._one_at_a_time:
            try:
                if self._session is None:
                    self._session = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
                    self._session.detach()  # no pool gets it back with its claims
                return self._session.execute(query, {"chat": chat_id}).scalar_one()  # type: ignore[call-overload]
            except Exception:
                if self._session:
                    self._session.close()
                self._session = None  # its claims are gone with it
                raise


def _sole(database: Path) -> sqlite3.Connection:
    """Holds the database's folder for this process."""
    lock = sqlite3.connect(database.with_name("telegram.lock"), timeout=0, isolation_level=None, check_same_thread=False)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError:
        lock.close()
        raise StoreError(f"另一个 yanglao telegram 正在用 {database.parent}") from None
    return lock
