"""The cases that a clerk writes (``tests/cases/<city>.yaml``): one person each, and what the documents give."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pydantic import Field, RootModel

from eligibility.assessment import assess
from eligibility.person import FactError, read_person
from eligibility.rulebook import rule_book
from eligibility.rules import Json
from knowledge.data import DataError, Record, line_of, read_model

CASES = Path(__file__).parents[1] / "cases"
FILES = [CASES / f"{city}.yaml" for city in ("anshan", "benxi", "shuangyashan")]
BOOK = rule_book()
IDS = {rule.id for rule in BOOK.rules() if rule.audience == "person"}

STATUSES = {"符合": "eligible", "不符合": "ineligible", "由部门定": "discretionary", "还不知道": "unknown"}
PERIODS = {"月": "month", "年": "year"}
DISCOUNTS = {"免费": "free", "半价": "half"}
MONEY = re.compile(r"每(?P<per>[月年])(?P<floor>不低于)?(?P<value>\d+)元(?:（(?P<parts>[^）]+)）)?")
PERCENT = re.compile(r"每(?P<per>[月年])低保标准的(?P<percent>\d+)%")
HELP = f"要写成 {'、'.join(STATUSES)}，后面可以加“，每月200元”“，免费”这样的数额；只写数额就是符合"


class Entry(Record):
    """One case as it stands in the file."""

    who: str
    facts: dict[str, Any]
    as_of: datetime.date
    expect: dict[str, str] = {}
    missing: dict[str, list[str]] = {}
    cash: dict[str, float | tuple[float, float]] = {}
    not_: tuple[str, ...] = Field(default=(), alias="not")


class _File(RootModel[list[Entry]]):
    pass


@dataclass(frozen=True)
class Case:
    """A case, read: ``expect`` holds status and amount by id."""

    entry: Entry
    file: Path
    line: int
    expect: dict[str, tuple[str, Json | None]]

    @property
    def name(self) -> str:
        return f"{self.file.name}:{self.line} {self.entry.who}"


@cache
def read_cases(file: Path) -> list[Case]:
    """The cases of a file.

    Raises:
        DataError: what is wrong first, with the line and the ``who`` of the case.
    """
    return [_read_case(file, i, entry) for i, entry in enumerate(read_model(file, _File).root)]


def _read_case(file: Path, position: int, entry: Entry) -> Case:
    def fault(message: str, *below: str) -> DataError:
        return DataError(file, line_of(file, [position, *below]), f"{entry.who}：{message}")

    for part, names in (("expect", entry.expect), ("missing", entry.missing), ("not", entry.not_)):
        for name in names:
            if name not in IDS:
                raise fault(f"没有“{name}”这项待遇", part, name)
    try:
        read_person(stated(entry), entry.as_of, BOOK.space)
    except FactError as error:
        raise fault(error.message, "facts", error.fact) from None
    expected: dict[str, tuple[str, Json | None]] = dict.fromkeys(entry.not_, ("ineligible", None))
    for name, words in entry.expect.items():
        if name in expected:
            raise fault(f"“{name}”在 expect 和 not 里各写了一次", "expect", name)
        found = read_answer(words)
        if found is None:
            raise fault(f"看不懂“{words}”，{HELP}", "expect", name)
        expected[name] = found
    if not expected and not entry.missing and not entry.cash:
        raise fault("没有写应当得到什么（expect、missing、cash、not 至少要有一样）")
    return Case(entry, file, line_of(file, [position]), expected)


def stated(entry: Entry) -> dict[str, Any]:
    """The facts as a program would send them: dates are text."""
    return {k: v.isoformat() if isinstance(v, datetime.date) else v for k, v in entry.facts.items()}


def read_answer(words: str) -> tuple[str, Json | None] | None:
    """``由部门定，每月50元`` as status and amount; None where it cannot be read."""
    first, _, rest = words.partition("，")
    if first in STATUSES:
        amount = read_amount(rest) if rest else None
        return None if rest and amount is None else (STATUSES[first], amount)
    amount = read_amount(words)
    return ("eligible", amount) if amount else None


def read_amount(words: str) -> Json | None:
    """``每月1447元（基本生活1107、照料护理340）`` as the contract writes it; None where it cannot be read."""
    if words in DISCOUNTS:
        return {"discount": DISCOUNTS[words]}
    if found := PERCENT.fullmatch(words):
        return {"percent": int(found["percent"]), "of": "dibao_standard", "per": PERIODS[found["per"]]}
    if found := MONEY.fullmatch(words):
        parts = [re.fullmatch(r"(\D+)(\d+)", part) for part in (found["parts"] or "").split("、") if part]
        named = [{"name": part[1], "value": int(part[2])} for part in parts if part]
        per, minimum = PERIODS[found["per"]], found["floor"] is not None
        return {"value": int(found["value"]), "per": per, "minimum": minimum, "parts": named}
    return None


ALL_CASES = [case for file in FILES for case in read_cases(file)]


@pytest.mark.parametrize("case", ALL_CASES, ids=lambda case: f"{case.file.stem}-{case.line}")
def test_case(case: Case) -> None:
    assessment = assess(stated(case.entry), BOOK, case.entry.as_of)
    results = {result.rule.id: result for result in assessment.results}
    for name, expected in case.expect.items():
        assert (results[name].status, results[name].amount) == expected, f"{case.name}: {name}"
    for name, missing in case.entry.missing.items():
        assert set(results[name].missing) == set(missing), f"{case.name}: {name}"
    for name in case.expect.keys() - case.entry.missing.keys():
        assert results[name].missing == (), f"{case.name}: {name}"
    for per, cash in case.entry.cash.items():
        low, high = cash if isinstance(cash, tuple) else (cash, cash)
        assert assessment.cash_range[per] == [low, high], f"{case.name}: {per}"
        if low == high:
            assert assessment.cash_total[per] == low, f"{case.name}: {per}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_entitlement_of_the_city_is_in_a_case(file: Path) -> None:
    """Each is granted to somebody, or left to others, and refused to somebody."""
    cases = read_cases(file)
    ids = {name for name in IDS if name.startswith(file.stem)}
    outcomes = {(name, status) for case in cases for name, (status, _) in case.expect.items()}
    assert len(cases) >= 15
    assert {name for name, status in outcomes if status in ("eligible", "discretionary")} >= ids
    assert {name for name, status in outcomes if status == "ineligible"} >= ids


SOUND = """\
- who: 九十岁的老人
  facts: {hukou: anshan, age: 90}
  as_of: 2026-06-01
  expect:
    anshan.longevity_allowance: 每月200元
