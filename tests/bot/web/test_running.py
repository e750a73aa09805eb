"""What a web that is served does of its own accord."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select, update

from bot.sessions import SessionStore
from bot.tables import SESSIONS
from tests.bot.telegram.serving import until
from tests.bot.web.served import site


def test_a_conversation_that_nobody_uses_any_more_is_deleted(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with closing(SessionStore(folder)) as store:
        for chat in ("web:old", "web:new"):
            with store.turn(chat) as turn:
                turn.state.greeted = True
        long_ago = datetime.now(UTC) - timedelta(days=91)
        with store.engine.begin() as connection:
            connection.execute(update(SESSIONS).where(SESSIONS.c.chat_id == "web:old").values(updated_at=long_ago))
    with site(folder) as running:
        until(lambda: kept(running.store) == ["web:new"])


def kept(store: SessionStore) -> list[str]:
    """The conversations in the database."""
    with store.engine.connect() as connection:
        return list(connection.execute(select(SESSIONS.c.chat_id)).scalars())
