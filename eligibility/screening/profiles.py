"""Profiles: what the rules have to know of a person, packed into one number a rule, and the answer to each number.

A rule depends on a few facts. People alike in these have the same answer, and it is worked out once, by the very function that
answers for one person (:func:`eligibility.assessment.outcome_of`). So there is no second copy of a rule, unknown stays unknown,
and what is missing is exact; the engine only finds out which profiles there are and looks their answers up. How many there
can be the rule tells, not the roster.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import ibis
import pyarrow as pa
from ibis.expr.types import BooleanValue, IntegerValue, Table

from eligibility.assessment import outcome_of, settled_by
from eligibility.diagrams import levels
from eligibility.rulebook import RuleBook
from eligibility.rules import Json, Outcome, Rule
from eligibility.screening.people import mask_column

BITS = 62
"""So many bits of masks go into one number."""

Levels = tuple[int, ...]


@dataclass(frozen=True)
class Answer:
    """One answer that a rule gives to somebody of the roster; people who have it are told by its number."""

    rule: Rule
    status: str
    amount: Json | None
    missing: tuple[str, ...]


class Answers:
    """The different answers, numbered as they come."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[Rule, Outcome, tuple[str, ...]], int] = {}
        self.listed: list[Answer] = []

    def number(self, rule: Rule, outcome: Outcome, missing: tuple[str, ...]) -> int:
        """The number of an answer."""
        key = (rule, outcome, missing)
        if key not in self._numbers:
            status, paid = outcome
            self._numbers[key] = len(self.listed)
            self.listed.append(Answer(rule, status, rule.amounts[paid] if paid >= 0 else None, missing))
        return self._numbers[key]


class CityProfiles:
    """The rules of one city as columns.

    Args:
        book: the rules.
        city: whose.
        as_of: the day of the answers.
        answers: takes in the answers that there are.
    """

    def __init__(self, book: RuleBook, city: str, as_of: date, answers: Answers) -> None:
        self._book, self._city, self._as_of, self._answers = book, city, as_of, answers

    @cached_property
    def groups(self) -> dict[Levels, list[Rule]]:
        """The rules by the facts that they depend on: those that depend on the same are answered together."""
        groups: dict[Levels, list[Rule]] = {}
        for rule in self._book.personal(self._city):
            groups.setdefault(tuple(sorted(levels([rule.status, rule.outcome]))), []).append(rule)
        return groups

    def here(self, people: Table) -> BooleanValue:
        """Who is answered for: those of whom it is known that they are registered or live in the city."""
        space = self._book.space
        registered, living = (people[mask_column(name)] == space.mask(name, [self._city]) for name in ("hukou", "residence"))
        return registered | living

    def coded(self, people: Table) -> Table:
        """The people of the city, with the code of their profile for each group of rules."""
        mine = people.filter(self.here(people))
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
            people = people.left_join(ibis.memtable(looked_up), [(code, f"key_{code}") for code in codes])
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
            for rule in group:
                answers[rule.id].append(self._answers.number(rule, *outcome_of(rule, settled, space.names)))
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


def _code(group: int, part: int) -> str:
    return f"code_{group}_{part}"


def answers_table(answers: Sequence[Answer]) -> pa.Table:
    """The answers by number, as the result shows them."""
    amounts = [answer.amount or {} for answer in answers]
    texts: dict[str, list[str | None]] = {
        "entitlement": [answer.rule.id for answer in answers],
        "name": [answer.rule.name for answer in answers],
        "status": [answer.status for answer in answers],
        "per": [amount.get("per") for amount in amounts],
        "discount": [amount.get("discount") for amount in amounts],
        "missing": [",".join(answer.missing) for answer in answers],
        "document": [answer.rule.document.id for answer in answers],
        "section": [answer.rule.entry.section for answer in answers],
    }
    numbers = {name: pa.array([amount.get(key) for amount in amounts], pa.float64()) for name, key in NUMBERS.items()}
    return pa.table({
        "answer": pa.array(range(len(answers)), pa.int32()),
        **{name: pa.array(values, pa.string()) for name, values in texts.items()},
        **numbers,
        "minimum": pa.array([amount.get("minimum") for amount in amounts], pa.bool_()),
    })


NUMBERS = {"amount": "value", "percent": "percent"}
