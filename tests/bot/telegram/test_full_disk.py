"""A disk that is full for a while: people get a kind word, and then every answer, once."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from bot.database import open_database
from bot.settings import Settings
from bot.telegram.polling import poll
from bot.telegram.run import running
from tests.bot.telegram.loopback import TOKEN, Fault, Telegram

WRITES = ("INSERT", "UPDATE", "DELETE")


@pytest.fixture
def full() -> Iterator[threading.Event]:
    """While it is set, nothing can be written, as SQLite says it."""
    is_full = threading.Event()

    def refuse(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if is_full.is_set() and statement.startswith(WRITES):
            raise sqlite3.OperationalError("database or disk is full")

    event.listen(Engine, "before_cursor_execute", refuse)
    yield is_full
    event.remove(Engine, "before_cursor_execute", refuse)


def test_what_is_said_while_the_disk_is_full_is_answered_when_it_is_not(
    telegram: Telegram, tmp_path: Path, full: threading.Event,
) -> None:
    def consultation() -> None:
        telegram.write(5, "83，鞍山户口")
        telegram.answer(5, 1)
        full.set()
        telegram.write(5, "低保")
        assert "正忙" in telegram.answer(5, 2).text
        full.clear()
        assert "每月100元" in telegram.answer(5, 3).text

    _run(telegram, tmp_path, consultation)
    assert len(telegram.to(5)) == 3


def test_what_was_sent_while_the_disk_was_full_is_not_sent_again(
    telegram: Telegram, tmp_path: Path, full: threading.Event,
) -> None:
    def consultation() -> None:
        telegram.faults.append(Fault("sendMessage", "429", times=1, seconds=1))
        telegram.write(5, "83，鞍山户口")
        telegram.wait(lambda: telegram.calls["sendMessage"] == 1)
        full.set()
        telegram.answer(5, 1)
        telegram.wait(lambda: _left(tmp_path) == 1)
        full.clear()
        telegram.wait(lambda: _left(tmp_path) == 0)

    _run(telegram, tmp_path, consultation)
    _run(telegram, tmp_path, lambda: None)
    assert len(telegram.to(5)) == 1


def _run(telegram: Telegram, folder: Path, consultation: Any) -> None:
    """Runs the bot while people talk to it."""
    settings = Settings(data=folder, telegram={"token": TOKEN, "api": telegram.address})  # type: ignore[arg-type]

    async def run() -> None:
        async with running(settings) as bot:
            stopping = asyncio.Event()
            polling = asyncio.create_task(poll(bot.bot, bot.service, stopping))
            try:
                await asyncio.to_thread(consultation)
            finally:
                stopping.set()
                await polling

    asyncio.run(run())


def _left(folder: Path) -> int:
    """How much lies in the outbox."""
    engine = open_database(folder)
    with engine.connect() as connection:
        count = int(connection.execute(text("SELECT count(*) FROM outbox")).scalar_one())
    engine.dispose()
    return count
