"""Inline queries: ``@bot 高龄津贴 本溪`` in any chat gives passages to put into it, each with where it stands."""

from __future__ import annotations

from datetime import date

from telegram import InlineQueryResultArticle, InputTextMessageContent

from bot.conversation import Conversation
from bot.quotation import age_of, quoted
from bot.telegram.calls import MOST_TEXT, split
from knowledge.passages import Passage
from knowledge.questions import Question, read_question

MOST_EACH = 3
"""So many passages of a city are offered."""

MOST_DESCRIBED = 60
"""So much of a passage is shown in the list."""


def articles(conversation: Conversation, asked: str) -> list[InlineQueryResultArticle]:
    """The passages that answer a question, the best of each city first; none where the documents do not answer.

    Args:
        conversation: what knows the documents.
        asked: the question; a city that it names is the only one looked in.
    """
    if not asked.strip():
        return []
    answer, question = conversation.enquirer.answer(asked, None, top=MOST_EACH, facts={}), read_question(asked)
    if not answer.answered:
        return []
    found = sorted(
        ((place, city, hit.passage) for city, hits in answer.hits.items() for place, hit in enumerate(hits)),
        key=lambda one: one[0],
    )
    return [
        InlineQueryResultArticle(
            id=f"{passage.document.id}-{number}", title=f"{conversation.city_name(city)} · {passage.title}",
            description=passage.piece.text[:MOST_DESCRIBED], input_message_content=_message(question, passage),
        )
        for number, (_, city, passage) in enumerate(found)
    ]


def _message(question: Question, passage: Passage) -> InputTextMessageContent:
    """The passage, where it stands, and whether it is old or a draft."""
    lines = [quoted(question, passage), *age_of(passage.document, date.today())]
    return InputTextMessageContent(next(split("\n".join(lines), MOST_TEXT)))
