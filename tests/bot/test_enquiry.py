"""Answers about the documents: what is computed, what is told of a passage, and how what is not there is refused."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.enquiry import Answer, Enquirer
from bot.gaps import anonymous
from bot.understanding.language import Language
from bot.wording import yuan
from eligibility.assessment import assess
from eligibility.rulebook import rule_book

BOOK = rule_book()
TODAY = date(2026, 11, 21)
ENQUIRER = Enquirer(BOOK, Language(BOOK.vocabulary), TODAY)


def ask(query: str, city: str | None = None, facts: dict[str, Any] | None = None) -> Answer:
    return ENQUIRER.answer(query, city, facts=facts)


@pytest.mark.parametrize(("query", "city", "sum_"), [
    ("鞍山的，我爸九十四，能给多少", None, "每月200元"),
    ("我奶奶一百零二了一个月给多少", "benxi", "每月200元"),
    ("俺婆婆八十三，吃低保，高龄津贴一年给多少", "shuangyashan", "每年不低于1200元"),
    ("我妈八十五岁，低保户，高龄津贴多少钱", "anshan", "每月50元"),
])
def test_a_question_that_tells_of_the_person_is_answered_by_the_rule(query: str, city: str | None, sum_: str) -> None:
    answer = ask(query, city)
    assert sum_ in answer.text
    assert "文件原文" in answer.text


def test_what_is_still_open_is_named_and_not_guessed() -> None:
    text = ask("我妈八十三，高龄津贴给多少", "benxi").text
    assert "还要看家庭经济情况" in text
    assert "每月50元" not in text


def test_who_is_too_young_learns_from_when_on() -> None:
    text = ask("我爸七十八，高龄津贴能领不", "shuangyashan").text
    assert "现在对不上" in text
    assert "满80周岁" in text


def test_facts_that_contradict_each_other_are_answered_from_the_text() -> None:
    text = ask("高龄津贴多少钱", "benxi", facts={"hardship": "dibao", "support_mode": "dispersed"}).text
    assert "100元/人/月" in text


def test_a_benefit_is_told_with_who_gets_it_how_much_and_who_runs_it() -> None:
    answer = ask("老头老太太坐公交花钱不", "benxi")
    for told in ("给谁：全体老年人", "70周岁以上老年人免除乘车费用", "市交通运输局", "征求意见稿", "我来算"):
        assert told in answer.text
    assert answer.benefits[0] == "benxi.public_transport"


def test_what_the_text_does_not_say_is_said_first_with_who_knows() -> None:
    answer = ask("高龄津贴上哪儿办，要带什么材料", "shuangyashan")
    assert answer.answered
    assert answer.text.startswith("文件里没有写办理地点、要带的材料")
    assert "市民政局" in answer.text
    assert answer.gap is not None
    assert answer.gap.topic == "高龄津贴：办理地点、要带的材料"


@pytest.mark.parametrize(("query", "city", "telling"), [
    ("社保卡丢了上哪补办", "anshan", "12333"),
    ("医保住院能报多少", "benxi", "12393"),
    ("坐公交花钱不", "anshan", "鞍山市的文件里没有写公共交通"),
    ("沈阳的高龄津贴多少", "anshan", "沈阳的请打当地12345"),
    ("本溪的高龄津贴多少", "anshan", "您问的是本溪"),
    ("帮我写一首诗", "benxi", "没有查到"),
])
def test_what_no_document_answers_is_refused_with_a_way_on(query: str, city: str, telling: str) -> None:
    answer = ask(query, city)
    assert not answer.answered
    assert telling in answer.text
    assert not answer.hits or "没有查到" in answer.text


@pytest.mark.parametrize("query", ["我儿子在沈阳打工，我一个人在家，有人来看看我不", "听说大连给三百，咱鞍山九十岁给多少"])
def test_another_place_in_the_story_does_not_turn_the_question_away(query: str) -> None:
    assert ask(query, "anshan").answered


@pytest.mark.parametrize(("query", "first"), [
    ("办高龄补贴的人让我先交200块手续费", "先别交钱"),
    ("有人上门说交300就能给我妈办低保", "先别交钱"),
    ("打电话说我爸的补贴要激活，得先转五百", "先别交钱"),
    ("高龄补贴申请要不要交钱", "先别交钱"),
    ("养老项目说年息百分之十，让我妈投五万", "先别交钱"),
    ("养老院护工打我妈，身上都是青的", "打人、虐待不对"),
    ("我妈突然胸口疼喘不上气", "这个要紧，马上打120"),
    ("我不想活了", "听您这么说"),
])
def test_danger_comes_first_and_counts_as_answered(query: str, first: str) -> None:
    answer = ask(query, "anshan")
    assert answer.answered
    assert answer.text.startswith(first)


@pytest.mark.parametrize("query", [
    "坐公交要交钱吗", "公证要交多少钱", "诉讼费交不起咋办", "去年我妈摔了一跤，家里能给装扶手不", "养老保险交了多少年能领",
])
def test_ordinary_questions_raise_no_alarm(query: str) -> None:
    assert not re.search("110|先别交钱|马上打", ask(query, "shuangyashan").text)


def test_without_a_city_it_asks_which_and_shows_all() -> None:
    answer = ask("高龄津贴多少钱")
    assert answer.options == ["鞍山市", "本溪市", "双鸭山市"]
    assert set(answer.hits) == {"anshan", "benxi", "shuangyashan"}


AGES = st.integers(60, 110)
HARDSHIPS = {
    "低保户": "dibao", "五保户": "tekun", "低保边缘户": "dibao_edge", "低收入": "low_income", "啥困难户都不是": "none",
}
SUMS = re.compile(r"每[月年](?:不低于)?([0-9.]+)元")


@settings(max_examples=80, deadline=None)
@given(AGES, st.sampled_from(list(HARDSHIPS)), st.sampled_from(list(BOOK.packs)))
def test_a_sum_that_is_reckoned_is_the_rules_own(age: int, hardship: str, city: str) -> None:
    answer = ask(f"我妈{age}岁，{hardship}，高龄津贴一个月给多少", city)
    assessment = assess({"age": age, "hardship": HARDSHIPS[hardship], "hukou": city}, BOOK, TODAY)
    owed = {yuan(result.amount["value"]) for result in assessment.results if result.amount and "value" in result.amount}
    later = {yuan(amount["value"]) for rule in BOOK.personal(city) for amount in rule.amounts if "value" in amount}
    now = answer.text.split("文件")[0]
    assert {found for line in now.splitlines() if "符合条件" in line for found in SUMS.findall(line)} <= owed
    assert set(SUMS.findall(now)) <= owed | later


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=120), st.sampled_from([*BOOK.packs, None]))
def test_whatever_is_asked_gets_an_answer(query: str, city: str | None) -> None:
    answer = ask(query, city)
    assert answer.text.strip()
    assert answer.answered or answer.gap or "当地12345" in answer.text


@pytest.mark.parametrize("message", [
    "我叫王桂兰，住铁东区胜利路12号3单元，电话13812345678，墓地补助怎么领",
    "我的身份证是210302193905061234，墓地补助怎么领",
    "俺是幸福村的，墓地补助怎么领",
])
def test_what_is_kept_of_a_question_names_nobody(message: str) -> None:
    kept = anonymous(message)
    assert "墓地补助怎么领" in kept
    for personal in ("王桂兰", "13812345678", "210302193905061234", "胜利路", "幸福村"):
        assert personal not in kept
