"""Killed without a warning, again and again, the bot loses no answer and damages no conversation."""

from __future__ import annotations

import random
import time
from functools import cache
from itertools import groupby
from pathlib import Path

from bot.conversation import Conversation
from bot.state import State
from bot.telegram.calls import split
from eligibility.rulebook import rule_book
from tests.bot.telegram.loopback import Telegram
from tests.bot.telegram.process import bot_process

KILLS = 10
CHATS = 60
CONSULTATIONS = (
    ("/start", "鞍山", "八十三", "低保", "都没有", "看结果"),
    ("我妈八十六，本溪户口", "都没有", "能自理", "上一步", "半失能", "看我的资料"),
    ("俺婆婆七十六，双鸭山的户口，不是低保", "起不来炕", "坐公交要钱吗", "都没有", "看结果", "看我的资料"),
)


@cache
def _conversation() -> Conversation:
    return Conversation(rule_book())


@cache
def answers(consultation: tuple[str, ...]) -> list[str]:
    """What the conversation says, message by message."""
    conversation, state = _conversation(), State()
    said: list[str] = []
    for text in consultation:
        state, reply = conversation.reply(state, text)
        said += split(reply.text)
    return said


def test_ten_kills_lose_no_answer_and_damage_no_conversation(telegram: Telegram, tmp_path: Path) -> None:
    chance = random.Random(7)
    expected = [answers(consultation) for consultation in CONSULTATIONS]
    with bot_process(telegram, tmp_path) as bot:
        for turn in range(max(map(len, CONSULTATIONS))):
            for chat in range(CHATS):
                texts = CONSULTATIONS[chat % len(CONSULTATIONS)]
                if turn < len(texts):
                    telegram.write(chat + 1, texts[turn])
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.05, 1.2))
            bot.kill()
            bot.start()
        wanted = {chat + 1: expected[chat % len(expected)] for chat in range(CHATS)}
        telegram.wait(lambda: all(_once(telegram, chat) == said for chat, said in wanted.items()), seconds=60)
    assert len(telegram.sent) - sum(map(len, wanted.values())) <= KILLS * 40
    assert telegram.refusals == []


def _once(telegram: Telegram, chat: int) -> list[str]:
    """The answers in a chat; one that a kill had sent twice, since its sending could not be noted any more, counts once."""
    return [text for text, _ in groupby(one.text for one in telegram.to(chat))]
