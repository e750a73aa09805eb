"""The result as a person reads it: one screen, money first, then services, discounts, what others decide, what is open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from bot.wording import STATUS, amount_text, day_text, facts_text, say, yuan
from eligibility.assessment import UNKNOWN, Assessment, Result, assess
from eligibility.change import upcoming
from eligibility.rules import DISCRETIONARY, ELIGIBLE, INELIGIBLE
from knowledge.passages import passage_at


def report(assessment: Assessment, who: str) -> str:
    """The whole result in words.

    Args:
        assessment: what was computed.
        who: how the person is addressed ("您", "您母亲").
    """
    got = [result for result in assessment.results if result.status == ELIGIBLE]
    left = [result for result in assessment.results if result.status == DISCRETIONARY]
    open_ = [result for result in assessment.results if result.status == UNKNOWN]
    if not got and not left and not open_:
        return "\n".join([say("nothing", who=who), *_coming(assessment, who)])
    lines = [say("result_head", who=who)]
    lines += _money(assessment, [result for result in got if result.rule.kind == "cash"])
    lines += _section(assessment, "services", [r for r in got if r.rule.kind not in ("cash", "discount")])
    lines += _section(assessment, "discounts", [result for result in got if result.rule.kind == "discount"])
    lines += _section(assessment, "discretionary", left)
    lines += _open(assessment, open_)
    lines += _coming(assessment, who)
    lines += _closing(assessment, [*got, *left, *open_])
    return "\n".join(lines)


def certain(assessment: Assessment) -> str:
    """The money that is certain already: 每月200元，每年1200元; empty where there is none yet."""
    total = assessment.cash_total
    return "，".join(say(f"money_{per}", value=yuan(total[per])) for per in ("month", "year") if total[per])


def possible(assessment: Assessment) -> str:
    """The least and the most that the money can come to, where that is open; empty where it is not."""
    ranges = [
        say(f"range_{per}", low=yuan(low), high=yuan(high))
        for per, (low, high) in _at_home(assessment).cash_range.items() if low != high
    ]
    return say("range", ranges="；".join(ranges)) if ranges else ""


def summary(assessment: Assessment, who: str | None = None) -> str:
    """The facts that were taken, and the result: for somebody with a caller on the line."""
    if not assessment.cities:
        return say("no_city", cities="、".join(assessment.book.vocabulary.cities.values()))
    facts = facts_text(assessment.person.given, assessment.book.vocabulary)
    return f"{say('noted', facts=facts)}\n{report(assessment, who or say('who_elder'))}"


def why(assessment: Assessment) -> str:
    """What the answers rest on: of money the conditions and the sentence of the document, of the rest where it stands."""
    given = [result for result in assessment.results if result.status in (ELIGIBLE, DISCRETIONARY)]
    money = [result for result in given if result.rule.kind == "cash" or result.amount]
    lines = [say("why_head"), *(line for result in money for line in _why(result))]
    others = [f"{result.rule.name}{source(result)}" for result in given if result not in money]
    if others:
        lines.append(say("why_others", names="、".join(others)))
    return "\n".join(lines)


def _why(result: Result) -> Iterator[str]:
    reasons = "，".join(reason["condition"] for reason in result.reasons if reason["met"])
    quote = result.rule.entry.quote.replace(" ", "")
    yield say("why_item", name=result.rule.name, status=STATUS[result.status], reasons=reasons, quote=quote,
              source=source(result))
    if result.caveats:
        yield say("why_caveats", caveats="".join(result.caveats))


def where(assessment: Assessment) -> str:
    """Who to go to for what was computed."""
    results = [result for result in assessment.results if result.status in (ELIGIBLE, DISCRETIONARY, UNKNOWN)]
    return say("where", departments=_offices(results))


def source(result: Result) -> str:
    """Where the rule stands, short: （鞍民发〔2020〕3号，三（三）1）."""
    return say("source", number=result.rule.document.number, section=result.rule.entry.section)


def departments(result: Result) -> tuple[str, ...]:
    """The city's departments that the document names for the benefit."""
    passage = passage_at(result.rule.document.id, result.rule.entry.section)
    named = passage.piece.departments if passage else ()
    return tuple(name for name in named if name.startswith("市"))


def _money(assessment: Assessment, results: list[Result]) -> Iterator[str]:
    sums = certain(assessment)
    two = say("money_two") if sums and len(assessment.cities) > 1 else ""
    yield say("money") + (sums or say("money_none")) + two
    for result in results:
        yield f"  · {result.rule.name}：{_amount(assessment, result) or say('money_unrated')}{source(result)}"
    if ranges := possible(assessment):
        yield f"  {ranges}"


def _amount(assessment: Assessment, result: Result) -> str:
    """The amount in words, or what it depends on; empty where there is none."""
    if result.amount is None and result.missing:
        return say("money_open", facts=_titles(assessment, result.missing))
    return amount_text(result.amount, assessment.person.dibao_standard)


def _titles(assessment: Assessment, names: Iterable[str]) -> str:
    return "、".join(assessment.book.vocabulary.facts[name].title for name in names)


def _at_home(assessment: Assessment) -> Assessment:
    """The same person living where she is registered, or the other way round, where one of the two was not said.

    What another city might pay to somebody who may live there is no help to anybody.
    """
    given = assessment.person.given
    city = given.get("hukou") or given.get("residence")
    return assess({"hukou": city, "residence": city, **given}, assessment.book, assessment.person.as_of)


def _section(assessment: Assessment, key: str, results: list[Result]) -> Iterator[str]:
    if results:
        yield say(key)
        for result in results:
            amount = _amount(assessment, result)
            yield f"  · {result.rule.name}{'：' + amount if amount else ''}{source(result)}"


def _open(assessment: Assessment, results: list[Result]) -> Iterator[str]:
    """What is open, gathered by what it depends on."""
    if results:
        yield say("unknown")
        together: dict[tuple[str, ...], list[str]] = {}
        for result in results:
            together.setdefault(result.missing, []).append(result.rule.name)
        for missing, names in together.items():
            yield "  · " + say("unknown_item", facts=_titles(assessment, missing), names="、".join(names))


def _coming(assessment: Assessment, who: str) -> Iterator[str]:
    now = {result.rule.id: result for result in assessment.results}
    coming = sorted(upcoming(assessment), key=lambda change: change["at_age"])
    shown = [
        change for change in coming
        if change["status"] == ELIGIBLE or (change["status"] == INELIGIBLE and now[change["id"]].status == ELIGIBLE)
    ]
    if shown:
        yield say("upcoming")
    for change in shown:
        day = f"（{day_text(change['date'])}）" if change["date"] else ""
        key = "upcoming_item" if change["status"] == ELIGIBLE else "upcoming_stops"
        amount = amount_text(change["amount"])
        yield "  · " + say(
            key, who=who, age=change["at_age"], date=day, name=now[change["id"]].rule.name,
            amount=f"，{amount}" if amount else "",
        )


def _offices(results: list[Result]) -> str:
    """The departments that lead, the one with most of the benefits first."""
    counted = Counter(name for result in results for name in departments(result)[:1])
    return "、".join(name for name, _ in counted.most_common()) or "社区"


def _closing(assessment: Assessment, results: list[Result]) -> Iterator[str]:
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
    yield say("more")
