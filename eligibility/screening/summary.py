"""The summary of a screening: by benefit and by community, so many people and so much money."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from eligibility.assessment import UNKNOWN, source_caveats
from eligibility.rules import DISCRETIONARY, ELIGIBLE, INELIGIBLE, Rule
from eligibility.screening.profiles import Answer

K = TypeVar("K", int, str)

MONTHS = {"month": 1, "year": 12}
"""So many months an amount is for."""

BAND = 5
"""So many years of age are counted together."""


@dataclass(frozen=True)
class Count:
    """So many people of a community and an age have an answer.

    ``age`` is the first of :data:`BAND` years, None where it is not known; ``standard`` is the sum of their 低保标准, as far as
    it is known.
    """

    community: str | None
    age: int | None
    answer: Answer
    people: int
    standard: float


@dataclass
class Line:
    """Some people and what they are owed.

    Attributes:
        people: by status.
        money: yuan by period; what is paid in kind, or has no rate in the text, counts nothing.
    """

    people: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    money: dict[str, float] = field(default_factory=lambda: {"month": 0.0, "year": 0.0})

    @property
    def monthly(self) -> float:
        """Yuan a month, with what is paid by the year."""
        return sum(yuan / MONTHS[per] for per, yuan in self.money.items())

    def add(self, count: Count) -> None:
        """Takes in those who have one answer."""
        answer, amount = count.answer, count.answer.amount or {}
        self.people[answer.status] += count.people
        if answer.status == ELIGIBLE and answer.rule.kind == "cash" and answer.rule.per:
            share = amount.get("percent")
            yuan = count.standard * share / 100 if share is not None else count.people * amount.get("value", 0)
            self.money[answer.rule.per] += yuan


def by_benefit(counts: Iterable[Count], rules: Iterable[Rule]) -> dict[Rule, Line]:
    """Each of the entitlements that somebody may have."""
    lines: dict[Rule, Line] = defaultdict(Line)
    for count in counts:
        lines[count.answer.rule].add(count)
    return {rule: lines[rule] for rule in rules if {ELIGIBLE, DISCRETIONARY, UNKNOWN} & lines[rule].people.keys()}


def by_community(counts: Iterable[Count]) -> dict[str, Line]:
    """Each community: answers, not people, by status, and the money."""
    return _by(counts, lambda count: str(count.community or "—"))


def by_age(counts: Iterable[Count]) -> dict[int, Line]:
    """Each age, by the first of :data:`BAND` years, as far as it is known: answers by status, and the money."""
    return _by((count for count in counts if count.age is not None), lambda count: count.age or 0)


def _by(counts: Iterable[Count], key: Callable[[Count], K]) -> dict[K, Line]:
    lines: dict[K, Line] = defaultdict(Line)
    for count in counts:
        lines[key(count)].add(count)
    return dict(sorted(lines.items()))


def sources(counts: Iterable[Count], as_of: date) -> dict[str, str]:
    """What has to be said of the documents on which answers rest: by title and number."""
    documents = {count.answer.rule.document for count in counts if count.answer.status != INELIGIBLE}
    said = {document: " ".join(source_caveats(document, as_of)) for document in documents}
    return {document.title: caveat for document, caveat in sorted(said.items(), key=lambda item: item[0].id) if caveat}


def total(counts: Iterable[Count]) -> Line:
    """Everything."""
    line = Line()
    for count in counts:
        line.add(count)
    return line
