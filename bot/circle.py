"""The circle: the several people of one chat, kept apart by how they are called."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.state import Case
from bot.understanding.language import Language
from bot.understanding.people import ASKED_FOR
from bot.wording import say

GENERIC = ("老太太", "老爷子", "老人家")
"""Names that tell of nobody else than the one spoken of."""

PARENTS = "您父母"
EACH_PARENT = ("您母亲", "您父亲")

_ONLY_NAMED = re.compile(
    r"(?:那么?|换成?|说说|看看|问问|问|给|帮|替|回到|回|再|也|接着|我?想|算算?|查查?|说|轮到|该|的|呢|吧|啊|呀|情况|结果|一下|这边|那边|能领啥|能领多少"
    r"|能有啥|自己|自个儿?|本人|了|[?？。.,， ])*"
)


def switched_to(said: str, language: Language) -> str | None:
    """Who the message turns to by naming somebody and saying nothing else (那我爸呢, 换我妈); None where it does not."""
    found = [person for person in language.people.mentioned(said) if person.meaning[0] in (*ASKED_FOR, "self")]
    if not found:
        return None
    rest = said
    for person in reversed(found):
        rest = rest[:person.start] + rest[person.end:]
    if not _ONLY_NAMED.fullmatch(rest):
        return None
    named = [person for person in found if person.meaning[0] != "self"]
    if not named:
        return say("who_self") if rest else None  # 我呢, but not 我
    return str(named[0].meaning[1])


def same(first: str | None, second: str | None) -> bool:
    """Whether both can be how one person is called."""
    return first == second or first is None or second is None or first in GENERIC or second in GENERIC


def is_somebody_else(about: str | None, case: Case, age_differs: bool) -> bool:
    """Whether what is said of ``about`` is said of somebody else than of whom the case is.

    Args:
        about: of whom it is said; None where nobody was named.
        case: the person who is spoken of.
        age_differs: another age is told than the one that is known.
    """
    if about is None or about in GENERIC:
        return False
    if case.about is None or case.about in GENERIC:
        return age_differs and about != say("who_self")  # 七十六，鞍山; then 我老伴七十四
    return about != case.about


def everybody(case: Case, others: dict[str, Case]) -> Iterator[Case]:
    """All the people of a chat of whom anything is known."""
    yield from (one for one in (case, *others.values()) if one.facts)
