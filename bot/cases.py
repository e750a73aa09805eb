"""Cases: what an operator chose to save of a person, under a name of her own; everything else is never kept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Engine, delete, insert, select

from bot.database import reading, wipe_log
from bot.tables import CASES

MOST_NAME = 40

MOST_SAVED = 500
"""So many an account may keep; then the oldest gives way."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved case."""

    id: int
    name: str
    facts: dict[str, Any]
    day: date


class CaseStore:
    """Saved cases, by account.

    Args:
        engine: the database (:func:`bot.database.open_database`).
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def save(self, account: str, name: str, facts: dict[str, Any]) -> None:
        """Saves a case; one of the same name is replaced."""
        shown = "".join(one for one in name if one.isprintable())
        row = {
            "account": account, "name": shown.strip()[:MOST_NAME], "facts": json.dumps(facts, ensure_ascii=False),
            "saved_at": datetime.now(UTC),
        }
        mine = CASES.c.account == account
        with self._engine.begin() as connection:
            gone = connection.execute(delete(CASES).where(mine, CASES.c.name == row["name"])).rowcount
            connection.execute(insert(CASES).values(row))
            kept = select(CASES.c.id).where(mine).order_by(CASES.c.id.desc()).limit(MOST_SAVED)
            gone += connection.execute(delete(CASES).where(mine, CASES.c.id.not_in(kept))).rowcount
        if gone:
            wipe_log(self._engine)

    def saved(self, account: str) -> list[Saved]:
        """The account's cases, the last one first."""
        query = select(CASES).where(CASES.c.account == account).order_by(CASES.c.id.desc())
        with reading(self._engine) as connection:
            return [Saved(row.id, row.name, json.loads(row.facts), row.saved_at.date()) for row in connection.execute(query)]

    def find(self, account: str, number: int) -> Saved | None:
        """One of the account's cases; None where it is none of them."""
        return next((case for case in self.saved(account) if case.id == number), None)

    def forget(self, account: str, number: int) -> None:
        """Deletes one of the account's cases."""
        with self._engine.begin() as connection:
            connection.execute(delete(CASES).where(CASES.c.account == account, CASES.c.id == number))
        wipe_log(self._engine)
