"""An adviser's list: every client is kept apart, called again by name or button, and forgotten alone."""

from __future__ import annotations

import random
from datetime import date
from functools import partial

from bot.caseload import MOST_CLIENTS
from bot.conversation import Conversation
from bot.replies import Reply
from bot.state import State
from eligibility.rulebook import rule_book
from tests.bot.simulated import after

ORDINARY = Conversation(rule_book(), date(2026, 11, 22))
ADVISER = ORDINARY.for_advisers()
said = partial(after, ADVISER)

CLIENTS = {
    "张大娘": ["张大娘，91，鞍山", "都没有", "一个人住", "看结果"],
    "李大爷": ["李大爷 77 双鸭山 低保", "半失能", "跟家里人住", "看结果"],
    "王奶奶": ["王奶奶86，本溪户口，吃低保", "城乡居民养老保险", "都没有", "看结果"],
    "赵爷爷": ["赵爷爷八十九，特困，鞍山", "分散供养", "不能自理", "看结果"],
}
"""What is told of each, message by message."""


def labels(reply: Reply) -> list[str]:
    return [option.label for option in reply.options]


def test_who_was_spoken_of_is_found_again_where_she_was_left() -> None:
    _, before = said("/start", "张大娘，91，鞍山")
    state, _ = said("/start", "张大娘，91，鞍山", "换一位", "86 本溪 低保 半失能")
    state, listed = ADVISER.reply(state, "名单")
    assert labels(listed) == ["找：86周岁 本溪市", "找：张大娘 91周岁 鞍山市"]
    assert "张大娘 91周岁 鞍山市：每月200元" in listed.text
    for way in ("找：张大娘 91周岁 鞍山市", "张大娘", "换张大娘", "回到张大娘那位"):
        _, reply = ADVISER.reply(state, way)
        assert reply.facts == before.facts
        assert reply.asking == before.asking
        assert reply.options == before.options


def test_what_is_told_of_clients_in_any_order_is_the_same_as_told_of_each_alone() -> None:
    alone = {name: after(ORDINARY, *script)[1].facts for name, script in CLIENTS.items()}
    for seed in range(20):
        rng, state, left = random.Random(seed), State(), {name: [*script] for name, script in CLIENTS.items()}
        now, told = "", dict[str, Reply]()
        while left:
            name = rng.choice(list(left))
            if name != now:
                state, _ = ADVISER.reply(state, name if name in told else "换一位")
            state, told[name] = ADVISER.reply(state, left[name].pop(0))
            now = name
            if not left[name]:
                del left[name]
            state = State.model_validate_json(state.model_dump_json())
        assert {name: reply.facts for name, reply in told.items()} == alone, f"seed {seed}"


def test_somebody_without_a_name_is_given_one() -> None:
    state, reply = said("/start", "86 本溪 低保", "这位叫王桂兰")
    assert reply.text.startswith("好，这位记作王桂兰。\n王桂兰")
    _, listed = ADVISER.reply(state, "名单")
    assert labels(listed) == ["找：王桂兰 86周岁 本溪市"]
    _, asked = ADVISER.reply(state, "这位叫什么")
    assert "记作" not in asked.text


def test_two_of_one_name_are_told_apart() -> None:
    state, _ = said("刘奶奶83鞍山低保", "换一位", "刘奶奶83鞍山低保", "换一位")
    _, which = ADVISER.reply(state, "刘奶奶")
    assert len(set(labels(which))) == 2
    assert "哪一位" in which.text


def test_one_is_crossed_out_and_the_others_stay() -> None:
    state, reply = said("张大娘，91，鞍山", "换一位", "86 本溪 低保", "删掉这位")
    assert reply.facts == {}
    _, listed = ADVISER.reply(state, "名单")
    assert labels(listed) == ["找：张大娘 91周岁 鞍山市"]
    assert "86" not in state.model_dump_json()


def test_an_old_button_tells_nothing_of_who_is_spoken_of_now() -> None:
    state, _ = said("86 本溪 低保", "换一位", "张大娘，91，鞍山")
    state, reply = ADVISER.reply(state, "找：88周岁 本溪市")
    assert "名单上没有这一位了" in reply.text
    assert state.facts == {"age": 91, "hukou": "anshan"}


def test_beginning_anew_puts_away_and_deleting_deletes_everybody() -> None:
    state, _ = said("86 本溪 低保", "/start")
    assert [client.facts["age"] for client in state.clients] == [86]
    _, mine = ADVISER.reply(state, "看我的资料")
    assert "86周岁" in mine.text
    state, reply = ADVISER.reply(state, "删除我的资料")
    assert reply.forget
    assert state.clients == []


def test_a_list_that_is_full_says_who_gives_way() -> None:
    state = State()
    for place in range(MOST_CLIENTS + 1):
        state, _ = ADVISER.reply(state, f"换一位 {60 + place % 40}岁，鞍山户口")
    state, reply = ADVISER.reply(state, "换一位")
    assert "最早的一位（60周岁 鞍山市）划掉了" in reply.text
    assert len(state.clients) == MOST_CLIENTS


def test_nobody_else_has_a_list() -> None:
    state, reply = after(ORDINARY, "86 本溪 低保", "换一位")
    assert "清掉了" in reply.text
    assert state.clients == []
    _, reply = ORDINARY.reply(state, "名单")
    assert "名单上" not in reply.text
