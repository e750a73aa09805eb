"""The people of a roster as columns: of each fact the classes of values still possible, as one bit mask, like a person's.

What a cell says is worked out once for each different cell, by the very function that reads one person
(:func:`eligibility.person.read_person`); the engine only looks it up. Nothing is ever filled in: a blank leaves every class
possible, and no branch turns it into something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import ibis
import pyarrow as pa
from ibis.expr.types import BooleanValue, IntegerValue, Table, Value

from eligibility.facts import runs
from eligibility.person import OLDEST, FactError, read_person
from eligibility.screening.cells import AGE_FACTS, STANDARD, Cells, UnreadableError
from eligibility.screening.columns import COMMUNITY, ID, Columns, RosterError
from eligibility.screening.engines import Engine
from eligibility.screening.source import LINE, Reject
from eligibility.space import Space

LOW, HIGH, BORN, FAULTY = "age_low", "age_high", "born", "faulty"

MOST_DIFFERENT = 200_000
"""A column with more different cells says no fact: not even birthdays are so many."""

MOST_CITED = 20
"""So many characters of a cell a reason quotes."""

_LONG_NUMBER = re.compile(r"\d{9,}[Xx]?")

FEW = 64
"""So many different cells are told apart without a table."""

KEPT, RAW = "kept_", "raw_"
"""Before the name of a column that is passed through, and before the fact of a cell as it was written."""


def mask_column(name: str) -> str:
    """The column of a fact's mask."""
    return f"m_{name}"


