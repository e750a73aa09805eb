"""Inline queries: ``@bot 高龄津贴 本溪`` in any chat gives passages to put into it, each with where it stands."""

from __future__ import annotations

import re
from datetime import date

from telegram import InlineQueryResultArticle, InputTextMessageContent

from bot.conversation import Conversation
from bot.enquiry import answering
from bot.quotation import age_of, quoted
from bot.telegram.calls import MOST_TEXT, split
from knowledge.passages import Passage
from knowledge.questions import Question, read_question

MOST_EACH = 3
"""So many passages of a city are offered."""

MOST_TITLE = 16
"""So much of a paragraph serves as its title."""

_NUMBERED = re.compile(r"^[（(]?[0-9一二三四五六七八九十]{1,3}[）).、．]\s*")

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
        ((place, city, hit.passage) for city, hits in answer.hits.items() for place, hit in enumerate(answering(hits))),
        key=lambda one: one[0],
    )
    return [
        _article(question, passage, f"{passage.document.id}-{number}", conversation.city_name(city))
        for number, (_, city, passage) in enumerate(found)
    ]


def _article(question: Question, passage: Passage, code: str, city: str) -> InlineQueryResultArticle:
    """The passage, where it stands, and whether it is old or a draft; whoever reads it must see of which city it is."""
    row = passage.piece.row
    name = row.name if row else _first_words(passage.piece.text)
    described = " ".join((row.content if row else passage.piece.text).split())[:MOST_DESCRIBED]
    lines = [f"{city} · {name}", quoted(question, passage), *age_of(passage.document, date.today())]
    message = InputTextMessageContent(next(split("\n".join(lines), MOST_TEXT)))
    return InlineQueryResultArticle(code, f"{city} · {name}", message, description=described)


def _first_words(text: str) -> str:
    """What a paragraph begins with, without its number, short enough for a line."""
    words = _NUMBERED.sub("", text.strip())
    return re.split("[。；：，,\n]", words, maxsplit=1)[0][:MOST_TITLE]
