"""The database: migrated when it is opened, forgetful where it should be, and the same code for SQLite and PostgreSQL."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select, update

import bot.migrations
from bot.claims import Claims
from bot.database import SCHEMA, StoreError, open_database
from bot.outbox import Outbox
from bot.reminders import due
from bot.sessions import SessionStore, Turn
from bot.state import Case, Reminder, State
from bot.tables import METADATA, OUTBOX, SESSIONS, UPDATES
from tests.bot.postgres import postgres


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with postgres(port) as cluster:
        yield cluster.address


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where the database lies: a new folder, or an emptied server."""
    if request.param == "sqlite":
        return tmp_path
    address: str = request.getfixturevalue("server")
    engine = open_database(address)
    METADATA.drop_all(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")
    engine.dispose()
    return address


def test_the_migrations_make_the_tables_of_the_code(place: Path | str) -> None:
    engine = open_database(place)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    engine.dispose()
    assert ScriptDirectory(Path(str(bot.migrations.__file__)).parent).get_current_head() == SCHEMA


def test_a_database_of_an_earlier_version_is_kept_and_brought_up_to_date(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "yanglao.db") as old:
        old.execute("CREATE TABLE sessions (chat_id VARCHAR PRIMARY KEY, state TEXT NOT NULL, updated_at DATETIME NOT NULL)")
        state = State(case=Case(facts={"age": 83})).model_dump_json()
        old.execute("INSERT INTO sessions VALUES ('terminal', ?, '2026-01-01 00:00:00')", (state,))
    old.close()
    store = SessionStore(tmp_path)
    with store.turn("terminal") as turn:
        assert turn.state.facts == {"age": 83}
    store.close()


def test_a_turn_keeps_state_and_calls_in_one_step(place: Path | str) -> None:
    store = SessionStore(place)
    with store.turn("5", 1) as turn:
        turn.state, turn.channel = State(greeted=True), '{"said": 1}'
        turn.calls = ["first", "second"]
    outbox = Outbox(store.engine)
    assert [letter.call for letter in outbox.pending("5")] == ["first", "second"]
    assert turn.letters == outbox.pending("5")
    with pytest.raises(ZeroDivisionError), store.turn("5", 2) as turn:
        _fail(turn)
    with store.turn("5", 2) as turn:
        assert turn.state.greeted
        assert turn.channel == '{"said": 1}'
        assert not turn.again
    outbox.done([letter.id for letter in outbox.pending("5")])
    assert outbox.size() == 0
    store.close()


def _fail(turn: Turn) -> None:
    turn.calls = ["third"]
    turn.state = State(greeted=False)
    raise ZeroDivisionError


def test_no_number_of_a_letter_is_given_twice(place: Path | str) -> None:
    store, numbers = SessionStore(place), []
    for _ in range(3):
        with store.turn("5") as turn:
            turn.calls = ["an answer"]
        numbers += [letter.id for letter in turn.letters]
        Outbox(store.engine).done(numbers)
    assert len(set(numbers)) == 3
    store.close()


def test_a_delivery_is_dealt_with_once(place: Path | str) -> None:
    store = SessionStore(place)
    for number, again in ((7, False), (7, True), (6, False), (10**15, False), (6, True)):
        with store.turn("5", number) as turn:
            assert turn.again is again
            turn.calls = ["an answer"]
    assert Outbox(store.engine).size() == 3
    store.close()


def test_what_is_forgotten_is_gone_from_the_disk(tmp_path: Path) -> None:
    store = SessionStore(tmp_path)
    for chat in ("5", "6"):
        with store.turn(chat) as turn:
            turn.state = State(case=Case(about=f"王桂兰{chat}", facts={"age": 83}))
    with store.turn("5") as turn:
        turn.forget = True
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert "王桂兰6".encode() in kept
    assert "王桂兰5".encode() not in kept
    store.close()


def test_what_nobody_uses_is_deleted_after_a_time(place: Path | str) -> None:
    store = SessionStore(place)
    for number, chat in enumerate(("old", "new")):
        with store.turn(chat, number) as turn:
            turn.state = State(greeted=True)
    long_ago = datetime.now(UTC) - timedelta(days=100)
    with store.engine.begin() as connection:
        connection.execute(update(SESSIONS).where(SESSIONS.c.chat_id == "old").values(updated_at=long_ago))
        connection.execute(update(UPDATES).where(UPDATES.c.update_id == 0).values(seen_at=long_ago))
    assert store.expire(timedelta(days=90)) == 1
    with store.engine.connect() as connection:
        assert list(connection.execute(select(SESSIONS.c.chat_id)).scalars()) == ["new"]
        assert list(connection.execute(select(UPDATES.c.update_id)).scalars()) == [1]
    store.close()


def test_a_reminder_is_given_once_and_follows_the_state(place: Path | str) -> None:
    store, today = SessionStore(place), date(2027, 3, 1)
    with store.turn("5") as turn:
        turn.state.reminders = [Reminder(due=today, text="九十"), Reminder(due=date(2037, 3, 1), text="一百")]
    assert due(store.engine, date(2027, 2, 28), lambda _, text: text) == {}
    (letter,) = due(store.engine, today, lambda chat, text: f"{chat} {text}")["5"]
    assert letter.call == "5 九十"
    assert due(store.engine, today, lambda _, text: text) == {}
    with store.turn("5") as turn:
        assert [one.text for one in turn.state.reminders] == ["一百"]
        turn.state.reminders = [*turn.state.reminders, Reminder(due=today, text="再来")]
    assert [one.call for one in due(store.engine, today, lambda _, text: text)["5"]] == ["再来"]
    with store.turn("5") as turn:
        turn.forget = True
    assert due(store.engine, date(2050, 1, 1), lambda _, text: text) == {}
    store.close()


def test_what_is_sent_once_is_not_sent_again_when_it_was_begun(place: Path | str) -> None:
    store, today = SessionStore(place), date(2027, 3, 1)
    with store.turn("5") as turn:
        turn.state.reminders = [Reminder(due=today, text="九十")]
    (letter,) = due(store.engine, today, lambda _, text: text)["5"]
    outbox = Outbox(store.engine)
    assert outbox.pending("5") == [letter]
    outbox.begin(letter)
    assert outbox.pending("5") == []
    outbox.begin(letter, yes=False)
    assert outbox.pending("5") == [letter]
    store.close()


def test_one_who_shuts_us_out_leaves_nothing(place: Path | str) -> None:
    store = SessionStore(place)
    for chat in ("5", "6"):
        with store.turn(chat) as turn:
            turn.calls = ["an answer"]
    Outbox(store.engine).forget("5")
    with store.engine.connect() as connection:
        for table in (SESSIONS, OUTBOX):
            assert list(connection.execute(select(table.c.chat_id)).scalars()) == ["6"]
    store.close()


def test_an_sqlite_file_belongs_to_one_process(tmp_path: Path) -> None:
    store = SessionStore(tmp_path)
    claims = Claims(store.engine)
    with pytest.raises(StoreError, match="另一个"):
        Claims(store.engine)
    claims.close()
    Claims(store.engine).close()
    store.close()


def test_a_chat_is_claimed_by_one_of_several_processes(server: str) -> None:
    engines = [open_database(server) for _ in range(2)]
    first, second = map(Claims, engines)
    assert first.take("5")
    assert not second.take("5")
    assert second.take("6")
    first.free("5")
    assert second.take("5")
    second.close()
    assert first.take("6")
    first.close()
    for engine in engines:
        engine.dispose()


def test_where_it_cannot_be_kept_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="没法保存在"):
        open_database(tmp_path / "file" / "folder")
    with pytest.raises(StoreError, match="没法保存在 PostgreSQL") as failed:
        open_database("postgresql://me:secret@127.0.0.1:1/none")
    assert "secret" not in str(failed.value)
