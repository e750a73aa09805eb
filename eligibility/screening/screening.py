"""Screening: a roster in, one row for each person and entitlement out, and the counts of it."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial, reduce
from operator import or_
from pathlib import Path
from tempfile import TemporaryDirectory

import ibis
import pyarrow as pa
from ibis.expr.types import BooleanValue, Table

from eligibility.rulebook import RuleBook
from eligibility.screening.asking import Asked
from eligibility.screening.cells import Cells, Spoken
from eligibility.screening.changes import earlier
from eligibility.screening.columns import ID, Columns, RosterError, find_columns, likeness
from eligibility.screening.engines import Engine, engine
from eligibility.screening.faults import Faults
from eligibility.screening.orders import Order
from eligibility.screening.people import FAULTY, HIGH, LOW, RAW, People
from eligibility.screening.profiles import Answers, CityProfiles, Tell, belonging
from eligibility.screening.results import Answered, Changes, Results
from eligibility.screening.source import LINE, Reject, as_parquet, header_of
from eligibility.screening.summary import Count

MOST_YEARS = 120
"""Who is older is older than anybody here: a formula over an empty birthday."""


@dataclass
class Screened:
    """What came of it.

    Attributes:
        people: who was answered; nowhere: those of them of whom no city is known that has rules.
        rejected: who could not be read.
        counts: by community and answer.
        columns: which column was taken for which.
        asks: what is worth asking, the most worth first.
        coming: how often somebody will come to something, by month (``2027-03``, empty where the birthday is not known); None
            where it was not asked.
        changes: what has changed; None where it was not asked.
        doubtful: how many are said to be no year old, or older than anybody is.
        reasons: how many could not be read for which reason, the most frequent first.
    """

    people: int
    nowhere: int
    rejected: int
    counts: list[Count]
    columns: Columns
    asks: list[Asked]
    coming: dict[str, int] | None = None
    changes: list[Changes] | None = None
    doubtful: int = 0
    reasons: dict[str, int] = field(default_factory=dict)


def screen(
    order: Order, book: RuleBook, spoken: Spoken, progress: Callable[[str], None] = lambda _: None,
    tell: Tell = lambda answer: answer.status,
) -> Screened:
    """Screens a roster.

    Args:
        order: what and how.
        book: the rules.
        spoken: reads what cells say in people's own words.
        progress: told what is begun.
        tell: an answer in plain words.

    Raises:
        RosterError: it cannot be screened as a whole.
        OSError: a file cannot be written.
    """
    order.check()
    found = header_of(order.roster, likeness(book.vocabulary, order.mapping))
    columns = find_columns(found, book.vocabulary, order.mapping, order.keep)
    if order.since and columns.running:
        raise RosterError(f"“{columns.id}”换个月就可能是另一个人，不能拿来跟上次比；用对照表说明哪一列是不变的编号")
    with TemporaryDirectory() as scratch, engine(order.engine, Path(scratch), order.master) as running:
        return _Run(order, book, columns, running, Path(scratch)).screened(Cells(book.vocabulary, spoken), progress, tell)


class _Run:
    """One screening under way."""

    def __init__(self, order: Order, book: RuleBook, columns: Columns, running: Engine, scratch: Path) -> None:
        self._order, self._book, self._columns, self._engine, self._scratch = order, book, columns, running, scratch
        self._rejects: list[Reject] = []

    def screened(self, cells: Cells, progress: Callable[[str], None], tell: Tell) -> Screened:
        before = earlier(self._engine, self._order.since) if self._order.since else None
        progress("roster")
        roster = self._roster()
        progress("people")
        reader = People(self._columns, cells, self._book.space, self._order.as_of, self._engine)
        faults = Faults(self._columns, cells, self._book.space, self._order.as_of)
        people = self._people(roster, reader, faults)
        everybody = _count(people)
        self._write_rejects()
        nowhere = self._write_nowhere(people.filter(~self._anywhere(people)))
        for stale in self._order.not_asked():
            stale.unlink(missing_ok=True)
        answered = self._answered(people, "answered", progress)
        results = Results(self._order, self._book, self._columns, self._engine, answered, tell)
        progress("result")
        results.write(everybody)
        coming = results.write_coming(self._order.ahead) if self._order.ahead else None
        changes = None
        if before is not None:
            changes = results.write_changes(before, partial(self._answered_at, people, reader), self._ids(people))
        progress("summary")
        counts = results.counts()
        asks = results.asks(counts)
        doubtful = _count(people.filter((people[LOW] > MOST_YEARS) | (people[HIGH] < 1)))
        reasons = dict(Counter(reject.reason for reject in self._rejects).most_common())
        rejected = len(self._rejects)
        return Screened(everybody, nowhere, rejected, counts, self._columns, asks, coming, changes, doubtful, reasons)

    def _answered(self, people: Table, name: str, progress: Callable[[str], None] = lambda _: None) -> Answered:
        cities: dict[str, Table] = {}
        answers = Answers()
        for city in self._book.packs:
            progress(f"city:{city}")
            profiles = CityProfiles(self._book, city, answers, self._engine, self._order.ahead is not None)
            coded = profiles.coded(people)
            nobody_yet = not cities and city == [*self._book.packs][-1]  # an empty result has its columns, too
            if nobody_yet or _count(coded):
                cities[city] = self._engine.hold(profiles.answered(coded), f"{name}_{city}")
        return cities, answers.listed

    def _answered_at(self, people: Table, reader: People, ages: Table) -> Answered:
        """The answers of some people, by their ids, at the ages that they had."""
        return self._answered(self._engine.hold(reader.aged(people, ages), "younger"), "younger")

    def _ids(self, people: Table) -> tuple[Table, Table]:
        """The ids of everybody who was read, and of those who were not."""
        unread = pa.array(sorted({(reject.id or reject.hint).strip() for reject in self._rejects}), pa.string())
        read = people.select(**{ID: people[ID].cast("string")})
        return read, self._engine.small(pa.table({ID: unread})).anti_join(read, ID)

    # -- reading

    def _roster(self) -> Table:
        file = self._order.roster
        if file.suffix.lower() != ".parquet":
            like = likeness(self._book.vocabulary, self._order.mapping)
            file = as_parquet(file, self._columns, self._scratch, self._rejects.append, like)
        return self._engine.read(file)

    def _people(self, roster: Table, reader: People, faults: Faults) -> Table:
        """Everybody who can be answered; the others are written down with the reason."""
        masked = reader.masked(reader.table(roster))
        raw = [name for name in masked.columns if name.startswith(RAW)]
        people = self._engine.hold(masked.drop(*raw), "people")
        if _count(people.filter(people[FAULTY])):
            # What their cells said is not held: it is looked at once more.
            for batch in masked.filter(masked[FAULTY]).select(LINE, ID, *raw).to_pyarrow_batches():
                self._rejects += faults.explained(batch.to_pylist())
        return self._each_once(people.filter(~people[FAULTY]).drop(FAULTY))

    def _each_once(self, people: Table) -> Table:
        """The people without those whose id somebody before them has."""
        groups = people.group_by(ID).agg(times=people.count(), first=people[LINE].min())
        twice = groups.filter(groups.times > 1).select(ID, "first")
        again = people.inner_join(twice, ID).filter(lambda table: table[LINE] > table["first"]).select(LINE, ID, "first")
        rows = again.to_pyarrow().to_pylist()
        for row in rows:
            where = f"第{row['first']}行" if self._lines_known else "前面的人"
            self._rejects.append(Reject(row[LINE], str(row[ID]), f"编号跟{where}重复"))
        if not rows:
            return people
        return self._engine.hold(people.anti_join(again, LINE), "each_once")

    @property
    def _lines_known(self) -> bool:
        return self._engine.lines or self._order.roster.suffix.lower() != ".parquet"

    def _write_rejects(self) -> None:
        """Those who could not be read, in the order of the roster; no file where there are none."""
        self._order.rejects.unlink(missing_ok=True)
        if self._rejects:
            with self._order.rejects.open("w", encoding="utf-8-sig", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(["line", "id", "reason"])
                for one in sorted(self._rejects, key=lambda reject: reject.line or 0):
                    writer.writerow([one.line if self._lines_known else "", one.id, one.reason])

    def _write_nowhere(self, nowhere: Table) -> int:
        """Those who belong to no city that has rules, and how many they are; no file where there are none."""
        people = _count(nowhere)
        if people:
            line = nowhere[LINE] if self._lines_known else ibis.null("int64")
            self._engine.write(nowhere.order_by(LINE).select(line=line, id=nowhere[ID]), self._order.nowhere, excel=True)
        else:
            self._order.nowhere.unlink(missing_ok=True)
        return people

    def _anywhere(self, people: Table) -> BooleanValue:
        return reduce(or_, (belonging(people, city, self._book.space) for city in self._book.packs))


def _count(table: Table) -> int:
    return int(table.count().to_pyarrow().as_py())
