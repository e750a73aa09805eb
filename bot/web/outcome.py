"""The outcome: what a case page and a sheet show of an assessment, ready for a template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.items import amount, departments, named, quote, source, step
from bot.readout import readout
from bot.report import certain, closing_lines, coming_lines, listed, possible
from bot.wording import STATUS, day_text, facts_text, say
from eligibility.assessment import UNKNOWN, Assessment, Result
from eligibility.planning import next_facts, next_question
from eligibility.rules import DISCRETIONARY, ELIGIBLE, INELIGIBLE

SECTIONS = ("money", "services", "discounts", "discretionary", "unknown", "not")


@dataclass(frozen=True, slots=True)
class Item:
    """An entitlement: what it is called, whether and how much, why and why not, the sentence behind it, whom to ask."""

    id: str
    name: str
    status: str
    told: str
    amount: str
    met: tuple[str, ...]
    unmet: tuple[str, ...]
    open: tuple[str, ...]
    quote: str
    source: str
    caveats: tuple[str, ...]
    offices: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asking:
    """The next best question to ask: its words, and what can be answered, each with the fields that it fills."""

    text: str
    help: str
    facts: tuple[str, ...]
    choices: tuple[tuple[str, dict[str, Any]], ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that is shown."""

    facts: str
    sums: str
    range: str
    sections: tuple[tuple[str, tuple[Item, ...]], ...]
    asking: Asking | None
    wanted: tuple[str, ...]
    readout: str
    coming: tuple[str, ...]
    notes: tuple[str, ...]
    day: str


def outcome(assessment: Assessment, who: str) -> Outcome:
    """What is shown of an assessment.

    Args:
        assessment: what was computed.
        who: how the person is called.
    """
    items = {section: list[Item]() for section in SECTIONS}
    for result in assessment.results:
        items[_section(result)].append(_item(assessment, result, who))
    return Outcome(
        facts=facts_text(assessment.person.given, assessment.book.vocabulary), sums=certain(assessment),
        range=possible(assessment), sections=tuple((name, tuple(found)) for name, found in items.items() if found),
        asking=_asking(assessment, who), wanted=tuple(next_facts(assessment)), readout=readout(assessment),
        coming=tuple(line.removeprefix("  · ") for line in list(coming_lines(assessment, who))[1:]),
        notes=tuple(closing_lines(assessment, listed(assessment))), day=day_text(assessment.person.as_of.isoformat()),
    )


def _section(result: Result) -> str:
    match result.status:
        case "eligible" if result.rule.kind == "cash":
            return "money"
        case "eligible":
            return "discounts" if result.rule.kind == "discount" else "services"
        case "discretionary" | "unknown" as status:
            return status
        case _:
            return "not"


def _item(assessment: Assessment, result: Result, who: str) -> Item:
    def conditions(met: bool | None) -> tuple[str, ...]:
        return tuple(str(reason["condition"]) for reason in result.reasons if reason["met"] is met)

    steps = step(assessment, result, who) if result.status in (UNKNOWN, INELIGIBLE) else []
    unrated = result.status in (ELIGIBLE, DISCRETIONARY) and result.rule.kind == "cash"
    return Item(
        id=result.rule.id, name=named(assessment, result), status=result.status, told=STATUS[result.status],
        amount=amount(assessment, result) or (say("money_unrated") if unrated else ""), met=conditions(True),
        unmet=conditions(False), open=conditions(None), quote=quote(result), source=source(result),
        caveats=tuple(result.caveats), offices="、".join(departments(result)[:2]) or say("community"),
        steps=tuple(line.strip() for line in steps),
    )


def _asking(assessment: Assessment, who: str) -> Asking | None:
    question = next_question(assessment, (), ())
    if question is None:
        return None
    choices: list[tuple[str, dict[str, Any]]] = [(choice.label, dict(choice.facts)) for choice in question.choices]
    plain = tuple((label, facts) for label, facts in choices if not any(isinstance(one, tuple) for one in facts.values()))
    return Asking(question.text.format(who=who), question.help or "", tuple(question.facts), () if question.multiple else plain)


