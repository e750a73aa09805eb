"""Cells of a roster: what one says of a fact. Each different text of a column is read once, however many people have it.

A cell is understood whole or not at all: 低保(已停) is no 低保, 未满90 is no 90, and 沈阳市铁西区 does not lie in 鞍山.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from eligibility.facts import Vocabulary
from eligibility.screening.columns import Column, headers
from knowledge.spelling import normal

AGE_FACTS = ("birth_date", "age", "birth_year", "age_range")
"""The facts that tell the age; a column of one of them may tell another (80多岁, 1943年生)."""

STANDARD = "dibao_standard"

Spoken = Callable[[str, str], Mapping[str, Any] | None]
"""What an entry in people's own words says of a fact: fact, text → facts, none where it says nothing; None: not understood."""

MOST_CHARACTERS = 100
"""A longer cell is no entry."""

ID_NUMBER = 15
"""An ID number has so many digits, or eighteen."""

CHINA = ZoneInfo("Asia/Shanghai")
"""A moment of a day is one of the day that it was here."""

_MIDNIGHT = r"(?:[ T]0?0:00(?::00)?(?:\.0+)?)?"
_DATE = re.compile(rf"(\d{{4}}) *[-./年、 ] *(\d{{1,2}}) *[-./月、 ] *(\d{{1,2}})日?{_MIDNIGHT}|(\d{{4}})(\d\d)(\d\d)")
_MONTH = re.compile(r"(\d{4})(?:[-./年、](?:0?[1-9]|1[0-2])月?|(?:0[1-9]|1[0-2]))")
_YEAR = re.compile(r"((?:19|20)\d\d)年?")
_SERIAL = re.compile(r"[1-4]\d{4}")
_SPAN = re.compile(r"[\[(]?(\d{1,3}) *(?:周?岁)? *[-—~～至到,，] *(\d{1,3}) *(?:周?岁)?[\])]?")
_YUAN = re.compile("元(?:[/每]?(?:人)?[/每]?月)?$|[,，]")
_SPACED = re.compile("(?<=[\u4e00-\u9fff])\\s+(?=[\u4e00-\u9fff])")
_NUMBERS = re.compile(r"[\d\s./—~-]+")
_WHOLE = re.compile(r"-?\d+\.0+")

_DAY_0 = date(1899, 12, 30)
"""Spreadsheets count days from here."""

_OLD_WORDS = {"age": "虚岁", "birth_date": "农历"}


_DONE, _UNDONE = re.compile("^(?:已经?|现)(?=.)"), re.compile("^(?:未|没有?|不|非)(?=.)")
_HAVING = frozenset({"有", "无", "没有", "没"})
_LACKING_HEADER = re.compile("^(?:是否)?(?:无(?!障碍)|没有|没|未)")


class UnreadableError(Exception):
    """A cell says nothing that is understood."""


