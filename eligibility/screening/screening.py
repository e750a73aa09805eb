"""Screening: a roster in, one row for each person and entitlement out, and the counts of it."""

from __future__ import annotations

import csv
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from pathlib import Path
from tempfile import TemporaryDirectory

import ibis
from ibis.expr.types import Table

from eligibility.rulebook import RuleBook
from eligibility.screening.asking import Asked, worth_asking
from eligibility.screening.cells import Cells, Spoken
from eligibility.screening.changes import COMPARED, changed
from eligibility.screening.columns import Columns, RosterError, find_columns
from eligibility.screening.engines import Engine, engine
from eligibility.screening.people import BORN, COMMUNITY, FAULTY, HIGH, ID, KEPT, LOW, RAW, STANDARD, People
from eligibility.screening.profiles import Answer, Answers, CityProfiles, answers_table, coming_table
from eligibility.screening.source import LINE, Reject, as_parquet, header_of
from eligibility.screening.summary import BAND, Count
from eligibility.screening.versions import version

FORMATS = (".csv", ".parquet")

RESULT_COLUMNS = (
    "entitlement", "name", "status", "amount", "per", "minimum", "percent", "discount", "missing", "document", "section",
    "as_of", "version",
)


@dataclass(frozen=True)
class Order:
    """What is to be screened, and how.

    Attributes:
        roster: CSV or Parquet.
        result: where the answers go; what could not be read goes beside it (:attr:`rejects`).
        as_of: the day on which ages are reckoned.
        mapping: header → fact, ``id``, ``community`` or ``-``, where a header is unusual.
        keep: columns to pass through untouched.
        engine: ``duckdb`` or ``spark``; master: Spark's.
        ahead: so many months ahead it is asked who comes to something by age.
        since: an earlier result, where it is asked what has changed.
    """

    roster: Path
    result: Path
    as_of: date
    mapping: Mapping[str, str] = field(default_factory=dict)
    keep: tuple[str, ...] = ()
    engine: str = "duckdb"
    master: str = "local[*]"
    ahead: int | None = None
    since: Path | None = None

    @property
    def changes(self) -> Path:
        """Where what has changed goes."""
        return self.result.with_name(f"{self.result.stem}.changes{self.result.suffix}")

    @property
    def coming(self) -> Path:
        """Where those go who will come to something."""
        return self.result.with_name(f"{self.result.stem}.ahead{self.result.suffix}")

    @property
    def rejects(self) -> Path:
        """Where those go who could not be read: line, id, reason."""
        return self.result.with_name(f"{self.result.stem}.rejects.csv")


