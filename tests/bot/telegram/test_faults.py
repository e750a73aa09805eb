"""What goes wrong on the way to Telegram loses nothing, doubles nothing and halts nobody else."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from PIL import Image

from bot.telegram.picture import font_file
from tests.bot.telegram.loopback import Fault, Telegram
from tests.bot.telegram.process import BotProcess, NotStartedError, bot_process
from tests.needs import missing


def test_a_consultation_against_a_strict_server(telegram: Telegram, tmp_path: Path) -> None:
    with bot_process(telegram, tmp_path):
        telegram.write(5, "/start")
        first = telegram.answer(5, 1)
        telegram.press(first, "本溪市")
        telegram.write(5, "八十四")
        asked = telegram.answer(5, 3)
        assert first.markup is None
        assert first.text.endswith("✓ 本溪市")
        telegram.press(asked, "低保户")
        telegram.wait(lambda: any("✓" in label for label in asked.labels()))
        telegram.press(asked, "选好了")
        telegram.answer(5, 4)
        telegram.write(5, "看结果")
        assert "【钱】" in telegram.answer(5, 5).text
    assert telegram.refusals == []


@pytest.mark.parametrize("fault", [
    Fault("sendMessage", "500", times=2), Fault("sendMessage", "429", times=1, seconds=1), Fault("sendMessage", "cut", times=1),
    Fault("getUpdates", "500", times=2), Fault("getUpdates", "cut", times=1), Fault("getUpdates", "429", seconds=1),
    Fault("getMe", "500", times=1),
])
def test_what_fails_is_tried_again(telegram: Telegram, tmp_path: Path, fault: Fault) -> None:
    telegram.faults.append(fault)
    telegram.write(5, "83，鞍山户口")
    with bot_process(telegram, tmp_path):
        telegram.answer(5, 1)
        telegram.write(5, "看我的资料")
        assert "83周岁" in telegram.answer(5, 2).text
    assert len(telegram.to(5)) == 2


def test_an_update_that_cannot_be_read_keeps_back_no_other(telegram: Telegram, tmp_path: Path) -> None:
    telegram.show(5, text=["no", "text"], entities="nor entities")
    telegram.write(5, "83，鞍山户口")
    with bot_process(telegram, tmp_path):
        telegram.answer(5, 1)
        telegram.wait(lambda: telegram.updates == [])
    assert len(telegram.to(5)) == 1


def test_words_edited_afterwards_are_heard_and_a_touch_is_not(telegram: Telegram, tmp_path: Path) -> None:
    with bot_process(telegram, tmp_path):
        number = telegram.write(5, "83，鞍山户口")
        telegram.answer(5, 1)
        telegram.edit(5, number, "83，鞍山户口")
        telegram.edit(5, number, "88，鞍山户口")
        assert "88周岁" in telegram.answer(5, 2).text
        telegram.wait(lambda: telegram.updates == [])
    assert len(telegram.to(5)) == 2


@pytest.mark.parametrize("method", ["getMe", "setMyCommands"])
def test_a_bot_that_waits_for_telegram_can_be_stopped(telegram: Telegram, tmp_path: Path, method: str) -> None:
    telegram.faults.append(Fault(method, "500", times=1000))
    bot = BotProcess(telegram, tmp_path)
    bot.launch()
    try:
        telegram.wait(lambda: telegram.calls[method] > 1)
        assert '"ready"' not in bot.stop()
    finally:
        bot.kill()


def test_a_chat_that_is_full_halts_nobody_else(telegram: Telegram, tmp_path: Path) -> None:
    telegram.faults.append(Fault("sendMessage", "429", chat_id=5, seconds=3))
    with bot_process(telegram, tmp_path):
        telegram.write(5, "83，鞍山户口")
        telegram.write(6, "91，本溪户口")
        telegram.answer(6, 1)
        assert telegram.to(5) == []
        telegram.answer(5, 1)
        assert telegram.to(5)[0].at - telegram.to(6)[0].at > 2


def test_a_result_can_be_had_as_a_picture(telegram: Telegram, tmp_path: Path) -> None:
    if font_file() is None:
        missing("no font with Chinese letters")
    with bot_process(telegram, tmp_path):
        telegram.write(5, "我妈86，鞍山户口，低保，半失能")
        telegram.write(5, "/picture")
        assert telegram.answer(5, 2).text == "picture"
    (drawn,) = telegram.files
    image = Image.open(io.BytesIO(drawn))
    assert image.format == "PNG"
    assert image.width == 1080
    assert image.width + image.height <= 10_000
    assert telegram.refusals == []


def test_an_inline_query_is_offered_passages_to_put_into_any_chat(telegram: Telegram, tmp_path: Path) -> None:
    with bot_process(telegram, tmp_path):
        one, all_cities = telegram.seek(5, "高龄津贴 本溪"), telegram.seek(5, "坐公交要钱吗")
        nothing, empty = telegram.seek(5, "怎么种大葱"), telegram.seek(5, "")
        telegram.wait(lambda: len(telegram.offered) == 4)
    first = telegram.offered[one][0]
    assert first["title"].startswith("本溪市")
    assert "50元/人/月" in first["input_message_content"]["message_text"]
    assert {article["title"][:3] for article in telegram.offered[one]} == {"本溪市"}
    assert len({article["title"][:2] for article in telegram.offered[all_cities]}) > 1
    assert telegram.offered[nothing] == telegram.offered[empty] == []
    assert telegram.refusals == []


def test_what_is_delivered_again_is_answered_once(telegram: Telegram, tmp_path: Path) -> None:
    telegram.write(5, "83，鞍山户口")
    telegram.write(5, "都没有")
    telegram.deliver_again()
    with bot_process(telegram, tmp_path):
        telegram.answer(5, 2)
        telegram.write(5, "看我的资料")
        telegram.answer(5, 3)
    assert len(telegram.to(5)) == 3


def test_who_shuts_the_bot_out_is_forgotten(telegram: Telegram, tmp_path: Path) -> None:
    telegram.faults.append(Fault("sendMessage", "403", chat_id=5))
    with bot_process(telegram, tmp_path) as bot:
        telegram.write(5, "83，鞍山户口")
        telegram.write(6, "91，本溪户口")
        telegram.answer(6, 1)
        telegram.wait(lambda: telegram.calls["sendMessage"] >= 2)
        telegram.block(6)
        telegram.write(7, "你好")
        telegram.answer(7, 1)
        bot.stop()
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b'"greeted":true' in kept  # of the third one
    assert b'"age"' not in kept


def test_messages_in_a_chat_keep_their_order_and_pace(telegram: Telegram, tmp_path: Path) -> None:
    for text in ("83，鞍山户口", "都没有", "能自理"):
        telegram.write(5, text)
    with bot_process(telegram, tmp_path):
        telegram.answer(5, 3)
    first, second, third = telegram.to(5)
    assert "83周岁" in first.text
    assert min(second.at - first.at, third.at - second.at) > 0.9


def test_a_stop_answers_what_was_received(telegram: Telegram, tmp_path: Path) -> None:
    with bot_process(telegram, tmp_path) as bot:
        for chat in range(30):
            telegram.write(chat + 1, "83，鞍山户口")
        telegram.wait(lambda: telegram.sent)
        bot.stop()
        assert bot.process
        assert bot.process.returncode == 0
    answered = {one.chat_id for one in telegram.sent}
    waiting = {update["message"]["chat"]["id"] for update in telegram.updates}
    assert answered | waiting == set(range(1, 31))


def test_logs_hold_nothing_of_what_people_say(telegram: Telegram, tmp_path: Path) -> None:
    telegram.faults.append(Fault("sendMessage", "500", times=1))
    with bot_process(telegram, tmp_path) as bot:
        telegram.write(76543, "我叫王桂兰，210302194403051234，83，鞍山户口")
        telegram.answer(76543, 1)
        logged = bot.stop()
    assert "send_message failed" in logged
    said = re.sub(r'"at": "[^"]*"', "", logged.replace(telegram.address, ""))  # a time of day may hold any number
    for secret in ("王桂兰", "210302", "83", "76543", "loopback"):
        assert secret not in said


@pytest.mark.parametrize(("settings", "told"), [
    ({"YANGLAO_TELEGRAM__TOKEN": ""}, "令牌"), ({"YANGLAO_TELEGRAM__TOKEN": "1:wrong"}, "令牌不对"),
    ({"YANGLAO_TELEGRAM__WEBHOOK": "https://example.org/telegram"}, "port"),
    ({"YANGLAO_DATABASE": "postgresql://nobody@127.0.0.1:1/none"}, "资料没法保存在 PostgreSQL"),
])
def test_what_is_wrong_at_the_start_is_told_in_a_sentence(
    telegram: Telegram, tmp_path: Path, settings: dict[str, str], told: str,
) -> None:
    with pytest.raises(NotStartedError, match=told) as failed, bot_process(telegram, tmp_path, **settings):
        pass
    assert "Traceback" not in str(failed.value)
    assert len(str(failed.value).strip().splitlines()) == 1
