"""Reminders over Telegram: sent once when the day is there, also after a restart, and cancelled with a word."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

from bot.sessions import SessionStore
from bot.state import Reminder
from tests.bot.telegram.loopback import Fault, Telegram
from tests.bot.telegram.process import bot_process

ALWAYS = {"YANGLAO_TELEGRAM__REMIND_FROM": "0", "YANGLAO_TELEGRAM__REMIND_UNTIL": "24"}


def asked_for(folder: Path, chats: int) -> None:
    """So many chats have asked to be reminded today."""
    store = SessionStore(folder)
    for chat in range(1, chats + 1):
        with store.turn(str(chat)) as turn:
            turn.state.reminders = [Reminder(due=date.today(), text=f"等您满90周岁：第{chat}位")]
    store.close()


def test_a_reminder_is_sent_once_though_the_bot_be_killed_ten_times(telegram: Telegram, tmp_path: Path) -> None:
    asked_for(tmp_path, 40)
    with bot_process(telegram, tmp_path, **ALWAYS) as bot:
        for kill in range(10):
            time.sleep(0.02 * kill)
            bot.kill()
            bot.start()
        time.sleep(8)
    reminded = [one.chat_id for one in telegram.sent]
    assert len(reminded) == len(set(reminded))
    assert len(reminded) >= 30  # one that was being sent when the bot was killed may have been


def test_a_reminder_waits_for_a_chat_that_is_full(telegram: Telegram, tmp_path: Path) -> None:
    asked_for(tmp_path, 1)
    telegram.faults += [Fault("sendMessage", "429", seconds=1), Fault("sendMessage", "500")]
    with bot_process(telegram, tmp_path, **ALWAYS):
        assert "第1位" in telegram.answer(1, 1).text
        time.sleep(2)
    assert len(telegram.sent) == 1


def test_what_is_cancelled_is_not_sent(telegram: Telegram, tmp_path: Path) -> None:
    asked_for(tmp_path, 2)
    with bot_process(telegram, tmp_path, YANGLAO_TELEGRAM__REMIND_FROM="0", YANGLAO_TELEGRAM__REMIND_UNTIL="0") as bot:
        telegram.write(1, "取消提醒")
        assert "不提醒" in telegram.answer(1, 1).text
        telegram.write(2, "删除我的资料")
        telegram.answer(2, 1)
        bot.stop()
    with bot_process(telegram, tmp_path, **ALWAYS):
        telegram.write(3, "你好")
        telegram.answer(3, 1)
        time.sleep(2)
    assert {one.chat_id for one in telegram.sent} == {1, 2, 3}
    assert len(telegram.sent) == 3
