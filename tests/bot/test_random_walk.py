"""A random walk: nothing breaks it, nothing said is lost, and no reply states what it does not rest on."""

from __future__ import annotations

import random
import re
from datetime import date
from itertools import combinations

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.conversation import Conversation
from bot.replies import Reply
from bot.state import State
from bot.wording import WORDING_FILE, yuan
from eligibility.assessment import Assessment, assess
from eligibility.change import coming, nearest, upcoming
from eligibility.facts import FACTS_FILE, Scalar
from eligibility.rulebook import rule_book
from tests.bot.simulated import DIGRESSIONS, numbered, tapped
from tests.population import townsperson

TODAY = date(2026, 11, 21)
BOOK = rule_book()
CONVERSATION = Conversation(BOOK, TODAY)
STEPS = 100
WALKS = 100
"""Ten thousand messages in all."""

NAMES = {one.name for one in BOOK.rules()}
WORDS = WORDING_FILE.read_text(encoding="utf-8") + FACTS_FILE.read_text(encoding="utf-8")
EVERYDAY = {name for name in NAMES if name in WORDS}
"""Names that stand in the wording itself, as an example of what can be asked, or where a term is explained."""

PLAIN = [
    "我妈八十六，双鸭山户口，吃低保", "那我爸呢", "他八十九，本溪户口", "回到我妈", "我自己呢", "我爸妈都八十多了",
    "说错了，是七十七", "不是低保", "上一步", "不知道", "跳过", "算了", "看结果", "接着问", "重新开始", "换一位",
    "再说一遍", "帮助", "人工", "什么意思", "为什么", "1", "2", "3", "第四个", "都没有", "有", "没有", "是", "一个人住",
    "住养老院了", "残疾二级", "要是不住养老院了呢", "等我九十五了呢", "要是户口迁到鞍山呢", "为什么没有护理补贴",
    "比一比", "发给家里人", "去哪儿办", "看我的资料", "我的身份证是210302193905061234", "有人让我先交钱才给办", "嘎嘎嘎",
    "哈哈哈哈", "低保边缘是啥", "鞍山的高龄津贴多少", "大连的高龄补贴多少", "能领多少", "您好", "", "🙏", "第2项",
    "其实是本溪户口", "老伴走了以后就我自己过",
]


def sums_in(text: str) -> set[str]:
    return set(re.findall(r"([0-9]+(?:\.[0-9]+)?)元", re.sub(r"\s", "", text)))


def sums_of(assessment: Assessment) -> set[str]:
    """Every sum that an assessment holds, in its results, their sentences, or what may come of them."""
    given = assessment.person.given
    city = given.get("hukou") or given.get("residence")
    at_home = assess({"hukou": city, "residence": city, **given}, BOOK, TODAY) if city else assessment
    found = {yuan(value) for value in assessment.cash_total.values()}
    found |= {yuan(end) for ends in at_home.cash_range.values() for end in ends}
    amounts = [*(change["amount"] for change in upcoming(assessment)), *(result.amount for result in assessment.results)]
    for result in assessment.results:
        step = nearest(assessment, result.rule)
        later = coming(assessment, result.rule)
        amounts += [step.amount if step else None, later.amount if later else None]
        found |= sums_in("".join([result.rule.entry.quote, *result.rule.entry.also, *result.caveats]))
    for amount in filter(None, amounts):
        found |= {yuan(amount["value"])} if "value" in amount else set()
        found |= {yuan(part["value"]) for part in amount.get("parts", ())}
    return found


def check_grounds(reply: Reply) -> None:
    """A reply states only sums and entitlements that stand in what it is made from."""
    passages = "".join(hit["title"] + hit["text"] for hit in reply.hits)
    passages += "".join(result.rule.entry.quote for one in reply.grounds for result in one.results)
    sums = sums_in(passages).union(*(sums_of(one) for one in reply.grounds))
    for several in (some for size in range(2, len(reply.grounds) + 1) for some in combinations(reply.grounds, size)):
        # What is certain for several together, wherever they live.
        sums |= {yuan(sum(one.at_home.cash_range[per][0] for one in several)) for per in ("month", "year")}
    told = {yuan(value) for value in [reply.facts.get("dibao_standard")] if isinstance(value, int | float)}
    assert sums_in(reply.text) <= sums | told, reply.text
    known = {result.rule.name for one in reply.grounds for result in one.results}
    stated = {name for name in NAMES - EVERYDAY if name in reply.text}
    assert all(name in known or name in passages or any(name in other for other in known) for name in stated), reply.text