class People:
    """Makes people of a roster.

    Args:
        columns: which column is which.
        cells: reads cells.
        space: the classes of values.
        as_of: the day on which ages are reckoned.
        engine: where it is computed.
    """

    def __init__(self, columns: Columns, cells: Cells, space: Space, as_of: date, engine: Engine) -> None:
        self._columns, self._cells, self._space, self._as_of, self._engine = columns, cells, space, as_of, engine

    def table(self, roster: Table) -> Table:
        """Everybody: where she stands, her id, what her cells say and how they were written, and how old she can be.

        Args:
            roster: its columns, and :data:`LINE`.
        """
        facts = self._columns.facts
        people = roster.select(
            **{LINE: roster[LINE], ID: roster[self._columns.id]},
            **({COMMUNITY: roster[self._columns.community]} if self._columns.community else {}),
            **{KEPT + name: roster[name] for name in self._columns.kept},
            **{RAW + fact: roster[column] for fact, column in facts.items()},
        )
        for fact in facts:
            people = self._read(people, fact, self._readings(roster.select(self._columns.facts[fact]), fact))
        return people.mutate(**self._ages(people), **{STANDARD: people[STANDARD] if STANDARD in facts else _null("float64")})

    def masked(self, people: Table) -> Table:
        """The people of :meth:`table`, with their masks in place of what their cells say."""
        own = (LINE, ID, COMMUNITY, LOW, HIGH, BORN, STANDARD)
        others = [name for name in people.columns if name in own or name.startswith((KEPT, RAW))]
        masks = people.mutate(**self._masks(people))
        return masks.select(*others, *map(mask_column, self._space.names), **{FAULTY: self._faulty(masks)})

    def explained(self, rows: Iterable[Mapping[str, Any]]) -> Iterator[Reject]:
        """Why each of the faulty people could not be read."""
        for row in rows:
            yield Reject(row[LINE], "" if row[ID] is None else str(row[ID]), self._reason(row))

    # -- what cells say

    def _readings(self, column: Table, fact: str) -> pa.Table:
        """Of each different cell of a fact's column what it says."""
        different = column.distinct().limit(MOST_DIFFERENT + 1).to_pyarrow()
        if len(different) > MOST_DIFFERENT:
            raise RosterError(f"“{self._columns.facts[fact]}”这一列不像是{self._space.vocabulary.facts[fact].title}")
        keys = different.column(0)
        # An unknown cell has no row here; what is not understood has one that leaves no class possible.
        told = [(i, self._told(fact, cell)) for i, cell in enumerate(keys.to_pylist())]
        known = [(i, one) for i, one in told if one]
        arrays = {f"key_{fact}": keys.take(pa.array([i for i, _ in known], pa.int32()))}
        for name, kind in self._kinds(fact).items():
            arrays[name] = pa.array([one.get(name) for _, one in known], kind)
        return pa.table(arrays)

    def _read(self, people: Table, fact: str, read: pa.Table) -> Table:
        """The people with what the cells of one column say: few are told apart in place, many are looked up."""
        if fact not in (*AGE_FACTS, STANDARD) and len(read) <= FEW:
            cells, said = (column.to_pylist() for column in read.columns[:2])
            branches = [(people[RAW + fact] == cell, _int(mask)) for cell, mask in zip(cells, said, strict=True)]
            return people.mutate(**{f"is_{fact}": ibis.cases(*branches) if branches else _null("int32")})
        return people.left_join(self._engine.small(read), [(RAW + fact, f"key_{fact}")]).drop(f"key_{fact}")

    def _kinds(self, fact: str) -> dict[str, pa.DataType]:
        if fact in AGE_FACTS:
            return {
                f"low_{fact}": pa.int32(), f"high_{fact}": pa.int32(), f"year_{fact}": pa.int32(), f"born_{fact}": pa.date32(),
                f"weak_{fact}": pa.bool_(),
            }
        return {STANDARD: pa.float64(), "bad": pa.bool_()} if fact == STANDARD else {f"is_{fact}": pa.int32()}

    def _told(self, fact: str, cell: object) -> dict[str, Any]:
        """What a cell says, by the names of :meth:`_kinds`; empty where it is blank."""
        try:
            facts = self._cells.read(fact, cell)
            person = read_person(facts, self._as_of, self._space)
        except (UnreadableError, FactError):
            if fact in AGE_FACTS:
                return {f"low_{fact}": 1, f"high_{fact}": 0, f"weak_{fact}": False}
            return {"bad": True} if fact == STANDARD else {f"is_{fact}": 0}
        if not facts:
            return {}
        if fact == STANDARD:
            return {STANDARD: person.dibao_standard, "bad": False}
        if fact not in AGE_FACTS:
            return {f"is_{fact}": person.masks[self._space.level[fact]]}
        low, high = person.ages
        return {
            f"low_{fact}": low, f"high_{fact}": high,
            f"year_{fact}": facts.get("birth_year"), f"born_{fact}": person.birth_date,
            # A birthday outweighs an age and a range, as it does for one person.
            f"weak_{fact}": "birth_date" not in facts and "birth_year" not in facts,
        }

    # -- ages

    def _ages(self, people: Table) -> dict[str, Value]:
        columns = [fact for fact in AGE_FACTS if fact in self._columns.facts]
        if not columns:
            return {LOW: _int(0), HIGH: _int(OLDEST), BORN: _null("date")}
        born = ibis.coalesce(*(people[f"born_{fact}"] for fact in columns))
        lows, highs, other_years = [_int(0)], [_int(OLDEST)], []
        for fact in columns:
            low, high, year = people[f"low_{fact}"], people[f"high_{fact}"], people[f"year_{fact}"]
            counts = low.notnull() & ~(people[f"weak_{fact}"] & born.notnull())
            lows.append(ibis.ifelse(counts, low, _int(0)))
            highs.append(ibis.ifelse(counts, high, _int(OLDEST)))
            other_years.append((year != born.year()).fill_null(False))
        # No age is possible where two columns contradict each other.
        return {LOW: ibis.greatest(*lows), HIGH: ibis.ifelse(_any(other_years), _int(-1), ibis.least(*highs)), BORN: born}

    def _age_mask(self, people: Table) -> IntegerValue:
        mask: IntegerValue = _int(0)
        low, high = people[LOW], people[HIGH]
        for i, members in enumerate(self._space.classes[self._space.level["age"]]):
            possible = _any([(low <= last) & (high >= first) for first, last in runs([int(age) for age in members])])
            mask = mask + ibis.ifelse(possible & (low <= high), _int(1 << i), _int(0))
        return mask

    def at(self, people: Table, day: date) -> Table:
        """The people of :meth:`masked` as old as they were on an earlier day; who has no birthday had one since."""
        then = day.year - people[BORN].year() - ibis.ifelse(
            people[BORN].month() * 100 + people[BORN].day() > day.month * 100 + day.day, 1, 0,
        )
        since = -(-(self._as_of - day).days // 366)
        known = people[HIGH] - people[LOW] < OLDEST
        younger = {name: ibis.greatest(people[name] - ibis.ifelse(known, since, 0), 0) for name in (LOW, HIGH)}
        aged = {name: ibis.ifelse(people[BORN].notnull(), then, younger[name]).cast("int32") for name in (LOW, HIGH)}
        people = people.mutate(**aged)
        return people.mutate(**{mask_column("age"): self._age_mask(people).cast("int32")})

    # -- masks

    def _masks(self, people: Table) -> dict[str, IntegerValue]:
        space, facts = self._space, self._columns.facts
        masks: dict[str, IntegerValue] = {"age": self._age_mask(people)}
        for name in space.names:
            if name not in masks:
                full = _int(space.full[space.level[name]])
                masks[name] = ibis.coalesce(people[f"is_{name}"], full) if name in facts else full
        for name, other, _level, allowed in space.implied:
            if name in facts:
                implied = masks[other] & _int(allowed)
                masks[other] = ibis.ifelse(people[f"is_{name}"].notnull(), implied, masks[other])
        return {mask_column(name): mask.cast("int32") for name, mask in masks.items()}

    def _faulty(self, people: Table) -> BooleanValue:
        nobody = people[ID].isnull() | (people[ID].cast("string").strip() == "")
        impossible = [people[mask_column(name)] == 0 for name in self._space.names]
        return _any([nobody, *impossible, *([people["bad"].fill_null(False)] if STANDARD in self._columns.facts else [])])

    # -- what is wrong with whom

    def _reason(self, row: Mapping[str, Any]) -> str:
        if row[ID] is None or not str(row[ID]).strip():
            return "没有编号"
        told: dict[str, Any] = {}
        for fact, column in self._columns.facts.items():
            try:
                facts = self._cells.read(fact, row[RAW + fact])
                read_person(facts, self._as_of, self._space)
            except UnreadableError:
                return f"“{column}”写的是“{_cited(row[RAW + fact])}”，看不懂"
            except FactError as error:
                return f"“{column}”写的是“{_cited(row[RAW + fact])}”：{error.message}"
            told = {**facts, **told}
        try:
            read_person(told, self._as_of, self._space)
        except FactError as error:
            return error.message
        return "几列说的年龄对不上"


def _cited(cell: object) -> str:
    """A cell as a reason quotes it; where columns have slipped it may be somebody's number."""
    text = _LONG_NUMBER.sub("……", str(cell))
    return text if len(text) <= MOST_CITED else f"{text[:MOST_CITED]}……"


def _any(conditions: list[BooleanValue]) -> BooleanValue:
    found = conditions[0]
    for condition in conditions[1:]:
        found = found | condition
    return found


def _int(value: int) -> IntegerValue:
    return ibis.literal(value, "int32")


def _null(kind: str) -> Value:
    return ibis.null(kind)
