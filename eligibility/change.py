"""What would change an answer: the smallest change of facts that makes somebody eligible, and what comes with age alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from eligibility.assessment import Assessment, settled_by
from eligibility.diagrams import TERMINAL, Node, Settled, deciding, values
from eligibility.facts import Scalar
from eligibility.person import OLDEST, Person, birthday
from eligibility.rules import DISCRETIONARY, ELIGIBLE, INELIGIBLE, Json, Outcome, Rule
from eligibility.space import Space

Change = tuple[tuple[int, int], ...]
"""Levels with the class that each would have to be in."""


def why_not(assessment: Assessment) -> dict[str, list[Json] | None]:
    """By id of each ineligible result: the fewest facts, with values, that would make the person eligible for sure.

    Setting an open fact counts as a change like altering a known one; a fact may be left open where it does not matter.
    None where no change that can happen would: nobody gets younger, and what is always left to others never becomes a right.
    """
    person, space = assessment.person, assessment.book.space
    search = _Search(person, space)
    found: dict[str, list[Json] | None] = {}
    for result in assessment.results:
        if result.status == INELIGIBLE:
            change = search.smallest(frozenset([result.rule.status]))
            found[result.rule.id] = None if change is None else _shown(change, person, space)
    return found


@dataclass(frozen=True, slots=True)
class Step:
    """What would make somebody eligible: the least facts, each with the values that will do, and what is paid then.

    ``day`` is the birthday where the age has to come, None where it is not known, or where another fact has to change.
    """

    facts: dict[str, tuple[Scalar, ...]]
    day: date | None
    amount: Json | None


def nearest(assessment: Assessment, rule: Rule) -> Step | None:
    """The smallest step to being eligible; None where none can happen. Open facts count like others (see :func:`why_not`)."""
    person, space = assessment.person, assessment.book.space
    change = _Search(person, space).smallest(frozenset([rule.status]))
    if not change:
        return None
    facts = {space.names[level]: _values(person, space, rule, change, level) for level, _ in change}
    day = birthday(person.birth_date, int(facts["age"][0])) if "age" in facts else None
    paid = {_paid(person, space, rule, change, level, value) for level, _ in change for value in facts[space.names[level]]}
    one = paid.pop() if len(paid) == 1 else -1
    return Step(facts, day, rule.amounts[one] if one >= 0 else None)


def _paid(person: Person, space: Space, rule: Rule, change: Change, level: int, value: Scalar) -> int:
    """Which amount of the rule is paid after the change, with ``value`` at ``level``; -1 where it is open, or there is none."""
    outcome: Outcome | None = _with(person, {**dict(change), level: space.index[level][value]})[rule.outcome]
    return outcome[1] if outcome else -1


@dataclass(frozen=True, slots=True)
class Coming:
    """From which age on an entitlement is no longer out of reach: what is paid then, or the facts that it still depends on.

    ``day`` is the birthday, None without a birth date.
    """

    age: int
    day: date | None
    status: str | None
    amount: Json | None
    missing: tuple[str, ...]


def may_be_granted(assessment: Assessment, rule: Rule) -> bool:
    """Whether there are facts, the age not below the person's, with which others could decide to grant it."""
    person, space = assessment.person, assessment.book.space
    masks = list(space.full)
    masks[space.level["age"]] = space.mask("age", range(person.ages[0], OLDEST + 1))
    return DISCRETIONARY in values(rule.status, masks)


def coming(assessment: Assessment, rule: Rule) -> Coming | None:
    """When age alone brings somebody nearer to what she is not entitled to now; None where it never does."""
    person, space = assessment.person, assessment.book.space
    for age, settled in list(growing_older(person.masks, space))[1:]:
        status: str | None = settled[rule.status]
        if status == INELIGIBLE:
            continue
        outcome: Outcome | None = settled[rule.outcome]
        paid = outcome[1] if outcome else -1
        missing = () if status else tuple(space.names[level] for level in sorted(deciding(rule.status, settled.masks)))
        return Coming(age, birthday(person.birth_date, age), status, rule.amounts[paid] if paid >= 0 else None, missing)
    return None


def _values(person: Person, space: Space, rule: Rule, change: Change, level: int) -> tuple[Scalar, ...]:
    """The values of one of the facts to be changed that will do, the others changed as they are; of an age only the first."""
    chosen = dict(change)
    if space.vocabulary.facts[space.names[level]].reach == "grows":
        return (_value(person, space, level, chosen[level]),)
    return tuple(
        value for index, members in enumerate(space.classes[level]) for value in members
        if _with(person, {**chosen, level: index})[rule.status] == ELIGIBLE
    )


def _with(person: Person, changed: Mapping[int, int]) -> Settled:
    """What is settled of the person with other classes at some levels."""
    masks, indices = list(person.masks), list(person.indices)
    for level, index in changed.items():
        masks[level], indices[level] = 1 << index, index
    return Settled(indices, masks)


def _shown(change: Change, person: Person, space: Space) -> list[Json]:
    changed: dict[str, Scalar | None] = {space.names[level]: _value(person, space, level, index) for level, index in change}
    _drop_void(changed, person, space)
    return [{"fact": name, "value": value} for name, value in changed.items()]