@dataclass(frozen=True)
class Changes:
    """So many changes of one kind (``new``, ``gone``, ``amount``, ``status``) for one reason."""

    change: str
    why: str
    answers: int


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
    """

    people: int
    nowhere: int
    rejected: int
    counts: list[Count]
    columns: Columns
    asks: list[Asked]
    coming: dict[str, int] | None = None
    changes: list[Changes] | None = None


def screen(order: Order, book: RuleBook, spoken: Spoken, progress: Callable[[str], None] = lambda _: None) -> Screened:
    """Screens a roster.

    Args:
        order: what and how.
        book: the rules.
        spoken: reads what cells say in people's own words.
        progress: told what is begun.

    Raises:
        RosterError: it cannot be screened as a whole.
        OSError: a file cannot be written.
    """
    if order.result.suffix.lower() not in FORMATS or order.roster.suffix.lower() not in (*FORMATS, ".txt", ".tsv"):
        raise RosterError("名册和结果要是 .csv 或 .parquet 文件")
    if not order.result.parent.is_dir():
        raise RosterError(f"结果写不了：没有 {order.result.parent} 这个文件夹")
    columns = find_columns(header_of(order.roster), book.vocabulary, order.mapping, order.keep)
    with TemporaryDirectory() as scratch, engine(order.engine, Path(scratch), order.master) as running:
        return _Run(order, book, columns, running, Path(scratch)).screened(Cells(book.vocabulary, spoken), progress)


class _Run:
    """One screening under way."""

    def __init__(self, order: Order, book: RuleBook, columns: Columns, running: Engine, scratch: Path) -> None:
        self._order, self._book, self._columns, self._engine, self._scratch = order, book, columns, running, scratch
        self._rejects: list[Reject] = []

    def screened(self, cells: Cells, progress: Callable[[str], None]) -> Screened:
        progress("roster")
        roster = self._roster()
        progress("people")
        reader = People(self._columns, cells, self._book.space, self._order.as_of, self._engine)
        people = self._people(roster, reader)
        self._write_rejects()
        answers = Answers()
        cities = self._answered(people, answers, "answered", progress)
        progress("result")
        self._write(cities, answers.listed)
        coming = self._write_coming(cities, answers.listed, self._order.ahead) if self._order.ahead else None
        changes = self._write_changes(people, reader, cities, answers.listed, self._order.since) if self._order.since else None
        progress("summary")
        everybody = _count(people)
        here = _count(people.filter(self._anywhere(people)))
        counts = self._counts(cities, answers.listed)
        asks = self._asks(cities, counts, answers.listed)
        return Screened(everybody, everybody - here, len(self._rejects), counts, self._columns, asks, coming, changes)

    def _answered(
        self, people: Table, answers: Answers, name: str, progress: Callable[[str], None] = lambda _: None,
    ) -> dict[str, Table]:
        """By city the people who belong there, with the number of their answer to each of its rules."""
        cities: dict[str, Table] = {}
        for city in self._book.packs:
            progress(f"city:{city}")
            profiles = CityProfiles(self._book, city, answers, self._engine, self._order.ahead is not None)
            coded = profiles.coded(people)
            nobody_yet = not cities and city == [*self._book.packs][-1]  # an empty result has its columns, too
            if nobody_yet or _count(coded):
                cities[city] = self._engine.hold(profiles.answered(coded), f"{name}_{city}")
        return cities

    # -- reading

    def _roster(self) -> Table:
        file = self._order.roster
        if file.suffix.lower() != ".parquet":
            file = as_parquet(file, self._columns, self._scratch, self._rejects.append)
        return self._engine.read(file)

    def _people(self, roster: Table, reader: People) -> Table:
        """Everybody who can be answered; the others are written down with the reason."""
        masked = reader.masked(reader.table(roster))
        raw = [name for name in masked.columns if name.startswith(RAW)]
        people = self._engine.hold(masked.drop(*raw), "people")
        if _count(people.filter(people[FAULTY])):
            # What their cells said is not held: it is looked at once more.
            for batch in masked.filter(masked[FAULTY]).select(LINE, ID, *raw).to_pyarrow_batches():
                self._rejects += reader.explained(batch.to_pylist())
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

    # -- writing

    def _write_rejects(self) -> None:
        """Those who could not be read, in the order of the roster; no file where there are none."""
        self._order.rejects.unlink(missing_ok=True)
        if self._rejects:
            with self._order.rejects.open("w", encoding="utf-8-sig", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(["line", "id", "reason"])
                for one in sorted(self._rejects, key=lambda reject: reject.line or 0):
                    writer.writerow([one.line if self._lines_known else "", one.id, one.reason])

    def _anywhere(self, people: Table) -> ibis.expr.types.BooleanValue:
        here = [CityProfiles(self._book, city, Answers(), self._engine).here(people) for city in self._book.packs]
        return reduce(lambda one, other: one | other, here)

    def _write(self, cities: Mapping[str, Table], answers: Sequence[Answer]) -> None:
        """One row for each person and entitlement, person by person."""
        own = self._own()
        shown = self._engine.known(answers_table(answers, self._order.as_of, self._versions()), "answers")
        each = self._each_with(cities, shown, own)
        self._engine.write(each.select(*own, *RESULT_COLUMNS).rename(self._named()), self._order.result)

    def _own(self) -> list[str]:
        """The columns of the roster that the result has."""
        return [ID, *([COMMUNITY] if self._columns.community else []), *(KEPT + name for name in self._columns.kept)]

    def _named(self) -> dict[str, str]:
        return {name: KEPT + name for name in self._columns.kept}

    def _each_with(self, cities: Mapping[str, Table], shown: Table, own: Sequence[str]) -> Table:
        """Each person's answers, person by person, with what is ``shown`` of each."""
        rows = [
            table.select(*own, answer=self._each_answer(city, table)).inner_join(shown, "answer")
            for city, table in cities.items()
        ]
        return reduce(lambda one, other: one.union(other), rows)

    def _write_coming(self, cities: Mapping[str, Table], answers: Sequence[Answer], months: int) -> dict[str, int]:
        """Who comes to something by age in so many months, and when; how often that is, by month."""
        shown = self._engine.known(coming_table(answers), "better")
        each = self._each_with(cities, shown, [*self._own(), LOW, HIGH, BORN])
        last = _months_later(self._order.as_of, months)
        born, age = each[BORN], each["at_age"]
        # 29 February is the first day of March where a year has none.
        day = ibis.date(born.year() + age, born.month(), ibis.literal(1)) + (born.day() - 1).as_interval("D")
        soon = ibis.ifelse(born.notnull(), day <= last, (each[HIGH] - each[LOW] <= 1) & (age - each[HIGH] <= -(-months // 12)))
        table = self._engine.hold(each.mutate(date=day).filter(soon).drop(LOW, HIGH, BORN, "answer"), "coming")
        self._engine.write(table.order_by(table["date"].asc(nulls_first=False), ID).rename(self._named()), self._order.coming)
        counted = table.group_by(year=table["date"].year(), month=table["date"].month()).agg(times=table.count())
        rows = counted.order_by("year", "month").to_pyarrow().to_pylist()
        return {"" if row["year"] is None else f"{row['year']}-{row['month']:02}": row["times"] for row in rows}

    def _write_changes(
        self, people: Table, reader: People, cities: Mapping[str, Table], answers: Sequence[Answer], before: Path,
    ) -> list[Changes]:
        """What has changed since an earlier result, person by person; how often, by kind and reason."""

        def compared(cities: Mapping[str, Table], answers: Sequence[Answer], name: str) -> Table:
            shown = self._engine.known(answers_table(answers, self._order.as_of, versions), name)
            each = self._each_with(cities, shown, [ID]).select(ID, "entitlement", *COMPARED)
            return each.mutate(**{ID: each[ID].cast("string")})

        def aged(whose: Table, day: date) -> Table:
            then = Answers()
            mine = people.mutate(own=people[ID].cast("string")).semi_join(whose, [("own", ID)]).drop("own")
            younger = self._engine.hold(reader.at(mine, day), "younger")
            held = self._answered(younger, then, "younger")
            return compared(held, then.listed, "answers_then")

        versions = self._versions()
        new, old = compared(cities, answers, "answers_now"), self._engine.read_result(before)
        found = self._engine.hold(changed(self._engine, new, old, versions, aged), "changes")
        self._engine.write(found.order_by(ID, "entitlement"), self._order.changes)
        counted = found.group_by("change", "why").agg(answers=found.count()).order_by("change", "why")
        return [Changes(**row) for row in counted.to_pyarrow().to_pylist()]

    def _versions(self) -> dict[str, str]:
        return {rule.id: version(rule, self._book.space) for rule in self._book.rules()}

    def _each_answer(self, city: str, table: Table) -> ibis.expr.types.Column:
        return ibis.array([table[rule.id] for rule in self._book.personal(city)]).unnest()

    def _counts(self, cities: Mapping[str, Table], answers: Sequence[Answer]) -> list[Count]:
        found = []
        by = [*([COMMUNITY] if self._columns.community else []), "age", "answer"]
        for city, table in cities.items():
            age = ibis.ifelse(table[HIGH] - table[LOW] <= 1, table[LOW] // BAND * BAND, ibis.null("int32"))
            each = table.mutate(age=age).select(*by[:-1], STANDARD, answer=self._each_answer(city, table))
            counted = each.group_by(by).agg(people=each.count(), standard=each[STANDARD].sum()).to_pyarrow()
            found += [
                Count(row.get(COMMUNITY), row["age"], answers[row["answer"]], row["people"], row["standard"] or 0.0)
                for row in counted.to_pylist()
            ]
        return found

    def _asks(self, cities: Mapping[str, Table], counts: Sequence[Count], answers: Sequence[Answer]) -> list[Asked]:
        each = [
            table.select(person=table[LINE], answer=self._each_answer(city, table))
            for city, table in cities.items()
        ]
        return worth_asking(each, counts, answers, self._book.space, self._engine)


def _months_later(day: date, months: int) -> date:
    """The last day of the so many months that begin on a day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _count(table: Table) -> int:
    return int(table.count().to_pyarrow().as_py())
