"""Long messages: the work grows with the length, and no faster, whatever is said over and over."""

from __future__ import annotations

from datetime import date

import pytest

from bot.conversation import Conversation
from bot.state import State
from bot.understanding.answers import LONGEST_ANSWER, Answers
from bot.understanding.language import Language
from eligibility.planning import fact_question
from eligibility.rulebook import rule_book

BOOK = rule_book()
CONVERSATION = Conversation(BOOK, date(2026, 11, 21))


@pytest.mark.parametrize("unit", ["要我", "他", "那我爸呢", "不对", "一共多少", "能不能有没有", "没有低保啊"])
def test_what_is_said_over_and_over_is_answered(unit: str) -> None:
    state, _ = CONVERSATION.reply(State(), "82 鞍山 低保")
    _, reply = CONVERSATION.reply(state, unit * 2000)
    assert reply.text


def test_a_long_message_is_not_looked_at_as_a_bare_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    language = Language(BOOK.vocabulary)
    looked: list[str] = []
    bared = Answers._bared

    def counted(self: Answers, said: str) -> list[str]:
        found = list(bared(self, said))
        looked.extend(found)
        return found

    monkeypatch.setattr(Answers, "_bared", counted)
    language.answers.read("要我" * 2000, fact_question("hardship", BOOK.vocabulary))
    assert not looked
    language.answers.read("就是要" * (LONGEST_ANSWER // 6), fact_question("hardship", BOOK.vocabulary))
    assert looked
