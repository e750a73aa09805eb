"""Buttons, edited words, pictures and groups: what each event of a chat is answered with."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.conversation import Conversation
from bot.sessions import Turn
from bot.state import State
from bot.telegram import calls
from bot.telegram.calls import MOST_TEXT, TICK, Call, keyboard, split, units
from bot.telegram.events import Event, Kind
from bot.telegram.picture import pages, picture
from bot.telegram.talk import Talk
from eligibility.rulebook import rule_book

ADVISER = 77
TALK = Talk(Conversation(rule_book(), date(2026, 11, 22)), "yanglao_bot", {ADVISER})


class Chat:
    """A chat with the bot, without a network."""

    def __init__(self) -> None:
        self.turn = Turn(State())
        self.buttons: dict[str, str] = {}
        self._number = 0

    def send(self, kind: Kind, text: str = "", **more: object) -> list[Call]:
        """Something happens; the calls that answer it."""
        self._number += 1
        event = Event(self._number, "5", kind, text, **{"message_id": self._number, **more})  # type: ignore[arg-type]
        self.turn = Turn(self.turn.state, self.turn.channel)
        TALK.take(self.turn, event)
        calls = [Call.model_validate_json(call) for call in self.turn.calls]
        for call in calls:
            for row in call.params.get("reply_markup", {}).get("inline_keyboard", []):
                self.buttons.update({button["text"]: button.get("callback_data", "") for button in row})
        return calls

    def press(self, label: str, under: str = "一问") -> list[Call]:
        """A button is pressed."""
        return self.send("press", under, query_id="q", data=self.buttons[label])

    @property
    def facts(self) -> dict[str, object]:
        return self.turn.state.facts


def words(calls: list[Call]) -> str:
    """What is read in the messages."""
    return "\n".join(call.params["text"] for call in calls if call.method == "send_message")


def test_a_button_answers_and_the_question_shows_what_was_chosen() -> None:
    chat = Chat()
    chat.send("text", "八十三")
    calls = chat.press("鞍山市", "您的户口在哪个市？")
    assert [call.method for call in calls] == ["answer_callback_query", "edit_message_text", "send_message"]
    assert calls[1].params["text"] == "您的户口在哪个市？\n✓ 鞍山市"
    assert chat.facts == {"age": 83, "hukou": "anshan"}


def test_several_are_ticked_in_place_and_taken_back() -> None:
    chat = Chat()
    chat.send("text", "83 鞍山")
    assert [call.method for call in chat.press("低保户")] == ["answer_callback_query", "edit_message_reply_markup"]
    chat.press("常年有病")
    chat.press("✓ 低保户")
    assert chat.facts == {"age": 83, "hukou": "anshan"}
    chat.press("选好了")
    assert chat.facts["chronically_ill"] is True
    assert "dibao" not in chat.facts.values()


def test_nothing_ticked_is_said_so_and_none_of_them_needs_no_tick() -> None:
    chat = Chat()
    chat.send("text", "83 鞍山")
    (told,) = chat.press("选好了")
    assert "先点" in told.params["text"]
    chat.press("都没有")
    assert chat.facts["hardship"] == "none"


def test_a_button_of_an_earlier_question_changes_the_answer_to_it() -> None:
    chat = Chat()
    chat.send("text", "八十三")
    chat.press("鞍山市")
    calls = chat.press("本溪市")
    assert chat.facts["hukou"] == "benxi"
    assert "本溪市" in words(calls)
    (told,) = chat.press("本溪市")
    assert "前面答过了" in told.params["text"]


def test_an_earlier_button_is_no_answer_to_a_question_that_has_none() -> None:
    chat = Chat()
    chat.send("text", "您好")
    assert "多大" in words(chat.send("text", "鞍山户口"))
    assert "多大" in words(chat.press("双鸭山市"))
    assert chat.facts == {"hukou": "shuangyashan"}


@pytest.mark.parametrize("next_one", ["换一位", "那我爸呢"])
def test_a_button_of_somebody_else_says_nothing_of_who_is_spoken_of_now(next_one: str) -> None:
    chat = Chat()
    chat.send("text", "我妈83 鞍山")
    mothers = chat.buttons["低保户"]
    chat.send("text", next_one)
    chat.send("text", "85 鞍山")
    (told,) = chat.send("press", "一问", query_id="q", data=mothers)
    assert "另一位" in told.params["text"]
    assert chat.facts == {"age": 85, "hukou": "anshan"}


def test_an_adviser_taps_her_clients_and_others_have_no_list() -> None:
    chat = Chat()
    for kind, text in (("text", "张大娘91，鞍山"), ("text", "换一位"), ("text", "86 本溪 低保"), ("text", "/clients")):
        chat.send(kind, text, sender=ADVISER)  # type: ignore[arg-type]
    chat.send("press", "名单", query_id="q", data=chat.buttons["找：张大娘 91周岁 鞍山市"], sender=ADVISER)
    assert chat.facts == {"age": 91, "hukou": "anshan"}
    other = Chat()
    other.send("text", "张大娘91，鞍山")
    other.send("text", "换一位")
    assert other.turn.state.clients == []


def test_a_button_that_is_forgotten_is_answered_with_the_question_that_is_open() -> None:
    chat = Chat()
    chat.send("text", "八十三")
    calls = chat.send("press", "?", query_id="q", data="00000000:1")
    assert "太早" in calls[0].params["text"]
    assert "户口" in words(calls)


def test_edited_words_replace_the_answer_they_were() -> None:
    chat = Chat()
    chat.send("text", "83 鞍山", message_id=70)
    chat.send("edit", "88 鞍山", message_id=70)
    assert chat.facts == {"age": 88, "hukou": "anshan"}
    chat.send("text", "低保户", message_id=72)
    chat.send("edit", "都没有", message_id=72)
    assert chat.facts["hardship"] == "none"
    assert chat.facts["disability_grade"] == 0


@pytest.mark.parametrize("said", ["我妈83", "/start", "删除我的资料"])
def test_a_heart_put_to_a_message_changes_nothing(said: str) -> None:
    chat = Chat()
    for number, text in enumerate((said, "说错了，是85岁", "鞍山户口"), 70):
        chat.send("text", text, message_id=number)
    before = chat.turn.state
    assert chat.send("edit", said, message_id=70) == []
    assert chat.send("edit", "我妈99", message_id=3) == [], "nobody knows what it said before"
    assert chat.turn.state == before


def test_words_under_a_picture_are_words_and_pictures_sent_at_once_are_one() -> None:
    chat = Chat()
    assert "83周岁" in words(chat.send("photo", "我妈83，本溪户口", album="a"))
    assert chat.send("photo", album="a") == []
    assert "照片" in words(chat.send("photo", album="b"))
    assert chat.send("photo", album="b") == []
    assert "照片" in words(chat.send("photo"))


def test_our_own_words_sent_back_to_us_are_nobodys_facts() -> None:
    chat = Chat()
    assert "原话" in words(chat.send("ours", "给谁：本市户籍80岁以上低保老人，每月50元"))
    assert chat.facts == {}


@pytest.mark.parametrize("kind", ["photo", "voice", "sticker", "contact", "location", "file", "other"])
def test_what_is_no_words_is_answered_with_what_to_do(kind: Kind) -> None:
    chat = Chat()
    chat.send("text", "83 鞍山")
    before = chat.turn.state
    assert "打字" in words(chat.send(kind)) or "键盘" in words(chat.send(kind)) or "市" in words(chat.send(kind))
    assert chat.turn.state == before


def test_a_group_is_answered_from_the_documents_and_leaves_no_trace() -> None:
    chat = Chat()
    assert chat.send("text", "我妈83，低保", group=True, to_bot=False) == []
    told = words(chat.send("text", "本溪坐公交要钱吗", group=True))
    assert "公共交通" in told
    assert "私下" in words(chat.send("text", "我妈83，本溪户口，低保", group=True))
    assert "私下" in words(chat.send("added", group=True))
    assert chat.turn.forget
    assert chat.turn.state == State()


@pytest.mark.parametrize(("said", "told"), [
    ("高龄津贴多少钱", "把城市写上"),
    ("本溪", "私下"), ("/help", "私下"), ("你好", "私下"), ("本溪高龄津贴多少钱", "高龄津贴。"),
])
def test_a_group_is_told_what_it_can_ask(said: str, told: str) -> None:
    chat = Chat()
    calls = chat.send("text", said, group=True, message_id=9, thread=4)
    assert told in words(calls)
    assert "说给我" not in words(calls)
    assert all(call.params["reply_parameters"]["message_id"] == 9 for call in calls)
    assert all(call.params["message_thread_id"] == 4 for call in calls)


def test_commands_of_the_menu_are_words() -> None:
    chat = Chat()
    chat.send("text", "83 鞍山")
    assert "83周岁" in words(chat.send("text", "/mine"))
    assert "83周岁" in words(chat.send("text", "/mine@yanglao_bot"))
    chat.send("text", "/forget")
    assert chat.turn.forget


@given(st.text(max_size=9000))
def test_a_text_in_parts_is_the_text(text: str) -> None:
    parts = list(split(text))
    assert all(0 < units(part) <= MOST_TEXT for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_a_tick_moves_no_button() -> None:
    labels = ["特困（五保）", "低保户", "低保边缘户", "有残疾证"]
    plain, ticked = (keyboard([(f"{mark}{label}", "x:1") for label in labels])["inline_keyboard"] for mark in ("", TICK))
    assert [len(row) for row in plain] == [len(row) for row in ticked]


@given(st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=12))
def test_no_row_is_wider_than_a_phone(labels: list[str]) -> None:
    rows = keyboard([(label, "x:1") for label in labels])["inline_keyboard"]
    assert [button["text"] for row in rows for button in row] == labels
    assert all(len(row) == 1 or (len(row) == 2 and max(len(button["text"]) for button in row) <= 7) for row in rows)


def test_every_button_of_every_question_fits() -> None:
    chat = Chat()
    chat.send("text", "您好")
    for answer in ("本溪", "85", "低保户", "半失能", "一个人住", "都没有", "职工", "城镇", "有", "没有"):
        chat.send("text", answer)
    assert len(chat.buttons) > 10
    assert all(1 <= len(data.encode()) <= 64 for data in chat.buttons.values())


def test_a_picture_is_drawn_when_it_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    chat = Chat()
    chat.send("text", "86，鞍山户口，低保")
    monkeypatch.setattr(calls, "font_file", lambda: Path("a font"))
    first, *more = chat.send("text", "大字图片")
    assert {call.method for call in (first, *more)} == {"send_photo"}
    assert "每月100元" in first.params["drawn"]
    monkeypatch.setattr(calls, "font_file", lambda: None)
    told = words(chat.send("text", "大字图片"))
    assert "没有中文字体" in told
    assert "每月100元" in told


def test_a_long_result_is_several_pictures_that_a_phone_shows_large() -> None:
    chat = Chat()
    for said in ("我妈86，户口本溪，住双鸭山，特困，分散供养，半失能，一个人住，残疾二级", "大字图片"):
        chat.send("text", said)
    _, reply = TALK._conversation.reply(chat.turn.state, "大字图片")
    parts = pages(reply.text)
    assert len(parts) > 1
    head, *rest = reply.text.splitlines()
    assert [line for part in parts for line in part.splitlines()[1:]] == rest
    assert [part.splitlines()[0] for part in parts] == [f"{head}（{i}/{len(parts)}）" for i in range(1, len(parts) + 1)]
    for part in parts:
        drawn = picture(part)
        if drawn is not None:
            assert Image.open(io.BytesIO(drawn)).height < 2700
    assert "接着问" not in reply.text


@given(st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=300))
def test_whatever_is_drawn_is_a_picture_that_telegram_takes(text: str) -> None:
    drawn = picture(f"{text}\n{text}")
    assert drawn is None or drawn.startswith(b"\x89PNG")
