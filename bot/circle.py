"""The circle: the several people of one chat, kept apart by how they are called."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.state import Case
from bot.understanding.language import Language
from bot.understanding.people import ASKED_FOR, SPOUSE, may_be
from bot.wording import say

GENERIC = ("老太太", "老爷子", "老人家")
"""Names that tell of nobody else than the one spoken of."""

MOST_CHARACTERS = 200
"""Who is turned to, or asked about, is named so early."""

PARENTS = "您父母"
EACH_PARENT = ("您母亲", "您父亲")

_ONLY_NAMED = re.compile(
    r"(?:好的?|行|嗯|对了|还有|还|先|那么?|换成?|说说|看看|看|瞅瞅|问问|问|给|帮|替|回到|回|再|也|接着|我?想|算算?|查查?|说一下|说|轮到|该|刚才|那个|这个"
    r"|的|呢|吧|啊|呀|情况|结果|一下|这边|那边|能领啥|能有啥|能领|能拿|能有|能得|有啥|补贴|没有|到底|一个月|每月|一共|多少钱?|啥|自己|自个儿?|本人|了|她|他"
    r"|[?？。.!！,， ])*"
)
_ANOTHER = re.compile("^(?:那|换|还有|再|接着|轮到)|呢[?？]?$")
_SUM = re.compile("多少|能领|能拿|几个钱")
_TOGETHER = re.compile(
    "(?:俩|两个|他们|她们|咱们|一共|总共|加一块|合一块|加一起|加起来|合起来|合一起|爸妈|爹妈|爹娘|父母).{0,8}(?:多少|几个钱)|谁(?:领得?|拿得?|的)?多|比.{1,4}多多少|一共多少"
)
_BOTH = re.compile("(?:他|她|我|俺|咱|老)们?俩|两个人?|俩人|他们|她们|爸妈|爹妈|爹娘|我爸我妈|老两口|父母")


def switched_to(said: str, language: Language) -> str | None:
    """Who the message turns to by naming somebody and saying nothing else (那我爸呢, 换我妈); None where it does not."""
    people = language.people.mentioned(said[:MOST_CHARACTERS])
    found = [person for person in people if person.meaning[0] in (*ASKED_FOR, "self")]
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


def names_another(said: str) -> bool:
    """Whether somebody else is turned to (那我爸呢), and it is not only told for whom it is asked (给我妈问)."""
    return _ANOTHER.search(said) is not None


def wants_sum(said: str) -> bool:
    """Whether a message that turns to somebody asks what she gets."""
    return _SUM.search(said) is not None


def asks_together(said: str) -> bool:
    """Whether it is asked what several people get together, or who gets more."""
    return _TOGETHER.search(said) is not None


def said_of_both(said: str) -> bool:
    """Whether something is said of two people at once (他俩都有医保)."""
    return "都" in said and _BOTH.search(said) is not None


def other_named(said: str, language: Language, others: dict[str, Case]) -> str | None:
    """Whom of the others of this chat the message names."""
    people = language.people.mentioned(said[:MOST_CHARACTERS])
    named = (str(person.meaning[1]) for person in people if person.meaning[0] in ASKED_FOR)
    return next((about for about in named if about in others), None)


def meant_by_pronoun(said: str, case: Case, others: dict[str, Case]) -> str | None:
    """Whom 他 or 她 means, where it cannot be the person who is spoken of and fits just one of the others."""
    pronoun = "他" if "他" in said else "她" if "她" in said else None
    if pronoun is None or case.about is None or may_be(pronoun, case.about):
        return None
    fitting = [about for about in others if may_be(pronoun, about) and not may_be("她" if pronoun == "他" else "他", about)]
    return fitting[0] if len(fitting) == 1 else None


def same(first: str | None, second: str | None) -> bool:
    """Whether both can be how one person is called."""
    return first == second or first is None or second is None or first in GENERIC or second in GENERIC


def is_somebody_else(about: str | None, case: Case, age_differs: bool, language: Language) -> bool:
    """Whether what is said of ``about`` is said of somebody else than of whom the case is.

    Who gave facts without saying whose they are may have meant a parent all along, but hardly a spouse or a sister.

    Args:
        about: of whom it is said; None where nobody was named.
        case: the person who is spoken of.
        age_differs: another age is told than the one that is known.
        language: who is a sibling.
    """
    if about is None or about in GENERIC:
        return False
    if case.about is None or case.about in GENERIC:
        peer = about == SPOUSE or about in language.people.siblings
        return about != say("who_self") and bool(case.facts) and (age_differs or peer or case.finished)
    return about != case.about


def everybody(case: Case, others: dict[str, Case]) -> Iterator[Case]:
    """All the people of a chat of whom anything is known."""
    yield from (one for one in (case, *others.values()) if one.facts)
