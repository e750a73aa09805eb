"""Rehearsal: what is only made when it is first needed is made before the first person comes."""

from __future__ import annotations

from bot.conversation import Conversation
from bot.state import State
from eligibility.rulebook import RuleBook

FIRST_WORDS = ("我妈八十六，鞍山户口，吃底保", "坐公交要钱吗", "为什么没有高龄津贴", "看结果", "发给家里人")
"""What is said first: it goes through understanding, look-up, reckoning and the result."""

MISSPELT = "免费体捡"
"""Nothing is known under this name, so that it is looked for by its sound, too."""


def rehearsed(conversation: Conversation, book: RuleBook) -> Conversation:
    """The conversation, once somebody has had one, and every entitlement has been asked for in its city."""
    state = State()
    for said in FIRST_WORDS:
        state, _ = conversation.reply(state, said)
    for rule in book.rules():
        conversation.enquirer.answer(f"{rule.name}给多少？", rule.document.city, facts={"age": 85, "hukou": rule.document.city})
    conversation.enquirer.answer(MISSPELT, None)
    return conversation