class Walk(RuleBasedStateMachine):
    """One person after another, tapping, typing, digressing, going back, correcting, and talking nonsense."""

    def __init__(self) -> None:
        super().__init__()
        self.dice = random.Random(0)
        self.person = townsperson(self.dice)
        self.told: set[str] = set()
        self.state = State()
        self.state, self.reply = CONVERSATION.resume(self.state)

    def take(self, message: str) -> Reply:
        self.told.add(self.reply.text)
        before, kept = self.state, self.state.model_dump_json()
        self.state, self.reply = CONVERSATION.reply(before, message)
        assert before.model_dump_json() == kept, "a reply changes nothing but what it returns"
        if self.reply.text not in self.told:  # 再说一遍
            check_grounds(self.reply)
        return self.reply

    @rule(seed=st.integers(0, 10_000))
    def somebody_else_comes(self, seed: int) -> None:
        self.person = townsperson(random.Random(seed))
        assert self.take("换一位").facts == {}

    @rule(by_number=st.booleans())
    def answers(self, by_number: bool) -> None:
        """An answer is kept, and is not asked for again."""
        pending = self.reply
        true = [o for o in pending.options if all(self.person.get(name) == value for name, value in o.facts.items())]
        if not pending.asking or not (pending.multiple or true or pending.asking == ["age"]) or pending.aside:
            return
        reply = self.take((numbered if by_number else tapped)(pending, self.person))
        for name in set(pending.asking) & set(self.person) & set(reply.facts):
            assert isinstance(reply.facts[name], Scalar)
        assert set(pending.facts) - set(reply.facts) <= {"support_mode", "disability_kind", "living", "residence"}

    @rule(message=st.sampled_from(PLAIN))
    def says_something(self, message: str) -> None:
        self.take(message)

    @rule(message=st.sampled_from(DIGRESSIONS))
    def digresses(self, message: str) -> None:
        """What tells nothing changes nothing, and the question stays open."""
        facts, asking = dict(self.reply.facts), list(self.reply.asking)
        reply = self.take(message)
        assert reply.facts == facts
        assert reply.asking == asking or reply.done or not asking

    @rule(message=st.text(max_size=40))
    def types_anything(self, message: str) -> None:
        self.take(message)

    @rule()
    def goes_back(self) -> None:
        """One step back and the answer again: as before."""
        self.take("上一步")

    @rule()
    def is_killed_and_started_again(self) -> None:
        """The same question after a restart, and a hello goes on with it."""
        pending = self.reply
        self.state = State.model_validate_json(self.state.model_dump_json())
        _, again = CONVERSATION.resume(self.state)
        assert again.facts == pending.facts
        assert again.asking == pending.asking or not pending.asking

    @invariant()
    def the_reply_is_sound(self) -> None:
        assert self.reply.text.strip()
        assert not set(self.reply.asking) & set(self.reply.facts), "asked though known"
        assert self.reply.facts == self.state.case.facts
        for case in (self.state.case, *self.state.others.values()):
            assess(case.facts, BOOK, TODAY)

    def teardown(self) -> None:
        """Whatever has happened, it can be finished, and begun anew."""
        state = self.state
        for _ in range(30):
            state, reply = CONVERSATION.reply(state, "不知道")
            if not reply.asking:
                break
        assert not reply.asking
        _, fresh = CONVERSATION.reply(state, "重新开始")
        assert fresh.asking == ["hukou"]
        assert fresh.facts == {}


TestWalk = Walk.TestCase
TestWalk.settings = settings(
    max_examples=WALKS, stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a long walk takes minutes to shrink
)
