"""Everything at any time: going back, once more, why, why not, what if, a page to send on; the question stays open."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest

from bot.conversation import Conversation
from eligibility.rulebook import rule_book
from tests.bot.simulated import after

CONVERSATION = Conversation(rule_book(), date(2026, 11, 21))
said = partial(after, CONVERSATION)


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
    ("九十岁给多少", "高龄老年人生活补贴（每月200元）"),
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


@pytest.mark.parametrize("word", ["嗯", "对", "有"])
def test_a_yes_to_several_things_is_asked_which(word: str) -> None:
    state, before = said("/start", "双鸭山市", "86")
    _, reply = CONVERSATION.reply(state, word)
    assert reply.facts == before.facts
    assert "哪一个" in reply.text
    assert reply.asking == before.asking


@pytest.mark.parametrize(("first", "words", "facts"), [
    ("83，鞍山，低保", "不对，我84", {"age": 84}),
    ("我妈82，双鸭山，低保", "不对 她81", {"age": 81}),
    ("残疾证一级，鞍山，80", "不 是二级", {"disability_grade": 2}),
])
def test_a_correction_is_that_and_no_answer(first: str, words: str, facts: dict[str, object]) -> None:
    before = said(first)[1].facts
    assert said(first, words)[1].facts == {**before, **facts}


@pytest.mark.parametrize("word", ["不对", "错了", "整错了"])
def test_what_is_wrong_is_asked(word: str) -> None:
    state, before = said("83，鞍山，低保")
    _, reply = CONVERSATION.reply(state, word)
    assert reply.facts == before.facts
    assert "哪儿不对" in reply.text


@pytest.mark.parametrize("words", ["多大算九十啊", "低保呢", "下一个问题", "城市还是农村不知道", "重新答上一个"])
def test_a_question_records_nothing(words: str) -> None:
    _, reply = said("/start", "鞍山", "88", words)
    assert reply.facts.items() <= {"hukou": "anshan", "age": 88}.items()


def test_what_is_over_is_taken_back() -> None:
    _, reply = said("本溪，76，低保，看结果", "低保没了")
    assert "hardship" not in reply.facts


def test_a_certificate_typed_among_other_things_is_asked_for_its_grade() -> None:
    _, reply = said("/start", "本溪", "83", "职工养老保险", "低保，有残疾证，常年有病")
    assert reply.asking == ["disability_grade"]
    assert reply.facts["chronically_ill"]


def test_a_certificate_makes_nobody_a_soldier() -> None:
    _, reply = said("/start", "本溪", "83", "职工养老保险", "有残疾证 二级")
    assert reply.facts["disability_grade"] == 2
    assert "honor" not in reply.facts


def test_a_sum_that_hangs_on_the_way_to_it_is_not_stated() -> None:
    _, reply = said("双鸭山，82", "为什么没有高龄津贴")
    assert "1200" not in reply.text.split("文件原文")[0]


@pytest.mark.parametrize("words", ["要是没有低保，90岁呢", "要是没低保到了90呢"])
def test_two_suppositions_at_once(words: str) -> None:
    _, reply = said("82，鞍山，低保，能自理，一个人住", words)
    assert "到时每月200元" in reply.text


@pytest.mark.parametrize("words", ["要是去养老院呢", "要是我去敬老院呢", "要是住养老院呢"])
def test_a_home_is_supposed_in_whatever_words(words: str) -> None:
    _, reply = said("82，鞍山，低保，半失能，一个人住", words)
    assert "假如住在养老机构" in reply.text


def test_who_is_past_one_band_is_told_of_the_other() -> None:
    _, reply = said("我太姥姥101，鞍山户口", "为什么没有高龄津贴")
    assert "每月500元" in reply.text


@pytest.mark.parametrize("words", ["啥时候给钱", "都带啥材料", "一个月多少钱", "多少钱"])
def test_what_comes_after_the_result_is_answered(words: str) -> None:
    state, _ = said("93，鞍山", "看结果")
    reply = CONVERSATION.reply(state, words)[1]
    assert "没有查到" not in reply.text
    assert "每月200元" in reply.text or "没有写" in reply.text


def test_news_that_changes_nothing_is_not_answered_with_everything() -> None:
    state, _ = said("93，鞍山，低保，能自理，跟儿子住，有医保", "看结果")
    _, reply = CONVERSATION.reply(state, "是男的，家里五口人，我有职工养老保险")
    assert len(reply.text) < 200


@pytest.mark.parametrize("words", ["要是有残疾证呢", "要是住养老院呢", "要是一个人住呢", "低保的话呢", "换成低保呢"])
def test_a_supposition_is_no_answer_even_to_its_own_question(words: str) -> None:
    for before in (("82 鞍山",), ("82 鞍山", "都没有"), ("82 鞍山", "看结果")):
        state, reply = said(*before)
        assert CONVERSATION.reply(state, words)[1].facts == reply.facts


@pytest.mark.parametrize(("words", "facts"), [
    ("低保无", {}), ("低保x", {}), ("失能无", {}), ("低保 否", {}), ("问低保", {}), ("低保已停", {}),
    ("低保边", {"hardship": "dibao_edge"}), ("低保标准700", {"dibao_standard": 700}),
])
def test_shorthand_is_not_read_as_its_opposite(words: str, facts: dict[str, object]) -> None:
    assert said(f"{words} 82 双鸭山")[1].facts == {"age": 82, "hukou": "shuangyashan", **facts}


@pytest.mark.parametrize("words", ["低保，别的都没有", "低保户，都没有", "低保户、别的没有"])
def test_one_and_nothing_else(words: str) -> None:
    _, reply = said("91 鞍山 能自理", words)
    assert reply.facts["hardship"] == "dibao"
    assert reply.facts["family_planning_special"] is False


def test_an_old_button_that_says_not_how_is_asked_how() -> None:
    _, reply = said("91 本溪 农村 能自理", "都没有", "都没有", "有残疾证")
    assert reply.asking == ["disability_grade"]


@pytest.mark.parametrize("word", ["最后一个", "最后一项", "最后那个。"])
def test_the_last_of_nothing_is_not_understood(word: str) -> None:
    assert said("/start", "鞍山", word)[1].facts == {"hukou": "anshan"}


def test_a_number_that_is_no_item_is_told_so() -> None:
    _, reply = said("72 本溪 农村 低保", "看结果", "99")
    assert "没有第99项" in reply.text
    assert reply.facts["age"] == 72


@pytest.mark.parametrize("number", ["210302-19420315-1234", "210302 19420315 1234", "210302420315123", "13841234567"])
def test_no_long_number_is_kept_with_a_question_that_waits(number: str) -> None:
    state, _ = said(f"{number} 高龄津贴多少钱")
    kept = state.model_dump_json().replace(" ", "")
    assert number.replace(" ", "").replace("-", "")[:11] not in kept.replace("-", "")


def test_without_a_city_the_result_asks_for_it() -> None:
    _, reply = said("83", "看结果")
    assert "哪个市" in reply.text
    assert reply.asking == ["hukou"]


def test_only_what_can_be_owed_is_promised() -> None:
    _, reply = said("88 鞍山 低保 能自理", "看结果")
    assert "也许能有、由单位定" in reply.text


@pytest.mark.parametrize(("words", "telling"), [
    ("要是再过七年呢", "假如90周岁"), ("过七年能领多少", "每月200元"), ("明年呢", "假如84周岁"), ("那后年给多少", "假如85周岁"),
])
def test_a_later_year_is_supposed(words: str, telling: str) -> None:
    state, before = said("83 鞍山 低保")
    _, reply = CONVERSATION.reply(state, words)
    assert telling in reply.text
    assert reply.facts == before.facts


def test_what_comes_with_age_is_told_again_where_the_channel_can() -> None:
    reminding = Conversation(rule_book(), date(2026, 11, 21), reminds=True)
    state, reply = after(reminding, "1937年3月5号生的，鞍山户口", "满90岁那个月提醒我")
    assert "2027年3月1日" in reply.text
    assert [one.due for one in state.reminders] == [date(2027, 3, 1)]
    assert "要提醒的" in reminding.reply(state, "看我的资料")[1].text
    assert reminding.reply(state, "重新开始")[0].reminders == state.reminders
    assert reminding.reply(state, "取消提醒")[0].reminders == []
    assert "日历" in said("1937年3月5号生的，鞍山户口", "提醒我")[1].text
    assert "哪天生的" in after(reminding, "83，鞍山户口", "到时候提醒我一声")[1].text


def test_a_link_opens_a_city_or_an_entitlement() -> None:
    state, reply = said("/start benxi")
    assert "户籍在本溪市的话" in reply.text
    assert CONVERSATION.reply(state, "是")[1].facts == {"hukou": "benxi"}
    state, reply = said("我妈83", "/start benxi-old_age_allowance")
    assert "高龄津贴" in reply.text
    assert reply.facts == {"age": 83}
    assert said("我妈83", "/start nowhere-nothing")[1].facts == {}