- who: 八十岁的老人
  facts: {hukou: anshan, age: 80}
  as_of: 2026-06-01
  not: [anshan.longevity_allowance]
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("每月200元", "每月两百元", 5, "九十岁的老人：看不懂“每月两百元”"),
        ("每月200元", "符合，两百", 5, "九十岁的老人：看不懂“符合，两百”"),
        ("anshan.longevity_allowance: ", "anshan.longevity: ", 5, "九十岁的老人：没有“anshan.longevity”这项待遇"),
        ("[anshan.longevity_allowance]", "[anshan.nothing]", 9, "八十岁的老人：没有“anshan.nothing”这项待遇"),
        ("age: 90", "age: 190", 2, "九十岁的老人：“年龄”（age）不能是 190"),
        ("age: 80", "aeg: 80", 7, "八十岁的老人：没有“aeg”这个事实"),
        ("  not: [anshan.longevity_allowance]\n", "", 6, "八十岁的老人：没有写应当得到什么"),
        ("  not:", "  nots:", 9, "不认识“nots”这一项"),
        ("- who: 八十岁的老人\n  facts", "- facts", 6, "缺少“who”这一项"),
        ("2026-06-01\n  not", "明天\n  not", 8, "“as_of”写得不对"),
        ("- who: 八十岁的老人", "- who: [八十岁", 7, "YAML 格式不对"),
        ("as_of: 2026-06-01\n  expect", "as_of: 2026-06-01\n  not: [anshan.longevity_allowance]\n  expect", 6, "各写了一次"),
    ],
)
def test_a_broken_file_is_named_with_the_line_and_the_person(
    tmp_path: Path, old: str, new: str, line: int, message: str,
) -> None:
    file = tmp_path / "cases.yaml"
    file.write_text(SOUND, encoding="utf-8")
    assert len(read_cases(file)) == 2
    assert SOUND.count(old) == 1
    file = tmp_path / "broken.yaml"
    file.write_text(SOUND.replace(old, new), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_cases(file)
    assert message in caught.value.message
    assert (caught.value.file, caught.value.line) == (file, line)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("符合", ("eligible", None)),
        ("不符合", ("ineligible", None)),
        ("由部门定，每月50元", ("discretionary", {"value": 50, "per": "month", "minimum": False, "parts": []})),
        ("每年不低于300元", ("eligible", {"value": 300, "per": "year", "minimum": True, "parts": []})),
        ("每月低保标准的15%", ("eligible", {"percent": 15, "of": "dibao_standard", "per": "month"})),
        ("半价", ("eligible", {"discount": "half"})),
        ("每周5元", None),
        ("", None),
    ],
)
def test_what_a_clerk_writes_is_understood(words: str, answer: tuple[str, Json | None] | None) -> None:
    assert read_answer(words) == answer
