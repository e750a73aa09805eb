"""The readout: a result short enough to be read to somebody on the telephone."""

from __future__ import annotations

from bot.items import amount, named
from bot.report import certain, listed, possible
from bot.wording import facts_text, say
from eligibility.assessment import Assessment
from eligibility.rules import DISCRETIONARY, ELIGIBLE

MOST_NAMED = 4
"""So many services are named; who listens keeps no more."""


def readout(assessment: Assessment) -> str:
    """The money, the nearest services, what is still open and whom to ask: half a minute, read aloud."""
    results = listed(assessment)
    given = [result for result in results if result.status == ELIGIBLE]
    money = [result for result in given if result.rule.kind == "cash" and result.amount]
    others = [named(assessment, result) for result in given if result not in money]
    facts = facts_text(assessment.person.given, assessment.book.vocabulary)
    lines = [say("readout_facts", facts=facts)]
    if sums := certain(assessment):
        names = "，".join(f"{named(assessment, result)}{amount(assessment, result)}" for result in money)
        lines.append(say("readout_money", sums=sums, names=names))
    else:
        lines.append(say("readout_no_money"))
    if others:
        more = say("readout_more", count=len(others)) if len(others) > MOST_NAMED else ""
        lines.append(say("readout_services", names="、".join(others[:MOST_NAMED]), more=more))
    if open_range := possible(assessment):
        lines.append(open_range)
    if any(result.status == DISCRETIONARY for result in results):
        lines.append(say("readout_discretionary"))
    return "\n".join([*lines, say("readout_where")])
