"""What would change an answer: the smallest change of facts that makes somebody eligible, and what comes with age alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from eligibility.assessment import Assessment, Result
from eligibility.diagrams import TERMINAL, Node, values
from eligibility.facts import Scalar
from eligibility.person import Person, birthday
from eligibility.rules import ELIGIBLE, INELIGIBLE, Json, Outcome, Rule
from eligibility.space import Space

Change = tuple[tuple[int, int], ...]
"""Levels with the class that each would have to be in."""


def why_not(result: Result, person: Person, space: Space) -> list[Json] | None:
    """The fewest facts, with values, that would make an ineligible person eligible whatever the facts left open are.

    Setting an open fact counts as a change like altering a known one. None where no change that can happen would: nobody
    gets younger, and what is always left to others never becomes a right.
    """
    found = _Search(person, space).smallest(frozenset([result.rule.status]))
    if found is None:
        return None
    changed: dict[str, Scalar | None] = {space.names[level]: _value(person, space, level, index) for level, index in found}
    _drop_void(changed, person, space)
    return [{"fact": name, "value": value} for name, value in changed.items()]


def _drop_void(changed: dict[str, Scalar | None], person: Person, space: Space) -> None:
    """A stated fact that loses its meaning by the change goes with it (null), so that the new facts do not contradict."""
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
        self._person = person
        self._space = space
        self._known: dict[frozenset[Node], Change | None] = {}
        self._implied = {space.level[name]: (level, mask) for name, _, level, mask in space.implied}

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
        best = self.smallest(self._step(nodes, level, self._person.masks[level]))
        for index in self._reachable(level):
            rest = self.smallest(self._step(nodes, level, 1 << index))
            if rest is not None:
                change = rest if self._brought_along(level, index, rest) else ((level, index), *rest)
                if best is None or self._size(change) < self._size(best):
                    best = change
        return best

    def _brought_along(self, level: int, index: int, rest: Change) -> bool:
        """Whether an open fact need not be set, because one that is set below implies it (a way of support: 特困)."""
        mask = self._person.masks[level]
        return mask & (mask - 1) != 0 and any(self._implied.get(below) == (level, 1 << index) for below, _ in rest)

    def _size(self, change: Change) -> tuple[int, int]:
        """So many facts; of equal ones the change counts for less that may spare an open fact further up."""
        return len(change), -sum(level in self._implied for level, _ in change)

    def _step(self, nodes: frozenset[Node], level: int, mask: int) -> frozenset[Node]:
        width = len(self._space.classes[level])
        return frozenset(node.child(level, i) for i in range(width) if mask >> i & 1 for node in nodes)

    def _reachable(self, level: int) -> Iterator[int]:
        """The classes that the fact can still come to be in, the kept ones among them."""
        grows = self._space.vocabulary.facts[self._space.names[level]].reach == "grows"
        for index, members in enumerate(self._space.classes[level]):
            if not grows or int(members[-1]) >= self._person.ages[0]:
                yield index


def upcoming(assessment: Assessment) -> list[Json]:
    """What changes with age alone: of each entitlement the next change that the known facts settle.

    ``date`` is the birthday, null without a birth date; ``amount`` and ``status`` are those from then on.
    """
    person, space = assessment.person, assessment.book.space
    level = space.level["age"]
    found = []
    for result in assessment.results:
        change = _next_change(result.rule, person, space, level)
        if change is not None:
            age, (status, paid) = change
            amount = result.rule.amounts[paid] if paid >= 0 else None
            day = birthday(person.birth_date, age).isoformat() if person.birth_date else None
            found.append({"id": result.rule.id, "at_age": age, "date": day, "status": status, "amount": amount})
    return found


def _next_change(rule: Rule, person: Person, space: Space, level: int) -> tuple[int, Outcome] | None:
    now = values(rule.outcome, person.masks)
    masks = list(person.masks)
    for index, members in enumerate(space.classes[level]):
        if int(members[0]) > person.ages[1]:
            masks[level] = 1 << index
            then = values(rule.outcome, masks)
            if then != now and len(then) == 1:
                return int(members[0]), then.pop()
            now = then if len(then) == 1 else now
    return None


def changes(assessment: Assessment) -> dict[str, list[Json] | None]:
    """:func:`why_not` of every ineligible result, by id."""
    return {
        result.rule.id: why_not(result, assessment.person, assessment.book.space)
        for result in assessment.results if result.status == INELIGIBLE
    }


def full_json(assessment: Assessment, next_questions: list[str]) -> Json:
    """The contract's answer of ``check``."""
    not_yet = changes(assessment)
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
