"""Simulated people: they know everything about themselves, and answer by tapping, by number, or in everyday words."""

from __future__ import annotations

import random
from collections.abc import Mapping
from itertools import islice
from typing import Any

from bot.conversation import Conversation
from bot.replies import OptionButton, Reply
from bot.state import State
from eligibility.facts import Vocabulary
from knowledge.phrases import spoken

MOST_QUESTIONS = 40

DIGRESSIONS = (
    "坐公交要钱吗", "啥意思", "为什么问这个", "再说一遍", "谢谢", "能给多少钱啊", "要是我办了低保呢",
    "为什么没有高龄津贴", "你好", "等我一百岁能领多少", "帮助", "看我的资料", "高龄津贴多少钱", "去哪办啊", "依据是什么",
    "俺家对门吃低保", "彩票怎么买", "发给我儿子看看",
)
"""What people say in the middle; none of it tells anything of them."""

AGES = ("{}", "{}了", "今年{}", "都{}了", "{}岁", "周岁{}")
NONE = ("都没有", "没有", "都不是", "啥也没有", "一样也没有")


def after(conversation: Conversation, *messages: str) -> tuple[State, Reply]:
    """The state and the last reply after the messages, said to somebody new."""
    state, reply = State(), Reply(text="")
    for message in messages:
        state, reply = conversation.reply(state, message)
    return state, reply


def meets(held: Any, value: Any) -> bool:
    """Whether what somebody has is what an option stands for."""
    return held in value if isinstance(value, list | tuple) else bool(held == value)


def right_options(reply: Reply, facts: Mapping[str, Any]) -> list[OptionButton]:
    """The options that are true of the person."""
    return [o for o in reply.options if o.facts and all(meets(facts.get(name), value) for name, value in o.facts.items())]


def tapped(reply: Reply, facts: Mapping[str, Any]) -> str:
    """What the person taps, or types where there is nothing to tap."""
    if reply.asking == ["age"]:
        return str(facts["age"])
    right = right_options(reply, facts)
    if reply.multiple:
        return "、".join(option.label for option in right) or "都没有"
    assert right, f"no button of {[o.label for o in reply.options]} is right for {facts}"
    return right[0].label


def numbered(reply: Reply, facts: Mapping[str, Any]) -> str:
    """The number before the right option, or the numbers."""
    if not reply.options:
        return tapped(reply, facts)
    labels = [option.label for option in reply.options]
    right = [str(labels.index(option.label) + 1) for option in right_options(reply, facts)]
    return " ".join(right) if right else str(len(labels))


def typed(reply: Reply, facts: Mapping[str, Any], vocabulary: Vocabulary, dice: random.Random) -> str:
    """The answer in words of one's own; several at once are rather tapped."""
    if reply.asking == ["age"]:
        return dice.choice(AGES).format(facts["age"])
    right = right_options(reply, facts)
    if reply.multiple:
        return tapped(reply, facts) if right else dice.choice(NONE)
    (name, value), *_ = right[0].facts.items()
    option = vocabulary.facts[name].options[value]
    said = list(islice(spoken(option.answers), 200))
    return dice.choice([right[0].label, *said]) if len(reply.asking) == 1 and said else right[0].label


def interview(
    conversation: Conversation, facts: Mapping[str, Any], dice: random.Random, vocabulary: Vocabulary, start: str = "/start",
) -> tuple[State, Reply, int]:
    """Talks until the result is there: the state, the last reply, and how many questions were answered."""
    state, reply = conversation.reply(State(), start)
    count = 0
    for _ in range(MOST_QUESTIONS):
        if reply.done:
            return state, reply, count
        pending = reply
        if dice.random() < 0.2:
            before = dict(reply.facts)
            state, reply = conversation.reply(state, dice.choice(DIGRESSIONS))
            assert reply.facts == before, "a digression changes nothing"
            assert reply.asking == pending.asking, "and the question is still open"
        if count and dice.random() < 0.1:
            state, reply = conversation.reply(state, "上一步")
            count -= 1
            continue
        way = dice.random()
        if way < 0.5:
            said = typed(reply, facts, vocabulary, dice)
        else:
            said = numbered(reply, facts) if way < 0.7 else tapped(reply, facts)
        asked = set(reply.asking)
        assert not asked & reply.facts.keys(), f"{asked} asked though known"
        state, reply = conversation.reply(state, said)
        wrong = {name: value for name, value in reply.facts.items() if name in facts and facts[name] != value}
        assert not wrong, f"{said} as the answer to {asked} gives {wrong}"
        count += 1
    raise AssertionError("the interview does not end")
