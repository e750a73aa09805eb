"""Looking up: what the documents say, while somebody types, with the passage to copy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.conversation import Conversation
from bot.quotation import age_of, source
from bot.requests import AskRequests
from bot.threads import Threads
from bot.web.door import HOME, Door, Operator
from bot.web.guard import named
from bot.web.pages import html, page
from eligibility.rulebook import RuleBook
from knowledge.lookup import Hit
from knowledge.questions import Question, read_question

MOST_EACH = 5
"""So many passages of a city are shown."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage as it is shown: its text in parts, each with whether it is what was asked for."""

    title: str
    city: str
    section: str
    number: str
    status: str
    parts: tuple[tuple[str, bool], ...]
    minded: tuple[str, ...]
    copied: str


class Lookup:
    """Looks up.

    Args:
        conversation: what knows the documents.
        book: the cities.
        requests: what answers.
        door: who may.
        threads: where it is worked out.
    """

    def __init__(
        self, conversation: Conversation, book: RuleBook, requests: AskRequests, door: Door, threads: Threads,
    ) -> None:
        self._conversation, self._book, self._requests = conversation, book, requests
        self._door, self._threads = door, threads

    def routes(self) -> list[BaseRoute]:
        """What is served."""
        found = f"{HOME}/passages"
        return [
            Route(HOME, named(HOME, self._door.inside(self._page)), methods=["GET", "POST"]),
            Route(found, named(found, self._door.inside(self._fragment)), methods=["POST"]),
        ]

    async def _page(self, operator: Operator, form: FormData) -> Response:
        return page("lookup.html", **await self._found(form), cities=self._book.vocabulary.cities, **operator.shown)

    async def _fragment(self, _operator: Operator, form: FormData) -> Response:
        return Response(html("passages.html", **await self._found(form)), media_type="text/html")

    async def _found(self, form: FormData) -> dict[str, Any]:
        asked, city = str(form.get("query", "")).strip(), str(form.get("city", ""))
        shown: dict[str, Any] = {"query": asked, "city": city if city in self._book.packs else "", "answer": "", "passages": []}
        if asked:
            answer = await self._threads.run(self._requests.answer, asked, shown["city"] or None, MOST_EACH)
            question = read_question(asked)
            hits = sorted((hit for found in answer.hits.values() for hit in found), key=lambda hit: -hit.score)
            shown["answer"] = "" if answer.answered else answer.text
            shown["passages"] = [self._passage(hit, question) for hit in hits[:2 * MOST_EACH]]
        return shown

    def _passage(self, hit: Hit, question: Question) -> Passage:
        passage = hit.passage
        text, city = passage.piece.text, self._conversation.city_name(passage.document.city)
        return Passage(
            title=passage.title, city=city, section=passage.piece.section, number=passage.document.number,
            status=passage.document.status, parts=tuple(_parts(text, question.marks(text))),
            minded=tuple(age_of(passage.document, date.today())), copied=f"{city}：{text}{source(passage)}",
        )


def _parts(text: str, marks: list[tuple[int, int]]) -> list[tuple[str, bool]]:
    """The text in parts, those between ``marks`` marked."""
    parts, at = list[tuple[str, bool]](), 0
    for start, end in marks:
        parts += [(text[at:start], False), (text[start:end], True)]
        at = end
    return [(part, marked) for part, marked in [*parts, (text[at:], False)] if part]
