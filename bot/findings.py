"""Findings: what is said of the result: how much so far, one item, why not, what if, several people side by side, a page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot import digression
from bot.circle import everybody
from bot.explanation import explained
from bot.items import item as item_text
from bot.replies import Reply
from bot.report import card, certain, in_all, listed, page, possible, where
from bot.state import Case
from bot.supposing import compared, in_years
from bot.turn import Turn
from bot.understanding.numerals import number
from bot.wording import say
from eligibility.assessment import Assessment, assess
from eligibility.person import FactError

_NUMERAL = re.compile("[0-9]+|[一二三四五六七八九十]+")


def go_where(turn: Turn) -> Reply | None:
    """Who to go to for what was found."""
    return turn.with_question(where(turn.assessment())) if turn.city() else None


def _everybody_assessed(turn: Turn) -> list[tuple[Case, Assessment]]:
    """All the people of this chat whose city is known, each with what the rules say; the reply may state it."""
    people = [case for case in everybody(turn.state.case, turn.state.others) if turn.casework.city(case)]
    found = [(case, turn.casework.assessment(case)) for case in people]
    turn.grounds += [assessment for _, assessment in found]
    return found


def send_on(turn: Turn) -> Reply:
    """The results of everybody here as a page to send on."""
    pages = [page(assessment, case.about) for case, assessment in _everybody_assessed(turn)]
    return turn.aside("\n\n".join(pages)) if pages else turn.with_question(say("page_city"))


def draw(turn: Turn) -> Reply:
    """The result as something to show: a picture in large type, where the channel has pictures."""
    if not turn.city():
        return turn.with_question(say("page_city"))
    return turn.aside(card(turn.assessment(), turn.person.about)).model_copy(update={"picture": True})


def compare(turn: Turn) -> Reply | None:
    """What each of the people of this chat has, and what it comes to together."""
    people = _everybody_assessed(turn)
    if len(people) < 2:
        return how_far(turn) if people else turn.with_question(say("compare_one"))
    lines = [say("compare_head")]
    for case, one in people:
        lines.append(say("compare_item", who=case.who, sums=certain(one) or say("money_none_yet"), range=possible(one)))
    together = in_all([one for _, one in people])
    return turn.with_question("\n".join([*lines, *([together] if together else [])]))


def item(turn: Turn, numbers: str) -> Reply:
    """Items of the result by their numbers."""
    found = turn.assessment()
    results, told = listed(found), []
    for place in map(number, _NUMERAL.findall(numbers)):
        known = 1 <= place <= len(results)
        told.append(item_text(found, results[place - 1], turn.state.case.who) if known else say("no_item", number=place))
    return turn.say("\n".join(told))


def unwritten(turn: Turn, particulars: str) -> Reply:
    """After the result: what policy texts do not say, and who knows."""
    return turn.say("\n".join([say("unwritten", particulars=particulars), where(turn.assessment())]))


def how_far(turn: Turn) -> Reply:
    """What is certain so far."""
    found = turn.assessment()
    return turn.with_question(digression.so_far(turn, certain(found), possible(found)))


def why_not(turn: Turn, said: str) -> Reply | None:
    """Why the person has, or has not, what the message names; None where it names something else than an entitlement."""
    rules = {rule.id for rule in turn.enquirer.rules_about(said, str(turn.city()))}
    if not rules and digression.names_topic(turn, said):
        return None
    found = turn.assessment()
    return turn.with_question(explained(found, [r for r in found.results if r.rule.id in rules], turn.person.who))


def later(turn: Turn, said: str) -> dict[str, Any] | None:
    """How old the person will be in the year that the message asks for; None where it asks for none."""
    person = turn.casework.assessment(turn.person).person
    return in_years(said, person.ages)


def suppose(turn: Turn, facts: Mapping[str, Any]) -> Reply:
    """What would be otherwise, if the facts were so; nothing is changed."""
    before = turn.assessment()
    try:
        joined = turn.casework.joined(turn.person.facts, facts)
        after = assess(joined, turn.casework.book, turn.casework.today)
    except FactError as error:
        return turn.with_question(say("supposed_contradiction", message=error.message))
    turn.grounds.append(after)
    return turn.with_question(compared(before, after, facts))
