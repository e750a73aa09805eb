"""A second reading of the documents, written against the text alone.

Each module says in plain Python, for a complete person, what a document gives: ``read(person)`` returns the status and the
amount of every entitlement of its city, and each function quotes the sentence that it rests on. The rules have to agree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Person = Mapping[str, Any]
"""A complete person: fact → value."""

Answer = tuple[str, dict[str, Any] | None]
"""Status and amount."""

Entitlement = Callable[[Person], Answer]

ELIGIBLE, DISCRETIONARY, INELIGIBLE = "eligible", "discretionary", "ineligible"

NO: Answer = (INELIGIBLE, None)

POOR = ("tekun", "dibao", "dibao_edge", "low_income")
"""低收入、经济困难、困难、贫困 where the document does not say what it means."""

FREE, HALF = {"discount": "free"}, {"discount": "half"}


def owed(met: bool, amount: dict[str, Any] | None = None) -> Answer:
    """Eligible if ``met``, with the ``amount``; else ineligible."""
    return (ELIGIBLE, amount) if met else NO


def open_to(met: bool, amount: dict[str, Any] | None = None) -> Answer:
    """Discretionary if ``met``; else ineligible."""
    return (DISCRETIONARY, amount) if met else NO


def yuan(value: float, per: str = "month", minimum: bool = False, **parts: float) -> dict[str, Any]:
    """An amount of money, with the parts that it is made of."""
    named = [{"name": name, "value": part} for name, part in parts.items()]
    return {"value": value, "per": per, "minimum": minimum, "parts": named}


def old(p: Person, from_age: int = 60) -> bool:
    """老年人 without an age: 60 and over; 以上 and 及以上 include the number."""
    return bool(p["age"] >= from_age)


def poor(p: Person) -> bool:
    """经济困难."""
    return p["hardship"] in POOR


def needs_help(p: Person) -> bool:
    """失能或半失能."""
    return p["ability"] in ("partial", "dependent")


def disabled(p: Person) -> bool:
    """残疾, of any grade; the grades of 残疾军人 are another scale."""
    return bool(p["disability_grade"] >= 1)


def severely_disabled(p: Person) -> bool:
    """重残: the first or second grade."""
    return p["disability_grade"] in (1, 2)


def supported(p: Person, mode: str) -> bool:
    """特困 and supported in this way."""
    return bool(p["hardship"] == "tekun" and p["support_mode"] == mode)


def living(p: Person) -> str | None:
    """With whom the person lives; in a care home that says nothing any more."""
    return None if p["care_home"] else p["living"]


def kindred(p: Person) -> bool:
    """A difficulty like those of a list that ends in 等."""
    return bool(
        poor(p) or old(p, 80) or needs_help(p) or disabled(p) or p["chronically_ill"] or p["family_planning_special"]
        or living(p) in ("alone", "empty_nest", "left_behind")
    )


def all_answers(city: str, entitlements: tuple[Entitlement, ...], p: Person) -> dict[str, Answer]:
    """The answer of each function, under the id of its entitlement."""
    return {f"{city}.{entitlement.__name__}": entitlement(p) for entitlement in entitlements}
