"""What a person is owed: every entitlement of the cities in question, with status, amount, reasons and what is missing.

*Unknown* is a value here, and a different answer from *ineligible*: it says that the facts in ``missing`` decide. Everything
is read off the rules' diagrams, so it is what trying every completion of the open facts would give.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache

from eligibility.diagrams import Diagrams, Settled, deciding, values
from eligibility.person import Person, read_person
from eligibility.rulebook import RuleBook
from eligibility.rules import ELIGIBLE, INELIGIBLE, Json, Outcome, Rule
from knowledge.catalogue import Document

UNKNOWN = "unknown"

TWICE = "两个城市的待遇都列在这里；同一件事只能在一个地方领，不能领两份。"
FLOOR = "文件写的是“不低于”，这是最低标准，实际可能更高。"
DRAFT = "这份文件是征求意见稿，还没有正式印发，数额和条件以正式文件为准。"
STALE = "依据是{year}年的文件，已经过了三年，标准可能变了，办之前先问一声。"


MOST_REMEMBERED = 2048
"""So many answers of single entitlements are kept for the next person who is alike."""


@dataclass(slots=True)
class Result:
    """The answer of one entitlement. ``missing`` holds fact names, ``reasons`` and ``amount`` the contract's JSON."""

    rule: Rule
    status: str
    amount: Json | None
    missing: tuple[str, ...]
    reasons: list[Json]
    caveats: list[str]

    def json(self) -> Json:
        """The contract's RESULT, without what :mod:`eligibility.change` adds."""
        rule = self.rule
        return {
            "id": rule.id, "name": rule.name, "kind": rule.kind, "status": self.status, "amount": self.amount,
            "missing": list(self.missing), "reasons": self.reasons, "caveats": self.caveats, "citation": citation(rule),
        }


def citation(rule: Rule) -> Json:
    """Where the rule stands, with the deciding sentence; ``also`` holds the further sentences that it rests on."""
    document = rule.document
    return {
        "doc": document.id, "number": document.number, "section": rule.entry.section, "quote": rule.entry.quote,
        "also": list(rule.entry.also), "status": document.status,
    }


@dataclass
class Assessment:
    """One person's results, and the sums over them."""

    person: Person
    book: RuleBook
    cities: tuple[str, ...]
    results: list[Result] = field(default_factory=list)

    @cached_property
    def at_home(self) -> Assessment:
        """The same person living where she is registered, or the other way round, where one of the two was not said.

        What another city might pay to somebody who may live there is no help to anybody.
        """
        given = self.person.given
        if "hukou" in given and "residence" in given:
            return self
        city = given.get("hukou") or given.get("residence")
        return assess({"hukou": city, "residence": city, **given}, self.book, self.person.as_of)

    @cached_property
    def cash_total(self) -> dict[str, float]:
        """Yuan by period over what is *eligible* and paid in money; months and years are never mixed."""
        total = {"month": 0.0, "year": 0.0}
        for result in self.results:
            if result.status == ELIGIBLE and result.rule.kind == "cash" and result.amount and result.rule.per:
                total[result.rule.per] += _yuan(result.amount, self.person.dibao_standard)
        return {per: _round(value) for per, value in total.items()}

    @cached_property
    def cash_range(self) -> dict[str, list[float]]:
        """The least and the most that :attr:`cash_total` can be over all completions of the open facts, cities included."""
        masks = tuple([self.person.masks[level] for level in self.book.cash_levels])
        least_and_most = _cash_range(self.book, masks, self.person.dibao_standard)
        return {per: list(found) for per, found in least_and_most.items()}


@lru_cache(MOST_REMEMBERED)
def _cash_range(book: RuleBook, masks: tuple[int, ...], dibao_standard: float | None) -> dict[str, tuple[float, float]]:
    """The least and the most of the money for people of whom the same is known, as far as money depends on it."""
    everything = list(book.space.full)
    for level, mask in zip(book.cash_levels, masks, strict=True):
        everything[level] = mask
    settled = settled_by(everything)
    found = {}
    for per in ("month", "year"):
        scratch = Diagrams(book.space.diagrams.widths)
        certain, total = 0.0, scratch.leaf(0.0)
        for rule in book.cash_rules:
            if rule.per != per:
                continue
            outcome: Outcome | None = settled[rule.outcome]
            if outcome is not None:
                certain += _money(rule, outcome, dibao_standard)
                continue
            left = scratch.restrict(rule.outcome, everything)
            money = scratch.combine(lambda outcome, rule=rule: _money(rule, outcome, dibao_standard), left)
            total = scratch.combine(lambda a, b: a + b, total, money)
        possible = values(total, everything)
        found[per] = _round(certain + min(possible)), _round(certain + max(possible))
    return found


