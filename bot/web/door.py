"""The door: who comes in to the desk, and what is sent from there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.accounts import Accounts
from bot.settings import WebSettings
from bot.threads import Threads
from bot.web.guard import named
from bot.web.pages import page, problem, word
from bot.web.rates import Rates
from bot.web.visits import Visit

COOKIE = "yanglao"
HOME = "/desk"
LOGIN = "/login"
Asked = Callable[["Operator", FormData], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Operator:
    """Who is at the desk: the account, the visit, and the proof that a form is our own."""

    name: str
    visit: Visit

    @property
    def shown(self) -> dict[str, str]:
        """What every page of the desk shows of it."""
        return {"operator": self.name, "proof": self.visit.proof}


class Door:
    """Who comes in.

    Args:
        accounts: who may.
        rates: how often a password may be tried.
        settings: how long a login holds.
        threads: where it is worked out.
    """

    def __init__(self, accounts: Accounts, rates: Rates, settings: WebSettings, threads: Threads) -> None:
        self._accounts, self._rates, self._settings, self._threads = accounts, rates, settings, threads

    def routes(self) -> list[BaseRoute]:
        """What is served."""
        return [
            Route(LOGIN, named(LOGIN, self._login), methods=["GET", "POST"]),
            Route("/logout", named("/logout", self.inside(self._log_out)), methods=["POST"]),
        ]

    def inside(self, work: Asked) -> Callable[[Request], Awaitable[Response]]:
        """An endpoint for whoever is logged in; what is sent must be sent from our own pages."""

        async def endpoint(request: Request) -> Response:
            operator = await self.operator(request)
            if operator is None:
                return self.shut()
            form = await request.form(max_files=0)
            if request.method == "POST" and not operator.visit.proved(request, form):
                return problem(403, operator.name, operator.visit.proof)
            return await work(operator, form)

        return endpoint

    async def operator(self, request: Request) -> Operator | None:
        """Who asks; None where nobody is logged in."""
        visit = self._visit(request)
        name = await self._threads.run(self._accounts.who, visit.token) if visit.known else None
        return None if name is None else Operator(name, visit)

    @staticmethod
    def shut() -> Response:
        """Where whoever is not logged in is sent."""
        return RedirectResponse(LOGIN, 303)

    def _visit(self, request: Request) -> Visit:
        return Visit(request, COOKIE, self._settings.https)

    async def _login(self, request: Request) -> Response:
        visit = self._visit(request)
        if request.method != "POST":
            return self._asked_to_log_in(visit)
        form = await request.form(max_files=0)
        if not visit.proved(request, form):
            return problem(403)
        name, password = str(form.get("name", ""))[:100], str(form.get("password", ""))
        right = not self._rates.locked(request, name) and await self._threads.run(self._accounts.verified, name, password)
        if wait := self._rates.locked(request, name):  # while it was looked at, others may have been found wrong
            told = word("locked", minutes=-(-wait // 60))
            return self._asked_to_log_in(visit, told, 429, {"Retry-After": str(wait)})
        if not right:
            self._rates.wrong(request, name)
            return self._asked_to_log_in(visit, word("wrong"), 403)
        token = await self._threads.run(self._accounts.log_in, name, self._settings.hours)
        response = RedirectResponse(HOME, 303)
        visit.remember(response, token)
        return response

    def _asked_to_log_in(
        self, visit: Visit, told: str = "", status: int = 200, headers: dict[str, str] | None = None,
    ) -> Response:
        response = page("login.html", told=told, proof=visit.proof, operator=None)
        response.status_code = status
        response.headers.update(headers or {})
        if not visit.known:
            visit.remember(response)
        return response

    async def _log_out(self, operator: Operator, _form: FormData) -> Response:
        await self._threads.run(self._accounts.log_out, operator.visit.token)
        response = RedirectResponse(LOGIN, 303)
        operator.visit.forget(response)
        return response
