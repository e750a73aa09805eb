"""Several people in one chat: kept apart by how they are called, and never mixed up."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest

from bot.conversation import Conversation
from bot.state import State
from eligibility.rulebook import rule_book
from tests.bot.simulated import after

CONVERSATION = Conversation(rule_book(), date(2026, 11, 21))
said = partial(after, CONVERSATION)


def test_two_parents_are_kept_apart() -> None:
    state, reply = said("我妈八十六，鞍山户口，吃低保", "我爸八十八了")
    assert reply.facts == {"age": 88}
    assert "您父亲" in reply.text
    assert state.others["您母亲"].facts == {"age": 86, "hukou": "anshan", "hardship": "dibao"}


def test_one_turns_to_the_other_and_back_and_each_goes_on_with_her_own_question() -> None:
    state, before = said("我妈八十六，鞍山户口", "都没有")
    state, reply = CONVERSATION.reply(state, "那我爸呢")
    assert reply.asking == ["hukou"]
    state, reply = CONVERSATION.reply(state, "八十九")
    _, reply = CONVERSATION.reply(state, "回到我妈")
    assert reply.facts == before.facts
    assert reply.asking == before.asking


def test_where_the_first_lives_is_suggested_for_the_second_and_not_taken() -> None:
    state, reply = said("我妈八十六，鞍山户口", "那我爸呢")
    assert reply.facts == {}
    assert "户籍在鞍山市的话" in reply.text
    assert CONVERSATION.reply(state, "是")[1].facts == {"hukou": "anshan"}
    assert CONVERSATION.reply(state, "本溪")[1].facts == {"hukou": "benxi"}


def test_a_couple_in_one_sentence() -> None:
    state, reply = said("我今年七十八，老伴七十五，本溪户口")
    assert reply.facts == {"age": 78, "hukou": "benxi"}
    assert state.others["您老伴"].facts == {"age": 75}
    assert CONVERSATION.reply(state, "我老伴呢")[1].facts == {"age": 75}


def test_what_is_said_of_both_parents_holds_for_each() -> None:
    state, reply = said("我爸妈都八十多了，本溪户口")
    assert reply.facts == {"age_range": [81, 89], "hukou": "benxi"}
    assert state.others["您父亲"].facts == reply.facts


def test_the_speakers_own_age_is_not_her_mothers() -> None:
    state, reply = said("给我妈问问", "鞍山", "我六十二")
    assert reply.facts == {"age": 62}
    assert state.case.about == "您"
    assert state.others["您母亲"].facts == {"hukou": "anshan"}


def test_the_speakers_own_affairs_are_not_taken_for_her_mothers() -> None:
    _, reply = said("我妈八十六，鞍山户口", "我自己吃低保")
    assert reply.facts == {"age": 86, "hukou": "anshan"}
    assert "给我自己算" in reply.text
    assert reply.asking


def test_an_unnamed_person_gets_her_name_later() -> None:
    state, reply = said("鞍山户口，八十三", "我妈吃低保")
    assert reply.facts == {"hukou": "anshan", "age": 83, "hardship": "dibao"}
    assert state.case.about == "您母亲"
    assert not state.others


def test_people_are_compared() -> None:
    _, reply = said("我妈八十六，鞍山户口，吃低保", "我爸九十一，鞍山户口", "比一比")
    assert "您母亲：每月100元" in reply.text
    assert "您父亲：每月200元" in reply.text
    assert reply.asking


@pytest.mark.parametrize("word", ["换一位", "下一位", "下一个电话", "下一位老人"])
def test_the_next_client_finds_a_clean_slate(word: str) -> None:
    state, reply = said("王大娘，82，鞍山，低保", "看结果", word)
    assert reply.facts == {}
    assert not state.others
    assert reply.asking == ["hukou"]


def test_the_next_one_in_the_middle_leaves_the_question_open_and_loses_nothing() -> None:
    _, reply = said("82，鞍山，低保", "下一个")
    assert reply.facts == {"age": 82, "hukou": "anshan", "hardship": "dibao"}
    assert "跳过" in reply.text
    assert "换一位" in reply.text
    assert reply.asking
    _, reply = said("82，鞍山，低保，看结果", "看结果", "下一个")
    assert reply.facts == {}


def test_one_sees_and_deletes_what_is_kept() -> None:
    state, reply = said("我妈八十六，鞍山户口，吃低保", "我爸九十一，本溪户口", "看我的资料")
    assert "您母亲：86周岁、户籍在鞍山市、低保" in reply.text
    assert "您父亲：91周岁、户籍在本溪市" in reply.text
    state, reply = CONVERSATION.reply(state, "删除我的资料")
    assert state == State()
    assert reply.facts == {}


@pytest.mark.parametrize("word", ["换个人", "再算一个人", "还有一个老人"])
def test_somebody_else_besides_leaves_the_first_one_to_come_back_to(word: str) -> None:
    state, reply = said("我妈83，鞍山，低保", word)
    assert reply.facts == {}
    assert CONVERSATION.reply(state, "我妈呢")[1].facts == {"age": 83, "hukou": "anshan", "hardship": "dibao"}


def test_a_denial_goes_to_whom_it_is_said_of() -> None:
    state, reply = said("我爸85，鞍山，低保，瘫了", "我妈83，鞍山，没低保")
    assert state.others["您父亲"].facts["hardship"] == "dibao"
    assert "hardship" not in reply.facts
    state, reply = said("我爸85，鞍山，低保", "我妈83，鞍山，低保", "我爸不是低保")
    assert reply.facts["hardship"] == "dibao"
    assert "hardship" not in state.others["您父亲"].facts


@pytest.mark.parametrize(("first", "second"), [
    (("双鸭山，68",), "我老伴也68"), (("本溪，82，低保",), "我妹妹她在鞍山"), (("本溪，82", "看结果"), "我妈82，她是低保"),
])
def test_ones_own_record_is_nobody_elses(first: tuple[str, ...], second: str) -> None:
    own = said(*first)[1].facts
    state, reply = said(*first, second)
    assert state.others["您"].facts == own
    assert reply.facts != own


def test_why_and_what_if_are_answered_of_whom_they_are_asked() -> None:
    state, before = said("我爸86，双鸭山，低保，瘫了", "我妈82，双鸭山，低保，能自理", "我爸呢")
    _, reply = CONVERSATION.reply(state, "为啥我妈没有护理补贴")
    assert "您母亲现在对不上" in reply.text
    assert reply.asking == before.asking
    assert "失能护理补贴（每月150元）" in CONVERSATION.reply(state, "要是我妈瘫了呢")[1].text


def test_what_is_said_of_both_is_kept_for_both() -> None:
    state, reply = said("我爸86，我妈82，都在双鸭山")
    assert (reply.facts["residence"], state.others["您母亲"].facts["residence"]) == ("shuangyashan", "shuangyashan")
    state, reply = CONVERSATION.reply(state, "他俩都有医保")
    assert reply.facts["medical_insurance"]
    assert state.others["您母亲"].facts["medical_insurance"]


def test_what_two_get_is_added_up() -> None:
    state, _ = said("我妈八十六，鞍山户口，吃低保", "我爸九十一，鞍山户口")
    for words in ("俩人一个月一共多少钱", "加一块多少", "他俩谁领得多"):
        assert "合起来：每月300元" in CONVERSATION.reply(state, words)[1].text


def test_the_page_holds_everybody() -> None:
    _, reply = said("我妈八十六，鞍山户口，吃低保", "我爸九十一，鞍山户口", "发给我弟")
    assert "【母亲能领什么】" in reply.text
    assert "【父亲能领什么】" in reply.text


@pytest.mark.parametrize("words", [
    "换一位 85 本溪 能自理", "下一位：85，本溪，能自理", "下一个，85 本溪 能自理", "清空 85 本溪 能自理",
])
def test_the_next_client_may_come_in_one_line(words: str) -> None:
    _, reply = said("82 鞍山 低保 半失能 一个人住", words)
    assert reply.facts == {"age": 85, "hukou": "benxi", "ability": "independent"}


def test_another_age_in_another_city_is_somebody_else_and_can_be_taken_back() -> None:
    state, before = said("82 鞍山 低保 半失能 一个人住")
    state, reply = CONVERSATION.reply(state, "85 本溪 能自理")
    assert reply.facts == {"age": 85, "hukou": "benxi", "ability": "independent"}
    assert "上一步" in reply.text
    assert CONVERSATION.reply(state, "上一步")[1].facts == before.facts


def test_he_is_not_she() -> None:
    state, reply = said("我爸八十八，鞍山户口", "我妈八十六，低保", "他住养老院")
    assert reply.facts == {"age": 88, "hukou": "anshan", "care_home": True}
    assert state.others["您母亲"].facts == {"age": 86, "hardship": "dibao"}


@pytest.mark.parametrize(("words", "first", "second"), [
    ("张大爷 92 鞍山，李大娘 85 本溪 低保", {"age": 92, "hukou": "anshan"}, {"age": 85, "hukou": "benxi", "hardship": "dibao"}),
    ("我，76；我老伴，80，半失能，我俩都是低保", {"age": 76, "hardship": "dibao"}, {
        "age": 80, "hardship": "dibao", "ability": "partial",
    }),
    ("爷爷九十奶奶八十七，双鸭山", {"age": 90}, {"age": 87, "hukou": "shuangyashan"}),
])
def test_two_in_one_message_are_both_kept(words: str, first: dict[str, object], second: dict[str, object]) -> None:
    state, reply = said(words)
    assert reply.facts == first
    assert [case.facts for case in state.others.values()] == [second]


def test_a_title_called_again_is_the_one_who_was_named() -> None:
    state, reply = said("张大爷和张大娘，大爷92，大娘85低保，鞍山")
    assert (state.case.about, reply.facts) == ("张大爷", {"age": 92})
    assert CONVERSATION.reply(state, "是")[1].facts == {"age": 92, "hukou": "anshan"}


def test_two_ages_without_a_name_are_noticed() -> None:
    _, reply = said("老两口，男的85女的81")
    assert "两个岁数（85周岁、81周岁）" in reply.text
    _, reply = said("虚岁83，周岁81")
    assert "两个岁数" not in reply.text


def test_that_one_too_is_somebody_else_than_who_has_no_name_yet() -> None:
    state, reply = said("83 鞍山 低保", "那我爸呢")
    assert reply.facts == {}
    assert state.others["您"].facts["age"] == 83
    assert said("83 鞍山 低保", "给我妈问的")[1].facts["age"] == 83


def test_the_same_title_with_another_age_in_another_city_is_another_person() -> None:
    state, reply = said("张大娘 83 鞍山", "张大娘 66 双鸭山")
    assert reply.facts == {"age": 66, "hukou": "shuangyashan"}
    assert CONVERSATION.reply(state, "上一步")[1].facts == {"age": 83, "hukou": "anshan"}
