"""The people of a roster as columns: of each fact the classes of values still possible, as one bit mask, like a person's.

What a cell says is worked out once for each different cell, by the very function that reads one person
(:func:`eligibility.person.read_person`); the engine only looks it up. Nothing is ever filled in: a blank leaves every class
possible, and no branch turns it into something else.
"""

from __future__ import annotations

from datetime import date
from functools import reduce
from operator import and_
from typing import Any

import ibis
import pyarrow as pa
from ibis.expr.types import BooleanValue, IntegerValue, Table, Value

from eligibility.facts import runs
from eligibility.person import OLDEST, FactError, read_person
from eligibility.screening.cells import AGE_FACTS, STANDARD, Cells, UnreadableError
from eligibility.screening.columns import COMMUNITY, ID, Columns, RosterError
from eligibility.screening.engines import Engine
from eligibility.screening.source import LINE
from eligibility.space import Space

LOW, HIGH, BORN, FAULTY = "age_low", "age_high", "born", "faulty"

MOST_DIFFERENT = 3_000_000
"""A column with more different cells says no fact: not even the addresses of a city are so many."""

FEW = 64
"""So many different cells are told apart without a table."""

KEPT, RAW = "kept_", "raw_"
"""Before the name of a column that is passed through, and before the number of a fact's column, as it was written."""


AGE, AGE_TO = "age", "-"
"""The column of a result that says how old somebody is, and what stands between the least and the greatest age."""


