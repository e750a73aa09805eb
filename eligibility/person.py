"""One person: the facts as they were given, checked, and turned into what is still possible.

An unknown fact is every value of it; a birth year is two ages; a way of support implies the status that it belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import MAXYEAR, date

from eligibility.facts import Fact
from eligibility.space import Space

OLDEST = 130
"""Completed years that nobody exceeds."""

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class FactError(Exception):
    """A fact that cannot be, alone or beside another: ``fact`` names it, ``message`` says why in plain Chinese."""

    def __init__(self, fact: str, message: str) -> None:
        super().__init__(message)
        self.fact = fact
        self.message = message


@dataclass(slots=True)
class Person:
    """What is known of a person on a day.

    Attributes:
        given: the facts as stated, without the absent ones.
        masks: by level, the classes of values still possible; indices: the only class left, or -1.
        ages: the least and the greatest age still possible, completed years, both included.
        dibao_standard: yuan a month, where stated.
    """

    given: dict[str, object]
    as_of: date
    masks: list[int] = field(default_factory=list)
    indices: list[int] = field(default_factory=list)
    ages: tuple[int, int] = (0, 130)
    birth_date: date | None = None
    dibao_standard: float | None = None


def read_person(given: Mapping[str, object], as_of: date, space: Space) -> Person:
    """The person whom ``given`` (fact → value; null is absent) describes on ``as_of``.

    Raises:
        FactError: an unknown fact or value, or facts that contradict each other.
    """
    stated = {name: value for name, value in given.items() if value is not None}
    facts = space.vocabulary.facts
    masks = list(space.full)
    person = Person(stated, as_of, masks)
    for name, value in stated.items():
        level = space.level.get(name)
        if level is not None:
            if type(value) is not space.types[level] or value not in space.index[level]:
                raise _wrong_value(name, facts[name], value)
            masks[level] = 1 << space.index[level][value]
        elif name not in facts:
            raise FactError(name, f"没有“{name}”这个事实")
    if not stated.keys().isdisjoint(("age", "birth_date", "birth_year", "age_range")):
        _settle_age(person, space)
    if "dibao_standard" in stated:
        person.dibao_standard = _number(facts["dibao_standard"], stated["dibao_standard"])
    _imply(person, space)
    person.indices = [-1 if mask & (mask - 1) else mask.bit_length() - 1 for mask in masks]
    return person


def _wrong_value(name: str, fact: Fact, value: object) -> FactError:
    values = [str(v).lower() if isinstance(v, bool) else str(v) for v in fact.domain or ()]
    allowed = f"{fact.range[0]}到{fact.range[1]}的整数" if fact.range else "、".join(values)
    return FactError(name, f"“{fact.title}”（{name}）不能是 {value!r}，只能是：{allowed}")


def _number(fact: Fact, value: object) -> float:
    assert fact.range is not None  # noqa: S101 - the vocabulary gives one
    low, high = fact.range
    # A comparison with a number that is none (NaN) is false, so that it is refused here, too.
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise FactError("dibao_standard", f"“{fact.title}”（dibao_standard）要写成{low}到{high}之间的数，不能是 {value!r}")
    return value


def _imply(person: Person, space: Space) -> None:
    """A fact that needs another brings it along, or contradicts it."""
    for name, other, level, allowed in space.implied:
        if name in person.given:
            person.masks[level] &= allowed
            if not person.masks[level]:
                fact, needed = space.vocabulary.facts[name], space.vocabulary.facts[other]
                plain = needed.describe(fact.needs[other])
                raise FactError(name, f"“{fact.title}”（{name}）跟“{needed.title}”（{other}）对不上：前一项要求是{plain}")


def _settle_age(person: Person, space: Space) -> None:
    low, high = 0, OLDEST
    stated = person.given
    if "birth_date" in stated:
        person.birth_date = born = _birth_date(stated["birth_date"], person.as_of)
        low = high = completed_years(born, person.as_of)
    elif "age" in stated:
        low = high = stated["age"]  # type: ignore[assignment]
    if "birth_year" in stated:
        year = stated["birth_year"]
        if isinstance(year, bool) or not isinstance(year, int) or not 0 <= person.as_of.year - year <= OLDEST + 1:
            raise FactError("birth_year", f"“出生年份”（birth_year）不能是 {year!r}")
        oldest = person.as_of.year - year
        youngest = oldest if (person.as_of.month, person.as_of.day) == (12, 31) else max(oldest - 1, 0)
        low, high = _narrow("birth_year", "出生年份", (low, high), (youngest, min(oldest, OLDEST)))
        if person.birth_date and person.birth_date.year != year:
            raise FactError("birth_year", "“出生年份”（birth_year）跟“出生日期”（birth_date）对不上")
    if "age_range" in stated:
        rough = _age_range(stated["age_range"])
        if "birth_date" not in stated:
            low, high = _narrow("age_range", "年龄范围", (low, high), rough)
    person.ages = low, high
    person.masks[space.level["age"]] = space.mask("age", range(low, high + 1))


def _narrow(name: str, title: str, known: tuple[int, int], stated: tuple[int, int]) -> tuple[int, int]:
    low, high = max(known[0], stated[0]), min(known[1], stated[1])
    if low > high:
        here, there = f"{stated[0]}到{stated[1]}岁", f"{known[0]}到{known[1]}岁"
        raise FactError(name, f"“{title}”（{name}）跟别处说的年龄对不上：这里是{here}，别处是{there}")
    return low, high


def _age_range(value: object) -> tuple[int, int]:
    if isinstance(value, list | tuple) and len(value) == 2 and all(type(end) is int for end in value):
        low, high = value
        if 0 <= low <= high <= OLDEST:
            return low, high
    raise FactError("age_range", f"“年龄范围”（age_range）要写成 [小, 大]，都在0到130之间，不能是 {value!r}")


def _birth_date(value: object, as_of: date) -> date:
    try:
        born = value if isinstance(value, date) else iso_date(value)
    except ValueError:
        raise FactError("birth_date", f"“出生日期”（birth_date）要写成 1944-03-05 这样，不能是 {value!r}") from None
    if not born <= as_of or completed_years(born, as_of) > OLDEST:
        raise FactError("birth_date", f"“出生日期”（birth_date）不可能是 {born.isoformat()}")
    return born


def iso_date(text: object) -> date:
    """The day that ``YYYY-MM-DD`` names; raises ValueError for anything else, the other forms of ISO 8601 included."""
    if not isinstance(text, str) or not _ISO_DATE.fullmatch(text):
        raise ValueError("no date as YYYY-MM-DD")
    return date.fromisoformat(text)


def completed_years(born: date, day: date) -> int:
    """周岁: the years completed on ``day``; somebody born on 29 February completes one on 1 March of a common year."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def birthday(born: date | None, age: int) -> date | None:
    """The day on which ``age`` is completed; None where it is not known, or lies beyond the calendar."""
    if born is None or born.year + age > MAXYEAR:
        return None
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)
