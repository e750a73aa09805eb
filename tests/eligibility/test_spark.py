"""Spark gives what DuckDB gives: a small case, since each of its steps takes a while."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from bot.screening import spoken
from eligibility.rulebook import rule_book
from eligibility.screening.orders import Order
from eligibility.screening.screening import screen
from tests.eligibility.persons import random_person
from tests.eligibility.test_screening import answers, as_columns, comes, difference, holds, screened
from tests.needs import program

PEOPLE, MISSING, MONTHS = 40, 0.2, 120
LATER = date(2028, 3, 1)

FACTS = ("hukou", "residence", "hardship", "support_mode", "ability", "area", "care_home", "birth_date")


# Spark and pandas warn of each other, and Spark leaves its sockets to the end.
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::UserWarning")
@pytest.mark.parametrize("engine", ["duckdb", "spark"])
def test_every_engine_says_what_check_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str) -> None:
    if engine == "spark":
        program("java")
        monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        monkeypatch.chdir(tmp_path)
    dice = random.Random(5)
    people = []
    for number in range(PEOPLE):
        facts = random_person(dice, "anshan") | {"hukou": "anshan", "birth_date": f"{1926 + number}-{number % 12 + 1:02}-01"}
        known = {name: value for name, value in facts.items() if name in FACTS and dice.random() > MISSING}
        people.append(known | {"hukou": "anshan", "residence": "anshan"})
    people[3] = {"hukou": "anshan", "hardship": "dibao", "support_mode": "dispersed"}
    roster = tmp_path / "roster.parquet"
    pq.write_table(as_columns(people, FACTS), roster)
    told, rows, rejects = screened(tmp_path, roster, engine=engine, ahead=MONTHS)
    holds(people, told, rows, rejects)
    comes(people, pq.read_table(tmp_path / "result.ahead.parquet").to_pylist(), MONTHS)
    assert set(rejects) == {"3"}
    assert changed(tmp_path, roster, engine) == {
        (str(number), one, is_now[one]["status"])
        for number, facts in enumerate(people) if isinstance(was := answers(facts), dict)
        for is_now in [answers(facts, LATER)] if isinstance(is_now, dict)
        for one in was if difference(was[one], is_now[one])
    }


def changed(folder: Path, roster: Path, engine: str) -> set[tuple[str, str, str]]:
    """Who has which new answer two years later."""
    order = Order(roster, folder / "later.parquet", LATER, engine=engine, since=folder / "result.parquet")
    told = screen(order, rule_book(), spoken())
    rows = pq.read_table(order.changes).to_pylist()
    assert told.changes is not None
    assert {(one.change, one.why) for one in told.changes} == {(row["change"], row["why"]) for row in rows}
    assert {row["why"] for row in rows} == {"age"}
    return {(row["id"], row["entitlement"], row["status"]) for row in rows}
