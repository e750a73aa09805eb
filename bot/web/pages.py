"""Pages: templates filled in, with what every page needs."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from knowledge.data import Record, read_model

FOLDER = Path(__file__).parent
WORDS_FILE = FOLDER / "wording.yaml"


class Words(Record):
    """The file: what the pages say themselves, and how the form of a case is ordered."""

    words: dict[str, str]
    fieldsets: dict[str, tuple[str, ...]]


@cache
def words() -> Words:
    """The words, read once."""
    return read_model(WORDS_FILE, Words)


def word(key: str, **values: object) -> str:
    """The sentence ``key`` with its places filled in."""
    return words().words[key].format(**values)


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )
    environment.globals["word"] = word
    return environment


def html(template: str, **values: Any) -> str:
    """The text of a page."""
    return _templates().get_template(template).render(values)


def page(template: str, **values: Any) -> HTMLResponse:
    """A page."""
    return HTMLResponse(html(template, **values))


def problem(status: int, operator: str | None = None, proof: str = "") -> HTMLResponse:
    """A page that says what went wrong, and what to do."""
    key = f"problem_{status}"
    told = word(key if key in words().words else "problem_500")
    return HTMLResponse(html("problem.html", told=told, operator=operator, proof=proof), status)
