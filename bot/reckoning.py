"""Reckoning within an answer: a question that tells of the person is answered by the rules, not only by the text."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from bot.items import come_of_age, quote, source, titles, unmet
from bot.wording import amount_text, facts_text, say
from eligibility.assessment import UNKNOWN, Assessment, Result, assess
from eligibility.change import upcoming
from eligibility.person import FactError
from eligibility.rulebook import RuleBook
from eligibility.rules import DISCRETIONARY, ELIGIBLE, Rule

PLACES = ("hukou", "residence", "county", "area")
"""Facts that alone tell too little of anybody to reckon with."""


NOTHING = (False, "none")
"""What somebody has not, or is not: it need not be read back to her each time. (0, no certificate, equals False.)"""


def tells_of_somebody(facts: Collection[str]) -> bool:
    """Whether the facts are enough to reckon anything."""
    return not set(facts) <= set(PLACES)


def assessed(facts: Mapping[str, Any], city: str, book: RuleBook, as_of: date) -> Assessment | None:
    """What the rules say of a person; None where the facts tell too little of her, or contradict each other.

    Args:
        facts: what is known; without a place she is taken to be registered in ``city``, and the answer says so.
        city: the city that is asked about.
        book: the rules.
        as_of: the day.
    """
    if not tells_of_somebody(facts):
        return None
    supposed = {} if {"hukou", "residence"} & set(facts) else {"hukou": city}
    try:
        return assess({**supposed, **facts}, book, as_of)
    except FactError:
        return None


def reckoned(assessment: Assessment, rules: Sequence[Rule], who: str) -> list[str]:
    """What the rules give this person, a line each, and the sentence that decides; empty where they are another city's.

    Args:
        assessment: the person's.
        rules: the entitlements that the question is about.
        who: how the person is addressed.
    """
    wanted = {rule.id for rule in rules}
    results = [result for result in assessment.results if result.rule.id in wanted]
    shown = _first(results)
    told = [line for result in shown for line in _told(result, assessment, who)]
    if not told:
        return []
    sentence = say("sentence", quote=quote(shown[0]), source=source(shown[0]))
    given = assessment.person.given
    known = {name: value for name, value in given.items() if value not in NOTHING} or given
    return [say("reckoned", facts=facts_text(known, assessment.book.vocabulary)), *told, sentence]


def _first(results: Sequence[Result]) -> list[Result]:
    """What is owed, what others decide and what is open; where there is nothing of these, what is not owed."""
    some = [result for status in (ELIGIBLE, DISCRETIONARY, UNKNOWN) for result in results if result.status == status]
    return some or list(results)


def _told(result: Result, assessment: Assessment, who: str) -> Iterator[str]:
    name = result.rule.name
    yield from _now(result, name, assessment)
    yield from _coming(result, assessment, who)


def _now(result: Result, name: str, assessment: Assessment) -> Iterator[str]:
    match result.status:
        case "eligible" if result.amount is None and result.missing:
            yield say("reckoned_amount_open", name=name, facts=titles(assessment, result.missing))
        case "eligible":
            amount = amount_text(result.amount, assessment.person.dibao_standard)
            yield say("reckoned_owed", name=name, amount=f"，{amount}" if amount else "")
        case "discretionary":
            yield say("reckoned_discretionary", name=name)
        case "unknown":
            yield say("reckoned_open", name=name, facts=titles(assessment, result.missing))
        case _:
            yield say("reckoned_not", name=name, unmet=unmet(result))


def _coming(result: Result, assessment: Assessment, who: str) -> Iterator[str]:
    """From which age on it is owed, or another sum is."""
    for change in upcoming(assessment):
        if change["id"] == result.rule.id and change["status"] == ELIGIBLE:
            paid = amount_text(change["amount"])
            told = come_of_age("upcoming_item", who, result.rule.name, change["at_age"], change["date"], paid)
            yield f"    {told}"
