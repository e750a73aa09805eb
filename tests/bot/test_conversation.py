"""The conversation as people hold it: every sort of person reaches the right results, and nothing said is lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation import Conversation
from bot.replies import Reply
from bot.state import State
from eligibility.assessment import assess
from eligibility.rulebook import rule_book
from tests.bot.simulated import after, tapped

TODAY = date(2026, 11, 21)
BOOK = rule_book()
CONVERSATION = Conversation(BOOK, TODAY)
said = partial(after, CONVERSATION)
CITIES = tuple(BOOK.packs)


def person(draw: st.DrawFn) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for name in BOOK.space.names:
        facts[name] = draw(st.sampled_from(BOOK.vocabulary.facts[name].domain or ()))
    facts["hukou"] = draw(st.sampled_from([*CITIES, facts["hukou"]]))
    facts["age"] = draw(st.integers(55, 105))
    if facts["hardship"] != "tekun":
        del facts["support_mode"]
    if facts["disability_grade"] == 0:
        del facts["disability_kind"]
    return facts


PERSONS = st.composite(person)()


def finish(facts: Mapping[str, Any], state: State, reply: Reply) -> tuple[Reply, int]:
    asked: set[str] = set()
    questions = 0
    while not reply.done:
        assert not asked & set(reply.asking), "asked twice"
        assert not reply.facts.keys() & set(reply.asking), "asked what is known"
        # 有残疾证 says that there is a grade, and not which: that is asked next, on its own
        narrowed = {name for o in reply.options for name, value in o.facts.items() if isinstance(value, list | tuple)}
        asked |= set(reply.asking) - narrowed
        questions += 1
        state, reply = CONVERSATION.reply(state, tapped(reply, facts))
    return reply, questions


@settings(max_examples=150, deadline=None)
@given(PERSONS)
def test_everybody_reaches_the_results_that_check_gives(facts: dict[str, Any]) -> None:
    state, reply = CONVERSATION.reply(State(), "/start")
    reply, questions = finish(facts, state, reply)
    assert questions <= len(BOOK.space.names)
    told = {result["id"]: (result["status"], result["amount"]) for result in reply.results or ()}
    cities = {facts["hukou"], *([reply.facts["residence"]] if "residence" in reply.facts else [])}
    computed = assess({**facts, "residence": reply.facts.get("residence", facts["hukou"])}, BOOK, TODAY)
    expected = {r.rule.id: (r.status, r.amount) for r in computed.results if r.rule.city.id in cities}
    assert told == expected


def test_a_question_in_the_middle_is_answered_and_the_interview_goes_on() -> None:
    state, before = said("/start", "我今年八十三，本溪户口")
    _, reply = CONVERSATION.reply(state, "坐公交要钱吗")
    assert reply.asking == before.asking
    assert [o.label for o in reply.options] == [o.label for o in before.options]
    assert reply.hits[0]["section"] == "清单第23项"
    assert "70周岁以上老年人免除乘车费用" in reply.text


def test_one_asks_for_her_mother_in_words_to_match() -> None:
    _, reply = said("我妈八十六，双鸭山户口，吃低保")
    assert "您母亲" in reply.text
    assert reply.facts == {"age": 86, "hukou": "shuangyashan", "hardship": "dibao"}


def test_one_asks_for_her_husband() -> None:
    _, reply = said("给俺家老头子问，他七十九了，鞍山户口")
    assert "您老伴" in reply.text
    assert reply.facts == {"age": 79, "hukou": "anshan"}


def test_not_knowing_is_carried_to_the_end() -> None:
    state, reply = said("/start", "鞍山", "93")
    while not reply.done:
        state, reply = CONVERSATION.reply(state, "不知道")
    longevity = next(r for r in reply.results or () if r["id"] == "anshan.longevity_allowance")
    assert longevity["amount"]["value"] == 200
    assert "每月200元" in reply.text
    assert "还说不准" in reply.text


def test_a_correction_replaces_the_earlier_answer_and_keeps_the_others() -> None:
    _, reply = said("/start", "鞍山", "76", "说错了，是77")
    assert reply.facts == {"hukou": "anshan", "age": 77}


def test_a_correction_after_the_result_gives_a_new_result() -> None:
    _, reply = said("鞍山，九十三", "看结果", "不对，是一百零一岁", "看结果")
    assert "每月500元" in reply.text


def test_a_denial_takes_back_what_was_said() -> None:
    _, reply = said("本溪户口，八十三，低保", "我说错了，不是低保")
    assert reply.facts == {"hukou": "benxi", "age": 83}
    assert "不是低保" in reply.text


def test_a_denial_in_answer_is_heard_and_the_rest_is_asked() -> None:
    state, before = said("/start", "鞍山", "83")
    _, reply = CONVERSATION.reply(state, "没低保")
    assert reply.asking == before.asking
    assert "hardship" in reply.asking
    assert "不是低保" in reply.text


def test_a_bare_city_answers_the_question_that_was_asked() -> None:
    _, reply = said("/start", "其他城市", "鞍山")
    assert reply.facts == {"hukou": "other", "residence": "anshan"}


def test_a_look_up_that_needs_the_city_is_answered_once_it_is_known() -> None:
    state, reply = said("/start", "高龄津贴多少钱")
    assert reply.asking == ["hukou"]
    assert reply.text.count("？") == 1, "one question at a time"
    _, reply = CONVERSATION.reply(state, "双鸭山市")
    assert reply.facts == {"hukou": "shuangyashan"}
    assert "每人每年发放不低于300元高龄津贴" in reply.text
    assert reply.asking == ["age"]


def test_a_look_up_does_not_swallow_another_answer() -> None:
    _, reply = said("/start", "不知道", "高龄津贴多少钱", "本溪市")
    assert reply.facts == {"residence": "benxi"}


def test_facts_and_a_question_in_one_message_are_both_heard() -> None:
    _, reply = said("我妈八十六，本溪户口，坐公交要钱吗")
    assert reply.facts == {"age": 86, "hukou": "benxi"}
    assert "免除乘车费用" in reply.text
    assert reply.asking


@pytest.mark.parametrize("year", ["1944", "44年", "一九四四年", "1944年的"])
def test_a_year_answers_the_question_about_age(year: str) -> None:
    _, reply = said("/start", "鞍山", year)
    assert reply.facts == {"hukou": "anshan", "birth_year": 1944}


@pytest.mark.parametrize(("pending", "word", "facts"), [
    (["/start", "鞍山", "83", "都不是"], "一个人", {"living": "alone", "care_home": False}),
    (["/start", "鞍山", "83", "都不是"], "跟老伴住", {"living": "empty_nest", "care_home": False}),
    (["/start", "鞍山", "83", "都不是"], "敬老院", {"care_home": True}),
    (["/start", "鞍山", "83", "都不是"], "5", {"care_home": True}),
])
def test_short_answers(pending: list[str], word: str, facts: dict[str, Any]) -> None:
    state, reply = said(*pending)
    assert reply.asking == ["care_home", "living"]
    _, reply = CONVERSATION.reply(state, word)
    assert facts.items() <= reply.facts.items()


def test_an_amount_that_depends_on_something_is_not_said_to_be_unwritten() -> None:
    _, reply = said("本溪户口，1923年8月1日出生，分散供养，半失能，住在家里，下面的县", "看结果")
    assert "特困老年人分散供养：数额要看城镇或农村" in reply.text


def test_what_a_fact_needs_goes_with_it() -> None:
    state, _ = said("本溪户口，70岁，分散供养", "不是特困，是低保")
    assert state.facts["hardship"] == "dibao"
    assert "support_mode" not in state.facts


def test_an_id_number_is_used_and_not_kept() -> None:
    state, reply = said("我的身份证是210302193905061234")
    assert state.facts == {"birth_date": "1939-05-06"}
    assert "没有保存" in reply.text
    assert "210302193905061234" not in state.model_dump_json() + reply.model_dump_json()


def test_the_place_that_an_id_number_tells_is_asked_for_and_not_taken() -> None:
    _, reply = said("我的身份证是210302193905061234")
    assert "鞍山市" in reply.text
    assert "hukou" in reply.asking
    assert said("我的身份证是210302193905061234", "是")[0].facts["hukou"] == "anshan"
    assert said("我的身份证是210302193905061234", "本溪")[0].facts["hukou"] == "benxi"
    assert "号码开头" not in said("本溪户口", "210302193905061234")[1].text


def test_hello_later_goes_on_instead_of_starting_anew() -> None:
    _, reply = said("/start", "鞍山", "76", "你好")
    assert reply.facts == {"hukou": "anshan", "age": 76}
    assert reply.asking


def test_another_city_is_told_honestly() -> None:
    _, reply = said("/start", "其他城市", "其他城市")
    assert reply.done
    assert reply.results == []
    assert "12345" in reply.text


def test_what_the_documents_do_not_hold_is_refused_with_a_way_on() -> None:
    _, reply = said("/start", "鞍山", "彩票怎么买")
    assert "没有写" in reply.text
    assert "12345" in reply.text
    assert reply.hits == []
    assert reply.gap is not None


@pytest.mark.parametrize("word", ["特困是什么意思", "低保边缘是啥", "什么叫低保"])
def test_a_term_is_explained_and_the_question_asked_again(word: str) -> None:
    state, before = said("/start", "鞍山", "76")
    _, reply = CONVERSATION.reply(state, word)
    assert reply.asking == before.asking
    assert "民政" in reply.text or "供养" in reply.text


def test_misunderstanding_is_never_said_twice_alike_and_ends_with_the_next_question() -> None:
    state, before = said("/start", "鞍山", "76")
    texts = []
    for _ in range(3):
        state, reply = CONVERSATION.reply(state, "嘎嘎嘎")
        texts.append(reply.text)
    assert len(set(texts)) == 3
    assert reply.asking
    assert reply.asking != before.asking


@pytest.mark.parametrize(("words", "telling"), [
    ("有人打电话说办补贴要先交200块，是真的吗", "110"),
    ("活着没意思，不想活了", "12356"),
    ("我儿子打我", "12348"),
    ("我妈摔倒了起不来", "120"),
])
def test_danger_and_fraud_come_before_everything(words: str, telling: str) -> None:
    state, before = said("/start", "鞍山")
    _, reply = CONVERSATION.reply(state, words)
    assert telling in reply.text
    assert "岁数" not in reply.text
    assert (reply.asking, reply.options) == (before.asking, before.options), "the question is still open"
    assert reply.aside


def test_thanks_go_on_and_goodbye_does_not() -> None:
    state, before = said("/start", "鞍山")
    _, thanks = CONVERSATION.reply(state, "谢谢啊")
    assert thanks.asking == before.asking
    state, goodbye = CONVERSATION.reply(state, "累了")
    assert goodbye.aside
    assert "歇着" in goodbye.text
    _, again = CONVERSATION.reply(state, "你好")
    assert again.asking == before.asking


def test_a_question_about_another_city_changes_nothing() -> None:
    state, before = said("/start", "双鸭山户口，81了")
    after, reply = CONVERSATION.reply(state, "大连的高龄补贴多少")
    assert after.facts == state.facts
    assert "大连的请打当地12345" in reply.text
    assert reply.asking == before.asking


def test_the_way_to_the_office_is_told_after_the_result() -> None:
    _, reply = said("/start", "鞍山，九十三", "看结果", "去哪办")
    assert "市民政局" in reply.text
    assert "文件没有写" in reply.text


def test_who_lives_alone_is_not_asked_about_a_home() -> None:
    state, reply = said("82 本溪 低保 半失能 一个人住")
    while not reply.done:
        assert "care_home" not in reply.asking
        state, reply = CONVERSATION.reply(state, "不知道")
