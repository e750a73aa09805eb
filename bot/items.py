"""Items: one entitlement of a result in words, with why, the sentence that it rests on, and the nearest step to it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import date

from bot.wording import STATUS, amount_text, day_text, say, yuan
from eligibility.assessment import UNKNOWN, Assessment, Result
from eligibility.change import Coming, Step, coming, may_be_granted, nearest
from eligibility.rules import DISCRETIONARY, INELIGIBLE
from knowledge.passages import passage_at

MOST_VALUES = 4
"""So many values that would do are named; who has another one asks anyway."""


def item(assessment: Assessment, result: Result, who: str, elsewhere: Collection[str] = ()) -> str:
    """One entitlement with what it gives, why, the sentence that it rests on, what to mind, and whom to ask.

    Args:
        assessment: what it belongs to.
        result: the entitlement.
        who: how the person is addressed.
        elsewhere: caveats that are said in another place.
    """
    paid = amount(assessment, result)
    lines = [say("item_head", name=named(assessment, result), status=STATUS[result.status], amount=f"，{paid}" if paid else "")]
    if result.status == UNKNOWN:
        lines += step(assessment, result, who) or [say("item_open", facts=titles(assessment, result.missing))]
    elif met := [reason["condition"] for reason in result.reasons if reason["met"]]:
        lines.append(say("item_why", reasons="；".join(met)))
    lines.append(say("sentence", quote=quote(result), source=source(result)))
    if caveats := [caveat for caveat in result.caveats if caveat not in elsewhere]:
        lines.append(say("item_caveats", caveats="".join(caveats)))
    lines.append(say("item_office", departments="、".join(departments(result)[:1]) or say("community")))
    return "\n   ".join(lines)


def step(assessment: Assessment, result: Result, who: str) -> list[str]:
    """The nearest change that would make the person eligible, in a line; none where there is none."""
    later = coming(assessment, result.rule) if result.status == INELIGIBLE else None
    if later:
        return [_later(assessment, result, who, later)]
    nearest_step = nearest(assessment, result.rule)
    if nearest_step and not all(nearest_step.facts.values()):
        return [say("item_open", facts=titles(assessment, nearest_step.facts))]
    if nearest_step is None:
        if result.status == INELIGIBLE:
            return [say("explained_maybe" if may_be_granted(assessment, result.rule) else "explained_never")]
        return []
    paid = amount_text(nearest_step.amount)
    return [say(
        "explained_step", changes=_changes(assessment, nearest_step), name=result.rule.name, amount=f"，{paid}" if paid else "",
    )]


def _later(assessment: Assessment, result: Result, who: str, later: Coming) -> str:
    told = come_of_age("upcoming_item", who, result.rule.name, later.age, later.day, amount_text(later.amount))
    if later.status == DISCRETIONARY:
        return told + say("upcoming_discretionary")
    return told + (say("upcoming_open", facts=titles(assessment, later.missing)) if later.missing else "")


def _changes(assessment: Assessment, nearest_step: Step) -> str:
    facts = assessment.book.vocabulary.facts
    described = [
        say("of_age", age=values[0]) if facts[name].reach == "grows" else facts[name].describe(values[:MOST_VALUES])
        for name, values in nearest_step.facts.items()
    ]
    return "，并且".join(described) + (f"（{day_text(nearest_step.day.isoformat())}）" if nearest_step.day else "")


def come_of_age(key: str, who: str, name: str, age: int, day: date | str | None, paid: str) -> str:
    """等您满90周岁（2027年3月5日）：高龄津贴，每月200元."""
    on = f"（{day_text(str(day))}）" if day else ""
    return say(key, who=who, age=age, date=on, name=name, amount=f"，{paid}" if paid else "")


def named(assessment: Assessment, result: Result) -> str:
    """The entitlement's name, with its city where two are listed."""
    city = f"（{result.rule.city.name}）" if len(assessment.cities) > 1 else ""
    return f"{result.rule.name}{city}"


def amount(assessment: Assessment, result: Result) -> str:
    """The amount in words, or what it depends on; empty where there is none."""
    if result.amount is None and result.missing and result.status != UNKNOWN:
        return say("money_open", facts=titles(assessment, result.missing))
    return amount_text(result.amount, assessment.person.dibao_standard)


def titles(assessment: Assessment, names: Iterable[str]) -> str:
    """What the facts are called."""
    return "、".join(assessment.book.vocabulary.facts[name].title for name in names)


def unmet(result: Result) -> str:
    """The conditions that are not met."""
    return "，".join(reason["condition"] for reason in result.reasons if reason["met"] is False)


def quote(result: Result) -> str:
    """The sentence that the result rests on, with the one that names its sum where that is another."""
    entry, paid = result.rule.entry, result.amount or {}
    sums = [yuan(value) for value in (paid.get("value"), *(part["value"] for part in paid.get("parts", ()))) if value]
    named = [line for line in entry.also if any(re.search(rf"(?<![0-9]){one}(?![0-9])", line) for one in sums)]
    if entry.quote.endswith(("：", ":")) and not named:
        named = list(entry.also)
    whole = entry.quote if any(one in entry.quote for one in sums) else "".join([entry.quote, *named])
    return whole.replace(" ", "")


def source(result: Result) -> str:
    """Where the rule stands, short: （鞍民发〔2020〕3号，三（三）1）."""
    return say("source", number=result.rule.document.number, section=result.rule.entry.section)


def departments(result: Result) -> tuple[str, ...]:
    """The city's departments that the document names for the benefit."""
    passage = passage_at(result.rule.document.id, result.rule.entry.section)
    names = passage.piece.departments if passage else ()
    return tuple(name for name in names if name.startswith("市"))


def caveats_in_common(results: Iterable[Result]) -> Iterator[str]:
    """What is to be minded of more than one of the results, once each."""
    seen: dict[str, int] = {}
    for result in results:
        for caveat in result.caveats:
            seen[caveat] = seen.get(caveat, 0) + 1
    yield from (caveat for caveat, count in seen.items() if count > 1)
