"""Profiles: what the rules have to know of a person, packed into one number a rule, and the answer to each number.

A rule depends on a few facts. People alike in these have the same answer, and it is worked out once, by the very function that
answers for one person (:func:`eligibility.assessment.outcome_of`). So there is no second copy of a rule, unknown stays unknown,
and what is missing is exact; the engine only finds out which profiles there are and looks their answers up. How many there
can be the rule tells, not the roster.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import ibis
import pyarrow as pa
from ibis.expr.types import BooleanValue, IntegerValue, Table

from eligibility.assessment import UNKNOWN, outcome_of, settled_by, source_caveats
from eligibility.change import growing_older, next_change
from eligibility.diagrams import Settled, levels
from eligibility.rulebook import RuleBook
from eligibility.rules import DISCRETIONARY, ELIGIBLE, INELIGIBLE, Json, Outcome, Rule
from eligibility.screening.engines import Engine
from eligibility.screening.people import mask_column
from eligibility.space import Space

BITS = 62
"""So many bits of masks go into one number."""

Levels = tuple[int, ...]

_Coming = tuple[int, Outcome] | None


@dataclass(frozen=True)
class Answer:
    """One answer that a rule gives to somebody of the roster; people who have it are told by its number.

    ``at_age`` is the age at which they come to it, or to more of it, by growing older alone, and ``then`` what is paid then.
    """

    rule: Rule
    status: str
    amount: Json | None
    missing: tuple[str, ...]
    at_age: int | None = None
    then: Json | None = None


Tell = Callable[[Answer], str]
"""An answer in plain words."""

PLACE = "place"
"""The column that puts a person's answers in order."""

STATUSES = (ELIGIBLE, DISCRETIONARY, UNKNOWN, INELIGIBLE)
"""First what somebody is owed."""


class Answers:
    """The different answers, numbered as they come."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[Rule, Outcome, tuple[str, ...], _Coming], int] = {}
        self.listed: list[Answer] = []

    def number(self, rule: Rule, outcome: Outcome, missing: tuple[str, ...], coming: _Coming = None) -> int:
        """The number of an answer; ``coming`` is the age at which it gets better, and the outcome then."""
        key = (rule, outcome, missing, coming)
        if key not in self._numbers:
            age, then = coming or (None, (None, -1))
            self._numbers[key] = len(self.listed)
            self.listed.append(Answer(rule, outcome[0], _paid(rule, outcome[1]), missing, age, _paid(rule, then[1])))
        return self._numbers[key]


def _paid(rule: Rule, amount: int) -> Json | None:
    return rule.amounts[amount] if amount >= 0 else None


def belonging(people: Table, city: str, space: Space) -> BooleanValue:
    """Who is answered for in a city: those of whom it is known that they are registered or live there."""
    registered, living = (people[mask_column(name)] == space.mask(name, [city]) for name in ("hukou", "residence"))
    return registered | living


class CityProfiles:
    """The rules of one city as columns.

    Args:
        book: the rules.
        city: whose.
        answers: takes in the answers that there are.
        engine: where it is computed.
        ahead: whether it is asked what comes with age.
    """

    def __init__(self, book: RuleBook, city: str, answers: Answers, engine: Engine, ahead: bool = False) -> None:
        self._book, self._city, self._answers, self._engine, self._ahead = book, city, answers, engine, ahead

    @cached_property
    def groups(self) -> dict[Levels, list[Rule]]:
        """The rules by the facts that they depend on, those that depend on fewer among others that depend on these and more."""
        depends = {rule: levels([rule.status, rule.outcome]) for rule in self._book.personal(self._city)}
        groups: dict[Levels, list[Rule]] = {}
        for rule in sorted(depends, key=lambda rule: -len(depends[rule])):
            wider = [facts for facts in groups if depends[rule] <= set(facts)]
            facts = min(wider, key=len, default=tuple(sorted(depends[rule])))
            groups.setdefault(facts, []).append(rule)
        return groups

    def coded(self, people: Table) -> Table:
        """The people of the city, with the code of their profile for each group of rules."""
        mine = people.filter(belonging(people, self._city, self._book.space))
        masks = [mask_column(name) for name in self._book.space.names]
        return mine.select(*(name for name in mine.columns if name not in masks), **{
            _code(i, j): self._packed(mine, part)
            for i, group in enumerate(self.groups) for j, part in enumerate(self._parts(group))
        })

    def answered(self, coded: Table) -> Table:
        """The number of each person's answer to each rule, in a column called like the rule."""
        rules = [rule.id for rule in self._book.personal(self._city)]
        people = coded
        for i, (facts, group) in enumerate(self.groups.items()):
            codes = [_code(i, j) for j in range(len(self._parts(facts)))]
            looked_up = self._looked_up(coded.select(*codes).distinct().to_pyarrow(), facts, group)
            people = people.left_join(self._engine.small(looked_up), [(code, f"key_{code}") for code in codes])
        others = [name for name in coded.columns if not name.startswith("code_")]
        return people.select(*others, *rules)

    def _looked_up(self, profiles: pa.Table, facts: Levels, group: Sequence[Rule]) -> pa.Table:
        """The profiles that there are, each with the number of the answer of each rule."""
        parts, space = self._parts(facts), self._book.space
        answers: dict[str, list[int]] = {rule.id: [] for rule in group}
        masks = list(space.full)
        for row in zip(*(column.to_pylist() for column in profiles.columns), strict=True):
            for code, part in zip(row, parts, strict=True):
                for level in part:
                    masks[level] = code & space.full[level]
                    code >>= len(space.classes[level])
            settled = settled_by(masks)
            ages = list(growing_older(masks, space)) if self._ahead else []
            for rule in group:
                outcome, missing = outcome_of(rule, settled, space.names)
                answers[rule.id].append(self._answers.number(rule, outcome, missing, _coming(rule, outcome, ages)))
        numbers = {name: pa.array(numbers, pa.int32()) for name, numbers in answers.items()}
        return pa.table({f"key_{code}": profiles[code] for code in profiles.column_names} | numbers)

    # -- packing

    def _parts(self, levels: Levels) -> list[Levels]:
        """The levels, in parts whose masks go into one number."""
        parts: list[list[int]] = [[]]
        bits = 0
        for level in levels:
            width = len(self._book.space.classes[level])
            if bits + width > BITS and parts[-1]:
                parts.append([])
                bits = 0
            parts[-1].append(level)
            bits += width
        return [tuple(part) for part in parts]

    def _packed(self, people: Table, levels: Levels) -> IntegerValue:
        code: IntegerValue = ibis.literal(0, "int64")
        shift = 0
        for level in levels:
            code = code + people[mask_column(self._book.space.names[level])].cast("int64") * ibis.literal(1 << shift, "int64")
            shift += len(self._book.space.classes[level])
        return code


