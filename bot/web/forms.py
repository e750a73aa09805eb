"""Forms: the facts of a case as fields, and fields as facts; which facts there are, the vocabulary alone knows."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.web.pages import words
from eligibility.facts import Fact, Scalar, Vocabulary

PREFIX = "fact."
MOST_CHARACTERS = 40

NOT_FIELDS = ("birth_year", "age_range")
"""Facts that only words tell; what is known of them stays as it is."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that can be chosen: what the form sends, what is read, and whether it is chosen."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its name in the form, what it is called, what explains it, what is in it, and the values it can have.

    ``wanted``: it is worth asking.
    """

    name: str
    title: str
    help: str
    value: str
    choices: tuple[Choice, ...]
    kind: str
    wanted: bool


def fieldsets(facts: Mapping[str, Any], vocabulary: Vocabulary, wanted: Collection[str]) -> Iterator[tuple[str, list[Field]]]:
    """The fields, in sets with a heading; a fact that no set names comes in the last."""
    sets = words().fieldsets
    placed = {name for names in sets.values() for name in names}
    rest = [name for name in vocabulary.facts if name not in placed and name not in NOT_FIELDS]
    *_, last = sets
    for heading in sets:
        names = [*sets[heading], *(rest if heading == last else ())]
        yield heading, [
            _field(name, vocabulary.facts[name], facts.get(name), name in wanted) for name in names if name in vocabulary.facts
        ]


def read_fields(form: Mapping[str, Any], vocabulary: Vocabulary) -> dict[str, Any]:
    """The facts that the fields state. What cannot be read is given on as it is, so that the one who judges facts says so;
    nothing that can be is longer than ``MOST_CHARACTERS``.
    """
    facts: dict[str, Any] = {}
    for name, fact in vocabulary.facts.items():
        text = str(form.get(f"{PREFIX}{name}", "")).strip()[:MOST_CHARACTERS]
        if text:
            facts[name] = _value(fact, text)
    return facts


def hidden(facts: Mapping[str, Any]) -> dict[str, str]:
    """The facts that have no field of their own, as the form sends them along."""
    return {f"{PREFIX}{name}": _text(facts[name]) for name in NOT_FIELDS if name in facts}


def _field(name: str, fact: Fact, value: Any, wanted: bool) -> Field:
    shown = "" if value is None else _text(value)
    choices = tuple(Choice(_text(one), option.label, one == value) for one, option in fact.options.items())
    kind = {"date": "date", "integer": "number", "number": "number"}.get(fact.type, "text")
    return Field(f"{PREFIX}{name}", fact.title, fact.help or "", shown, choices, kind, wanted)


def _value(fact: Fact, text: str) -> Any:
    if fact.options:
        return next((value for value in fact.options if _text(value) == text), text)
    match fact.type:
        case "integer" | "year":
            return int(text) if text.isascii() and text.removeprefix("-").isdigit() and len(text) < 6 else text
        case "number":
            return _number(text)
        case "range":
            return [_number(part) for part in text.split("-")]
        case _:
            return text


def _number(text: str) -> Any:
    try:
        number = float(text)
    except ValueError:
        return text
    if not math.isfinite(number):
        return text
    return int(number) if number == int(number) else number


def _text(value: Scalar | float | list[int]) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
