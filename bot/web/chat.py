"""The chat page: the conversation in large type for whoever opens it; it goes on where it stopped."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.conversation import Conversation
from bot.gaps import GapKeeper
from bot.replies import Reply
from bot.sessions import SessionStore
from bot.settings import WebSettings
from bot.state import State
from bot.threads import Threads
from bot.web.guard import named
from bot.web.pages import html, page, problem
from bot.web.rates import Rates, address
from bot.web.visits import DAY, Visit

COOKIE, SIZE = "yanglao-chat", "size"
DAYS = 90

HOME = "/"
SAY = "/say"

MOST_LINES = 40
"""So much of what was said is shown again to somebody who comes back."""


class Line(BaseModel):
    """Something that was said: by the person, or to her."""

    text: str
    mine: bool = False


class Screen(BaseModel):
    """What is kept of the page beside the conversation: what was said last, and what can be answered to it."""

    lines: list[Line] = []
    options: list[str] = []
    multiple: bool = False

    def show(self, said: str, reply: Reply) -> None:
        """Adds what was said and answered."""
        lines = [*self.lines, *([Line(text=said, mine=True)] if said else []), Line(text=reply.text)]
        self.lines = lines[-MOST_LINES:]
        self.options, self.multiple = [option.label for option in reply.options], reply.multiple


class ChatPage:
    """The page.

    Args:
        conversation: what answers.
        store: the conversations.
        gaps: what the documents do not answer.
        rates: how often somebody may speak.
        settings: so often.
        threads: where it is worked out.
    """

    def __init__(
        self, conversation: Conversation, store: SessionStore, gaps: GapKeeper, rates: Rates, settings: WebSettings,
        threads: Threads,
    ) -> None:
        self._conversation, self._store, self._gaps = conversation, store, gaps
        self._rates, self._settings, self._threads = rates, settings, threads

    def routes(self) -> list[BaseRoute]:
        """What is served."""
        return [
            Route(HOME, named(HOME, self._open), methods=["GET"]),
            Route(SAY, named(SAY, self._say), methods=["POST"]),
        ]

    async def _open(self, request: Request) -> Response:
        visit = Visit(request, COOKIE, self._settings.https)
        screen = await self._threads.run(self._turn, visit.id, "") if visit.known else self._greeting()
        size = _size(request)
        response = page("chat.html", **_shown(screen, visit), size=size)
        response.set_cookie(
            SIZE, str(size), max_age=int(DAYS * DAY), secure=self._settings.https, httponly=True, samesite="strict",
        )
        visit.remember(response, days=DAYS)
        return response

    async def _say(self, request: Request) -> Response:
        visit, form = Visit(request, COOKIE, self._settings.https), await request.form(max_files=0)
        if not visit.proved(request, form):
            return problem(403)
        if wait := self._rates.wait(self._settings.chat_per_minute, "chat", address(request)):
            response = problem(429)
            response.headers["Retry-After"] = str(wait)
            return response
        screen = await self._threads.run(self._turn, visit.id, _said(form))
        if request.headers.get("x-part"):
            return Response(html("said.html", **_shown(screen, visit)), media_type="text/html")
        if len(screen.lines) > 1:
            return RedirectResponse(HOME, 303)  # so that looking again says nothing twice
        return page("chat.html", **_shown(screen, visit), size=_size(request))  # everything was deleted, and is not looked up

    def _greeting(self) -> Screen:
        """What somebody sees who comes for the first time; of whoever says nothing, nothing is kept."""
        screen = Screen()
        screen.show("", self._conversation.resume(State())[1])
        return screen

    def _turn(self, visit: str, said: str) -> Screen:
        """What is to be seen after something was said, or before."""
        with self._store.turn(f"web:{visit}") as turn:
            screen = _read(turn.channel)
            if not screen.lines:
                screen = self._greeting()
                turn.state.greeted = True
            if said:
                turn.state, reply = self._conversation.reply(turn.state, said)
                screen = Screen() if reply.forget else screen
                screen.show("" if reply.forget else said, reply)
                turn.forget = reply.forget
                self._gaps.keep(reply.gap)
            turn.channel = screen.model_dump_json()
            turn.forget = turn.forget or (not turn.state.facts and len(screen.lines) < 2)
        return screen


def _size(request: Request) -> int:
    """How large the letters are: as it is asked now, or was chosen before."""
    wanted = request.query_params.get("size") or request.cookies.get(SIZE, "")
    return int(wanted) if wanted in ("0", "1", "2", "3") else 0


def _said(form: FormData) -> str:
    """What was typed; or the button that was pressed, or those that were ticked."""
    ticked = [str(one) for one in form.getlist("several")]
    return str(form.get("said", "")).strip() or str(form.get("option", "")).strip() or "、".join(ticked)


def _shown(screen: Screen, visit: Visit) -> dict[str, Any]:
    return {**dict(screen), "proof": visit.proof, "operator": None}


def _read(channel: str) -> Screen:
    try:
        return Screen.model_validate_json(channel)
    except ValueError:
        return Screen()
