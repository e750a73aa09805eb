"""Whole interviews: everybody reaches the right results, whatever comes in between, and few questions are asked."""

from __future__ import annotations

import random
from datetime import date
from statistics import mean
from typing import Any

import pytest

from bot.conversation import Conversation
from bot.replies import Reply
from eligibility.assessment import assess
from eligibility.rulebook import rule_book
from tests.bot.simulated import interview
from tests.population import townsperson

TODAY = date(2026, 11, 21)
BOOK = rule_book()
CONVERSATION = Conversation(BOOK, TODAY)


def told(reply: Reply) -> dict[str, Any]:
    return {result["id"]: (result["status"], result["amount"]) for result in reply.results or ()}


def computed(facts: dict[str, Any]) -> dict[str, Any]:
    return {result.rule.id: (result.status, result.amount) for result in assess(facts, BOOK, TODAY).results}


@pytest.mark.parametrize("seed", range(200))
def test_everybody_reaches_the_right_results_whatever_comes_in_between(seed: int) -> None:
    dice = random.Random(seed)
    person = townsperson(dice)
    _, reply, _ = interview(CONVERSATION, person, dice, BOOK.vocabulary)
    right = computed(person)
    assert reply.results
    assert told(reply) == computed(reply.facts)
    assert told(reply).items() <= right.items()


def test_seven_questions_leave_nothing_unknown_on_average() -> None:
    counts = []
    for seed in range(1000, 1150):
        dice = random.Random(seed)
        counts.append(interview(CONVERSATION, townsperson(dice), dice, BOOK.vocabulary)[2])
    assert mean(counts) <= 7


FIRST_MESSAGES = {
    "我老婆婆八十六，双鸭山户口，吃低保，起不来炕": {
        "age": 86, "hukou": "shuangyashan", "hardship": "dibao", "ability": "dependent",
    },
    "82 鞍山 低保 半失能 一个人住": {
        "age": 82, "hukou": "anshan", "hardship": "dibao", "ability": "partial", "living": "alone", "care_home": False,
    },
    "俺爹91了，本溪的，职工退休，身板挺硬实啥都能自己干": {
        "age": 91, "hukou": "benxi", "pension": "employee", "ability": "independent",
    },
}


@pytest.mark.parametrize("message", FIRST_MESSAGES)
def test_three_questions_do_after_a_telling_first_message(message: str) -> None:
    counts = []
    for seed in range(60):
        dice = random.Random(seed)
        person = townsperson(dice) | FIRST_MESSAGES[message]
        person["residence"] = person["hukou"]
        if person["hardship"] == "tekun":
            person["hardship"] = "none"
        person.pop("support_mode", None)
        counts.append(interview(CONVERSATION, person, random.Random(1), BOOK.vocabulary, start=message)[2])
    assert mean(counts) <= 4
