"""Everything at any time: going back, once more, why, why not, what if, a page to send on; the question stays open."""

from __future__ import annotations

from datetime import date

import pytest

from bot.conversation import Conversation
from bot.replies import Reply
from bot.state import State
from eligibility.rulebook import rule_book

CONVERSATION = Conversation(rule_book(), date(2026, 11, 21))


def said(*messages: str) -> tuple[State, Reply]:
    state, reply = State(), Reply(text="")
    for message in messages:
        state, reply = CONVERSATION.reply(state, message)
    return state, reply


@pytest.mark.parametrize("word", ["上一步", "退回去", "返回上一题", "撤回", "选错了", "回到上一个问题"])
def test_one_goes_back_a_step_and_is_asked_again(word: str) -> None:
    _, before = said("/start", "鞍山", "83")
    _, reply = said("/start", "鞍山", "83", "低保户", word)
    assert reply.asking == before.asking
    assert reply.facts == before.facts
    assert "低保不算了" in reply.text or "低保" in reply.text


def test_one_goes_back_all_the_way_and_forward_again() -> None:
    messages = ["/start", "鞍山", "83", "都没有", "能自理"]
    _, reply = said(*messages, "上一步", "上一步", "上一步", "上一步", "上一步")
    assert reply.facts == {}
    assert "没有可退的" in reply.text
    assert reply.asking == ["hukou"]


def test_one_goes_back_behind_the_result_and_what_was_left_open() -> None:
    _, reply = said("/start", "鞍山", "83", "不知道", "上一步")
    assert "hardship" in reply.asking
    _, reply = said("鞍山户口，83", "看结果", "上一步")
    assert reply.facts == {}


@pytest.mark.parametrize("word", ["再说一遍", "没看清", "你说啥", "重复一遍", "再发一遍"])
def test_what_was_said_is_said_once_more(word: str) -> None:
    state, before = said("/start", "鞍山", "83")
    _, again = CONVERSATION.reply(state, word)
    assert (again.text, again.asking, again.options) == (before.text, before.asking, before.options)
    state, before = said("鞍山户口，83", "看结果")
    assert CONVERSATION.reply(state, word)[1].text == before.text


@pytest.mark.parametrize("word", ["为什么问这个", "问这干啥", "为啥要问这个", "这跟补贴有啥关系"])
def test_what_hangs_on_the_question_is_told(word: str) -> None:
    state, before = said("/start", "鞍山", "83")
    _, reply = CONVERSATION.reply(state, word)
    assert "养老服务补贴" in reply.text
    assert reply.asking == before.asking


@pytest.mark.parametrize("words", ["为什么我没有高龄津贴", "咋没有高龄补贴呢", "我为啥领不到高龄津贴"])
def test_why_not_names_what_is_missing_and_the_nearest_step(words: str) -> None:
    _, reply = said("双鸭山户口，1949年3月5日生的", words)
    assert "差在“年满80周岁”" in reply.text
    assert "等您满80周岁（2029年3月5日）：高龄津贴（到时还要看家庭经济情况）" in reply.text
    _, reply = said("双鸭山户口，1949年3月5日生的，是普通家庭，啥困难户都不是", words)
    assert "等您满80周岁（2029年3月5日）：高龄津贴，每年不低于300元" in reply.text
    assert reply.asking


def test_why_not_of_something_that_depends_says_on_what() -> None:
    _, reply = said("鞍山户口，82岁，低保，半失能，一个人住", "为什么没有居家养老服务补贴")
    assert "要是城镇，就能有居家养老服务补贴" in reply.text
    assert "每月400元" in reply.text


@pytest.mark.parametrize(("words", "telling"), [
    ("要是我办了低保呢", "能多出：高龄津贴（每月50元）、养老服务补贴（每月50元）"),
    ("如果我吃上低保了能多领多少", "现在没有，到时每月100元"),
    ("等我九十了呢", "高龄老年人生活补贴（每月200元）"),
    ("要是我搬到养老院住呢", "就没有了"),
    ("万一我不能自理了咋办", "假如失能"),
    ("要是有医保呢", "没有变化"),
])
def test_a_supposition_is_worked_out_and_changes_nothing(words: str, telling: str) -> None:
    state, before = said("鞍山户口，82岁，没有低保五保啥的，啥困难户都不是，能自理，跟老伴俩过")
    after, reply = CONVERSATION.reply(state, words)
    assert telling in reply.text
    assert after.facts == state.facts
    assert reply.asking == before.asking


def test_a_supposition_that_cannot_be_is_told_so() -> None:
    _, reply = said("鞍山户口，1940年5月1日生", "要是我二百岁了呢")
    assert reply.text
    assert reply.facts == {"hukou": "anshan", "birth_date": "1940-05-01"}


def test_the_result_is_one_screen_and_its_items_are_told_on_request() -> None:
    state, result = said("82 鞍山 低保 半失能 一个人住 城镇户口", "看结果")
    assert result.done
    assert "【钱】每月100元" in result.text
    assert "文件原文" not in result.text
    assert len(result.text) < 1000
    _, item = CONVERSATION.reply(state, "2")
    assert item.text.startswith("养老服务补贴（符合条件，每月50元）")
    assert "文件原文：“对低保户、低保边缘户家庭中60—79周岁失能、半失能老年人" in item.text
    assert "找谁：市民政局" in item.text
    assert CONVERSATION.reply(state, "第二项")[1].text == item.text


def test_a_page_to_send_on_holds_everything_and_needs_no_chat_around_it() -> None:
    _, reply = said("82 鞍山 低保 半失能 一个人住 城镇户口", "发给我儿子看看")
    for needed in ("2026年11月21日", "82周岁", "每月100元", "为什么：", "文件原文：", "找谁：", "12345", "答复为准"):
        assert needed in reply.text
    assert "您" not in reply.text.replace("您先交钱", "")
    assert reply.asking, "the question stays open"


def test_a_correction_after_the_result_gives_the_result_anew() -> None:
    _, reply = said("鞍山，九十三", "看结果", "不对，是一百零一岁")
    assert reply.done
    assert "每月500元" in reply.text


def test_after_an_early_result_the_questions_go_on_when_wanted() -> None:
    state, before = said("鞍山，九十三")
    state, result = CONVERSATION.reply(state, "看结果")
    assert result.done
    assert CONVERSATION.reply(state, "接着问")[1].asking == before.asking


def test_who_is_not_understood_reads_no_sentence_twice_and_is_given_somebody_to_call() -> None:
    state, reply = said("/start", "鞍山", "83")
    sentences: list[str] = []
    for word in ("嘎嘎嘎", "哈哈哈哈", "嘻嘻嘻嘻"):
        state, reply = CONVERSATION.reply(state, word)
        sentences += [part for part in reply.text.replace("\n", "。").split("。") if part]
    assert len(sentences) == len(set(sentences))
    assert "12345" in reply.text
    state, _ = CONVERSATION.reply(state, "看结果")
    texts = []
    for word in ("嘎嘎嘎", "哈哈哈哈", "嘻嘻嘻嘻"):
        state, reply = CONVERSATION.reply(state, word)
        texts.append(reply.text)
    assert len(set(texts)) == 3
    assert any("12345" in text for text in texts)


def test_how_much_is_left_is_told_with_what_is_certain() -> None:
    _, reply = said("鞍山户口，九十三")
    assert "现在就能确定的：每月200元。大约还有" in reply.text
    _, reply = said("鞍山户口，九十三", "能给多少钱啊")
    assert "每月最少200元" in reply.text