def _money(rule: Rule, outcome: Outcome, dibao_standard: float | None) -> float:
    status, amount = outcome
    return _yuan(rule.amounts[amount], dibao_standard) if status == ELIGIBLE and amount >= 0 else 0.0


def _yuan(amount: Json, dibao_standard: float | None) -> float:
    if "percent" in amount:
        return float(amount["percent"] * dibao_standard / 100) if dibao_standard is not None else 0.0
    return float(amount.get("value", 0))


def _round(value: float) -> float:
    cents = round(value, 2)
    return int(cents) if cents == int(cents) else cents


def assess(facts: Mapping[str, object], book: RuleBook, as_of: date | None = None) -> Assessment:
    """Everything that the documents say of one person.

    Args:
        facts: fact → value, see :mod:`eligibility.facts`; an absent or null fact is unknown.
        book: the rules.
        as_of: the day of the answer; today when absent.

    Raises:
        eligibility.person.FactError: an unknown or impossible fact, or two that contradict each other.
    """
    person = read_person(facts, as_of or date.today(), book.space)
    return assess_person(person, book)


def assess_person(person: Person, book: RuleBook) -> Assessment:
    """As :func:`assess`, of facts that are read already."""
    cities = tuple(city for city in book.packs if city in (person.given.get("hukou"), person.given.get("residence")))
    results = [
        answered(rule, tuple([person.masks[level] for level in rule.levels]), len(cities) > 1, book, person.as_of)
        for city in cities for rule in book.personal(city)
    ]
    return Assessment(person, book, cities, results)


@lru_cache(MOST_REMEMBERED)
def answered(rule: Rule, masks: tuple[int, ...], two_cities: bool, book: RuleBook, as_of: date) -> Result:
    """The answer of one entitlement: of a city's people most are alike in the few facts that it depends on.

    Args:
        rule: the entitlement.
        masks: the classes still possible at each of the rule's levels.
        two_cities: the person has entitlements of two cities.
        book: the rules.
        as_of: the day of the answer.
    """
    everything = list(book.space.full)
    for level, mask in zip(rule.levels, masks, strict=True):
        everything[level] = mask
    return _Reading(rule, everything, two_cities, book, as_of).result()


def settled_by(masks: Sequence[int]) -> Settled:
    """What is settled when only these classes are possible, by level."""
    return Settled([-1 if mask & (mask - 1) else mask.bit_length() - 1 for mask in masks], masks)


def outcome_of(rule: Rule, settled: Settled, names: Sequence[str]) -> tuple[Outcome, tuple[str, ...]]:
    """The outcome of one entitlement, and, while facts are open, those that would settle the status, or else the amount.

    Args:
        rule: the entitlement.
        settled: what is settled of the people.
        names: the facts, by level.
    """
    outcome: Outcome | None = settled[rule.outcome]
    if outcome is not None:
        return outcome, ()
    status: str | None = settled[rule.status]
    levels = deciding(rule.status if status is None else rule.outcome, settled.masks)
    return (status or UNKNOWN, -1), tuple([names[level] for level in sorted(levels)])


class _Reading:
    """One rule read for people of whom the same is known."""

    def __init__(self, rule: Rule, masks: list[int], two_cities: bool, book: RuleBook, as_of: date) -> None:
        self._rule, self._two_cities = rule, two_cities
        self._names, self._as_of = book.space.names, as_of
        self._settled = settled_by(masks)

    def result(self) -> Result:
        rule, settled = self._rule, self._settled
        (status, paid), missing = outcome_of(rule, settled, self._names)
        amount = rule.amounts[paid] if paid >= 0 else None
        reasons = [shown[settled[node]] for node, shown in rule.reasons]
        if amount is not None:
            reasons += [shown for node, shown in rule.tier_nodes if settled[node]]
        return Result(rule, status, amount, missing, reasons, self._caveats(status))

    def _caveats(self, status: str) -> list[str]:
        rule = self._rule
        always = [*rule.notes, *source_caveats(rule.document, self._as_of)]
        if status == INELIGIBLE:
            return always
        said: list[str] = []
        if status != ELIGIBLE:
            said += [one.because for node, one in rule.open_nodes if self._settled[node] is not False]
        if self._two_cities and rule.kind == "cash":
            said.append(TWICE)
        if rule.amount and rule.amount.entry.minimum:
            said.append(FLOOR)
        said += [one.text for node, one in rule.caveat_nodes if self._settled[node] is not False]
        return said + always


def source_caveats(document: Document, as_of: date) -> list[str]:
    """What has to be said of a draft, and of a document not known to be valid in the last three years."""
    if document.status == "draft":
        return [DRAFT]
    if document.stale(as_of) and document.valid_on:
        return [STALE.format(year=document.valid_on.year)]
    return []
