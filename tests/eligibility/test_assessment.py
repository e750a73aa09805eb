"""The assessment against plain evaluation: complete persons, and partial ones by every completion."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility.assessment import DRAFT, FLOOR, STALE, TWICE, Assessment, Result, assess
from eligibility.conditions import Is, walk
from eligibility.rulebook import rule_book
from eligibility.rules import Rule, Tier
from tests.eligibility import oracle
from tests.eligibility.persons import CITIES, TODAY, VALUES, Facts, complete_persons, opened, partial_persons

BOOK = rule_book()
RULES = {rule.id: rule for rule in BOOK.rules() if rule.audience == "person"}
CASH = oracle.cash_rules(BOOK)
RATED = [rule for rule in RULES.values() if len(rule.amounts) > 1]

DIBAO_STANDARDS = st.none() | st.integers(0, 2000) | st.floats(0, 2000).map(lambda yuan: round(yuan, 2))


def leaning(rule: Rule) -> dict[str, list[Any]]:
    """The values that the rule asks for."""
    asked: dict[str, set[Any]] = {"hukou": {rule.city.id}}
    for condition in rule.requires:
        for part in walk(condition):
            if isinstance(part, Is):
                asked.setdefault(part.fact, set()).update(part.values)
    return {name: [value for value in VALUES[name] if value in values] for name, values in asked.items()}


@st.composite
def rules_and_persons(
    draw: st.DrawFn, rules: Sequence[Rule] = tuple(RULES.values()), facts_open: int = 5, only_rates: bool = False,
) -> tuple[str, Facts]:
    """The id of a rule, and somebody in its city of whom some facts that it (or its rates) mention are open."""
    rule = draw(st.sampled_from(rules))
    whole = complete_persons(rule.city.id, leaning(rule))
    names = oracle.mentioned(tier.when for tier in rates(rule)) if only_rates else oracle.mentioned(rule.conditions())
    facts = draw(partial_persons(whole, names, facts_open))
    if rule.city.id not in (facts.get("hukou"), facts.get("residence")):
        facts["residence"] = rule.city.id
    return rule.id, facts


def rates(rule: Rule) -> list[Tier]:
    """Every rate of every part."""
    return [tier for tiers in rule.amount.parts.values() for tier in tiers] if rule.amount else []


def result_of(rule: Rule, assessment: Assessment) -> Result:
    (found,) = (result for result in assessment.results if result.rule is rule)
    return found


# --- a complete person ---------------------------------------------------------------------------------------


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(CITIES).flatmap(complete_persons))
def test_a_complete_person_gets_what_the_conditions_say(facts: Facts) -> None:
    assessment = assess(facts, BOOK, TODAY)
    cities = [city for city in CITIES if city in (facts["hukou"], facts["residence"])]
    assert [result.rule.id for result in assessment.results] == [id for id in RULES if id.split(".")[0] in cities]
    for result in assessment.results:
        assert (result.status, result.amount) == oracle.answer(result.rule, facts), result.rule.id
        assert result.missing == ()


@settings(max_examples=300, deadline=None)
@given(rules_and_persons(facts_open=0))
def test_a_person_near_a_rule_gets_what_it_says(case: tuple[str, Facts]) -> None:
    rule, facts = RULES[case[0]], case[1]
    (facts["age"],) = oracle.ages(facts, TODAY)
    result = result_of(rule, assess(facts, BOOK, TODAY))
    assert (result.status, result.amount) == oracle.answer(rule, facts)


@settings(max_examples=150, deadline=None)
@given(complete_persons(), DIBAO_STANDARDS)
def test_the_cash_of_a_complete_person_is_one_number(facts: Facts, dibao_standard: float | None) -> None:
    facts = {**facts, "dibao_standard": dibao_standard}
    assessment = assess(facts, BOOK, TODAY)
    known = {name: value for name, value in facts.items() if value is not None}
    for per in ("month", "year"):
        total = oracle.cash(CASH, known, per)
        assert assessment.cash_total[per] == pytest.approx(total, abs=0.011)
        assert assessment.cash_range[per] == pytest.approx([total, total], abs=0.011)


# --- a partial person ----------------------------------------------------------------------------------------


@settings(max_examples=400, deadline=None)
@given(rules_and_persons() | rules_and_persons(RATED) | rules_and_persons(RATED, only_rates=True))
def test_a_partial_person_gets_what_every_completion_gets(case: tuple[str, Facts]) -> None:
    rule, facts = RULES[case[0]], case[1]
    result = result_of(rule, assess(facts, BOOK, TODAY))
    persons = list(oracle.completions(facts, oracle.mentioned(rule.conditions()), TODAY))
    answers = [(status, json.dumps(paid)) for status, paid in (oracle.answer(rule, person) for person in persons)]
    statuses = {status for status, _ in answers}
    amounts = {paid for _, paid in answers}

    if len(statuses) > 1:
        assert result.status == "unknown"
        assert result.amount is None
        assert set(result.missing) == oracle.deciding(persons, [status for status, _ in answers])
    else:
        assert {result.status} == statuses
        assert result.amount == (json.loads(amounts.pop()) if len(amounts) == 1 else None)
        assert set(result.missing) == oracle.deciding(persons, answers)
    assert len(result.missing) == len(set(result.missing))


def test_who_is_eligible_for_an_open_amount_is_told_what_decides_it() -> None:
    known = {"hukou": "benxi", "age": 70, "support_mode": "dispersed", "care_home": False, "ability": "partial"}
    result = result_of(RULES["benxi.tekun_dispersed"], assess(known, BOOK, TODAY))
    assert (result.status, result.amount, result.missing) == ("eligible", None, ("area", "county"))
    known |= {"area": "rural", "county": "county"}
    result = result_of(RULES["benxi.tekun_dispersed"], assess(known, BOOK, TODAY))
    assert result.amount is not None
    assert result.amount["value"] == 952 + 340


@settings(max_examples=150, deadline=None)
@given(rules_and_persons() | rules_and_persons(RATED, only_rates=True))
def test_a_reason_is_met_if_it_is_for_every_completion(case: tuple[str, Facts]) -> None:
    rule, facts = RULES[case[0]], case[1]
    result = result_of(rule, assess(facts, BOOK, TODAY))
    persons = list(oracle.completions(facts, oracle.mentioned(rule.conditions()), TODAY))
    required = result.reasons[: len(rule.requires)]
    assert [reason["condition"] for reason in required] == [condition.text() for condition in rule.requires]
    for condition, reason in zip(rule.requires, required, strict=True):
        met = {condition.holds(person) for person in persons}
        assert reason["met"] is (met.pop() if len(met) == 1 else None)

    said = result.reasons[len(rule.requires):]
    assert all(reason["met"] for reason in said)
    if result.amount is not None:
        texts = [rate.when.text() for rate in rates(rule) if all(rate.when.holds(person) for person in persons)]
        assert [reason["condition"] for reason in said] == [text for text in texts if text]
    else:
        assert said == []


@settings(max_examples=60, deadline=None)
@given(
    partial_persons(complete_persons(), oracle.mentioned(c for rule in CASH for c in rule.conditions()), 4, 600),
    DIBAO_STANDARDS,
)
def test_the_range_of_cash_is_that_of_all_completions(facts: Facts, dibao_standard: float | None) -> None:
    if dibao_standard is not None:
        facts["dibao_standard"] = dibao_standard
    assessment = assess(facts, BOOK, TODAY)
    rules = [rule for rule in CASH if rule.city.id in oracle.can_live_in(facts)]
    persons = list(oracle.completions(facts, oracle.mentioned(c for rule in rules for c in rule.conditions()), TODAY))
    for per in ("month", "year"):
        totals = [oracle.cash(rules, person, per) for person in persons]
        assert assessment.cash_range[per] == pytest.approx([min(totals), max(totals)], abs=0.011)
        # what is sure already is never more than the least that it can come to
        assert assessment.cash_total[per] <= assessment.cash_range[per][0] + 0.011


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_what_is_settled_stays_so_whatever_the_open_facts_are(data: st.DataObject) -> None:
    whole = data.draw(complete_persons(data.draw(st.sampled_from(CITIES))))
    partial = opened(whole, data.draw(st.sets(st.sampled_from(list(VALUES)))))
    early, late = assess(partial, BOOK, TODAY), assess(whole, BOOK, TODAY)
    final = {result.rule.id: result for result in late.results}
    for result in early.results:
        settled = final[result.rule.id]
        if result.status != "unknown":
            assert settled.status == result.status
            assert result.amount is None or settled.amount == result.amount
        else:
            assert set(result.missing) <= VALUES.keys() - partial.keys()
    for per in ("month", "year"):
        low, high = early.cash_range[per]
        assert low <= late.cash_total[per] <= high


# --- what is said beside the answer --------------------------------------------------------------------------


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(CITIES).flatmap(complete_persons), st.dates(date(2021, 1, 1), date(2035, 12, 31)))
def test_old_documents_drafts_floors_and_two_cities_are_labelled(facts: Facts, as_of: date) -> None:
    assessment = assess(facts, BOOK, as_of)
    for result in assessment.results:
        document, granted = result.rule.document, result.status != "ineligible"
        stale = STALE.format(year=document.valid_on.year) if document.valid_on else "never"
        old = document.valid_on is not None and as_of > document.valid_on.replace(year=document.valid_on.year + 3)
        assert (stale in result.caveats) == old
        assert (DRAFT in result.caveats) == (document.status == "draft")
        assert (TWICE in result.caveats) == (granted and len(assessment.cities) == 2 and result.rule.kind == "cash")
        floor = result.rule.amount is not None and result.rule.amount.entry.minimum
        assert (FLOOR in result.caveats) == (granted and floor)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(CITIES).flatmap(complete_persons))
def test_who_decides_is_said_where_it_is_left_to_others(facts: Facts) -> None:
    for result in assess(facts, BOOK, TODAY).results:
        why = {one.because for one in result.rule.open if one.when.holds(facts)}
        assert (bool(why & set(result.caveats))) == (result.status == "discretionary")
        assert result.status != "discretionary" or why <= set(result.caveats)


@settings(max_examples=50, deadline=None)
@given(rules_and_persons())
def test_a_result_is_plain_json_with_its_citation(case: tuple[str, Facts]) -> None:
    rule, facts = RULES[case[0]], case[1]
    shown = result_of(rule, assess(facts, BOOK, TODAY)).json()
    assert json.loads(json.dumps(shown)) == shown
    assert shown["citation"]["doc"] == rule.document.id
    text = rule.document.text()
    assert all(_tight(quote) in _tight(text) for quote in [shown["citation"]["quote"], *shown["citation"]["also"]])


def _tight(text: str) -> str:
    return "".join(text.split())
