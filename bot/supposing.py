"""Supposing: 要是我办了低保呢 is worked out beside what is so, and changes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from bot.items import named, titles
from bot.report import certain
from bot.understanding.language import Language
from bot.understanding.message import understand
from bot.understanding.numerals import NUMBER, ONES, number
from bot.wording import amount_text, facts_text, say
from eligibility.assessment import UNKNOWN, Assessment, Result
from eligibility.facts import Scalar
from eligibility.person import OLDEST
from eligibility.rules import DISCRETIONARY, ELIGIBLE, INELIGIBLE

MOST_CHARACTERS = 80
"""Nobody supposes at greater length, and it bounds the work."""

MOST_BEFORE = 6
"""So late in a message a supposition may begin: 那我妈要是……."""

_SUPPOSES = re.compile(
    r"(?:真)?(?:要是|如果|假如|假设|若是|倘若|万一|等到|等(?=[我俺他她咱过满]|以后|将来)|比如说?|比方说?|要(?=[我俺他她]))(?:说|以后|将来|哪天)?"
    r"|换成(?=.)|(?=[^，。]{1,10}的话[呢吗]?[？?]?$)"
    r"|(?=[16-9六七八九一][0-9十百零]{0,3}周?岁(?:以后|了|的)?(?:给|能|领|拿|有|发|补|是)多少)"
    r"|(?:到|满|过)了?(?=[6-9六七八九一][0-9十百零]{1,3}(?:周?岁|了|能|,|，|的时候))"
)
_TAIL = re.compile(
    r"(?<=..)(?:的话|的时候|以后|[,，]|呢|(?<![不半失可])能(?!自理)|会(?!议)|还|是不是|有没有|咋|怎么|又?多少|啥|吗|\?)"
)
_LATER = re.compile(
    rf"(?:那|要是|如果|等到?|到|我|俺|他|她|再|,|，)*(?:(?:过|有|等)?(?P<years>{NUMBER}|[{ONES}两])年(?:以?后|之后)?|[明后]年|转过?年|过了?年)"
    r"(?:以?后|的话|呢|还?能|领|拿|给|涨|变|有|多少|钱|啥|什么|是|不是|就|会|咋|怎么|样|吗|的|[,，?？。])+"
)

_NOTHING: dict[str, Scalar] = {"hardship": "none", "honor": "none", "pension": "none", "disability_grade": 0}
"""What it is to have none of what a fact lists."""

_ENDED = re.compile(r"停|没了|取消|退了|不吃|不领|不是|没有|搬出|不住|不在")


def supposed(said: str, language: Language, as_of: date) -> dict[str, Any] | None:
    """The facts that the message supposes, as though they were so; None where it supposes nothing that is known here.

    Args:
        said: the message, as it is looked at.
        language: the words.
        as_of: the day on which it is said.
    """
    head = _SUPPOSES.search(said[:MOST_CHARACTERS])
    if head is None or head.start() > MOST_BEFORE or len(said) > MOST_CHARACTERS:
        return None
    rest = said[:head.start()] + said[head.end():]
    tail = _TAIL.search(rest)
    bare = (rest[:tail.start()] if tail else rest).rstrip("给领拿有发补是")
    facts = max((_supposed(text, language, as_of) for text in (bare, rest)), key=len)
    if facts:
        return facts
    named = dict(_named(bare, language))
    return named or dict(_raised(bare, language)) or None


def in_years(said: str, ages: tuple[int, int]) -> dict[str, Any] | None:
    """How old the person will be when the message asks for a later year (要是再过五年呢); None where it asks for none.

    Args:
        said: the message.
        ages: the completed years that she may have now, from – to.
    """
    later = _LATER.fullmatch(said)
    if later is None or ages[1] >= OLDEST:
        return None
    ahead = number(later["years"]) if later["years"] else 2 if "后年" in said else 1
    low, high = (min(age + ahead, OLDEST) for age in ages)
    return {"age": low} if low == high else {"age_range": [low, high]}


def supposes(said: str, language: Language) -> bool:
    """Whether the message supposes something of the matter, though not what exactly (要是有残疾证呢)."""
    head = _SUPPOSES.match(said[:MOST_CHARACTERS])
    return head is not None and any(True for _ in language.topics.nouns.find(said[head.end():MOST_CHARACTERS]))


def _supposed(text: str, language: Language, as_of: date) -> dict[str, Any]:
    """What the text states, and that of what it denies there is nothing."""
    found = understand(text, language, as_of)
    return {**{name: _NOTHING[name] for name in found.excluded if name in _NOTHING}, **found.facts}


def ended(said: str, language: Language) -> Iterator[tuple[str, Scalar]]:
    """What the message says to be over (低保没了)."""
    if _ENDED.search(said):
        yield from _values(said, language)


def _values(text: str, language: Language) -> Iterator[tuple[str, Scalar]]:
    """The facts that the words name, whatever is said of them."""
    for phrase in language.phrases.find(text):
        name, value = phrase.meaning
        if value is not None:
            yield name, value


def _named(text: str, language: Language) -> Iterator[tuple[str, Scalar]]:
    """What the words name, or its contrary where it is said to end (低保停了): a wish or an end states nothing by itself."""
    over = _ENDED.search(text)
    for name, value in _values(text, language):
        if not over:
            yield name, value
        elif isinstance(value, bool):
            yield name, not value
        elif name in _NOTHING:
            yield name, _NOTHING[name]


def _raised(text: str, language: Language) -> Iterator[tuple[str, Scalar]]:
    """What a noun alone raises, where it can be had or not (去养老院)."""
    for noun in language.topics.nouns.find(text):
        for name in language.topics.raised_by(noun, text):
            if set(language.vocabulary.facts[name].options) == {True, False}:
                yield name, _ENDED.search(text) is None


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
        ("supposed_lost", [r for i, r in now.items() if _given(r) and _out_of_reach(then.get(i))]),
        ("supposed_other", [r for i, r in then.items() if _given(r) and _differs(r, now.get(i))]),
        ("supposed_open", [r for i, r in then.items() if r.status == UNKNOWN and _settled(now.get(i))]),
        ("supposed_maybe", [r for i, r in then.items() if r.status == DISCRETIONARY and not _possible(now.get(i))]),
    ):
        if results:
            names = "、".join(_name_of(result, after) for result in results)
            lines.append(say(key, names=names))
    if len(lines) == 1:
        return say("supposed_nothing", facts=facts_text(facts, vocabulary))
    none, sums_now, sums_then = say("supposed_no_money"), certain(before), certain(after)
    if sums_now != sums_then:
        lines.append(say("supposed_money", before=sums_now or none, after=sums_then or none))
    lines.append(say("supposed_only"))
    return "\n".join(lines)


def _settled(result: Result | None) -> bool:
    return _given(result) or _out_of_reach(result)


def _out_of_reach(result: Result | None) -> bool:
    return result is None or result.status == INELIGIBLE


def _given(result: Result | None) -> bool:
    return result is not None and result.status == ELIGIBLE


def _differs(result: Result, before: Result | None) -> bool:
    return before is not None and _given(before) and result.amount != before.amount


def _possible(result: Result | None) -> bool:
    return result is not None and result.status in (ELIGIBLE, DISCRETIONARY)


def _name_of(result: Result, after: Assessment) -> str:
    name = named(after, result)
    if result.status == UNKNOWN:
        return say("supposed_on", name=name, facts=titles(after, result.missing))
    amount = amount_text(result.amount)
    return f"{name}（{amount}）" if amount else name
