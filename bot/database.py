"""The database: one SQLite file in the folder where state is kept, which only its owner may read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

WAIT_SECONDS = 30
"""So long a turn waits for another process's turn to end."""


class StoreError(Exception):
    """The store cannot be used; the text says where and why in one sentence."""


def open_database(folder: Path) -> Engine:
    """The database of a folder; both are made when they are not there.

    Raises:
        StoreError: the folder or the file cannot be written.
    """
    file = folder / "yanglao.db"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.touch(mode=0o600)
        engine = create_engine(f"sqlite:///{file}", connect_args={"timeout": WAIT_SECONDS})
        event.listen(engine, "connect", _leave_transactions_to_us)
        event.listen(engine, "begin", _begin_at_once)
        with engine.begin():
            pass
    except (OSError, SQLAlchemyError) as fault:
        reason = getattr(fault, "strerror", None) or type(fault).__name__
        raise StoreError(f"资料没法保存在 {folder}：{reason}") from None
    return engine


# SQLite takes the lock for writing only at the first write unless told otherwise, and two turns would both read the old state.


def _leave_transactions_to_us(connection: Any, _record: object) -> None:
    connection.isolation_level = None


def _begin_at_once(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
