"""Spark gives what DuckDB gives: a small case, since each of its steps takes a while."""

from __future__ import annotations

import random
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.eligibility.persons import VALUES, random_person
from tests.eligibility.test_screening import as_columns, comes, holds, screened
from tests.needs import program

PEOPLE, MISSING, MONTHS = 40, 0.2, 120

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
    assert {asked.fact for asked in told.asks} <= set(VALUES)