def age_text(people: Table) -> Value:
    """How old somebody is: 83, or 80-89 where no more is known; null where nothing is."""
    low, high = people[LOW], people[HIGH]
    span = low.cast("string") + ibis.ifelse(low == high, "", AGE_TO + high.cast("string"))
    return ibis.ifelse((low <= 0) & (high >= OLDEST), _null("string"), span)


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
        people = roster.select(
            **{LINE: roster[LINE], ID: _identity(roster[self._columns.id])},
            **({COMMUNITY: roster[self._columns.community]} if self._columns.community else {}),
            **{KEPT + name: roster[name] for name in self._columns.kept},
            **{f"{RAW}{i}": roster[column.header] for i, column in enumerate(self._columns.facts)},
        )
        for i, column in enumerate(self._columns.facts):
            people = self._read(people, i, self._readings(roster.select(column.header), i))
        standards = [people[f"{STANDARD}_{i}"] for i in self._columns.telling([STANDARD])]
        return people.mutate(**self._ages(people), **{STANDARD: ibis.coalesce(*standards) if standards else _null("float64")})

    def masked(self, people: Table) -> Table:
        """The people of :meth:`table`, with their masks in place of what their cells say."""
        own = (LINE, ID, COMMUNITY, LOW, HIGH, BORN, STANDARD)
        others = [name for name in people.columns if name in own or name.startswith((KEPT, RAW))]
        masks = people.mutate(**self._masks(people))
        return masks.select(*others, *map(mask_column, self._space.names), **{FAULTY: self._faulty(masks)})

    # -- what cells say

    def _readings(self, column: Table, i: int) -> pa.Table:
        """Of each different cell of the ``i``-th column what it says."""
        different = column.distinct().limit(MOST_DIFFERENT + 1).to_pyarrow()
        if len(different) > MOST_DIFFERENT:
            raise RosterError(f"“{self._columns.facts[i].header}”这一列有{MOST_DIFFERENT:,}种以上的写法，不像是说一件事的")
        keys = different.column(0)
        # An unknown cell has no row here; what is not understood has one that leaves no class possible.
        told = [(place, self._told(i, cell)) for place, cell in enumerate(keys.to_pylist())]
        known = [(place, one) for place, one in told if one]
        arrays = {f"key_{i}": keys.take(pa.array([place for place, _ in known], pa.int32()))}
        for name, kind in self._kinds(i).items():
            arrays[name] = pa.array([one.get(name) for _, one in known], kind)
        return pa.table(arrays)

    def _read(self, people: Table, i: int, read: pa.Table) -> Table:
        """The people with what the cells of one column say: few are told apart in place, many are looked up."""
        raw = people[f"{RAW}{i}"]
        if self._columns.facts[i].fact not in (*AGE_FACTS, STANDARD) and len(read) <= FEW:
            cells, said = (column.to_pylist() for column in read.columns[:2])
            branches = [(raw == cell, _int(mask)) for cell, mask in zip(cells, said, strict=True)]
            return people.mutate(**{f"is_{i}": ibis.cases(*branches) if branches else _null("int32")})
        return people.left_join(self._engine.small(read), [(f"{RAW}{i}", f"key_{i}")]).drop(f"key_{i}")

    def _kinds(self, i: int) -> dict[str, pa.DataType]:
        fact = self._columns.facts[i].fact
        if fact in AGE_FACTS:
            return {
                f"low_{i}": pa.int32(), f"high_{i}": pa.int32(), f"year_{i}": pa.int32(), f"born_{i}": pa.date32(),
                f"weak_{i}": pa.bool_(),
            }
        return {f"{STANDARD}_{i}": pa.float64(), f"bad_{i}": pa.bool_()} if fact == STANDARD else {f"is_{i}": pa.int32()}

    def _told(self, i: int, cell: object) -> dict[str, Any]:
        """What a cell says, by the names of :meth:`_kinds`; empty where it is blank."""
        column = self._columns.facts[i]
        try:
            if column.value is not None:
                return self._held(i, cell)
            facts = self._cells.read(column, cell)
            person = read_person(facts, self._as_of, self._space)
        except (UnreadableError, FactError):
            if column.fact in AGE_FACTS:
                return {f"low_{i}": 1, f"high_{i}": 0, f"weak_{i}": False}
            return {f"bad_{i}": True} if column.fact == STANDARD else {f"is_{i}": 0}
        if not facts:
            return {}
        if column.fact == STANDARD:
            return {f"{STANDARD}_{i}": person.dibao_standard, f"bad_{i}": False}
        if column.fact not in AGE_FACTS:
            return {f"is_{i}": person.masks[self._space.level[column.fact]]}
        low, high = person.ages
        return {
            f"low_{i}": low, f"high_{i}": high,
            f"year_{i}": facts.get("birth_year"), f"born_{i}": person.birth_date,
            # A birthday outweighs an age and a range, as it does for one person.
            f"weak_{i}": "birth_date" not in facts and "birth_year" not in facts,
        }

    def _held(self, i: int, cell: object) -> dict[str, Any]:
        """The same of a column that is about one value: 是 is the value, 否 any other."""
        column = self._columns.facts[i]
        holds = self._cells.holds(column, cell)
        if holds is None or column.value is None:
            return {}
        mask = self._space.mask(column.fact, [column.value])
        return {f"is_{i}": mask if holds else self._space.full[self._space.level[column.fact]] & ~mask}

    # -- ages

    def _ages(self, people: Table) -> dict[str, Value]:
        columns = self._columns.telling(AGE_FACTS)
        if not columns:
            return {LOW: _int(0), HIGH: _int(OLDEST), BORN: _null("date")}
        born = ibis.coalesce(*(people[f"born_{i}"] for i in columns))
        lows, highs, other_years = [_int(0)], [_int(OLDEST)], []
        for i in columns:
            low, high, year = people[f"low_{i}"], people[f"high_{i}"], people[f"year_{i}"]
            counts = low.notnull() & ~(people[f"weak_{i}"] & born.notnull())
            lows.append(ibis.ifelse(counts, low, _int(0)))
            highs.append(ibis.ifelse(counts, high, _int(OLDEST)))
            other_years += [(year != born.year()).fill_null(False), (people[f"born_{i}"] != born).fill_null(False)]
        # No age is possible where two columns contradict each other.
        return {LOW: ibis.greatest(*lows), HIGH: ibis.ifelse(_any(other_years), _int(-1), ibis.least(*highs)), BORN: born}

    def _age_mask(self, people: Table) -> IntegerValue:
        mask: IntegerValue = _int(0)
        low, high = people[LOW], people[HIGH]
        for i, members in enumerate(self._space.classes[self._space.level["age"]]):
            possible = _any([(low <= last) & (high >= first) for first, last in runs([int(age) for age in members])])
            mask = mask + ibis.ifelse(possible & (low <= high), _int(1 << i), _int(0))
        return mask

    def aged(self, people: Table, ages: Table) -> Table:
        """The people of :meth:`masked` who have one of ``ages`` (id, and an age as :func:`age_text` writes it), at that age."""
        then = ages.select(then=ages[ID].cast("string"), written=ages[AGE])
        mine = people.mutate(who=people[ID].cast("string")).inner_join(then, [("who", "then")])
        ends = mine["written"].split(AGE_TO)
        low, high = ends[0].try_cast("int32"), ends[ends.length() - 1].try_cast("int32")
        mine = mine.mutate(**{LOW: ibis.coalesce(low, _int(0)), HIGH: ibis.coalesce(high, _int(OLDEST))})
        masks = {mask_column("age"): self._age_mask(mine).cast("int32")}
        return mine.mutate(**masks).select(*people.columns)

    # -- masks

    def _masks(self, people: Table) -> dict[str, IntegerValue]:
        space = self._space
        masks: dict[str, IntegerValue] = {"age": self._age_mask(people)}
        said: dict[str, list[IntegerValue]] = {}
        for name in space.names:
            if name not in masks:
                full = _int(space.full[space.level[name]])
                said[name] = [people[f"is_{i}"] for i in self._columns.telling([name])]
                masks[name] = reduce(and_, (ibis.coalesce(one, full) for one in said[name]), full)
        for name, other, _level, allowed in space.implied:
            for one in said[name]:
                masks[other] = ibis.ifelse(one.notnull(), masks[other] & _int(allowed), masks[other])
        return {mask_column(name): mask.cast("int32") for name, mask in masks.items()}

    def _faulty(self, people: Table) -> BooleanValue:
        nobody = people[ID].isnull() | (people[ID].cast("string").strip() == "")
        impossible = [people[mask_column(name)] == 0 for name in self._space.names]
        standards = self._columns.telling([STANDARD])
        bad = [people[f"bad_{i}"].fill_null(False) for i in standards]
        bad += [(people[f"{STANDARD}_{i}"] != people[STANDARD]).fill_null(False) for i in standards]
        return _any([nobody, *impossible, *bad])


def _identity(column: Value) -> Value:
    """Who somebody is: 7 and 7.0 are the same, and blanks around count nothing."""
    if column.type().is_floating():
        text = ibis.coalesce(column.try_cast("int64").cast("string"), column.cast("string"))
        text = ibis.ifelse(column % 1 == 0, text, column.cast("string"))
        column = ibis.ifelse(column.isnan(), ibis.null("string"), text)
    return column.strip() if column.type().is_string() else column


def _any(conditions: list[BooleanValue]) -> BooleanValue:
    found = conditions[0]
    for condition in conditions[1:]:
        found = found | condition
    return found


def _int(value: int) -> IntegerValue:
    return ibis.literal(value, "int32")


def _null(kind: str) -> Value:
    return ibis.null(kind)
