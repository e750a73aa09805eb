"""The result as a person reads it: one screen, money first; and a page to send on, with all that is behind it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from bot.items import amount, caveats_in_common, come_of_age, departments, item, named, source, titles
from bot.wording import amount_text, day_text, facts_text, say, yuan
from eligibility.assessment import UNKNOWN, Assessment, Result
from eligibility.change import nearest, upcoming
from eligibility.rules import DISCRETIONARY, ELIGIBLE, INELIGIBLE

CASH, DISCOUNT = "cash", "discount"

MOST_OPEN = 6
"""So many things that are still open are listed; the others are counted."""

SHORT_CONDITION = 20
"""A condition of so many characters is still read at a glance."""

SECTIONS = ("money", "services", "discounts", "discretionary", "unknown")

_NUMBER = re.compile(r"(?<![0-9.])[0-9]{1,2}\. ")


def listed(assessment: Assessment) -> list[Result]:
    """What the result lists, in its order: money, services, discounts, what others decide, what is open."""
    results = [result for result in assessment.results if result.status != INELIGIBLE]
    return [result for section in SECTIONS for result in results if _section_of(result) == section]


def report(assessment: Assessment, who: str, in_chat: bool = True) -> str:
    """The whole result in a screen of words, its items numbered as they are :func:`listed`.

    Args:
        assessment: what was computed.
        who: how the person is addressed ("您", "您母亲").
        in_chat: whoever reads it can go on answering.
    """
    results = listed(assessment)
    if not results:
        return "\n".join([say("nothing", who=who), *coming_lines(assessment, who)])
    numbers = {result.rule.id: number for number, result in enumerate(results, 1)}
    lines = [say("result_head", who=who), _money_head(assessment)]
    for result in results:
        if _section_of(result) == "money":
            paid = amount(assessment, result) or say("money_unrated")
            lines.append(f"  {_numbered(assessment, result, numbers)}：{paid}{source(result)}")
    if ranges := possible(assessment):
        lines.append(f"  {ranges}")
    for section in ("services", "discounts", "discretionary"):
        shown = [_with_amount(assessment, result, numbers) for result in results if _section_of(result) == section]
        if shown:
            lines.append(f"{say(section)}{'；'.join(shown)}")
    lines += _open(assessment, [result for result in results if result.status == UNKNOWN], numbers, in_chat)
    return "\n".join([*lines, *coming_lines(assessment, who), *closing_lines(assessment, results)])


def card(assessment: Assessment, about: str | None = None) -> str:
    """The result in a screen of words as somebody reads it who was not in the chat."""
    who = _outside(about)
    head = say("page_head", who=who, day=day_text(assessment.person.as_of.isoformat()))
    facts = say("page_facts", facts=facts_text(assessment.person.given, assessment.book.vocabulary))
    body = _NUMBER.sub("", report(assessment, who, in_chat=False))  # nobody asks a card for its third item
    return "\n".join([head, facts, *body.splitlines()[1:], say("page_foot")])


def _outside(about: str | None) -> str:
    """How the person is called outside the chat: 您母亲 is 母亲."""
    return (about or "").removeprefix(say("who_self")) or say("who_elder")


def page(assessment: Assessment, about: str | None = None) -> str:
    """The result as a text to send on: what it was computed from, each item with why and where it stands, whom to ask.

    Args:
        assessment: what was computed.
        about: how the person is called in the chat ("您母亲"); whoever reads the page reads 母亲.
    """
    person, results = assessment.person, listed(assessment)
    who = _outside(about)
    common = list(caveats_in_common(results))
    numbers = {result.rule.id: number for number, result in enumerate(results, 1)}
    lines = [
        say("page_head", who=who, day=day_text(person.as_of.isoformat())),
        say("page_facts", facts=facts_text(person.given, assessment.book.vocabulary)),
        _money_head(assessment) if results else say("nothing", who=who),
    ]
    for section in SECTIONS[:-1]:
        shown = [result for result in results if _section_of(result) == section]
        if shown and section != "money":
            lines.append(say(section))
        lines += [f"{numbers[result.rule.id]}. {item(assessment, result, who, common)}" for result in shown]
    lines += _open(assessment, [result for result in results if result.status == UNKNOWN], numbers)
    lines += coming_lines(assessment, who)
    if common:
        lines += [say("page_common"), *(f"  · {caveat}" for caveat in common)]
    return "\n".join([*lines, *closing_lines(assessment, results), say("page_foot")])


def certain(assessment: Assessment) -> str:
    """The money that is certain already: 每月200元，每年至少1200元; empty where there is none yet."""
    return "，".join(_sum(per, total, low) for per, (total, low) in _sums(assessment).items() if low)


def in_all(assessments: Sequence[Assessment]) -> str:
    """What is certain for several people together; empty where it is nothing."""
    sums = [_sums(assessment) for assessment in assessments]
    added = {per: [sum(one[per][i] for one in sums) for i in (0, 1)] for per in ("month", "year")}
    told = "，".join(_sum(per, total, low) for per, (total, low) in added.items() if low)
    return say("compare_sum", sums=told) if told else ""


def _sums(assessment: Assessment) -> dict[str, tuple[float, float]]:
    """By period the sum of what is known, and the least that it can come to."""
    if not assessment.cities:
        return dict.fromkeys(("month", "year"), (0.0, 0.0))
    least = assessment.at_home.cash_range
    return {per: (total, max(total, least[per][0])) for per, total in assessment.cash_total.items()}


def _sum(per: str, total: float, low: float) -> str:
    return say(f"money_{per}" if low == total else f"money_{per}_least", value=yuan(low))


def possible(assessment: Assessment) -> str:
    """The least and the most that the money can come to, where that is open; empty where it is not."""
    ranges = [
        say(f"range_{per}", low=yuan(low), high=yuan(high))
        for per, (low, high) in assessment.at_home.cash_range.items() if low != high
    ]
    return say("range", ranges="；".join(ranges)) if ranges else ""


def summary(assessment: Assessment, who: str | None = None) -> str:
    """The facts that were taken, and the result: for somebody with a caller on the line."""
    if not assessment.cities:
        return say("no_city", cities="、".join(assessment.book.vocabulary.cities.values()))
    facts = facts_text(assessment.person.given, assessment.book.vocabulary)
    return f"{say('noted', facts=facts)}\n{report(assessment, who or say('who_elder'))}"


def reasons(assessment: Assessment, who: str) -> str:
    """What the answers rest on: of money the whole item, of the rest where it stands."""
    given = [result for result in assessment.results if result.status in (ELIGIBLE, DISCRETIONARY)]
    money = [result for result in given if result.rule.kind == CASH or result.amount]
    others = [f"{named(assessment, result)}{source(result)}" for result in given if result not in money]
    lines = [say("why_head"), *(item(assessment, result, who) for result in money)]
    return "\n".join([*lines, *([say("why_others", names="、".join(others))] if others else [])])


def where(assessment: Assessment) -> str:
    """Who to go to for what was computed."""
    return say("where", departments=_offices(listed(assessment)))


def _section_of(result: Result) -> str:
    if result.status != ELIGIBLE:
        return "discretionary" if result.status == DISCRETIONARY else "unknown"
    return {CASH: "money", DISCOUNT: "discounts"}.get(result.rule.kind, "services")


def _money_head(assessment: Assessment) -> str:
    sums = certain(assessment)
    two = say("money_two") if sums and len(assessment.cities) > 1 else ""
    return say("money") + (sums or say("money_none")) + two


def _numbered(assessment: Assessment, result: Result, numbers: Mapping[str, int]) -> str:
    return say("item_named", number=numbers[result.rule.id], name=named(assessment, result))


def _with_amount(assessment: Assessment, result: Result, numbers: Mapping[str, int]) -> str:
    paid = amount(assessment, result)
    return _numbered(assessment, result, numbers) + (f"（{paid}）" if paid else "")


def _open(assessment: Assessment, results: list[Result], numbers: Mapping[str, int], in_chat: bool = False) -> Iterator[str]:
    """What is open, gathered by what it depends on, money first: 如果…，就能有."""
    if results:
        yield say("unknown" if in_chat else "unknown_outside")
    together: dict[str, list[str]] = {}
    for result in sorted(results, key=lambda result: result.rule.kind != CASH):
        together.setdefault(_depends(assessment, result), []).append(_numbered(assessment, result, numbers))
    for on, names in list(together.items())[:MOST_OPEN]:
        yield f"  · {on}{'；'.join(names)}"
    if left := sum(len(names) for names in list(together.values())[MOST_OPEN:]):
        yield "  · " + say("unknown_more" if in_chat else "unknown_more_outside", count=left)


def _depends(assessment: Assessment, result: Result) -> str:
    """What an open result depends on: its conditions, or what they are about where they are long."""
    conditions = "，".join(reason["condition"] for reason in result.reasons if reason["met"] is None)
    if nearest(assessment, result.rule) is None:
        return say("unknown_maybe", facts=titles(assessment, result.missing))
    if conditions and len(conditions) <= SHORT_CONDITION:
        return say("unknown_if", conditions=conditions)
    return say("unknown_on", facts=titles(assessment, result.missing))


def coming_lines(assessment: Assessment, who: str) -> Iterator[str]:
    """What comes, or ends, with age, under its heading; nothing where nothing does."""
    now = {result.rule.id: result for result in assessment.results}
    coming = sorted(upcoming(assessment), key=lambda change: change["at_age"])
    shown = [
        change for change in coming
        if change["status"] == ELIGIBLE or (change["status"] == INELIGIBLE and now[change["id"]].status == ELIGIBLE)
    ]
    if shown:
        yield say("upcoming")
    for change in shown:
        key = "upcoming_item" if change["status"] == ELIGIBLE else "upcoming_stops"
        name, paid = named(assessment, now[change["id"]]), amount_text(change["amount"])
        yield f"  · {come_of_age(key, who, name, change['at_age'], change['date'], paid)}"


def _offices(results: list[Result]) -> str:
    """The departments that lead, the one with most of the benefits first."""
    counted = Counter(name for result in results for name in departments(result)[:1])
    return "、".join(name for name, _ in counted.most_common()) or say("community")


def closing_lines(assessment: Assessment, results: list[Result]) -> Iterator[str]:
    """Whom to ask, and what is old or a draft of what the results rest on."""
    yield say("offices", departments=_offices(results))
    documents = {result.rule.document for result in results}
    stale = sorted({d.valid_on.year for d in documents if d.valid_on and d.stale(assessment.person.as_of)})
    if stale:
        yield say("stale", years="、".join(map(str, stale)))
    drafts = dict.fromkeys(result.rule.city.name for result in results if result.rule.document.status == "draft")
    if drafts:
        yield say("draft_note", cities="、".join(drafts))
    if len(assessment.cities) > 1:
        yield say("two_cities")
