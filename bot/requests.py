"""Requests: what programs ask and are answered, by the contract, on the command line and over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.enquiry import MOST_CHARACTERS, Answer, Enquirer
from bot.gaps import Gap
from bot.jsonl import RequestError, field
from bot.understanding.language import Language
from bot.understanding.message import stated
from eligibility.assessment import assess
from eligibility.change import full_json
from eligibility.person import iso_date
from eligibility.planning import next_facts
from eligibility.rulebook import RuleBook

MOST_HITS = 50

Json = dict[str, Any]


class AskRequests:
    """Takes questions to the documents.

    Args:
        book: the rules.
        language: how people speak.
        keep: takes in what the documents do not answer.
    """

    def __init__(self, book: RuleBook, language: Language, keep: Callable[[Gap | None], None]) -> None:
        self._book, self._keep = book, keep
        self._enquirer = Enquirer(book, language)

    def answer(self, query: str, city: str | None, top: int) -> Answer:
        """The answer; what the documents do not say is kept."""
        told = self._enquirer.answer(query, city, top)
        self._keep(told.gap)
        return told

    def __call__(self, request: Json) -> Json:
        """``{"query", "city", "top"}`` → the contract's section 4.

        Raises:
            RequestError: a field is missing, or not what it should be.
        """
        query, city = field(request, "query", str), field(request, "city", str, None)
        if city is not None and city not in self._book.packs:
            raise RequestError(f"“city”只能是 {'、'.join(self._book.packs)} 或 null")
        return self.answer(query, city, max(1, min(field(request, "top", int, 3), MOST_HITS))).to_json()


def understand_request(request: Json, language: Language) -> Json:
    """``{"text", "asking"}`` → what the text states.

    Raises:
        RequestError: a field is missing, or not what it should be.
    """
    asking = field(request, "asking", list, [])
    text = field(request, "text", str)[:MOST_CHARACTERS]
    return stated(text, language, [name for name in asking if isinstance(name, str)])


def check_request(request: Json, book: RuleBook) -> Json:
    """``{"facts", "as_of"}`` → the contract's section 3.

    Raises:
        RequestError: a field is missing, or not what it should be.
        FactError: facts that cannot be.
    """
    day = field(request, "as_of", str, None)
    try:
        on = None if day is None else iso_date(day)
    except ValueError:
        raise RequestError("“as_of”要写成 2026-11-21 这样") from None
    assessment = assess(field(request, "facts", dict), book, on)
    return full_json(assessment, next_facts(assessment))
