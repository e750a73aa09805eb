"""Screening answers for every row what ``check`` answers for that person."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.screening import spoken
from eligibility.assessment import assess
from eligibility.person import FactError
from eligibility.rulebook import rule_book
from eligibility.screening.screening import Order, Screened, screen
from tests.eligibility.persons import CITIES, TODAY, VALUES, Facts, complete_persons, opened, partial_persons

Row = dict[str, Any]

SLOW = settings(
    max_examples=12, deadline=None, phases=[Phase.explicit, Phase.generate],  # a roster takes a second: it is not made smaller
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

KINDS: dict[str, pa.DataType] = {
    "birth_date": pa.date32(), "birth_year": pa.int32(), "age_range": pa.string(), "dibao_standard": pa.float64(),
}
"""The types of the columns that are no enumerations."""


@st.composite
def rosters(draw: st.DrawFn, most: int = 40) -> list[Facts]:
    """People of whom any facts are missing; some contradict themselves."""
    seed = draw(st.randoms(use_true_random=False))
    people = []
    for _ in range(draw(st.integers(1, most))):
        whole = complete_persons(seed.choice([*CITIES, None]))
        facts = draw(whole if seed.random() < 0.3 else partial_persons(whole, list(VALUES)))
        facts = opened(facts, [name for name in facts if seed.random() < seed.choice([0, 0.1, 0.5, 0.9])])
        if seed.random() < 0.3:
            facts["dibao_standard"] = seed.choice([0, 640, 715.5])
        people.append(facts)
    return people


def as_columns(people: Sequence[Facts], names: Sequence[str]) -> pa.Table:
    """The people as a table of typed columns."""
    columns: dict[str, pa.Array] = {"id": pa.array(range(len(people)))}
    for name in names:
        cells = [person.get(name) for person in people]
        if name == "age_range":
            cells = [None if cell is None else f"{cell[0]}-{cell[1]}" for cell in cells]
        if name == "birth_date":
            cells = [None if cell is None else date.fromisoformat(cell) for cell in cells]
        columns[name] = pa.array(cells, KINDS.get(name) or pa.array(list(VALUES[name])).type)
    return pa.table(columns)


def screened(folder: Path, roster: Path, **order: Any) -> tuple[Screened, dict[tuple[str, str], Row], dict[str, str]]:
    """What comes of it: the counts, the rows by person and entitlement, the reasons of who was rejected."""
    asked = Order(roster, folder / "result.parquet", TODAY, **order)
    told = screen(asked, rule_book(), spoken())
    rows = pq.read_table(asked.result).to_pylist()
    found = {(str(row["id"]), row["entitlement"]): row for row in rows}
    assert len(found) == len(rows), "a row twice"
    rejects: dict[str, str] = {}
    if asked.rejects.exists():
        with asked.rejects.open(encoding="utf-8-sig", newline="") as file:
            rejects = {row["id"]: row["reason"] for row in csv.DictReader(file)}
    return told, found, rejects


def shown(row: Mapping[str, Any]) -> Row:
    """A row's answer as ``check`` says it."""
    amount: Row | None = None
    if row["discount"] is not None:
        amount = {"discount": row["discount"]}
    elif row["percent"] is not None:
        amount = {"percent": row["percent"], "per": row["per"]}
    elif row["amount"] is not None:
        amount = {"value": row["amount"], "per": row["per"], "minimum": row["minimum"]}
    return {"status": row["status"], "amount": amount, "missing": [one for one in row["missing"].split(",") if one]}


def expected(facts: Facts) -> dict[str, Row] | FactError:
    """What ``check`` answers, by entitlement, or what it finds wrong."""
    answers = {}
    try:
        results = assess(facts, rule_book(), TODAY).results
    except FactError as error:
        return error
    for result in results:
        amount = {key: value for key, value in (result.amount or {}).items() if key not in ("parts", "of")} or None
        answers[result.rule.id] = {"status": result.status, "amount": amount, "missing": list(result.missing)}
    return answers


def holds(people: Sequence[Facts], told: Screened, rows: Mapping[tuple[str, str], Row], rejects: Mapping[str, str]) -> None:
    """Every person has the answers of ``check``, or was rejected for what ``check`` finds wrong; nobody is left out."""
    answered = 0
    for number, facts in enumerate(people):
        mine = {entitlement: shown(row) for (one, entitlement), row in rows.items() if one == str(number)}
        wanted = expected(facts)
        if isinstance(wanted, FactError):
            assert rejects[str(number)].endswith(wanted.message)
            assert not mine
        else:
            answered += 1
            assert mine == wanted, facts
            assert str(number) not in rejects
    assert (told.people, told.rejected) == (answered, len(people) - answered)


@SLOW
@given(people=rosters())
def test_every_row_is_what_check_says(people: list[Facts]) -> None:
    names = [*VALUES, *KINDS]
    with TemporaryDirectory() as folder:
        roster = Path(folder, "roster.parquet")
        pq.write_table(as_columns(people, names), roster)
        holds(people, *screened(Path(folder), roster))
