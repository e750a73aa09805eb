"""The database: an SQLite file in the folder where state is kept, or PostgreSQL; both are brought up to date when opened."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

WAIT_SECONDS = 30
"""So long a turn waits for another process's turn to end."""

CONNECT_SECONDS = 5
"""So long a server may take to answer a call."""

SCHEMA = "0004"
"""The migration that the tables stand at (``migrations/versions``)."""

AWAY_FAULTS = (InterfaceError, OperationalError, PoolTimeoutError)
"""How a database that does not answer shows itself."""

_MIGRATING = 7_265_001
"""The number under which PostgreSQL keeps the lock of whoever migrates: several processes may start at once."""


_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:chat, 0))")


class StoreError(Exception):
    """The store cannot be used; the text says where and why in one sentence."""


def open_database(place: Path | str) -> Engine:
    """The database of a folder, which is made when it is not there, or that of a PostgreSQL address.

    Args:
        place: a folder, for an SQLite file that only its owner may read; or ``postgresql://user@host/name``.

    Raises:
        StoreError: it cannot be written, or does not answer.
    """
    try:
        engine = _sqlite(place) if isinstance(place, Path) else _postgresql(place)
        with engine.begin() as connection:
            _migrate(connection)
    except (OSError, SQLAlchemyError) as fault:
        where = place if isinstance(place, Path) else "PostgreSQL"  # an address may hold a password
        reason = getattr(fault, "strerror", None) or type(getattr(fault, "orig", None) or fault).__name__
        raise StoreError(f"资料没法保存在 {where}：{reason}") from None
    return engine


def lock(connection: Connection, chat_id: str) -> None:
    """Keeps other processes from a chat that has no row yet, until the transaction ends; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK, {"chat": chat_id})


def reading(engine: Engine) -> Connection:
    """A connection of somebody who only looks, and so waits for no writer."""
    return engine.connect().execution_options(reading=True)


def wipe_log(engine: Engine) -> None:
    """Leaves nothing of what was deleted in SQLite's log either."""
    if engine.dialect.name == "sqlite":
        with closing(engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _sqlite(folder: Path) -> Engine:
    file = folder / "yanglao.db"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.touch(mode=0o600)
    engine = create_engine(f"sqlite:///{file}", connect_args={"timeout": WAIT_SECONDS})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin_at_once)
    return engine


def _postgresql(address: str) -> Engine:
    driven = address.replace("postgresql://", "postgresql+psycopg://", 1)
    return create_engine(driven, pool_size=8, connect_args={"connect_timeout": CONNECT_SECONDS})


def _prepare(connection: Any, _record: object) -> None:
    """A commit is on disk when it returns, readers wait for nobody, and what is deleted is overwritten."""
    # SQLite locks for writing only at the first write unless told otherwise, and two turns would both read the old state.
    connection.isolation_level = None
    for setting in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON"):
        connection.execute(f"PRAGMA {setting}")


def _begin_at_once(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN" if connection.get_execution_options().get("reading") else "BEGIN IMMEDIATE")


def _migrate(connection: Connection) -> None:
    """Brings the tables up to date; what is so already costs one look."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _MIGRATING})
    if _schema(connection) == SCHEMA:
        return
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    command.upgrade(config, "head")


def _schema(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return found