def _coming(rule: Rule, outcome: Outcome, ages: Sequence[tuple[int, Settled]]) -> _Coming:
    """When age alone brings people to an entitlement, or to more of it."""
    change = next_change(rule, ages) if ages else None
    return change if change and change[1][0] == ELIGIBLE and change[1] != outcome else None


def _code(group: int, part: int) -> str:
    return f"code_{group}_{part}"


def answers_table(answers: Sequence[Answer], as_of: date, versions: Mapping[str, str], tell: Tell) -> pa.Table:
    """The answers by number, as the result shows them.

    Args:
        answers: by their numbers.
        as_of: the day of the answers.
        versions: what each rule decides.
        tell: an answer in plain words.
    """
    order = [(status, rule) for status in STATUSES for rule in versions]
    places = {key: place for place, key in enumerate(order)}
    return pa.table({
        **_named(list(enumerate(answers))), **_amounts([answer.amount for answer in answers]),
        PLACE: pa.array([places[answer.status, answer.rule.id] for answer in answers], pa.int32()),
        "plain": pa.array([tell(answer) for answer in answers], pa.string()),
        "caveats": pa.array([_caveat(answer, as_of) for answer in answers], pa.string()),
        "status": pa.array([answer.status for answer in answers], pa.string()),
        "missing": pa.array([",".join(answer.missing) for answer in answers], pa.string()),
        "as_of": pa.array([as_of.isoformat()] * len(answers), pa.string()),
        "version": pa.array([versions[answer.rule.id] for answer in answers], pa.string()),
    })


def _caveat(answer: Answer, as_of: date) -> str | None:
    """What has to be said of the document, in a word: many rows say it."""
    document = answer.rule.document
    if answer.status == INELIGIBLE or not source_caveats(document, as_of):
        return None
    return "征求意见稿" if document.valid_on is None else f"{document.valid_on.year}年的文件，可能变了"


def coming_table(answers: Sequence[Answer]) -> pa.Table:
    """The answers that get better with age, by number, with the age and what is paid then."""
    better = [(number, answer) for number, answer in enumerate(answers) if answer.at_age is not None]
    return pa.table({
        **_named(better), **_amounts([answer.then for _, answer in better]),
        "at_age": pa.array([answer.at_age for _, answer in better], pa.int32()),
        "status_now": pa.array([answer.status for _, answer in better], pa.string()),
    })


def _named(answers: Sequence[tuple[int, Answer]]) -> dict[str, pa.Array]:
    texts = {
        "entitlement": [answer.rule.id for _, answer in answers],
        "name": [answer.rule.name for _, answer in answers],
        "document": [answer.rule.document.id for _, answer in answers],
        "section": [answer.rule.entry.section for _, answer in answers],
    }
    numbers = pa.array([number for number, _ in answers], pa.int32())
    return {"answer": numbers} | {name: pa.array(values, pa.string()) for name, values in texts.items()}


def _amounts(amounts: Sequence[Json | None]) -> dict[str, pa.Array]:
    """An amount in columns: yuan, or a share, or a discount; for which period, and whether it is the least."""
    kinds = {
        "amount": ("value", pa.float64()), "per": ("per", pa.string()), "minimum": ("minimum", pa.bool_()),
        "percent": ("percent", pa.float64()), "discount": ("discount", pa.string()),
    }
    return {
        name: pa.array([(amount or {}).get(key) for amount in amounts], kind) for name, (key, kind) in kinds.items()
    }
