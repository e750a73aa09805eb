"""The API: what the city's own systems ask, by the contract; each shows its key, and may call so often."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.accounts import Keys, digest
from bot.conversation import Conversation
from bot.database import AWAY_FAULTS
from bot.gaps import GapKeeper
from bot.jsonl import RequestError, answer, error, field
from bot.requests import AskRequests, check_request, understand_request
from bot.sessions import SessionStore
from bot.threads import Threads
from bot.web.guard import named
from bot.web.openapi import document
from bot.web.pages import word
from bot.web.rates import Rates
from eligibility.rulebook import RuleBook

Json = dict[str, Any]

CHAT_PREFIX = "api"
MOST_ID_CHARACTERS = 40

STATUS = {"bad_json": 400, "bad_request": 400, "bad_fact": 400, "fault": 500, "away": 503}


class Api:
    """The endpoints.

    Args:
        conversation: what answers.
        book: the rules.
        store: the conversations.
        gaps: what the documents do not answer.
        keys: who may call.
        rates: how often.
        threads: where it is worked out.
    """

    def __init__(
        self, conversation: Conversation, book: RuleBook, store: SessionStore, gaps: GapKeeper, keys: Keys, rates: Rates,
        threads: Threads,
    ) -> None:
        self._conversation, self._book, self._store, self._gaps = conversation, book, store, gaps
        self._keys, self._rates, self._threads = keys, rates, threads
        self._ask = AskRequests(book, conversation.language, gaps.keep)

    def routes(self) -> list[BaseRoute]:
        """What is served."""
        endpoints: dict[str, Callable[[Json, str], Json]] = {
            "ask": lambda request, _: self._ask(request),
            "understand": lambda request, _: understand_request(request, self._conversation.language),
            "check": lambda request, _: check_request(request, self._book),
            "chat": self._chat,
        }
        works = {f"/api/{name}": self._endpoint(work) for name, work in endpoints.items()}
        routes = [Route(path, named(path, endpoint), methods=["POST"]) for path, endpoint in works.items()]
        described = json.dumps(document(self._book), ensure_ascii=False)

        async def openapi(_request: Request) -> Response:
            return Response(described, media_type="application/json")

        return [*routes, Route("/api/openapi.json", named("/api/openapi.json", openapi))]

    def _endpoint(self, work: Callable[[Json, str], Json]) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            # The body is there already, and bounded (:class:`~bot.web.guard.Bounded`): one trip to a thread does all.
            return await self._threads.run(self._answered, request.headers, await request.body(), work)

        return endpoint

    def _answered(self, headers: Headers, body: bytes, work: Callable[[Json, str], Json]) -> Response:
        key = self._keys.find(_shown(headers))
        if key is None:
            return _said(401, error("no_key", word("no_key")), {"WWW-Authenticate": "Bearer"})
        if wait := self._rates.wait(key.per_minute, "key", key.name):
            return _said(429, error("too_many", word("too_many")), {"Retry-After": str(wait)})
        if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return _said(415, error("bad_type", word("bad_type")))
        try:
            asked = json.loads(body.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            return _said(400, error("bad_json", word("bad_json")))

        def worked(request: Json) -> Json:
            try:
                return work(request, key.name)
            except AWAY_FAULTS:
                return error("away", word("problem_503"))

        told = answer(asked, worked)
        return _said(STATUS[told["error"]["code"]] if "error" in told else 200, told)

    def _chat(self, request: Json, system: str) -> Json:
        """``{"chat_id", "text"}`` → the contract's reply; every system has conversations of its own."""
        text, chat_id = field(request, "text", str), field(request, "chat_id", str)
        if not 0 < len(chat_id) <= MOST_ID_CHARACTERS or not chat_id.isascii() or not chat_id.isprintable():
            raise RequestError(word("bad_chat_id", most=MOST_ID_CHARACTERS))
        with self._store.turn(f"{CHAT_PREFIX}:{self._number(system)}:{chat_id}") as turn:
            turn.state, reply = self._conversation.reply(turn.state, text)
            turn.forget = reply.forget
        self._gaps.keep(reply.gap)
        return reply.to_json()

    def _number(self, system: str) -> str:
        """A system's name, short enough to stand before its conversations' ids."""
        return digest(system)[:12]


def _shown(headers: Headers) -> str:
    """The key that a request shows; empty where it shows none."""
    scheme, _, key = headers.get("authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def _said(status: int, told: Json, headers: dict[str, str] | None = None) -> Response:
    # A lone surrogate cannot be written as UTF-8; it came from an escape in what was asked.
    text = json.dumps(told, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
    return Response(text, status, headers, "application/json")
