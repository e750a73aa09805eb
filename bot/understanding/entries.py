"""Entries: what is written into a form or a roster, understood whole or not at all.

What is said in talk is listened to for what it states; an entry has no other purpose, and a rest that is not understood may
turn its sense: 低保(已停), 未满90, 有(儿子).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.understanding.ages import ages
from bot.understanding.disability import grade_written, kind_written
from bot.understanding.id_numbers import id_number
from bot.understanding.language import Language
from bot.understanding.scanning import Scanner
from bot.understanding.statements import AGE_FACTS
from eligibility.facts import Scalar
from eligibility.planning import question_for
from knowledge.spelling import normal

SEVERAL_KINDS = "多重"

_BRACKETS = re.compile(r"[()\[\]【】《》]")
_AGE_REST = re.compile(r"(?:[\s,.;:、]|今年|现年|年龄|周岁|岁|整|实岁|年?出?生人?|的|了|农历|阴历|公历|阳历|生日|民国)*")
_ROUGHLY = re.compile("[满约]|左右|大概|上下|差不多|以上|以下|至少")
"""About, or at least: that is no age."""

_MANNER = re.compile(
    r"(?:城市|城镇|农村|本人|属于|享受|纳入|现)(?=.{2})|(?<=..)(?:对象|人员|老人|老年人|家庭|人口|户|类别|类型|待遇)"
)
"""Words in an entry that change nothing: 城市低保, 特困人员, 低保对象."""


class Entries:
    """Reads entries.

    Args:
        language: the words.
        as_of: the day on which they were written; today when absent.
    """

    def __init__(self, language: Language, as_of: date | None = None) -> None:
        self._language, self._scanner, self._as_of = language, Scanner(language), as_of or date.today()

    def read(self, fact: str, text: str) -> Mapping[str, Any] | None:
        """The facts that an entry states; none where it says that it is not known, None where it is not understood.

        Args:
            fact: what the form asks for.
            text: what is written there.
        """
        text = _BRACKETS.sub("", normal(text)).strip()
        if self._language.answers.declines(text):
            return {}
        if fact in AGE_FACTS:
            return self._age(text)
        if fact == "disability_kind" and text.startswith(SEVERAL_KINDS):
            return {}  # of which kinds is not said
        for written in dict.fromkeys((text, self._scanner.repaired(text))):
            value = self._value(fact, written)
            if value is not None:
                return {fact: value}
        return None

    def _age(self, text: str) -> Mapping[str, Any] | None:
        number = id_number(text)
        if number and number.birth_date:
            return {"birth_date": number.birth_date}
        found = list(ages(text, self._as_of, bare_from=0, year_alone=True))
        if len(found) != 1:
            return None
        said = found[0]
        rest = text[:said.start], text[said.end:]
        whole = all(map(_AGE_REST.fullmatch, rest)) and not ("age" in said.facts and _ROUGHLY.search(text))
        return said.facts if whole else None

    def _value(self, fact: str, text: str) -> Scalar | None:
        language, kind = self._language, self._language.vocabulary.facts[fact]
        if fact == "disability_grade" and (grade := grade_written(text)) is not None:
            return grade
        if fact == "disability_kind":
            return kind_written(text)
        if fact == "county" and (place := language.places.address(text)):
            return language.counties.get(place[0])
        if kind.type == "city" and (place := language.places.address(text)):
            return place[1]
        question = question_for(fact, [fact], language.vocabulary)
        for written in dict.fromkeys((text, _MANNER.sub("", text))):
            answer = language.answers.settled(written, question, numbered=False)
            if answer:
                return answer.get(fact)
        return None
