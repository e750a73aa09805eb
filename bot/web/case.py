"""The case: a caller's words fill the form, every change is computed at once, and nothing is kept unless it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.cases import CaseStore
from bot.casework import Casework
from bot.threads import Threads
from bot.understanding.language import Language
from bot.understanding.message import understand
from bot.web.door import HOME, Door, Operator
from bot.web.forms import fieldsets, hidden, read_fields
from bot.web.guard import named
from bot.web.outcome import outcome
from bot.web.pages import html, page, problem, word
from bot.wording import facts_text, say
from eligibility.assessment import assess
from eligibility.person import FactError
from eligibility.rulebook import RuleBook

CASE = f"{HOME}/case"
SAVED = f"{HOME}/saved"
MOST_CHARACTERS = 1000


class CasePage:
    """The case.

    Args:
        book: the rules.
        language: how people speak.
        cases: what was saved.
        door: who may.
        threads: where it is worked out.
    """

    def __init__(self, book: RuleBook, language: Language, cases: CaseStore, door: Door, threads: Threads) -> None:
        self._book, self._language, self._cases = book, language, cases
        self._door, self._threads = door, threads

    def routes(self) -> list[BaseRoute]:
        """What is served."""
        pages = {
            CASE: (self._page, ["GET", "POST"]),
            f"{CASE}/panel": (self._panel, ["POST"]),
            f"{CASE}/sheet": (self._sheet, ["POST"]),
            f"{CASE}/save": (self._save, ["POST"]),
            SAVED: (self._saved, ["GET"]),
            f"{SAVED}/open": (self._open, ["POST"]),
            f"{SAVED}/delete": (self._delete, ["POST"]),
        }
        return [
            Route(path, named(path, self._door.inside(work)), methods=methods) for path, (work, methods) in pages.items()
        ]

    async def _page(self, operator: Operator, form: FormData) -> Response:
        return page("case.html", **await self._threads.run(self._shown, form), **operator.shown)

    async def _panel(self, operator: Operator, form: FormData) -> Response:
        shown = await self._threads.run(self._shown, form)
        return Response(html("panel.html", **shown, **operator.shown), media_type="text/html")

    async def _sheet(self, operator: Operator, form: FormData) -> Response:
        shown = await self._threads.run(self._shown, form)
        if shown["found"] is None:
            return page("case.html", **shown, **operator.shown)
        return page("sheet.html", **shown, **operator.shown)

    async def _save(self, operator: Operator, form: FormData) -> Response:
        name, facts = str(form.get("save_as", "")).strip(), read_fields(form, self._book.vocabulary)
        shown = await self._threads.run(self._computed, facts)
        if shown["told"]:  # what cannot be is not saved
            return page("case.html", **{**shown, "save_as": name}, **operator.shown)
        if name and facts:
            await self._threads.run(self._cases.save, operator.name, name, facts)
        return RedirectResponse(SAVED, 303)

    async def _saved(self, operator: Operator, _form: FormData) -> Response:
        cases = await self._threads.run(self._cases.saved, operator.name)
        told = [(case, facts_text(self._known(case.facts), self._book.vocabulary)) for case in cases]
        return page("saved.html", cases=told, **operator.shown)

    async def _open(self, operator: Operator, form: FormData) -> Response:
        case = await self._threads.run(self._cases.find, operator.name, _number(form))
        if case is None:
            return problem(404, **operator.shown)
        known = self._known(case.facts)
        shown = await self._threads.run(self._computed, known)
        if gone := case.facts.keys() - known.keys():
            shown["told"] = word("gone", facts="、".join(sorted(gone)))
        return page("case.html", **{**shown, "save_as": case.name}, **operator.shown)

    async def _delete(self, operator: Operator, form: FormData) -> Response:
        await self._threads.run(self._cases.forget, operator.name, _number(form))
        return RedirectResponse(SAVED, 303)

    # -- what is shown

    def _known(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """The facts without those that the vocabulary no longer has, or not with this value."""
        told = {name: self._book.vocabulary.facts.get(name) for name in facts}
        return {
            name: value for name, value in facts.items()
            if (fact := told[name]) is not None and (fact.domain is None or value in fact.domain)
        }

    def _shown(self, form: FormData) -> dict[str, Any]:
        """The form as it was sent, with what the line says besides, and the result."""
        facts = read_fields(form, self._book.vocabulary)
        line = str(form.get("line", ""))[:MOST_CHARACTERS].strip()
        if not line or form.get("do") == "compute":
            return {**self._computed(facts), "line": line}
        heard = understand(line, self._language, date.today()).facts
        told = word("understood", facts=facts_text(heard, self._book.vocabulary)) if heard else word("not_understood")
        try:
            facts = Casework(self._book, date.today()).joined(facts, heard)
        except FactError as error:
            return {**self._computed(facts), "line": line, "told": say("contradiction", message=error.message)}
        return {**self._computed(facts), "told": told, "line": ""}

    def _computed(self, facts: dict[str, Any]) -> dict[str, Any]:
        """The form and the result of facts; of facts that cannot be it is said why, and nothing is computed."""
        shown: dict[str, Any] = {"told": "", "line": "", "found": None, "save_as": ""}
        try:
            assessment = assess(facts, self._book)
        except FactError as error:
            wanted: tuple[str, ...] = ()
            shown["told"] = say("contradiction", message=error.message)
        else:
            found = outcome(assessment, say("client"))
            wanted = found.asking.facts if found.asking else ()
            shown["asking"] = found.asking
            shown["found"] = found if assessment.cities else None
        sets = list(fieldsets(facts, self._book.vocabulary, wanted))
        return {"asking": None, **shown, "sets": sets, "hidden": hidden(facts)}


def _number(form: FormData) -> int:
    text = str(form.get("id", ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
