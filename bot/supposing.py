"""Supposing: 要是我办了低保呢 is worked out beside what is so, and changes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from bot.report import certain
from bot.understanding.language import Language
from bot.understanding.message import understand
from bot.wording import amount_text, facts_text, say
from eligibility.assessment import Assessment, Result
from eligibility.facts import Scalar
from eligibility.rules import DISCRETIONARY, ELIGIBLE

MOST_BEFORE = 6
"""So late in a message a supposition may begin: 那我妈要是……."""

_SUPPOSES = re.compile(
    r"(?:真)?(?:要是|如果|假如|假设|若是|倘若|万一|等到|等(?=[我俺他她咱过满]|以后|将来)|比如说?|比方说?|要(?=[我俺他她]))(?:说|以后|将来|哪天)?"
    r"|(?:到|满|过)了?(?=[6-9六七八九一][0-9十百零]{1,3}(?:周?岁|了|能|,|，|的时候))"
)
_TAIL = re.compile(
    r"(?<=..)(?:的话|的时候|以后|[,，]|呢|(?<![不半失可])能(?!自理)|会(?!议)|还|是不是|有没有|咋|怎么|又?多少|啥|吗|\?)"
)
_ENDED = re.compile(r"停|没了|取消|退了|不吃|不领|不是|没有|搬出|不住|不在")


def supposed(said: str, language: Language, as_of: date) -> dict[str, Any] | None:
    """The facts that the message supposes, as though they were so; None where it supposes nothing that is known here.

    Args:
        said: the message, as it is looked at.
        language: the words.
        as_of: the day on which it is said.
    """
    head = _SUPPOSES.search(said)
    if head is None or head.start() > MOST_BEFORE:
        return None
    rest = said[:head.start()] + said[head.end():]
    tail = _TAIL.search(rest)
    bare = rest[:tail.start()] if tail else rest
    for text in (bare, rest):
        if facts := understand(text, language, as_of).facts:
            return dict(facts)
    return dict(_named(bare, language)) or None


def _named(text: str, language: Language) -> Iterator[tuple[str, Scalar]]:
    """What the words name, or its contrary where it is said to end (低保停了): a wish or an end states nothing by itself."""
    for phrase in language.phrases.find(text):
        name, value = phrase.meaning
        options = language.vocabulary.facts[name].options
        if value is not None and _ENDED.search(text):
            nothing = next((other for other in ("none", 0) if other in options), None)
            contrary = not value if isinstance(value, bool) else nothing
            if contrary is not None:
                yield name, contrary
        elif value is not None:
            yield name, value


def compared(before: Assessment, after: Assessment, facts: Mapping[str, object]) -> str:
    """What would be otherwise: gained, lost, another sum, and the money before and after.

    Args:
        before: what is so.
        after: what would be so.
        facts: what is supposed.
    """
    vocabulary = before.book.vocabulary
    lines = [say("supposed", facts=facts_text(facts, vocabulary))]
    now = {result.rule.id: result for result in before.results}
    then = {result.rule.id: result for result in after.results}
    for key, results in (
        ("supposed_gained", [r for i, r in then.items() if _given(r) and not _given(now.get(i))]),
        ("supposed_lost", [r for i, r in now.items() if _given(r) and not _given(then.get(i))]),
        ("supposed_other", [r for i, r in then.items() if _given(r) and _differs(r, now.get(i))]),
        ("supposed_maybe", [r for i, r in then.items() if r.status == DISCRETIONARY and not _possible(now.get(i))]),
    ):
        if results:
            lines.append(say(key, names="、".join(_named_with_amount(result) for result in results)))
    if len(lines) == 1:
        return say("supposed_nothing", facts=facts_text(facts, vocabulary))
    none = say("supposed_no_money")
    if certain(before) != certain(after):
        lines.append(say("supposed_money", before=certain(before) or none, after=certain(after) or none))
    lines.append(say("supposed_only"))
    return "\n".join(lines)


def _given(result: Result | None) -> bool:
    return result is not None and result.status == ELIGIBLE


def _differs(result: Result, before: Result | None) -> bool:
    return before is not None and _given(before) and result.amount != before.amount


def _possible(result: Result | None) -> bool:
    return result is not None and result.status in (ELIGIBLE, DISCRETIONARY)


def _named_with_amount(result: Result) -> str:
    amount = amount_text(result.amount)
    return f"{result.rule.name}（{amount}）" if amount else result.rule.name
