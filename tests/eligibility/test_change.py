"""What would change an answer: that it does, that nothing smaller would, and what a birthday brings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility.assessment import assess
from eligibility.change import full_json, upcoming, why_not
from eligibility.conditions import All, Is, walk
from eligibility.person import FactError
from eligibility.rulebook import rule_book
from eligibility.rules import Rule
from tests.eligibility import oracle
from tests.eligibility.persons import (
    AGE_FACTS,
    CITIES,
    EDGES,
    GOES_WITH,
    TODAY,
    VALUES,
    Facts,
    complete_persons,
    opened,
    stated_ages,
)
from tests.eligibility.test_assessment import RULES, result_of, rules_and_persons

BOOK = rule_book()

Change = dict[str, Any]


def applied(facts: Facts, change: Change) -> Facts:
    """The person after the change; a null takes a fact back, and a new age replaces whatever told the old one."""
    kept = opened(facts, AGE_FACTS) if "age" in change else facts
    return {name: value for name, value in {**kept, **change}.items() if value is not None}


@st.composite
def near_misses(draw: st.DrawFn) -> tuple[str, Facts]:
    """The id of a rule, and somebody who misses it by few facts."""
    name, facts = draw(rules_and_persons(facts_open=3))
    stated = [fact for fact in oracle.mentioned(RULES[name].conditions()) if fact in facts]
    for fact in draw(st.lists(st.sampled_from(stated), min_size=1, max_size=2)):
        facts[fact] = draw(st.sampled_from(EDGES if fact == "age" else VALUES[fact]))
    for fact, (leading, allowed) in GOES_WITH.items():
        if facts.get(leading, allowed[0]) not in allowed:
            facts.pop(fact, None)
    if RULES[name].city.id not in (facts.get("hukou"), facts.get("residence")):
        facts["residence"] = RULES[name].city.id
    return name, facts


@st.composite
def people_growing_older(draw: st.DrawFn) -> Facts:
    """Somebody of one city whose age is known exactly or within a few years, and one thing perhaps not."""
    facts = draw(complete_persons(draw(st.sampled_from(CITIES))))
    open_fact = draw(st.sampled_from([name for name in VALUES if name not in ("age", "hukou", "residence")]))
    age = draw(st.sampled_from(EDGES[:-1]) | st.integers(40, 110))
    return {**opened(facts, ["age", open_fact]), **draw(stated_ages(age, rough=draw(st.booleans()), widest=8))}


def is_eligible(rule: Rule, facts: Facts) -> bool:
    return result_of(rule, assess(facts, BOOK, TODAY)).status == "eligible"


@cache
def landmarks(name: str) -> tuple[int, ...]:
    """The ages at which one of the conditions of the rule ``name`` begins or ends to hold."""
    rule = RULES[name]
    parts = [part for condition in rule.conditions() for part in walk(condition)]
    tests = [sorted(map(int, part.values)) for part in parts if isinstance(part, Is) and part.fact == "age"]
    return tuple(sorted({0, *(test[0] for test in tests), *(test[-1] + 1 for test in tests)} - {131}))


def choices(rule: Rule, name: str, youngest: int) -> Sequence[Any]:
    """The values that the fact can be changed to: nobody gets younger."""
    return [youngest, *(age for age in landmarks(rule.id) if age > youngest)] if name == "age" else VALUES[name]


def smaller_changes(rule: Rule, youngest: int, size: int) -> Iterator[Change]:
    """Every change of ``size`` facts that the rule mentions."""
    for names in combinations(oracle.mentioned(rule.conditions()), size):
        for values in product(*(choices(rule, name, youngest) for name in names)):
            yield dict(zip(names, values, strict=True))


@cache
def oldest_eligible(name: str) -> int:
    """The greatest age at which somebody can be eligible under the rule ``name``; -1 where nobody ever is."""
    rule = RULES[name]
    if any(one.when == All(()) for one in rule.open):
        return -1
    names = [fact for fact in oracle.mentioned(rule.conditions()) if fact != "age"]
    last = 130
    for age in reversed(landmarks(name)):
        persons = oracle.completions({"age": age}, names, TODAY)
        if any(oracle.answer(rule, person)[0] == "eligible" for person in persons):
            return last
        last = age - 1
    return -1


# --- why not -------------------------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(near_misses())
def test_the_change_makes_the_person_eligible_whatever_is_open(case: tuple[str, Facts]) -> None:
    facts = case[1]
    assessment = assess(facts, BOOK, TODAY)
    youngest = min(oracle.ages(facts, TODAY))
    found = why_not(assessment)
    assert found.keys() == {result.rule.id for result in assessment.results if result.status == "ineligible"}
    for name, proposed in found.items():
        if proposed is not None:
            change = {one["fact"]: one["value"] for one in proposed}
            assert len(change) == len(proposed)
            assert change.get("age", 130) >= youngest
            assert all(facts.get(fact) != value for fact, value in change.items())
            assert is_eligible(RULES[name], applied(facts, change)), (name, change)


@settings(max_examples=150, deadline=None)
@given(near_misses())
def test_no_smaller_change_would_do(case: tuple[str, Facts]) -> None:
    rule, facts = RULES[case[0]], case[1]
    youngest = min(oracle.ages(facts, TODAY))
    proposed = why_not(assess(facts, BOOK, TODAY)).get(rule.id)
    size = sum(one["value"] is not None for one in proposed or [])
    if not 1 <= size <= 3:
        return
    for change in smaller_changes(rule, youngest, size - 1):
        after = applied(facts, change)
        if rule.city.id in (after.get("hukou"), after.get("residence")):
            try:
                enough = is_eligible(rule, after)
            except FactError:
                continue
            assert not enough, (rule.id, change, proposed)


@settings(max_examples=150, deadline=None)
@given(near_misses())
def test_no_change_helps_only_who_is_too_old_and_where_it_is_never_a_right(case: tuple[str, Facts]) -> None:
    rule, facts = RULES[case[0]], case[1]
    assessment = assess(facts, BOOK, TODAY)
    found = why_not(assessment)
    if rule.id in found:
        too_old = min(oracle.ages(facts, TODAY)) > oldest_eligible(rule.id)
        assert (found[rule.id] is None) == too_old


@pytest.mark.parametrize(
    ("facts", "rule", "expected"),
    [
        ({"age": 85}, "anshan.longevity_allowance", {"age": 90}),
        ({"age": 85, "hardship": "none"}, "anshan.old_age_allowance", {"hardship": "dibao"}),
        ({"age": 95, "hardship": "none"}, "anshan.old_age_allowance", None),
        ({"age": 59, "hardship": "none"}, "anshan.accident_insurance", {"age": 60, "hardship": "dibao"}),
        ({"age": 85, "care_home": True}, "anshan.home_adaptation", None),
    ],
)
def test_changes_that_a_person_can_check(facts: Facts, rule: str, expected: Change | None) -> None:
    found = why_not(assess({"hukou": "anshan", **facts}, BOOK, TODAY))[rule]
    assert expected == (None if found is None else {one["fact"]: one["value"] for one in found})


def test_a_way_of_support_goes_with_the_status_that_it_belongs_to() -> None:
    facts = {"hukou": "benxi", "age": 85, "hardship": "tekun", "support_mode": "dispersed"}
    found = why_not(assess(facts, BOOK, TODAY))["benxi.dibao"]
    assert found == [{"fact": "hardship", "value": "dibao"}, {"fact": "support_mode", "value": None}]


def test_a_way_of_support_brings_the_status_along() -> None:
    """Who is known to be supported as 特困 is 特困: that needs no change of its own while the status is open."""
    found = why_not(assess({"hukou": "benxi", "age": 40}, BOOK, TODAY))["benxi.tekun_centralized"]
    assert found is not None
    assert {one["fact"]: one["value"] for one in found} == {"age": 60, "support_mode": "centralized"}


# --- what comes with age -------------------------------------------------------------------------------------


def at_age(rule: Rule, facts: Facts, age: int) -> oracle.Answer | None:
    """What is settled about ``rule`` when the person is ``age``; None where other facts decide."""
    persons = oracle.completions({**opened(facts, AGE_FACTS), "age": age}, oracle.mentioned(rule.conditions()), TODAY)
    first, *others = (oracle.answer(rule, person) for person in persons)
    return first if all(other == first for other in others) else None


def next_change(rule: Rule, facts: Facts) -> tuple[int, oracle.Answer] | None:
    """The first age to come, from the least possible one on, at which something else is settled than was last."""
    youngest = min(oracle.ages(facts, TODAY))
    last = at_age(rule, facts, youngest)
    for age in landmarks(rule.id):
        then = at_age(rule, facts, age) if age > youngest else None
        if then is not None and then != last:
            return age, then
    return None


@settings(max_examples=80, deadline=None)
@given(people_growing_older())
def test_the_next_change_with_age(facts: Facts) -> None:
    assessment = assess(facts, BOOK, TODAY)
    announced = {one["id"]: one for one in upcoming(assessment)}
    for result in assessment.results:
        expected = next_change(result.rule, facts)
        one = announced.get(result.rule.id)
        if one is None:
            assert expected is None, result.rule.id
        else:
            assert expected == (one["at_age"], (one["status"], one["amount"])), result.rule.id
            assert (one["date"] is None) == ("birth_date" not in facts)


@settings(max_examples=100, deadline=None)
@given(
    st.dates(date(1900, 1, 1), date(1990, 12, 31)) | st.integers(1904, 1988).map(lambda y: date(y - y % 4, 2, 29)),
    st.sampled_from(CITIES).flatmap(complete_persons),
)
def test_the_day_is_the_first_on_which_the_new_answer_is_given(born: date, whole: Facts) -> None:
    facts = {**opened(whole, ["age"]), "birth_date": born.isoformat()}
    for one in upcoming(assess(facts, BOOK, TODAY)):
        day, rule = date.fromisoformat(one["date"]), RULES[one["id"]]
        before = result_of(rule, assess(facts, BOOK, day - timedelta(days=1)))
        after = result_of(rule, assess(facts, BOOK, day))
        assert oracle.age_on(born, day) == one["at_age"] == oracle.age_on(born, day - timedelta(days=1)) + 1
        assert (after.status, after.amount) == (one["status"], one["amount"])
        assert (before.status, before.amount) != (after.status, after.amount)


def test_who_was_born_on_29_february_has_the_birthday_on_1_march_of_a_common_year() -> None:
    facts = {"hukou": "anshan", "birth_date": "1936-02-29", "hardship": "none"}
    by_id = {one["id"]: one for one in upcoming(assess(facts, BOOK, date(2025, 6, 1)))}
    assert by_id["anshan.longevity_allowance"]["at_age"] == 90
    assert by_id["anshan.longevity_allowance"]["date"] == "2026-03-01"
    facts["birth_date"] = "1928-02-29"
    by_id = {one["id"]: one for one in upcoming(assess(facts, BOOK, date(2025, 6, 1)))}
    assert by_id["anshan.longevity_allowance"]["date"] == "2028-02-29"


@pytest.mark.parametrize(("low", "high", "age"), [(59, 61, 60), (61, 70, 65), (64, 66, 65), (50, 55, 60)])
def test_a_rough_age_hears_of_the_first_birthday_that_changes_something(low: int, high: int, age: int) -> None:
    """Half fare from 60, none from 65: nothing changes at ages where only other rules draw a line."""
    facts = {"hukou": "shuangyashan", "age_range": [low, high]}
    by_id = {one["id"]: one for one in upcoming(assess(facts, BOOK, TODAY))}
    assert by_id["shuangyashan.public_transport"]["at_age"] == age


# --- the whole answer ----------------------------------------------------------------------------------------


def test_the_whole_answer_has_what_the_contract_names() -> None:
    assessment = assess({"hukou": "anshan", "birth_date": "1944-03-05"}, BOOK, TODAY)
    shown = full_json(assessment, ["hardship"])
    assert list(shown) == ["as_of", "results", "cash_total", "cash_range", "upcoming", "next_questions"]
    assert (shown["as_of"], shown["next_questions"]) == ("2026-06-01", ["hardship"])
    for result in shown["results"]:
        assert ("why_not" in result) == (result["status"] == "ineligible")
    assert {one["id"]: one["date"] for one in shown["upcoming"]}["anshan.longevity_allowance"] == "2034-03-05"
