"""The answers worked out the slow and plain way: one complete person at a time, every completion of a partial one.

Nothing here knows of diagrams, masks or classes. A rule's conditions are asked with ``holds``; its rates are tried
one by one, and the first that holds is paid. What is not known is tried out: every value of every open fact that the
rules in question mention, in every way that goes together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations
from typing import Any

from eligibility.conditions import Condition, Is, walk
from eligibility.rulebook import RuleBook
from eligibility.rulefile import TierEntry
from eligibility.rules import Rule
from tests.eligibility.persons import CITIES, GOES_WITH, VALUES, Facts, goes

Answer = tuple[str, dict[str, Any] | None]


def answer(rule: Rule, facts: Facts) -> Answer:
    """Status and amount of ``rule`` for a person of whom everything that it mentions is known."""
    here = rule.city.id in (facts["hukou"], facts["residence"])
    if not here or not all(condition.holds(facts) for condition in rule.requires):
        return "ineligible", None
    left_to_others = any(one.when.holds(facts) for one in rule.open)
    return ("discretionary" if left_to_others else "eligible"), amount(rule, facts)


def amount(rule: Rule, facts: Facts) -> dict[str, Any] | None:
    """What the rates of ``rule`` come to; None where it has none for this person."""
    if rule.amount is None:
        return None
    paid: dict[str, TierEntry] = {}
    for part, tiers in rule.amount.parts.items():
        rates = [tier.entry for tier in tiers if tier.when.holds(facts)]
        if not rates:
            return None
        paid[part] = rates[0]
    (first, *_), entry = paid.values(), rule.amount.entry
    if first.discount is not None:
        return {"discount": first.discount}
    if first.percent is not None:
        return {"percent": first.percent, "of": "dibao_standard", "per": entry.per}
    parts = [{"name": name, "value": rate.value} for name, rate in paid.items() if name]
    value = sum(rate.value or 0 for rate in paid.values())
    return {"value": value, "per": entry.per, "minimum": entry.minimum, "parts": parts}


def mentioned(conditions: Iterable[Condition]) -> list[str]:
    """The facts that decide, in the order of :data:`VALUES` (a leading fact before what depends on it)."""
    found = {part.fact for condition in conditions for part in walk(condition) if isinstance(part, Is)}
    return [name for name in VALUES if name in found | {"hukou", "residence"}]


def cash_rules(book: RuleBook) -> list[Rule]:
    """The rules that pay a person in money."""
    return [rule for rule in book.rules() if rule.audience == "person" and rule.kind == "cash"]


def cash(rules: Iterable[Rule], facts: Facts, per: str) -> float:
    """The yuan a ``per`` that ``rules`` pay to a complete person, in the cities of register and home."""
    total = 0.0
    for rule in rules:
        status, paid = answer(rule, facts)
        if status == "eligible" and paid is not None and paid.get("per") == per:
            total += paid["percent"] * facts.get("dibao_standard", 0) / 100 if "percent" in paid else paid["value"]
    return round(total, 2)


def ages(facts: Facts, as_of: date) -> Sequence[int]:
    """Every age that what is stated leaves open."""
    possible = set(range(131))
    if "birth_date" in facts:
        return [age_on(date.fromisoformat(facts["birth_date"]), as_of)]
    if "age" in facts:
        possible &= {facts["age"]}
    if "age_range" in facts:
        low, high = facts["age_range"]
        possible &= set(range(low, high + 1))
    if "birth_year" in facts:
        first = date(facts["birth_year"], 1, 1)
        days = (first + timedelta(days=n) for n in range(366))
        possible &= {age_on(day, as_of) for day in days if day.year == first.year and day <= as_of}
    return sorted(possible)


def age_on(born: date, day: date) -> int:
    """Birthdays counted one by one; who was born on 29 February has it on 1 March in a common year."""
    count = 0
    while True:
        year = born.year + count + 1
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        month, day_of_month = (3, 1) if (born.month, born.day) == (2, 29) and not leap else (born.month, born.day)
        if date(year, month, day_of_month) > day:
            return count
        count += 1


def completions(facts: Facts, names: Sequence[str], as_of: date) -> Iterator[Facts]:
    """Every complete person whom ``facts`` may describe, told apart by ``names`` alone."""
    def extend(done: Facts, left: Sequence[str]) -> Iterator[Facts]:
        if not left:
            yield done
            return
        name, *rest = left
        if goes(name, done):
            for value in _values(name, facts, as_of):
                yield from extend({**done, name: value}, rest)
        elif name not in facts:
            yield from extend(done, rest)

    stated = {name: value for name, value in facts.items() if name not in names}
    needed = {leading for name, (leading, _) in GOES_WITH.items() if name in facts or name in names}
    dependent = {name for name in GOES_WITH if name in facts}
    yield from extend(stated, [name for name in VALUES if name in {*names, *needed, *dependent}])


def _values(name: str, facts: Facts, as_of: date) -> Sequence[Any]:
    if name == "age":
        return ages(facts, as_of)
    return [facts[name]] if name in facts else VALUES[name]


def deciding(persons: Sequence[Facts], values: Sequence[Hashable]) -> set[str]:
    """The facts that make a difference: two persons differ in this one alone and have different ``values``.

    What goes with a leading fact may come or go with it.
    """
    names = {name for person in persons for name in person}
    return {name for name in names if _decides(name, persons, values)}


def _decides(name: str, persons: Sequence[Facts], values: Sequence[Hashable]) -> bool:
    dependent = next((one for one, (leading, _) in GOES_WITH.items() if leading == name), "")
    others = [other for other in VALUES if other not in (name, dependent)]
    alike: dict[tuple[Any, ...], list[tuple[Facts, Hashable]]] = defaultdict(list)
    for person, value in zip(persons, values, strict=True):
        alike[tuple(person.get(other) for other in others)].append((person, value))
    for group in alike.values():
        if len({value for _, value in group}) > 1:
            for (one, before), (other, after) in combinations(group, 2):
                kept = dependent not in one or dependent not in other or one[dependent] == other[dependent]
                if kept and one.get(name) != other.get(name) and before != after:
                    return True
    return False


def can_live_in(facts: Facts) -> set[str]:
    """The cities that register or home may be in."""
    return {city for city in CITIES for name in ("hukou", "residence") if facts.get(name, city) == city}
