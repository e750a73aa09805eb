"""Reminders: what people asked to be told when the day comes, kept until it lies in the outbox."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime

from sqlalchemy import Connection, Engine, delete, select

from bot.outbox import Letter
from bot.state import Reminder
from bot.tables import OUTBOX, REMINDERS


def keep_reminders(connection: Connection, chat_id: str, reminders: Sequence[Reminder]) -> None:
    """Keeps a chat's reminders in place of those that were kept."""
    connection.execute(delete(REMINDERS).where(REMINDERS.c.chat_id == chat_id))
    for reminder in reminders:
        connection.execute(REMINDERS.insert(), {"chat_id": chat_id, **reminder.model_dump()})


def kept_reminders(connection: Connection, chat_id: str) -> list[Reminder]:
    """What a chat is still to be reminded of, by day."""
    rows = select(REMINDERS.c.due, REMINDERS.c.text).where(REMINDERS.c.chat_id == chat_id).order_by(REMINDERS.c.due)
    return [Reminder(due=row.due, text=row.text) for row in connection.execute(rows)]


def due(engine: Engine, today: date, call: Callable[[str, str], str]) -> dict[str, list[Letter]]:
    """Puts what is due into the outbox, to be sent once; what was put there, by chat.

    Several processes may ask at once: each reminder is given to one of them.

    Args:
        engine: the database (:func:`bot.database.open_database`).
        today: the day.
        call: makes the call that says a text in a chat.
    """
    found: dict[str, list[Letter]] = {}
    with engine.begin() as connection:
        gone = delete(REMINDERS).where(REMINDERS.c.due <= today).returning(REMINDERS.c.chat_id, REMINDERS.c.text)
        for row in connection.execute(gone).all():
            said = call(row.chat_id, row.text)
            values = {"chat_id": row.chat_id, "call": said, "made_at": datetime.now(UTC), "once": True}
            number = connection.execute(OUTBOX.insert().returning(OUTBOX.c.id), values).scalar_one()
            found.setdefault(row.chat_id, []).append(Letter(number, said, once=True))
    return found
