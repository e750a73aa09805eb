"""The application: the desk, the chat page, the API and what else is served, put together."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from bot.accounts import Accounts, Keys
from bot.cases import CaseStore
from bot.conversation import Conversation
from bot.gaps import GapKeeper
from bot.jsonl import error
from bot.requests import AskRequests
from bot.sessions import SessionStore
from bot.settings import WebSettings
from bot.threads import Threads
from bot.web.api import Api
from bot.web.case import CasePage
from bot.web.chat import ChatPage
from bot.web.door import HOME, Door
from bot.web.guard import Bounded, Caught, Guarded, Logged
from bot.web.lookup import Lookup
from bot.web.pages import FOLDER, problem, word
from bot.web.rates import Rates
from bot.web.roster import RosterPage
from eligibility.rulebook import RuleBook

REFUSALS = {
    400: "bad_request", 404: "not_found", 405: "bad_method", 408: "too_slow", 413: "too_long", 500: "fault", 503: "away",
}
"""What programs are told where something is refused before anybody looks at it."""


def application(
    book: RuleBook, conversation: Conversation, store: SessionStore, gaps: GapKeeper, threads: Threads, settings: WebSettings,
    more: Sequence[BaseRoute] = (),
) -> Starlette:
    """The application.

    Args:
        book: the rules.
        conversation: what answers.
        store: the conversations, and the database they lie in.
        gaps: what the documents do not answer.
        threads: where it is worked out.
        settings: of the web.
        more: what else is served.
    """
    rates, engine = Rates(), store.engine
    door = Door(Accounts(engine), rates, settings, threads)
    api = Api(conversation, book, store, gaps, Keys(engine), rates, threads)
    pages = [
        *door.routes(),
        *Lookup(conversation, book, AskRequests(book, conversation.language, gaps.keep), door, threads).routes(),
        *CasePage(book, conversation.language, CaseStore(engine), door, threads).routes(),
        *RosterPage(door).routes(),
    ]
    chat = ChatPage(conversation, store, gaps, rates, settings, threads).routes() if settings.chat else [Route("/", _to_desk)]
    static = Mount("/static", StaticFiles(directory=FOLDER / "static"))
    app = Starlette(
        routes=[*more, *api.routes(), *pages, *chat, static],
        middleware=[
            Middleware(Logged), Middleware(Guarded), Middleware(Caught, refusal=refused), Middleware(Bounded, refusal=refused),
        ],
        exception_handlers={HTTPException: _refused},
    )
    app.router.redirect_slashes = False  # where to, whoever asks would say in the Host header
    return app


def refused(scope: Scope, status: int) -> Response:
    """The answer to what is refused before anybody looks at it: in JSON to programs, as a page to people."""
    if scope["path"].startswith("/api/"):
        return JSONResponse(error(REFUSALS[status], word(f"problem_{status}")), status)
    return problem(status)


async def _refused(request: Request, fault: Exception) -> Response:
    status = fault.status_code if isinstance(fault, HTTPException) else 500
    known = status if status in REFUSALS else 400
    response = refused(request.scope, known)
    response.headers.update(getattr(fault, "headers", None) or {})
    return response


async def _to_desk(_request: Request) -> Response:
    return RedirectResponse(HOME, 303)
