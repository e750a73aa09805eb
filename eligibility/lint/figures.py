"""The numbers of the text: every amount and age of a rule stands in its quotes, and the other way round."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from eligibility.conditions import Is, walk
from eligibility.lint.quotations import Faults, quoted
from eligibility.rules import Rule, Tier
from knowledge.data import Place

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_TO = "[-—–－~～至到]+"
_INCLUDED = r"(?:[（(]含[）)])?"
_MONEY = re.compile(rf"((?:{_NUMBER.pattern}(?:[、和或]|{_TO}))*{_NUMBER.pattern})元")
_PERCENT = re.compile(rf"({_NUMBER.pattern})[%％]")
_AGE = re.compile(
    rf"(?:(?P<first>\d+){_INCLUDED}(?:周?岁{_INCLUDED})?{_TO})?(?P<age>\d+){_INCLUDED}周?岁{_INCLUDED}(?P<below>及?以下)?"
)
_DISCOUNTS = {
    "free": ("免费", re.compile("(?<!避)免(?!疫)")),
    "half": ("减半", re.compile("半(?!失能|自理)")),
}
_PERIODS = {
    "month": ("每月", re.compile(r"(?<!\d)月")),
    "year": ("每年", re.compile("[每按/一]年|年度")),  # 老年人, 年龄 and 2022年 are no periods
}
_PERIOD_OF = {"dibao_standard": "month"}
"""A percentage is paid in the period of what it is taken of."""

_FLOOR = "不低于"


def numbers(rule: Rule) -> Faults:
    """Every amount and every age that the rule writes stands in its quotes, or is declared as ours, and rightly so."""
    unfounded = [*_unfounded_amounts(rule), *_unfounded_ages(rule)]
    for number, place, message in unfounded:
        if number not in rule.entry.ours:
            yield rule.error(f"{message}在引文里找不到", place)
    for i, number in enumerate(rule.entry.ours):
        if all(number != other for other, _, _ in unfounded):
            yield rule.error(f"ours 里的 {number:.9g} 用不着：引文里有这个数，或者规则里没有", ["ours", i])


def unused_amounts(rule: Rule) -> Faults:
    """Every sum and every percentage that the quotes state is paid by some rate."""
    tiers = [tier.entry for tier in _tiers(rule)]
    for pattern, unit, used in (
        (_MONEY, "元", {tier.value for tier in tiers}),
        (_PERCENT, "%", {tier.percent for tier in tiers}),
    ):
        for number, place in _stated(rule, pattern).items():
            if number not in used and (rule.kind == "cash" or rule.amount):
                yield rule.error(f"引文里的 {number:.9g} {unit}，规则没有用到", place)


def unused_ages(rule: Rule) -> Faults:
    """At every age that the quotes state, some condition draws a line."""
    parts = (part for one in rule.conditions() for part in walk(one))
    tests = [part.values for part in parts if isinstance(part, Is) and part.fact == "age"]
    begins, ends = _ages_stated(rule)
    for age, place in (begins | ends).items():
        drawn = any(len({age - 1 in test, age in test, age + 1 in test}) == 2 for test in tests)
        if rule.audience == "person" and not drawn:
            yield rule.error(f"引文里的 {age} 岁，条件没有用到", place)


def rates_in_place(rule: Rule) -> Faults:
    """An amount stands in the text behind the ages that its tier is for, with no other amount between."""
    texts = [quote for _, quote in quoted(rule)]
    for tier in _tiers(rule):
        if tier.entry.value is None:
            continue
        said = [span for text in texts for amount, span in _amount_spans(text) if amount == tier.entry.value]
        written = [one for place, one in _ages_written(rule) if place[: len(tier.place)] == tuple(tier.place)]
        for band in written:
            low, dash, high = band.rstrip("+").partition("-")
            ages = {int(low), *({int(high)} if dash else ())}
            if said and not any(ages <= set(map(int, re.findall(r"\d+", span))) for span in said):
                yield rule.error(f"引文里 {tier.entry.value:.9g} 元前面写的不是 {band} 岁", (*tier.place, "value"))


def _amount_spans(text: str) -> Iterator[tuple[float, str]]:
    """Every amount with the words before it, back to the amount before."""
    start = 0
    for found in _MONEY.finditer(text):
        yield float(_NUMBER.findall(found[1])[-1]), text[start : found.start()]
        start = found.end()


def discounts(rule: Rule) -> Faults:
    """The quotes speak of every discount that is given, and of no other."""
    given = {tier.entry.discount: tier.place for tier in _tiers(rule) if tier.entry.discount}
    for discount, (name, pattern) in _DISCOUNTS.items():
        stated = pattern.search(_text(rule))
        if discount in given and not stated:
            yield rule.error(f"引文里没有写“{name}”", [*given[discount], "discount"])
        if given and discount not in given and stated:
            yield rule.error(f"引文写了“{stated[0]}”，没有哪一档是 discount: {discount}", ["amount"])


def periods(rule: Rule) -> Faults:
    """The quotes name the period of an amount; a percentage has the period of its standard."""
    if rule.amount and rule.per:
        name, pattern = _PERIODS[rule.per]
        standard = rule.amount.entry.of
        if standard and rule.per != _PERIOD_OF[standard]:
            yield rule.error(f"低保标准按月算，per 不能是 {rule.per}", ["amount", "per"])
        if not standard and not pattern.search(_text(rule)):
            yield rule.error(f"per 是 {rule.per}，引文里没有写“{name}”", ["amount", "per"])


def floors(rule: Rule) -> Faults:
    """``minimum`` where the quotes say 不低于, and only there."""
    if rule.amount:
        stated, minimum = _FLOOR in _text(rule), rule.amount.entry.minimum
        if stated and not minimum:
            yield rule.error(f"引文写的是“{_FLOOR}”，要写 minimum: true", ["amount"])
        if minimum and not stated:
            yield rule.error(f"引文里没有“{_FLOOR}”，不能写 minimum: true", ["amount", "minimum"])


def ids(rule: Rule) -> Faults:
    """An id begins with its city."""
    if not rule.id.startswith(f"{rule.city.id}."):
        yield rule.error(f"编号要以“{rule.city.id}.”开头", ["id"])


FIGURE_CHECKS: tuple[Callable[[Rule], Faults], ...] = (
    numbers, unused_amounts, unused_ages, rates_in_place, discounts, periods, floors, ids,
)


def _text(rule: Rule) -> str:
    return "\n".join(quote for _, quote in quoted(rule))


def _stated(rule: Rule, pattern: re.Pattern[str]) -> dict[float, Place]:
    """The numbers that stand in the quotes in the form of ``pattern``, and where each stands first."""
    found: dict[float, Place] = {}
    for place, quote in quoted(rule):
        for words in pattern.findall(quote):
            for number in _NUMBER.findall(words):
                found.setdefault(float(number), place)
    return found


def _ages_stated(rule: Rule) -> tuple[dict[int, Place], dict[int, Place]]:
    """The ages at which a group begins by the quotes, and those at which one ends, and where each stands first.

    A lone age begins one (90周岁及以上, 年满60周岁, and 不满70周岁 the next) unless it says 以下.
    """
    begins: dict[int, Place] = {}
    ends: dict[int, Place] = {}
    for place, quote in quoted(rule):
        for found in _AGE.finditer(quote):
            if found["first"]:
                begins.setdefault(int(found["first"]), place)
            (ends if found["first"] or found["below"] else begins).setdefault(int(found["age"]), place)
    return begins, ends


def _tiers(rule: Rule) -> Iterator[Tier]:
    for tiers in rule.amount.parts.values() if rule.amount else ():
        yield from tiers


Unfounded = Iterator[tuple[float, Place, str]]
"""A number that the quotes do not hold, where the rule writes it, and what it is."""


def _unfounded_amounts(rule: Rule) -> Unfounded:
    money, percents = _stated(rule, _MONEY), _stated(rule, _PERCENT)
    for tier in _tiers(rule):
        value, percent = tier.entry.value, tier.entry.percent
        if value is not None and value not in money:
            yield value, (*tier.place, "value"), f"金额 {value:.9g} 元"
        if percent is not None and percent not in percents:
            yield percent, (*tier.place, "percent"), f"比例 {percent:.9g}% "


def _unfounded_ages(rule: Rule) -> Unfounded:
    begins, ends = _ages_stated(rule)
    for place, written in _ages_written(rule):
        low, dash, high = written.rstrip("+").partition("-")
        if int(low) not in begins:
            yield int(low), place, f"从 {low} 岁起"
        # A band may end a year before the next one begins: 60-69 beside 70周岁以上.
        if dash and int(high) not in ends and int(high) + 1 not in begins:
            yield int(high), place, f"到 {high} 岁为止"


def _ages_written(rule: Rule) -> Iterator[tuple[Place, str]]:
    """The ages in the rule's own conditions, as written (90+, 80-89, 90); not those inside terms."""
    entry = rule.entry
    conditions: list[tuple[Place, object]] = [(("requires", i), one) for i, one in enumerate(entry.requires)]
    conditions += [(("discretionary", i, "when"), one.when) for i, one in enumerate(entry.discretionary)]
    conditions += [((*tier.place, "when"), tier.entry.when) for tier in _tiers(rule)]

    def walk_raw(place: Place, raw: object) -> Iterator[tuple[Place, str]]:
        if isinstance(raw, dict):
            for key, value in raw.items():
                below = (*place, key)
                if key == "age":
                    yield from ((below, str(one)) for one in (value if isinstance(value, list) else [value]))
                else:
                    yield from walk_raw(below, value)
        elif isinstance(raw, list):
            for i, part in enumerate(raw):
                yield from walk_raw((*place, i), part)

    for place, raw in conditions:
        yield from walk_raw(place, raw)
