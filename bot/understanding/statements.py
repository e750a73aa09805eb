"""Statements: what a message says of whom, and how it takes back or turns what it said before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from eligibility.facts import Scalar, Vocabulary

AGE_FACTS = ("age", "age_range", "birth_year", "birth_date")
PLACE_FACTS = ("hukou", "residence")
DISABILITY_FACTS = ("disability_grade", "disability_kind")
RECOGNISED = ("hardship", "support_mode", *DISABILITY_FACTS)
"""What an office has to recognise: it may have been applied for and not come yet."""

SOLDIERS = ("demobilized_soldier", "disabled_soldier", "military_retiree", "other_preferential")
"""Of whom it is true as well that they have been soldiers (当过兵)."""

LISTED = ("hardship", "honor")
"""Facts whose values are gone through one by one, to deny them all at the end."""

_ALL_DENIED = re.compile(
    r"(?:(?P<all>(?:啥|什么|哪样|哪个|哪种)的?[我俺咱]?(?:都|也)|(?:一样|一个|样样|通通|统统|全)[我俺咱]?(?:都|也)?)|[都均])(?:没有?|不)"
    r"(?:是|有|沾|占|出过|办过|办|够|摊|贴|挨|算|当过|领|吃)?(?:份儿?|边|上|过|着)*[啊呀呢的]?$"
)


_OTHERS = re.compile("赡养|扶养|儿女|子女|孩子|亲|钱|药|病|保险")
"""Before 一个也没有: it is these that there are none of."""


def all_denied(clause: str) -> tuple[int, int] | None:
    """Where the clause says that none of what was named is so (哪样我都不是)."""
    found = _ALL_DENIED.search(clause)
    return found.span() if found else None


@dataclass(frozen=True)
class Statement:
    """A fact said of somebody.

    Attributes:
        subject: an elder's address, "self", "we", "junior", "other", "gone", or None where nobody was named.
        fact: its name.
        value: its value, as ``check`` takes it.
        denied: the value is excluded, and none is settled.
        corrects: something before was said to be wrong, or to be otherwise by now.
    """

    subject: str | None
    fact: str
    value: object
    denied: bool = False
    corrects: bool = False

    def kin(self, vocabulary: Vocabulary) -> str | None:
        """Whose words count for the person too (an option's ``kin``); None where the fact is hers alone."""
        options = vocabulary.facts[self.fact].options
        return options[self.value].kin if isinstance(self.value, Scalar) and self.value in options else None


class Statements:
    """What a message has stated so far, in order."""

    def __init__(self) -> None:
        self._made: list[Statement] = []

    def __iter__(self) -> Iterator[Statement]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)

    def since(self, before: int) -> list[Statement]:
        """What was stated after the first ``before`` statements."""
        return self._made[before:]

    def add(self, statement: Statement) -> None:
        """Takes a statement in."""
        self._made.append(statement)

    def last(self) -> Statement | None:
        """The last statement."""
        return self._made[-1] if self._made else None

    def last_place(self) -> object:
        """The place that was named last; None before any."""
        return next((statement.value for statement in reversed(self._made) if statement.fact in PLACE_FACTS), None)

    def last_place_fact(self) -> str | None:
        """What the place that was named last was said to be; None before any."""
        return next((statement.fact for statement in reversed(self._made) if statement.fact in PLACE_FACTS), None)

    def tells(self, subject: str | None, *facts: str) -> bool:
        """Whether any of the facts was stated of ``subject``, or of nobody by name."""
        return any(statement.fact in facts and statement.subject in (subject, None) for statement in self._made)

    def take_back(self) -> None:
        """不是不是: the last statement does not hold, unless it is an age, which another one replaces."""
        if self._made and self._made[-1].fact not in AGE_FACTS:
            self._made.pop()

    def deny_last(self) -> bool:
        """我不是: the value stated last is excluded. False where a denial of it makes no sense (an age, yes or no)."""
        last = self._made[-1]
        if isinstance(last.value, bool) or last.fact in AGE_FACTS:
            return False
        if last.value not in (0, "none"):  # 没办过残疾证，没有
            self._made[-1] = replace(last, denied=True)
        return True

    def revoke(self) -> None:
        """到现在还没批: what was named last is not so, or not so yet."""
        if self._made and self._made[-1].fact in (*RECOGNISED, *PLACE_FACTS):
            self._made.pop()

    def attribute(self, before: int, subject: str | None) -> None:
        """那是我老伴: what was said since ``before``, or else last, is said of ``subject``."""
        for i in range(max(min(before, len(self._made) - 1), 0), len(self._made)):
            self._made[i] = replace(self._made[i], subject=subject)

    def deny_all(self, clause: str) -> None:
        """低保五保啥都不是, or 这些我一样不沾 after a list: none of those that were named."""
        found = _ALL_DENIED.search(clause)
        last = self.last()
        if not found or last is None or last.fact not in LISTED or last.value == "none":
            return
        if _OTHERS.search(clause, 0, found.start()):
            return
        listed: list[Statement] = []
        while self._made and self._made[-1].fact == last.fact and self._made[-1].value != "none":
            listed.append(self._made.pop())
        if found["all"] and len(listed) > 1:
            self._made.append(Statement(last.subject, last.fact, "none"))
        else:
            self._made.extend(replace(statement, denied=True) for statement in reversed(listed))
