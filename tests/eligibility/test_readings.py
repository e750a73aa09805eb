"""The rules and a second reading of the documents say the same of everybody."""

from __future__ import annotations

import random
from collections import Counter
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility.assessment import assess
from eligibility.rulebook import rule_book
from tests.eligibility.persons import TODAY, Facts, complete_persons, random_person
from tests.eligibility.readings import Answer, anshan, benxi, shuangyashan

BOOK = rule_book()
READINGS = {"anshan": anshan, "benxi": benxi, "shuangyashan": shuangyashan}

both_ways = pytest.mark.parametrize(("city", "reading"), READINGS.items(), ids=READINGS)


def by_the_rules(city: str, facts: Facts) -> dict[str, Answer]:
    results = assess(facts, BOOK, TODAY).results
    return {result.rule.id: (result.status, result.amount) for result in results if result.rule.city.id == city}


@both_ways
def test_every_rule_has_a_second_reading(city: str, reading: ModuleType) -> None:
    person = random_person(random.Random(0), city)
    assert list(reading.read(person)) == [rule.id for rule in BOOK.personal(city)]


@both_ways
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_rules_and_reading_agree(city: str, reading: ModuleType, data: st.DataObject) -> None:
    person = data.draw(complete_persons(city))
    assert by_the_rules(city, person) == reading.read(person)


@both_ways
def test_rules_and_reading_agree_on_a_whole_population(city: str, reading: ModuleType) -> None:
    rng = random.Random(20260601)
    seen: Counter[tuple[str, str]] = Counter()
    for _ in range(3000):
        person = random_person(rng, city)
        answers = reading.read(person)
        assert by_the_rules(city, person) == answers, person
        seen.update((name, status) for name, (status, _) in answers.items())
    # every entitlement is granted to somebody and refused to somebody, or the agreement would mean little
    for rule in BOOK.personal(city):
        assert seen[rule.id, "ineligible"]
        assert seen[rule.id, "eligible"] + seen[rule.id, "discretionary"], rule.id