def _drop_void(changed: dict[str, Scalar | None], person: Person, space: Space) -> None:
    """A stated fact that loses its meaning by the change goes with it (null), so that the new facts do not contradict."""
    if "age" in changed:
        changed |= dict.fromkeys(name for name in ("birth_date", "birth_year", "age_range") if name in person.given)
    for name, fact in space.vocabulary.facts.items():
        if name in person.given and name not in changed:
            for other, allowed in fact.needs.items():
                if other in changed and changed[other] not in allowed:
                    changed[name] = None


def _value(person: Person, space: Space, level: int, index: int) -> Scalar:
    members = space.classes[level][index]
    if space.vocabulary.facts[space.names[level]].reach == "grows":
        return min(value for value in members if int(value) >= person.ages[0])
    return members[0]


class _Search:
    """Walks down all nodes that are still possible at once, so that a fact may be left open where it does not matter."""

    def __init__(self, person: Person, space: Space) -> None:
        self._masks = person.masks
        self._known: dict[frozenset[Node], Change | None] = {}
        self._implied = {space.level[name]: (level, mask) for name, _, level, mask in space.implied}
        self._reachable = [list(_reachable(level, person, space)) for level in range(len(space.names))]

    def smallest(self, nodes: frozenset[Node]) -> Change | None:
        """The smallest change after which every one of ``nodes`` comes out *eligible*."""
        if nodes not in self._known:
            self._known[nodes] = self._best(nodes)
        return self._known[nodes]

    def _best(self, nodes: frozenset[Node]) -> Change | None:
        level = min(node.level for node in nodes)
        if any(not node.children and node.value != ELIGIBLE for node in nodes):
            return None
        if level == TERMINAL:
            return ()
        kept = self._below(nodes, level, self._masks[level])
        best = self.smallest(kept)
        tried = {kept}
        for index in self._reachable[level] if best != () else ():
            below = self._below(nodes, level, 1 << index)
            rest = None if below in tried else self.smallest(below)
            tried.add(below)
            if rest is not None:
                change = rest if self._brought_along(level, index, rest) else ((level, index), *rest)
                if best is None or self._size(change) < self._size(best):
                    best = change
        return best

    @staticmethod
    def _below(nodes: frozenset[Node], level: int, mask: int) -> frozenset[Node]:
        """The nodes that come next when the variable at ``level`` is in one of the classes of ``mask``."""
        below: set[Node] = set()
        for node in nodes:
            if node.level == level:
                below.update(child for child, classes in node.arms if classes & mask)
            else:
                below.add(node)
        return frozenset(below)

    def _brought_along(self, level: int, index: int, rest: Change) -> bool:
        """Whether an open fact need not be set, because one that is set below implies it (a way of support: 特困)."""
        mask = self._masks[level]
        return mask & (mask - 1) != 0 and any(self._implied.get(below) == (level, 1 << index) for below, _ in rest)

    def _size(self, change: Change) -> tuple[int, int]:
        """So many facts; of equal ones the change counts for less that may spare an open fact further up."""
        return len(change), -sum(level in self._implied for level, _ in change)


def _reachable(level: int, person: Person, space: Space) -> Iterator[int]:
    """The classes that a fact can still come to be in, the kept ones among them."""
    grows = space.vocabulary.facts[space.names[level]].reach == "grows"
    for index, members in enumerate(space.classes[level]):
        if not grows or int(members[-1]) >= person.ages[0]:
            yield index


def upcoming(assessment: Assessment) -> list[Json]:
    """What changes with age alone: of each entitlement the next change that the known facts settle.

    ``date`` is the birthday, null without a birth date; ``amount`` and ``status`` are those from then on. Of somebody whose
    age is known roughly it may be that the birthday has been.
    """
    person = assessment.person
    ages = list(growing_older(person.masks, assessment.book.space))
    found = []
    for rule in (result.rule for result in assessment.results):
        change = next_change(rule, ages)
        if change is not None:
            age, (status, paid) = change
            amount = rule.amounts[paid] if paid >= 0 else None
            day = birthday(person.birth_date, age)
            on = day.isoformat() if day else None
            found.append({"id": rule.id, "at_age": age, "date": on, "status": status, "amount": amount})
    return found


def growing_older(masks: Sequence[int], space: Space) -> Iterator[tuple[int, Settled]]:
    """What is settled at the youngest age that people can have, and from each later age at which anything can change."""
    level = space.level["age"]
    youngest = (masks[level] & -masks[level]).bit_length() - 1
    for index in range(youngest, len(space.classes[level])):
        older = list(masks)
        older[level] = 1 << index
        yield int(space.classes[level][index][0]), settled_by(older)


def next_change(rule: Rule, ages: Sequence[tuple[int, Settled]]) -> tuple[int, Outcome] | None:
    """The age at which an entitlement next changes, and what it is then; None where age alone changes nothing."""
    last: Outcome | None = ages[0][1][rule.outcome]
    for age, settled in ages[1:]:
        then: Outcome | None = settled[rule.outcome]
        if then is not None and then != last:
            return age, then
    return None


def full_json(assessment: Assessment, next_questions: list[str]) -> Json:
    """The contract's answer of ``check``."""
    not_yet = why_not(assessment)
    results: list[Any] = []
    for result in assessment.results:
        shown = result.json()
        if result.status == INELIGIBLE:
            shown["why_not"] = not_yet[result.rule.id]
        results.append(shown)
    return {
        "as_of": assessment.person.as_of.isoformat(),
        "results": results,
        "cash_total": assessment.cash_total,
        "cash_range": assessment.cash_range,
        "upcoming": upcoming(assessment),
        "next_questions": next_questions,
    }
