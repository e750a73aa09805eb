"""Understanding: what a sentence states, and what it only seems to."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from bot.understanding.language import Language
from bot.understanding.message import stated
from eligibility.rulebook import rule_book

TODAY = date(2026, 11, 21)
LANGUAGE = Language(rule_book().vocabulary)
UTTERANCES = Path(__file__).parents[1] / "cases" / "utterances"
FILES = sorted(UTTERANCES.glob("*.jsonl"))

Case = dict[str, Any]


def cases(file: Path) -> list[Case]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def facts_of(text: str, *asking: str) -> Any:
    return stated(text, LANGUAGE, asking, TODAY)["facts"]


@pytest.mark.parametrize(("text", "facts"), [
    ("俺婆婆七十六，本溪的户口，不是低保", {"age": 76, "hukou": "benxi"}),
    ("对门老李吃低保", {}),
    ("五保户能领啥", {}),
    ("等我到了一百岁", {}),
    ("退休金3100", {}),
    ("15路车", {}),
    ("虚岁七十", {"age": 69}),
    ("六十多", {"age_range": [61, 69]}),
    ("39年的", {"birth_year": 1939}),
    ("一九四四年生人", {"birth_year": 1944}),
    ("低保早停了", {}),
    ("不光有低保", {"hardship": "dibao"}),
    ("不是没办残疾证", {}),
    ("闺女五十三了，我七十九", {"age": 79}),
    ("给我爸问，他八十八，我六十", {"age": 88}),
    ("我老婆婆八十六，双鸭山户口，吃低保，起不来炕",
     {"age": 86, "hukou": "shuangyashan", "hardship": "dibao", "ability": "dependent"}),
    ("1940年正月十五生的", {"birth_date": "1940-02-22"}),
    ("三八年腊月二十三生的", {"birth_date": "1939-02-11"}),
    ("1939年5月6日生", {"birth_date": "1939-05-06"}),
    ("户口在双鸭山，人在鞍山", {"hukou": "shuangyashan", "residence": "anshan"}),
    ("户口不在本溪，在鞍山", {"hukou": "anshan"}),
    ("家住平山路5号", {}),
    ("低包户，七十八随", {"hardship": "dibao", "age": 78}),
    ("残济证二级", {"disability_grade": 2}),
    ("本细户口", {"hukou": "benxi"}),
    ("生活部分不能自理", {"ability": "partial"}),
    ("我自己买的", {}),
    ("能自己填表", {}),
    ("跟我说儿子住院了", {}),
    ("交不起诉讼费", {"fee_hardship": True}),
])
def test_what_a_sentence_states(text: str, facts: dict[str, Any]) -> None:
    assert facts_of(text) == facts


@pytest.mark.parametrize(("text", "asking", "facts"), [
    ("是", "care_home", {"care_home": True}),
    ("没有", "medical_insurance", {"medical_insurance": False}),
    ("第二个", "hardship", {"hardship": "dibao"}),
    ("八十三", "age", {"age": 83}),
    ("不知道", "age", {}),
    ("都不是", "hardship", {"hardship": "none"}),
    ("没有", "disability_grade", {"disability_grade": 0}),
    ("鞍山", "residence", {"residence": "anshan"}),
    ("七百八", "dibao_standard", {"dibao_standard": 780}),
    ("职工的，在矿上交的", "pension", {"pension": "employee"}),
])
def test_a_bare_answer(text: str, asking: str, facts: dict[str, Any]) -> None:
    assert facts_of(text, asking) == facts


def test_what_is_denied_is_told_apart() -> None:
    assert stated("不是低保", LANGUAGE, (), TODAY) == {"facts": {}, "not": {"hardship": ["dibao"]}}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_traditional_characters_and_full_width_digits_mean_the_same(file: Path) -> None:
    traditional = OpenCC("s2t")
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    back = OpenCC("t2s")
    for case in cases(file):
        text, asking = case["text"], case.get("asking", [])
        other = traditional.convert(text).translate(wide)
        if back.convert(other).translate(str.maketrans("０１２３４５６７８９", "0123456789")) == back.convert(text):
            assert facts_of(other, *asking) == facts_of(text, *asking), text


def test_every_utterance_has_facts_that_there_are() -> None:
    vocabulary = LANGUAGE.vocabulary.facts
    seen: set[tuple[str, ...]] = set()
    for file in FILES:
        for case in cases(file):
            key = (case["text"], *case.get("asking", []))
            assert key not in seen, key
            seen.add(key)
            for name, value in [*case["facts"].items(), *((n, v) for n, vs in case.get("not", {}).items() for v in vs)]:
                assert name in vocabulary, case
                assert not vocabulary[name].options or value in vocabulary[name].options, case


def test_of_what_people_say_most_is_understood_and_little_is_made_up() -> None:
    """The floor below which a change must not take the understanding; every line's expected facts are exact."""
    right = made_up = total = 0
    for case in (case for file in FILES for case in cases(file)):
        facts, expected = facts_of(case["text"], *case.get("asking", [])), case["facts"]
        right += facts == expected
        made_up += any(name not in expected or expected[name] != value for name, value in facts.items())
        total += 1
    assert right >= 0.97 * total
    assert made_up <= 0.01 * total


