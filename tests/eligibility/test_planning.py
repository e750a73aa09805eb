"""Planning the interview: few questions for people as a city has them, each fact in one question only."""

from __future__ import annotations

import random
from datetime import date
from statistics import mean

import pytest

from benchmarks.planning import AS_OF, FIRST_MESSAGE, as_told, planner, questions, small_case
from eligibility.assessment import assess
from eligibility.planning import next_question
from eligibility.rulebook import rule_book
from tests.population import CITIES, townsperson

BOOK = rule_book()
SHOWN = date(2026, 11, 21)


def townspeople(number: int) -> list[dict[str, object]]:
    dice = random.Random(11)
    return [townsperson(dice) for _ in range(number)]


def test_five_questions_settle_all_money_and_seven_everything_on_average() -> None:
    counts = [questions(person, planner, BOOK, {}) for person in townspeople(300)]
    assert mean(money for money, _ in counts) <= 4.5
    assert mean(everything for _, everything in counts) <= 6.5


def test_three_questions_settle_all_money_after_a_telling_first_message() -> None:
    counts = [questions(as_told(person), planner, BOOK, FIRST_MESSAGE) for person in townspeople(150)]
    assert mean(money for money, _ in counts) <= 3


@pytest.mark.parametrize("city", CITIES)
def test_the_order_is_near_to_the_best_possible(city: str) -> None:
    found = small_case(city, BOOK, random.Random(3), 300)
    assert found["optimum"] <= found["planner"] <= 1.1 * found["optimum"]


def test_where_one_lives_is_asked_along_with_the_rest() -> None:
    known = {**FIRST_MESSAGE, "pension": "resident", "medical_insurance": True}
    question = next_question(assess(known, BOOK, SHOWN), ("hardship", "disability_grade", "honor", "family_planning_special"))
    assert question
    assert "residence" in question.facts
    assert question.otherwise["residence"] == "shuangyashan"
    elsewhere = next(choice for choice in question.choices if "residence" in choice.facts)
    assert elsewhere.facts["residence"] == ("anshan", "benxi", "other")


def test_where_one_lives_is_asked_alone_when_nothing_else_is_open() -> None:
    question = next_question(assess({"hukou": "other"}, BOOK, AS_OF))
    assert question
    assert question.facts == ("residence",)
    assert not question.multiple
