"""What to ask: of all the facts that are missing in a roster, those on which most people and most money hang."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import ibis
import pyarrow as pa
from ibis.expr.types import Table

from eligibility.rules import Rule
from eligibility.screening.engines import Engine
from eligibility.screening.profiles import Answer
from eligibility.screening.summary import MONTHS, Count
from eligibility.space import Space


@dataclass(frozen=True)
class Asked:
    """A fact worth asking: of so many people, and so many yuan a month at the most hang on it, beside others perhaps."""

    fact: str
    people: int
    money: float


def worth_asking(
    each: Iterable[Table], counts: Sequence[Count], answers: Sequence[Answer], space: Space, engine: Engine,
) -> list[Asked]:
    """The facts missing, those first on which most money hangs.

    Args:
        each: tables of a person's number (``person``) and one of her answers.
        counts: how many people have each answer.
        answers: the answers by number.
        space: the facts by level.
        engine: where it is computed.
    """
    people = _people(each, answers, space, engine)
    money = dict.fromkeys(people, 0.0)
    for count in counts:
        for fact in count.answer.missing:
            money[fact] += count.people * _most(count.answer.rule)
    found = [Asked(fact, people[fact], money[fact]) for fact in people if people[fact]]
    return sorted(found, key=lambda asked: (-asked.money, -asked.people))


def _people(each: Iterable[Table], answers: Sequence[Answer], space: Space, engine: Engine) -> Mapping[str, int]:
    """Of how many people each fact is missing."""
    bits = {number: sum(1 << space.level[fact] for fact in answer.missing) for number, answer in enumerate(answers)}
    open_answers = {number: mask for number, mask in bits.items() if mask}
    numbers, masks = pa.array(list(open_answers), pa.int32()), pa.array(list(open_answers.values()), pa.int64())
    missing = engine.small(pa.table({"answer": numbers, "facts": masks}))
    joined = ibis.union(*(table.inner_join(missing, "answer") for table in each))
    lacking = {fact: (joined["facts"] & (1 << level) != 0).cast("int32").max() for fact, level in space.level.items()}
    persons = joined.group_by("person").agg(**lacking)
    counted = persons.aggregate(**{fact: persons[fact].sum() for fact in lacking}).to_pyarrow().to_pylist()[0]
    return {fact: people or 0 for fact, people in counted.items()}


def _most(rule: Rule) -> float:
    """The most that an entitlement pays a month."""
    if rule.kind != "cash" or rule.per is None:
        return 0.0
    return max((amount.get("value", 0) / MONTHS[rule.per] for amount in rule.amounts), default=0.0)