@pytest.mark.parametrize(("text", "facts"), [
    ("医保倒是年年交着", {"medical_insurance": True}),
    ("医保今年没交", {"medical_insurance": False}),
    ("残疾人家庭无障碍改造，俺没申请过", {"barrier_free_done": False}),
    ("养老保险不是职工的，是居民的", {"pension": "resident"}),
    ("残疾证，二级", {"disability_grade": 2}),
])
def test_what_a_noun_raised_the_next_words_settle(text: str, facts: dict[str, Any]) -> None:
    assert facts_of(text) == facts


@pytest.mark.parametrize(("text", "facts"), [
    ("我妈82，啊不对，身份证上看是84", {"age": 84}),
    ("残疾三级，打错了，二级", {"disability_grade": 2}),
    ("没医保，哦有有有", {"medical_insurance": True}),
    ("我爸是复员军人，不是不是", {}),
    ("户口不是鞍山，是本溪的", {"hukou": "benxi"}),
    ("八十八，吃低保，去年停了", {"age": 88}),
    ("低保，材料递上去了，到现在还没批", {}),
    ("烈属、军属、劳模，这些我一样不沾", {"honor": "none"}),
])
def test_what_is_taken_back_or_put_right(text: str, facts: dict[str, Any]) -> None:
    assert facts_of(text) == facts


@pytest.mark.parametrize(("text", "facts"), [
    ("同事他爸在养老院。我爸八十五", {"age": 85}),
    ("俺姐她老公公是烈属。俺爹八十", {"age": 80}),
    ("替对门的赵奶奶问，她九十四，一个人住", {"age": 94, "living": "alone"}),
    ("我姐住养老院，问的是我自己，七十四了", {"age": 74}),
    ("我爸生前是职工养老，去年走了。我妈七十七", {"age": 77}),
    ("我大姨九十三了，我妈跟我们住", {"living": "with_family"}),
    ("老伴活着那会儿是劳模。我今年七十九", {"age": 79}),
    ("我儿子是烈士，我八十", {"honor": "martyr_family", "age": 80}),
])
def test_whose_fact_it_is(text: str, facts: dict[str, Any]) -> None:
    assert facts_of(text) == facts


@pytest.mark.parametrize("text", [
    "双鸭山跟鞍山比，哪头给老人的待遇高", "残疾证一级的跟二级的，补贴一样不一样", "要是瘫了，吃低保，一个月给多少",
    "电视上演鞍山有个一百零三岁老太太",
    "想把户口迁到鞍山来", "是不是五保", "当年差点就评上劳模了", "鞍山立山区民政几点下班", "90岁以上和80多岁的发的钱一样不",
])
def test_what_only_seems_to_be_said(text: str) -> None:
    assert facts_of(text) == {}


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=200) | st.text(alphabet="我俺妈爸七八九十岁0189年月不没有是低保户口鞍山本溪，。？残证级", max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    facts = stated(text, LANGUAGE, (), TODAY)["facts"]
    assert facts.keys() <= LANGUAGE.vocabulary.facts.keys()


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60), st.sampled_from(sorted(LANGUAGE.vocabulary.facts)))
def test_no_answer_breaks_it(text: str, asking: str) -> None:
    facts = stated(text, LANGUAGE, [asking], TODAY)["facts"]
    assert facts.keys() <= LANGUAGE.vocabulary.facts.keys()
