"""Somebody who chats with the bot over a Bot API that is not ours, and the consultations that are held over each of them."""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.conversation import Conversation
from bot.state import State
from eligibility.assessment import assess
from eligibility.rulebook import rule_book

SECONDS = 15.0
"""So long an answer is waited for."""


@dataclass(frozen=True)
class Message:
    """A message of the bot as it stands now.

    Attributes:
        number: by which it is known in its chat.
        text: its words.
        buttons: what is read on its buttons, and what each says when pressed.
    """

    number: int
    text: str
    buttons: Mapping[str, str] = field(default_factory=dict)


def buttons_of(markup: Mapping[str, Any] | None) -> dict[str, str]:
    """What is read on the buttons of a keyboard, and what each says."""
    return {button["text"]: button["callback_data"] for row in (markup or {}).get("inline_keyboard", []) for button in row}


class Person(ABC):
    """Somebody who chats with the bot."""

    def __init__(self) -> None:
        self._read = 0

    @abstractmethod
    async def write(self, text: str) -> None:
        """Writes."""

    @abstractmethod
    async def push(self, message: Message, data: str) -> None:
        """Presses the button of a message that says ``data``."""

    @abstractmethod
    async def messages(self) -> list[Message]:
        """All messages of the bot in this chat, in order."""

    async def say(self, text: str) -> Message:
        """Writes, and reads the answer."""
        await self.write(text)
        return await self.read()

    async def press(self, label: str) -> Message:
        """Presses a button of the last message, and reads the answer."""
        await self.tap(label)
        return await self.read()

    async def tap(self, label: str) -> None:
        """Presses a button of the last message."""
        last = (await self.messages())[-1]
        await self.push(last, last.buttons[label])

    async def read(self) -> Message:
        """The next message of the bot."""
        until = time.monotonic() + SECONDS
        while len(messages := await self.messages()) <= self._read:
            assert time.monotonic() < until, "no answer"
            await asyncio.sleep(0.02)
        self._read += 1
        return messages[self._read - 1]

    async def see(self, label: str) -> None:
        """Waits until a label is read on a button of the last message."""
        until = time.monotonic() + SECONDS
        while label not in (shown := await self.buttons()):
            assert time.monotonic() < until, f"not among {shown}"
            await asyncio.sleep(0.02)

    async def buttons(self) -> list[str]:
        """What is read on the buttons of the last message."""
        return list((await self.messages())[-1].buttons)


async def taps_and_typing(senior: Person) -> None:
    """From the greeting to the result, mostly by buttons; it states what its answers come to."""
    assert "您好" in (await senior.say("/start")).text
    assert await senior.buttons() == ["鞍山市", "本溪市", "双鸭山市", "其他城市"]
    asked = await senior.press("鞍山市")
    assert "岁" in asked.text
    asked = await senior.say("八十三了")
    assert "情况" in asked.text
    await senior.tap("低保户")
    await senior.see("✓ 低保户")
    asked = await senior.press("选好了")
    answers = ["/start", "鞍山市", "八十三了", "低保户"]
    while asked.buttons and "为什么" not in asked.buttons:
        answers.append(next(iter(asked.buttons)))
        asked = await senior.press(answers[-1])
    assert "【钱】每月" in asked.text
    assert _states(asked.text, _facts(answers))
    why = await senior.press("为什么")
    assert "依据" in why.text
    assert any("✓ 低保户" in message.text for message in await senior.messages())


async def typed_at_once(daughter: Person) -> None:
    """All in one sentence; the result is the one that ``check`` gives."""
    await daughter.say("我妈九十二，双鸭山集贤的户口，吃低保，瘫床上了，跟我们一起住，没残疾证，农村的")
    result = await daughter.say("看结果")
    assert _states(result.text, {
        "age": 92, "hukou": "shuangyashan", "county": "county", "hardship": "dibao", "ability": "dependent",
        "living": "with_family", "care_home": False, "disability_grade": 0, "area": "rural",
    })


async def two_at_once(first: Person, second: Person) -> None:
    """Two people write at the same time; neither is told anything of the other."""
    await asyncio.gather(first.say("83，鞍山户口"), second.say("91，本溪户口"))
    kept = await asyncio.gather(first.say("看我的资料"), second.say("看我的资料"))
    assert "83周岁" in kept[0].text
    assert "91周岁" in kept[1].text
    assert "83" not in kept[1].text


def _facts(answers: list[str]) -> dict[str, Any]:
    """What the conversation takes from answers, without any Telegram between."""
    conversation, state = Conversation(rule_book(), reminds=True), State()
    for answer in answers:
        state, _ = conversation.reply(state, answer)
    return dict(state.facts)


def _states(text: str, facts: dict[str, Any]) -> bool:
    """Whether a result states the money that the rules give."""
    total = assess(facts, rule_book()).cash_total
    return f"每月{total['month']:g}元" in text or f"每年{total['year']:g}元" in text
