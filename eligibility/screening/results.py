"""Results: the answers of a whole roster written down, counted, and held against an earlier result."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import ibis
import pyarrow as pa
from ibis.expr.types import Column, Table

from eligibility.rulebook import RuleBook
from eligibility.screening.asking import Asked, worth_asking
from eligibility.screening.cells import STANDARD
from eligibility.screening.changes import COMPARED, changed
from eligibility.screening.columns import COMMUNITY, ID, Columns
from eligibility.screening.engines import Engine
from eligibility.screening.orders import Order
from eligibility.screening.people import AGE, BORN, HIGH, KEPT, LOW, age_text
from eligibility.screening.profiles import PLACE, Answer, Tell, answers_table, coming_table
from eligibility.screening.source import LINE
from eligibility.screening.summary import BAND, Count
from eligibility.screening.versions import version

RESULT_COLUMNS = (
    AGE, "entitlement", "name", "plain", "status", "amount", "per", "minimum", "percent", "discount", "missing", "caveats",
    "document", "section", "as_of", "version",
)

TAKEN = (ID, COMMUNITY, *RESULT_COLUMNS, "at_age", "status_now", "date", "change", "why")
"""What a column of the result is called already; one that is passed through gets another name."""

MOST_ORDERED = 200_000
"""So many people are written one after the other; a larger result is no list to read."""

Answered = tuple[Mapping[str, Table], Sequence[Answer]]
"""By city the people who belong there, with the number of their answer to each of its rules; and the answers by number."""


@dataclass(frozen=True)
class Changes:
    """So many changes of one kind (``new``, ``gone``, ``open``, ``amount``, ``status``) for one reason."""

    change: str
    why: str
    answers: int


class Results:
    """What comes of a screening.

    Args:
        order: what was asked.
        book: the rules.
        columns: which column of the roster is which.
        engine: where it is computed.
        answered: the answers.
        tell: an answer in plain words.
    """

    def __init__(
        self, order: Order, book: RuleBook, columns: Columns, engine: Engine, answered: Answered, tell: Tell,
    ) -> None:
        self._order, self._book, self._columns, self._engine, self._tell = order, book, columns, engine, tell
        self._cities, self._answers = answered
        self._versions = {rule.id: version(rule, book.space) for rule in book.rules()}

    def write(self, people: int) -> None:
        """One row for each of so many people and each entitlement; of few, person by person as they stand in the roster."""
        own = self._own()
        each = self._each(self._cities, self._shown(self._answers, "answers"), [*own, AGE, LINE])
        each = each.order_by(LINE, PLACE) if people <= MOST_ORDERED else each
        self._engine.write(each.select(*own, *RESULT_COLUMNS).rename(self._named()), self._order.result, self._order.excel)

    def write_coming(self, months: int) -> dict[str, int]:
        """Who comes to something by age in so many months, and when; how often that is, by month."""
        shown = self._engine.known(coming_table(self._answers), "better")
        each = self._each(self._cities, shown, [*self._own(), LOW, HIGH, BORN])
        last = _months_later(self._order.as_of, months)
        born, age = each[BORN], each["at_age"]
        # 29 February is the first day of March where a year has none.
        day = ibis.date(born.year() + age, born.month(), ibis.literal(1)) + (born.day() - 1).as_interval("D")
        soon = ibis.ifelse(born.notnull(), day <= last, (each[HIGH] - each[LOW] <= 1) & (age - each[HIGH] <= -(-months // 12)))
        table = self._engine.hold(each.mutate(date=day).filter(soon).drop(LOW, HIGH, BORN, "answer"), "coming")
        ordered = table.order_by(table["date"].asc(nulls_first=False), ID).rename(self._named())
        self._engine.write(ordered, self._order.coming, self._order.excel)
        counted = table.group_by(year=table["date"].year(), month=table["date"].month()).agg(times=table.count())
        rows = counted.order_by("year", "month").to_pyarrow().to_pylist()
        return {"" if row["year"] is None else f"{row['year']}-{row['month']:02}": row["times"] for row in rows}

    def write_changes(
        self, before: Table, at: Callable[[Table], Answered], roster: tuple[Table, Table],
    ) -> list[Changes]:
        """What has changed since an earlier result, person by person; how often, by kind and reason.

        Args:
            before: the earlier result.
            at: the answers of some people (id and age) at that age.
            roster: see :func:`eligibility.screening.changes.changed`.
        """
        new = self._compared((self._cities, self._answers), "answers_now")

        def aged(whose: Table) -> Table:
            return self._compared(at(whose), "answers_then")

        found = self._engine.hold(changed(self._engine, new, before, self._versions, aged, roster), "changes")
        self._engine.write(self._with_names(found), self._order.changes, self._order.excel)
        counted = found.group_by("change", "why").agg(answers=found.count()).order_by("change", "why")
        return [Changes(**row) for row in counted.to_pyarrow().to_pylist()]

    def _with_names(self, found: Table) -> Table:
        """The changes with what the roster tells of each person, and the names of the entitlements."""
        rules = {rule.id: rule.name for rule in self._book.rules()}
        names = self._engine.known(pa.table({"rule": list(rules), "name": list(rules.values())}), "names")
        own = self._own()
        each = [
            table.select(who=table[ID].cast("string"), **{name: table[name] for name in own[1:]})
            for table in self._cities.values()
        ]
        whose = ibis.union(*each).distinct()
        named = found.left_join(names, [("entitlement", "rule")]).left_join(whose, [(ID, "who")])
        columns = [ID, *own[1:], "entitlement", "name", *(name for name in found.columns if name not in (ID, "entitlement"))]
        return named.select(*columns).order_by(ID, "entitlement").rename(self._named())

    def counts(self) -> list[Count]:
        """How many people have each answer, by community and age."""
        found = []
        by = [*([COMMUNITY] if self._columns.community else []), "age", "answer"]
        for city, table in self._cities.items():
            age = ibis.ifelse(table[HIGH] - table[LOW] <= 1, table[LOW] // BAND * BAND, ibis.null("int32"))
            each = table.mutate(age=age).select(*by[:-1], STANDARD, answer=self._numbers(city, table))
            counted = each.group_by(by).agg(people=each.count(), standard=each[STANDARD].sum()).to_pyarrow()
            found += [
                Count(row.get(COMMUNITY), row["age"], self._answers[row["answer"]], row["people"], row["standard"] or 0.0)
                for row in counted.to_pylist()
            ]
        return found

    def asks(self, counts: Sequence[Count]) -> list[Asked]:
        """What is worth asking."""
        each = [
            table.select(person=table[LINE], answer=self._numbers(city, table))
            for city, table in self._cities.items()
        ]
        return worth_asking(each, counts, self._answers, self._book.space, self._engine)

    def _own(self) -> list[str]:
        """The columns of the roster that the result has."""
        return [ID, *([COMMUNITY] if self._columns.community else []), *(KEPT + name for name in self._columns.kept)]

    def _named(self) -> dict[str, str]:
        return {f"{name}_" if name.lower() in TAKEN else name: KEPT + name for name in self._columns.kept}

    def _shown(self, answers: Sequence[Answer], name: str) -> Table:
        return self._engine.known(answers_table(answers, self._order.as_of, self._versions, self._tell), name)

    def _compared(self, answered: Answered, name: str) -> Table:
        """Each answer with what is compared of it."""
        cities, answers = answered
        each = self._each(cities, self._shown(answers, name), [ID]).select(ID, "entitlement", *COMPARED)
        return each.mutate(**{ID: each[ID].cast("string")})

    def _each(self, cities: Mapping[str, Table], shown: Table, own: Sequence[str]) -> Table:
        """Each person's answers, person by person, with what is ``shown`` of each."""
        rows = [
            table.mutate(**{AGE: age_text(table)}).select(*own, answer=self._numbers(city, table)).inner_join(shown, "answer")
            for city, table in cities.items()
        ]
        return ibis.union(*rows)

    def _numbers(self, city: str, table: Table) -> Column:
        """The number of each answer of a person, one below the other."""
        return ibis.array([table[rule.id] for rule in self._book.personal(city)]).unnest()


def _months_later(day: date, months: int) -> date:
    """The last day of the so many months that begin on a day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
