"""Persons to try the rules on: complete ones, and ones of whom only a part is known. All of them could exist.

A complete person has every fact that goes with the others: a way of support only with 特困, a kind of disability only
with a grade from 1 to 4.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

Facts = dict[str, Any]

CITIES = ("anshan", "benxi", "shuangyashan")
NO_OR_YES = (False, True)

VALUES: dict[str, tuple[Any, ...]] = {
    "hukou": (*CITIES, "other"),
    "residence": (*CITIES, "other"),
    "age": tuple(range(131)),
    "hardship": ("none", "low_income", "dibao_edge", "dibao", "tekun"),
    "support_mode": ("centralized", "dispersed"),
    "ability": ("independent", "partial", "dependent"),
    "disability_grade": (0, 1, 2, 3, 4),
    "disability_kind": ("intellectual", "psychiatric", "other"),
    "chronically_ill": NO_OR_YES,
    "care_home": NO_OR_YES,
    "living": ("with_family", "alone", "empty_nest", "left_behind"),
    "area": ("urban", "rural"),
    "county": ("district", "county"),
    "family_planning_special": NO_OR_YES,
    "honor": (
        "none", "martyr_family", "duty_death_family", "illness_death_family", "active_family", "disabled_soldier",
        "demobilized_soldier", "discharged_soldier", "model_worker", "military_retiree", "other_preferential",
    ),
    "without_supporter": NO_OR_YES,
    "state_stipend": NO_OR_YES,
    "pension": ("none", "employee", "resident"),
    "medical_insurance": NO_OR_YES,
    "barrier_free_done": NO_OR_YES,
    "homeless": NO_OR_YES,
    "legal_dispute": NO_OR_YES,
    "fee_hardship": NO_OR_YES,
    "first_will_notary": NO_OR_YES,
    "family_care_training": NO_OR_YES,
}
"""Every fact that rules decide by, with all its values, as the published vocabulary lists them."""

GOES_WITH: dict[str, tuple[str, tuple[Any, ...]]] = {
    "support_mode": ("hardship", ("tekun",)),
    "disability_kind": ("disability_grade", (1, 2, 3, 4)),
}
"""A dependent fact, the fact that leads it, and the leading values that it goes with."""

EDGES = (0, 17, 54, 55, 59, 60, 62, 63, 64, 65, 69, 70, 79, 80, 89, 90, 99, 100, 130)
"""The ages at which something may begin or end."""

TODAY = date(2026, 6, 1)

AGE_FACTS = ("age", "birth_date", "birth_year", "age_range")


def goes(name: str, facts: Facts) -> bool:
    """Whether the fact can be stated of this person."""
    leading, allowed = GOES_WITH.get(name, (None, ()))
    return leading is None or facts.get(leading) in allowed


def random_person(rng: random.Random, city: str) -> Facts:
    """A complete person whose household register or home is in ``city``; half of them near an age that matters."""
    return _person(lambda name, values: rng.choice(EDGES if name == "age" and rng.random() < 0.5 else values), city, {})


def _person(choose: Callable[[str, Sequence[Any]], Any], city: str | None, favoured: Mapping[str, Sequence[Any]]) -> Facts:
    facts: Facts = {}
    for name, values in VALUES.items():
        if goes(name, facts):
            facts[name] = choose(name, favoured.get(name, values))
    if city is not None and city not in (facts["hukou"], facts["residence"]):
        facts["residence"] = city
    return facts


@st.composite
def complete_persons(
    draw: st.DrawFn, city: str | None = None, leaning: Mapping[str, Sequence[Any]] | None = None,
) -> Facts:
    """Complete persons; those of a ``city`` have their register or their home there.

    Args:
        city: every city and none when absent.
        leaning: fact → values that most of the persons shall have, so that demanding rules are met often enough.
    """
    favoured = (leaning or {}) if draw(st.integers(0, 3)) else {}

    def choose(name: str, values: Sequence[Any]) -> Any:
        if name == "age":
            return draw(st.sampled_from([age for age in EDGES if age in values]) | st.sampled_from(values))
        return draw(st.sampled_from(values))

    return _person(choose, city, favoured)


def opened(facts: Facts, names: Iterable[str]) -> Facts:
    """The person without the facts ``names``."""
    left_out = set(names)
    return {name: value for name, value in facts.items() if name not in left_out}


@st.composite
def partial_persons(
    draw: st.DrawFn, whole: st.SearchStrategy[Facts], names: Sequence[str], facts_open: int = 5,
    completions: int = 3000,
) -> Facts:
    """Persons of whom some of ``names`` are not known, the age exactly, roughly or not at all.

    Args:
        whole: the complete persons of whom a part is forgotten.
        names: the facts that may be forgotten.
        facts_open: so many at most.
        completions: so many ways at most to complete the person again.
    """
    facts = draw(whole)
    order = draw(st.permutations(names))[: draw(st.integers(0, facts_open))]
    ways, forgotten = 1, []
    for name in order:
        if name != "age" and ways * len(VALUES[name]) <= completions:
            ways *= len(VALUES[name])
            forgotten.append(name)
    left = opened(facts, forgotten)
    return {**opened(left, ["age"]), **draw(stated_ages(left["age"], rough="age" in order, widest=completions // ways))}


@st.composite
def stated_ages(draw: st.DrawFn, age: int, rough: bool, widest: int = 131) -> Facts:
    """The ways in which somebody of ``age`` on :data:`TODAY` states it: exactly, or so that several ages are possible.

    Args:
        age: completed years.
        rough: whether more than one age may be left.
        widest: so many ages are left at most.
    """
    if not rough or widest < 2:
        return draw(st.sampled_from([{"age": age}, {"birth_date": born(age, draw(st.integers(0, 364))).isoformat()}]))
    if widest >= 131 and draw(st.booleans()):
        return {}
    if draw(st.booleans()) and age < 130:
        return {"birth_year": TODAY.year - age - draw(st.integers(0, 1))}
    span = draw(st.integers(0, min(widest, 40) - 1))
    low = max(0, age - draw(st.integers(0, span)))
    return {"age_range": [low, min(130, low + span)]}


def born(age: int, days: int) -> date:
    """A day of birth with which somebody is ``age`` on :data:`TODAY`, so many ``days`` after the last birthday."""
    return TODAY.replace(year=TODAY.year - age) - timedelta(days=days)
