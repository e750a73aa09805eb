"""Reading a person: what is stated is understood, and whatever cannot be is an error that names the fact."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility.person import FactError, Person, birthday, completed_years, read_person
from eligibility.rulebook import rule_book
from tests.eligibility import oracle
from tests.eligibility.persons import AGE_FACTS, GOES_WITH, TODAY, VALUES, Facts, complete_persons, partial_persons

SPACE = rule_book().space
OTHERS = ("birth_date", "birth_year", "age_range", "dibao_standard")

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
NAMES = st.sampled_from([*VALUES, *OTHERS])


def read(facts: Facts, as_of: date = TODAY) -> Person:
    return read_person(facts, as_of, SPACE)


def tried(facts: Facts, as_of: date = TODAY) -> Person | FactError:
    """The person, or the error; any other exception is a fault."""
    try:
        return read(facts, as_of)
    except FactError as error:
        return error


def test_the_vocabulary_is_that_of_the_contract() -> None:
    facts = SPACE.vocabulary.facts
    assert facts.keys() == VALUES.keys() | set(OTHERS)
    for name, values in VALUES.items():
        assert set(map(repr, facts[name].domain or ())) == set(map(repr, values)), name


# --- what is understood --------------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(partial_persons(complete_persons(), list(VALUES)))
def test_what_is_possible_is_what_is_stated(facts: Facts) -> None:
    person = read(facts)
    ages = oracle.ages(facts, TODAY)
    assert person.ages == (ages[0], ages[-1])
    for level, name in enumerate(SPACE.names):
        possible = {value for i, c in enumerate(SPACE.classes[level]) if person.masks[level] >> i & 1 for value in c}
        if name == "age":
            assert possible >= set(ages)
        elif name in facts:
            assert facts[name] in possible
            assert person.indices[level] >= 0
        elif not any(name == leading for one, (leading, _) in GOES_WITH.items() if one in facts):
            assert possible == set(VALUES[name])


def test_a_dependent_fact_brings_its_leading_fact_along() -> None:
    dispersed = read({"support_mode": "dispersed"})
    assert dispersed.masks[SPACE.level["hardship"]] == SPACE.mask("hardship", ["tekun"])
    grades = read({"disability_kind": "other"})
    level = SPACE.level["disability_grade"]
    assert grades.masks[level] == SPACE.mask("disability_grade", (1, 2, 3, 4))
    assert grades.indices[level] == -1


def test_null_is_absent() -> None:
    assert read(dict.fromkeys([*VALUES, *OTHERS])) == read({})


@pytest.mark.parametrize(
    ("facts", "ages"),
    [
        ({"age": 0}, (0, 0)),
        ({"age": 130}, (130, 130)),
        ({"age_range": [61, 69]}, (61, 69)),
        ({"age_range": [61, 69], "age": 65}, (65, 65)),
        ({"birth_year": 1944}, (81, 82)),
        ({"birth_year": 2026}, (0, 0)),
        ({"birth_year": 1944, "age": 82}, (82, 82)),
        ({"birth_year": 1944, "age_range": [82, 90]}, (82, 82)),
        ({"birth_date": "1944-06-01"}, (82, 82)),
        ({"birth_date": "1944-06-02"}, (81, 81)),
        ({"birth_date": "1944-06-02", "age": 99}, (81, 81)),
        ({"birth_date": "1944-06-02", "birth_year": 1944}, (81, 81)),
        ({"birth_date": date(1944, 6, 2)}, (81, 81)),
    ],
)
def test_ages(facts: Facts, ages: tuple[int, int]) -> None:
    assert read(facts).ages == ages


def test_at_the_end_of_a_year_a_year_of_birth_is_one_age() -> None:
    assert read({"birth_year": 1944}, date(2026, 12, 30)).ages == (81, 82)
    assert read({"birth_year": 1944}, date(2026, 12, 31)).ages == (82, 82)
    assert read({"birth_year": 1944}, date(2026, 1, 1)).ages == (81, 82)


@given(st.dates(date(1890, 1, 1), date(2020, 1, 1)), st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_completed_years_are_birthdays(born: date, day: date) -> None:
    age = completed_years(born, day)
    assert age == oracle.age_on(born, day)
    last, following = birthday(born, age), birthday(born, age + 1)
    assert last is not None
    assert following is not None
    assert last <= day < following


# --- what cannot be ------------------------------------------------------------------------------------------

WRONG: list[tuple[str, Facts]] = [
    ("age", {"age": 300}),
    ("age", {"age": 131}),
    ("age", {"age": -1}),
    ("age", {"age": "80"}),
    ("age", {"age": 80.0}),
    ("age", {"age": True}),
    ("age", {"age": [80]}),
    ("disability_grade", {"disability_grade": True}),
    ("disability_grade", {"disability_grade": 5}),
    ("disability_grade", {"disability_grade": "一级"}),
    ("care_home", {"care_home": 1}),
    ("care_home", {"care_home": "true"}),
    ("hukou", {"hukou": "beijing"}),
    ("hukou", {"hukou": ["anshan"]}),
    ("residence", {"residence": {}}),
    ("hardship", {"hardship": "五保"}),
    ("hardship", {"hardship": ""}),
    ("hardship", {"hardship": False}),
    ("shoe_size", {"shoe_size": 42}),
    ("", {"": 1}),
    ("support_mode", {"support_mode": "dispersed", "hardship": "dibao"}),
    ("support_mode", {"support_mode": "both", "hardship": "tekun"}),
    ("disability_kind", {"disability_kind": "psychiatric", "disability_grade": 0}),
    ("birth_year", {"birth_year": 2027}),
    ("birth_year", {"birth_year": 1800}),
    ("birth_year", {"birth_year": "1944"}),
    ("birth_year", {"birth_year": True}),
    ("birth_year", {"birth_year": 1944, "age": 60}),
    ("birth_year", {"birth_year": 1944, "birth_date": "1945-03-05"}),
    ("birth_date", {"birth_date": "2026-06-02"}),
    ("birth_date", {"birth_date": "1890-01-01"}),
    ("birth_date", {"birth_date": "1943-02-29"}),
    ("birth_date", {"birth_date": "三月初五"}),
    ("birth_date", {"birth_date": 1944}),
    ("birth_date", {"birth_date": 19440305}),
    ("birth_date", {"birth_date": ["1944-03-05"]}),
    ("age_range", {"age_range": [70, 60]}),
    ("age_range", {"age_range": [60]}),
    ("age_range", {"age_range": [60, 131]}),
    ("age_range", {"age_range": [True, 60]}),
    ("age_range", {"age_range": "60-70"}),
    ("age_range", {"age_range": {"60": 70}}),
    ("age_range", {"age_range": [60, 69], "age": 70}),
    ("age_range", {"age_range": [60, 69], "birth_year": 1944}),
    ("age_range", {"age_range": "60-70", "birth_date": "1944-03-05"}),
    ("dibao_standard", {"dibao_standard": -1}),
    ("dibao_standard", {"dibao_standard": "700"}),
    ("dibao_standard", {"dibao_standard": True}),
    ("dibao_standard", {"dibao_standard": math.nan}),
    ("dibao_standard", {"dibao_standard": math.inf}),
    ("dibao_standard", {"dibao_standard": 10**400}),
]


@pytest.mark.parametrize(("fact", "facts"), WRONG, ids=lambda value: value if isinstance(value, str) else repr(value)[:60])
def test_what_cannot_be_is_an_error_that_names_the_fact(fact: str, facts: Facts) -> None:
    with pytest.raises(FactError) as caught:
        read(facts)
    assert caught.value.fact == fact
    assert f"（{fact}）" in caught.value.message or f"“{fact}”" in caught.value.message


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(NAMES | st.text(max_size=8), JSON, max_size=4), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_whatever_is_sent_is_a_person_or_an_error_that_names_a_fact(facts: Facts, as_of: date) -> None:
    found = tried(facts, as_of)
    if isinstance(found, FactError):
        assert facts[found.fact] is not None
        assert found.message
    else:
        assert 0 <= found.ages[0] <= found.ages[1] <= 130
        assert all(found.masks)


@settings(max_examples=200, deadline=None)
@given(complete_persons(), NAMES, JSON)
def test_one_bad_value_spoils_a_sound_person(facts: Facts, name: str, value: Any) -> None:
    found = tried({**facts, name: value})
    if isinstance(found, FactError):
        assert found.fact in {name, "support_mode", "disability_kind"}
    else:
        fine = value is None or name in OTHERS or any(type(value) is type(v) and value == v for v in VALUES[name])
        assert fine


@settings(max_examples=200, deadline=None)
@given(st.fixed_dictionaries({}, optional={
    "age": st.integers(0, 130),
    "birth_year": st.integers(1896, 2026),
    "birth_date": st.dates(date(1896, 1, 1), TODAY).map(date.isoformat),
    "age_range": st.tuples(st.integers(0, 130), st.integers(0, 130)).map(sorted),
}))
def test_statements_of_the_age_agree_or_contradict_each_other(facts: Facts) -> None:
    """A date of birth wins over an age and a range; the others have to meet."""
    possible = oracle.ages(facts, TODAY)
    year = facts.get("birth_year")
    disagrees = "birth_date" in facts and year is not None and date.fromisoformat(facts["birth_date"]).year != year
    if possible and not disagrees:
        assert read(facts).ages == (possible[0], possible[-1])
    else:
        with pytest.raises(FactError) as caught:
            read(facts)
        assert caught.value.fact in AGE_FACTS
