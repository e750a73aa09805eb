"""Faults: what is wrong with whom, said in a sentence that quotes nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from eligibility.person import FactError, read_person
from eligibility.screening.cells import Cells, UnreadableError
from eligibility.screening.columns import ID, Column, Columns
from eligibility.screening.people import RAW
from eligibility.screening.source import LINE, Reject
from eligibility.space import Space


class Faults:
    """Explains why people could not be read.

    Args:
        columns: which column is which.
        cells: reads cells.
        space: the classes of values.
        as_of: the day on which ages are reckoned.
    """

    def __init__(self, columns: Columns, cells: Cells, space: Space, as_of: date) -> None:
        self._columns, self._cells, self._space, self._as_of = columns, cells, space, as_of

    def explained(self, rows: Iterable[Mapping[str, Any]]) -> Iterator[Reject]:
        """Why each of the people could not be read: their line, id, and cells as they were written."""
        for row in rows:
            yield Reject(row[LINE], "" if row[ID] is None else str(row[ID]), self._reason(row))

    def _reason(self, row: Mapping[str, Any]) -> str:
        if row[ID] is None or not str(row[ID]).strip():
            return "没有编号"
        told: dict[str, Any] = {}
        faults = []
        for i, column in enumerate(self._columns.facts):
            try:
                facts = self._stated(column, row[f"{RAW}{i}"])
                read_person(facts, self._as_of, self._space)
            except UnreadableError:
                faults.append(f"“{column.header}”这一格看不懂")  # nor is it quoted: it may be somebody's name, out of place
            except FactError:
                faults.append(f"“{column.header}”这一格不可能是真的")
            else:
                if any(told.get(fact, value) != value for fact, value in facts.items()):
                    faults.append(f"“{column.header}”跟别的列对不上")
                told |= facts
        try:
            read_person(told, self._as_of, self._space)
        except FactError as error:
            faults = faults or [error.message]
        return "；".join(faults) or "有几列说的对不上"

    def _stated(self, column: Column, cell: object) -> dict[str, Any]:
        if column.value is None:
            return self._cells.read(column, cell)
        return {column.fact: column.value} if self._cells.holds(column, cell) else {}