class Cells:
    """Reads cells.

    Args:
        vocabulary: the facts.
        spoken: reads what is written in people's own words.
    """

    def __init__(self, vocabulary: Vocabulary, spoken: Spoken) -> None:
        self._vocabulary, self._spoken = vocabulary, spoken

    def read(self, column: Column, cell: object) -> dict[str, Any]:
        """The facts that a cell of ``column`` states; empty where it is blank.

        Raises:
            UnreadableError: it is not understood.
        """
        fact, cell = column.fact, _plain(cell)
        if cell is None:
            return {}
        if isinstance(cell, date):
            if fact == "birth_year":
                return {fact: cell.year}
            cell = cell.isoformat()
        if not isinstance(cell, str) and fact in AGE_FACTS and not isinstance(cell, bool):
            cell = str(cell)
        if not isinstance(cell, str):
            return self._value(fact, cell)
        text = _SPACED.sub("", normal(cell)).strip()
        if self._blank(fact, text):
            return {}
        if len(text) > MOST_CHARACTERS:
            raise UnreadableError
        if text in _HAVING and _LACKING_HEADER.match(column.header):
            raise UnreadableError  # 无赡养人: 无 may say either
        if self._vocabulary.facts[fact].type == "boolean" and (done := self._done(column, text)) is not None:
            return {fact: done}
        return self._text(fact, f"{_OLD_WORDS[fact]}{text}" if column.old and fact in _OLD_WORDS else text)

    def holds(self, column: Column, cell: object) -> bool | None:
        """Whether somebody has the value that a column is about (是否低保); None where the cell is blank.

        Raises:
            UnreadableError: it is not understood.
        """
        cell = _plain(cell)
        if isinstance(cell, bool | int) and cell in (0, 1):
            return bool(cell)
        text = normal(str(cell)).strip() if cell is not None else ""
        truth = _truth(_whole(text))
        if truth is not None or self._blank(column.fact, text):
            return truth
        facts = self.read(Column(column.header, column.fact), cell)
        return facts[column.fact] == column.value if facts else None

    def _done(self, column: Column, text: str) -> bool | None:
        """已入住 and 未入住 in a column that is called 入住机构, 已参加 in any."""
        if _LACKING_HEADER.match(column.header):
            return None
        for pattern, done in ((_DONE, True), (_UNDONE, False)):
            rest = pattern.sub("", text)
            if rest != text and len(rest) > 1 and (rest in column.header or rest in headers().positive):
                return done
        return None

    def _blank(self, fact: str, text: str) -> bool:
        return text.lower() in headers().blank and text not in self._vocabulary.facts[fact].options  # none is a value of some

    def _value(self, fact: str, value: object) -> dict[str, Any]:
        """A cell that is a number or a truth value already."""
        kind = self._vocabulary.facts[fact]
        if fact == STANDARD and isinstance(value, int | float) and not isinstance(value, bool):
            return {fact: value}
        if kind.type == "boolean" and value in (0, 1):
            return {fact: bool(value)}
        if kind.domain and any(type(value) is type(one) and value == one for one in kind.domain):
            return {fact: value}
        raise UnreadableError

    def _text(self, fact: str, text: str) -> dict[str, Any]:
        text = _whole(text)
        if fact == STANDARD:
            return {} if _truth(text) is False and text != "0" else {fact: _number(text)}
        if fact in AGE_FACTS and (told := self._age(fact, text)):
            return told
        listed = self._listed(fact, text)
        if listed is not None:
            return listed
        said = self._spoken(fact, text)
        wanted = AGE_FACTS if fact in AGE_FACTS else (fact,)
        if said is None or (said and not said.keys() & set(wanted)):
            raise UnreadableError
        found = {name: said[name] for name in wanted if name in said}
        if isinstance(found.get("birth_date"), str):
            found["birth_date"] = date.fromisoformat(found["birth_date"])
        return found

    def _listed(self, fact: str, text: str) -> dict[str, Any] | None:
        """What is written as the value is called, as its number, or as 是 or 否; None where it is something else."""
        kind, truth = self._vocabulary.facts[fact], _truth(text)
        for value, option in kind.options.items():
            if text in (str(value), option.label, option.plain):
                return {fact: value}
        if kind.type == "integer" and fact not in AGE_FACTS and text.isdecimal():
            raise UnreadableError  # a grade that there is not
        if truth is None or kind.type in ("date", "year", "range"):
            return {} if truth is False else None
        if kind.type == "boolean":
            return {fact: truth}
        if truth:
            return None if kind.having is None else {fact: kind.having}
        none = "none" if "none" in kind.options else kind.lacking
        return {} if none is None else {fact: none}  # 无 as the kind of a disability says that there is nothing to say

    def _age(self, fact: str, text: str) -> dict[str, Any]:
        if written := _DATE.fullmatch(text):
            year, month, day = (int(part) for part in written.groups() if part)
            try:
                return {"birth_date": date(year, month, day)}
            except ValueError:
                raise UnreadableError from None
        if fact in ("age", "age_range") and (span := _SPAN.fullmatch(text)):
            return {"age_range": (int(span[1]), int(span[2]))}
        if fact == "age" and text.isdecimal() and len(text) <= len("100"):
            return {fact: int(text)}
        if fact in ("birth_date", "birth_year"):
            if year_only := _YEAR.fullmatch(text) or _MONTH.fullmatch(text):
                return {"birth_year": int(year_only[1])}
            if fact == "birth_date" and _SERIAL.fullmatch(text):
                return {"birth_date": _DAY_0 + timedelta(days=int(text))}
            if _NUMBERS.fullmatch(text) and len(text) < ID_NUMBER:
                raise UnreadableError  # neither 83 nor 12-25 in a column of birthdays is an age
        return {}


def _plain(cell: object) -> object:
    """A cell as text, a date, a whole number, a number or a truth value; None where there is nothing."""
    if isinstance(cell, Decimal):
        cell = float(cell)
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return None
    if isinstance(cell, datetime):
        return (cell.astimezone(CHINA) if cell.tzinfo else cell).date()
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return ",".join(map(str, cell)) if isinstance(cell, list | tuple) else cell


def _whole(text: str) -> str:
    """83.0 as 83."""
    return text.partition(".")[0] if _WHOLE.fullmatch(text) else text


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
