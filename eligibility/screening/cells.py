"""Cells of a roster: what one says of a fact. Each different text of a column is read once, however many people have it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from eligibility.facts import Scalar, Vocabulary
from eligibility.person import iso_date
from eligibility.screening.columns import headers
from knowledge.spelling import normal

AGE_FACTS = ("birth_date", "age", "birth_year", "age_range")
"""The facts that tell the age; a column of one of them may tell another (80多岁, 1943年生)."""

STANDARD = "dibao_standard"

Spoken = Callable[[str, str], Mapping[str, Any]]
"""What somebody says to the question after a fact: fact, text → facts."""

_DATE = re.compile(r"(\d{4})(?:[-./年](\d{1,2})[-./月](\d{1,2})日?|(\d\d)(\d\d))(?:[ T]00?:00(?::00)?(?:\.0+)?)?")
_SPAN = re.compile(r"[\[(]?(\d{1,3}) *(?:周?岁)? *[-—~～至到,，] *(\d{1,3}) *(?:周?岁)?[\])]?")
_YUAN = re.compile("元(?:[/每]?(?:人)?[/每]?月)?$|[,，]")
_WHOLE = re.compile(r"-?\d+\.0+")


class UnreadableError(Exception):
    """A cell says nothing that is understood."""


class Cells:
    """Reads cells.

    Args:
        vocabulary: the facts.
        spoken: reads what is written as people speak.
    """

    def __init__(self, vocabulary: Vocabulary, spoken: Spoken) -> None:
        self._vocabulary, self._spoken = vocabulary, spoken

    def read(self, fact: str, cell: object) -> dict[str, Any]:
        """The facts that a cell in the column of ``fact`` states; empty where it is blank.

        Raises:
            UnreadableError: it is not understood.
        """
        if cell is None or (isinstance(cell, float) and math.isnan(cell)):
            return {}
        if isinstance(cell, datetime):
            cell = cell.date()
        if isinstance(cell, date) and fact in ("birth_date", "age"):
            return {"birth_date": cell}
        if isinstance(cell, float) and cell.is_integer():
            cell = int(cell)
        if isinstance(cell, list | tuple):
            cell = ",".join(map(str, cell))
        if not isinstance(cell, str):
            return self._value(fact, cell)
        text = normal(cell).strip()
        blank = text.lower() in headers().blank and text not in self._vocabulary.facts[fact].options  # none is a value of some
        return {} if blank else self._text(fact, text)

    def _value(self, fact: str, value: object) -> dict[str, Any]:
        """A cell that is a number or a truth value already."""
        kind = self._vocabulary.facts[fact]
        if fact in (STANDARD, "birth_year") and isinstance(value, int | float) and not isinstance(value, bool):
            return {fact: value}
        if kind.type == "boolean" and value in (0, 1):
            return {fact: bool(value)}
        if kind.domain and any(type(value) is type(one) and value == one for one in kind.domain):
            return {fact: value}
        raise UnreadableError

    def _text(self, fact: str, text: str) -> dict[str, Any]:
        if _WHOLE.fullmatch(text):
            text = text.partition(".")[0]
        if fact == STANDARD:
            return {fact: _number(text)}
        if fact in AGE_FACTS and (told := self._age(fact, text)):
            return told
        value = self._listed(fact, text)
        if value is not None:
            return {fact: value}
        told = self._said(fact, text)
        wanted = AGE_FACTS if fact in AGE_FACTS else (fact,)
        if found := {name: told[name] for name in wanted if name in told}:
            return found
        raise UnreadableError

    def _listed(self, fact: str, text: str) -> Scalar | None:
        """The value that is written as it is called, as a number, or as 是 or 否."""
        kind, truth = self._vocabulary.facts[fact], _truth(text)
        for value, option in kind.options.items():
            if text in (str(value), option.label, option.plain):
                return value
        if kind.domain and text.isdecimal() and int(text) in kind.domain and kind.type == "integer":
            return int(text)
        if kind.type == "boolean":
            return truth
        return kind.lacking if truth is False else kind.having if truth else None

    def _said(self, fact: str, text: str) -> dict[str, Any]:
        """What the words say as an answer to the question after the fact."""
        asked = "age" if fact in AGE_FACTS else fact
        return dict(self._spoken(asked, text))

    def _age(self, fact: str, text: str) -> dict[str, Any]:
        if written := _DATE.fullmatch(text):
            try:
                month, day = written[2] or written[4], written[3] or written[5]
                return {"birth_date": iso_date(f"{written[1]}-{int(month):02}-{int(day):02}")}
            except ValueError:
                raise UnreadableError from None
        if span := _SPAN.fullmatch(text):
            return {"age_range": (int(span[1]), int(span[2]))}
        if fact == "birth_year" and text.removesuffix("年").isdecimal():
            return {"birth_year": int(text.removesuffix("年"))}
        if fact in ("birth_date", "birth_year") and text.isdecimal():
            raise UnreadableError  # 83 in a column of birthdays is no age
        return {}


def _truth(text: str) -> bool | None:
    plain = text.lower()
    return True if plain in headers().positive else False if plain in headers().negative else None


def _number(text: str) -> float:
    try:
        number = float(_YUAN.sub("", text))
    except ValueError:
        raise UnreadableError from None
    if not math.isfinite(number):
        raise UnreadableError
    return number
