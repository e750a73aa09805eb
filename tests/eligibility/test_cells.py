"""Cells of a roster say what a clerk would read in them, or are set aside."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.screening import spoken
from eligibility.rulebook import rule_book
from eligibility.screening.cells import Cells, UnreadableError
from eligibility.screening.columns import find_columns, headers

CASES: dict[str, dict[Any, Any]] = yaml.safe_load(
    (Path(__file__).parents[1] / "cases" / "cells.yaml").read_text(encoding="utf-8"),
)
UNREAD, BLANK = "看不懂", "空"


@pytest.fixture(scope="module")
def cells() -> Cells:
    return Cells(rule_book().vocabulary, spoken())


@pytest.mark.parametrize(("header", "cell", "wanted"), [
    (header, str(cell), wanted) for header, told in CASES.items() for cell, wanted in told.items()
])
def test_a_cell_says_what_is_written_in_it(cells: Cells, header: str, cell: str, wanted: Any) -> None:
    column = find_columns(["编号", header], rule_book().vocabulary).facts[0]
    try:
        found: Any = cells.read(column, cell) or BLANK
    except UnreadableError:
        found = UNREAD
    if isinstance(found, dict) and not isinstance(wanted, dict):
        wanted = {column.fact: wanted}
    assert plain(found) == plain(wanted)


def plain(found: Any) -> Any:
    """Days and pairs as they are written."""
    if isinstance(found, dict):
        return {name: plain(value) for name, value in found.items()}
    if isinstance(found, tuple):
        return list(found)
    return found.isoformat() if isinstance(found, date) else found


@pytest.mark.parametrize(("header", "cell", "wanted"), [
    ("是否低保", "是", True), ("是否低保", "√", True), ("是否低保", "低保", True), ("是否低保", "否", False),
    ("是否低保", "特困", False), ("是否低保", "", None), ("是否低保", "不详", None), ("是否独居", "空巢", False),
    ("是否失能", "1", True), ("是否失能", "0.0", False), ("是否低保", "记不清", None), ("是否失能", "不好说", None),
    ("低保类别", "无", False), ("低保类别", "A类", True),
])
def test_a_column_about_one_value_says_whether_it_holds(cells: Cells, header: str, cell: str, wanted: bool | None) -> None:
    column = find_columns(["编号", header], rule_book().vocabulary).facts[0]
    assert cells.holds(column, cell) is wanted


@pytest.mark.parametrize("cell", ["低保停了", "是（2019年）", "说不好哪年"])
def test_a_column_about_one_value_is_not_guessed_at(cells: Cells, cell: str) -> None:
    column = find_columns(["编号", "是否低保"], rule_book().vocabulary).facts[0]
    with pytest.raises(UnreadableError):
        cells.holds(column, cell)


def test_headers_mean_facts_and_values_that_there_are() -> None:
    vocabulary = rule_book().vocabulary
    every = [*headers().facts.values(), *headers().one_value.values()]
    for meaning, words in (headers().facts | headers().one_value).items():
        for word in words:
            column = find_columns(["编号", word], vocabulary).facts[0]
            assert meaning == column.fact + (f"={column.value}" if column.value is not None else "")
    assert set(headers().facts) == set(vocabulary.facts)
    assert len({word for words in every for word in words}) == sum(map(len, every)), "a header that means two things"
