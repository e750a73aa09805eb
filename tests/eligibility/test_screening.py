"""Screening answers for every row what ``check`` answers for that person."""

from __future__ import annotations

import csv
import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.screening import spoken
from eligibility.assessment import Assessment, assess
from eligibility.change import upcoming
from eligibility.person import FactError
from eligibility.rulebook import RuleBook, load_rules, rule_book
from eligibility.rules import RULES
from eligibility.screening.columns import RosterError, headers
from eligibility.screening.orders import Order
from eligibility.screening.screening import Screened, screen
from eligibility.screening.summary import total
from tests.eligibility.persons import CITIES, TODAY, VALUES, Facts, born, complete_persons, opened, partial_persons

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


def assessed(facts: Facts, day: date = TODAY) -> Assessment | FactError:
    """What ``check`` says, or finds wrong."""
    try:
        return assess(facts, rule_book(), day)
    except FactError as error:
        return error


def answers(facts: Facts, day: date = TODAY) -> dict[str, Row] | FactError:
    """What ``check`` answers, by entitlement, or what it finds wrong."""
    one, found = assessed(facts, day), {}
    if isinstance(one, FactError):
        return one
    for result in one.results:
        amount = {key: value for key, value in (result.amount or {}).items() if key not in ("parts", "of")} or None
        found[result.rule.id] = {"status": result.status, "amount": amount, "missing": list(result.missing)}
    return found


def holds(people: Sequence[Facts], told: Screened, rows: Mapping[tuple[str, str], Row], rejects: Mapping[str, str]) -> None:
    """Every person has the answers of ``check``, or was rejected for what ``check`` finds wrong; nobody is left out."""
    answered = 0
    for number, facts in enumerate(people):
        mine = {entitlement: shown(row) for (one, entitlement), row in rows.items() if one == str(number)}
        wanted = answers(facts)
        if isinstance(wanted, FactError):
            assert rejects[str(number)]
            assert not mine
        else:
            answered += 1
            assert mine == wanted, facts
            assert str(number) not in rejects
    assert (told.people, told.rejected) == (answered, len(people) - answered)


@SLOW
@given(people=rosters(), months=st.sampled_from([1, 12, 30, 120]))
def test_every_row_is_what_check_says(people: list[Facts], months: int) -> None:
    with TemporaryDirectory() as folder:
        roster = Path(folder, "roster.parquet")
        pq.write_table(as_columns(people, [*VALUES, *KINDS]), roster)
        told, rows, rejects = screened(Path(folder), roster, ahead=months)
        coming = pq.read_table(Path(folder, "result.ahead.parquet")).to_pylist()
    holds(people, told, rows, rejects)
    adds_up(people, told, rows)
    comes(people, coming, months)


def adds_up(people: Sequence[Facts], told: Screened, rows: Mapping[tuple[str, str], Row]) -> None:
    """The counts are those of the rows, and the money is that of ``check``."""
    assert told.nowhere == told.people - len({one for one, _ in rows})
    assert sum(count.people for count in told.counts) == len(rows)
    totals = [one.cash_total for facts in people if not isinstance(one := assessed(facts), FactError)]
    for per in ("month", "year"):
        # For one person a sum is rounded to the cent.
        assert total(told.counts).money[per] == pytest.approx(sum(one[per] for one in totals), abs=0.005 * len(people) + 1e-6)
    missing = {fact: {one for (one, _), row in rows.items() if fact in row["missing"].split(",")} for fact in VALUES}
    assert {asked.fact: asked.people for asked in told.asks} == {fact: len(whose) for fact, whose in missing.items() if whose}


def comes(people: Sequence[Facts], coming: Sequence[Row], months: int) -> None:
    """Whom ``check`` tells a day within the months is listed with it, and nobody with a day beyond them."""
    found = {(row["id"], row["entitlement"]): (row["at_age"], row["date"], row["amount"]) for row in coming}
    years, rest = divmod(TODAY.month - 1 + months, 12)
    last = date(TODAY.year + years, rest + 1, TODAY.day)
    wanted = {}
    for number, facts in enumerate(people):
        one = assessed(facts)
        for change in upcoming(one) if not isinstance(one, FactError) else ():
            day = change["date"] and date.fromisoformat(change["date"])
            if change["status"] == "eligible" and day and day <= last:
                wanted[number, change["id"]] = (change["at_age"], day, (change["amount"] or {}).get("value"))
    assert {key: told for key, told in found.items() if told[1]} == wanted


LABELS: dict[str, dict[Any, str]] = {
    "hukou": {"anshan": "鞍山", "benxi": "本溪市", "shuangyashan": "双鸭山市集贤县", "other": "沈阳市"},
    "hardship": {"none": "无", "low_income": "低收入家庭", "dibao_edge": "低保边缘户", "dibao": "低保户", "tekun": "特困"},
    "ability": {"independent": "能自理", "partial": "半失能", "dependent": "失能"},
    "disability_grade": {0: "无", 1: "一级", 2: "2", 3: "三级", 4: "四级"},
    "living": {"with_family": "与子女同住", "alone": "独居", "empty_nest": "空巢", "left_behind": "留守"},
    "pension": {"none": "无", "employee": "职工", "resident": "城乡居民"},
    "support_mode": {"centralized": "集中供养", "dispersed": "分散供养"},
    "area": {"urban": "城镇", "rural": "农村"},
}
"""How a community writes the values."""


def as_written(name: str, value: Any, dice: random.Random) -> str:
    """A cell as somebody fills it in by hand."""
    if value is None:
        return dice.choice(["", "不详", "-", " "])
    if name == "without_supporter":
        return "是" if value else "否"
    if isinstance(value, bool):
        return dice.choice(["是", "有", "Y", "1"] if value else ["否", "无", "N", "0"])
    if name == "age":
        return dice.choice([f"{value}", f"{value}岁", f" {value}周岁", f"{value}.0"])
    if name == "birth_date":
        year, month, day = map(int, value.split("-"))
        digits = f"{year}{month:02}{day:02}"
        return dice.choice([str(value), f"{year}/{month}/{day}", f"{year}年{month}月{day}日", digits])
    if name == "age_range":
        return f"{value[0]}-{value[1]}岁"
    labels = LABELS.get("hukou" if name == "residence" else name, {})
    return dice.choice([str(value), str(labels.get(value, value))])


def write_csv(file: Path, people: Sequence[Facts], dice: random.Random, encoding: str) -> None:
    """A roster as a community keeps it: Chinese headers, everything in words."""
    titles = {name: written[0] for name, written in headers().facts.items()}
    names = [*VALUES, *KINDS]
    with file.open("w", encoding=encoding, newline="") as opened_file:
        writer = csv.writer(opened_file)
        writer.writerow(["编号", "姓名", *(titles[name] for name in names)])
        for number, person in enumerate(people):
            writer.writerow([number, "张,三", *(as_written(name, person.get(name), dice) for name in names)])


@settings(SLOW, max_examples=6)
@given(people=rosters(), seed=st.integers(0, 999), encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]))
def test_a_roster_in_chinese_words_is_read_as_it_is_meant(people: list[Facts], seed: int, encoding: str) -> None:
    with TemporaryDirectory() as folder:
        roster = Path(folder, "名册.csv")
        write_csv(roster, people, random.Random(seed), encoding)
        holds(people, *screened(Path(folder), roster))


# -- what cannot be read


def wrecked(number: int, dice: random.Random) -> tuple[str, str]:
    """A line of a roster of id, age, hukou and hardship that is broken in one way, and what has to be said of it."""
    return dice.choice([
        (f"{number},八百,鞍山,低保", "看不懂"),
        (f"{number},300,鞍山,低保", "不可能是真的"),
        (f"{number},83,火星,低保", "看不懂"),
        (f"{number},83,鞍山,啊啊啊", "看不懂"),
        (f"{number},83,鞍山", "这一行有3格，表头有4格"),
        (f"{number},83,鞍山,低保,多了", "这一行有5格，表头有4格"),
        (f'{number},83,"鞍山,低保', "引号不成对"),
        (f'{number},83,鞍山,"低保', "引号不成对"),
        (",83,鞍山,低保", "没有编号"),
        ("0,83,鞍山,低保", "编号跟第2行重复"),
    ])


def test_broken_lines_are_set_aside_each_with_its_reason_and_the_others_are_answered(tmp_path: Path) -> None:
    dice = random.Random(8)
    roster = tmp_path / "roster.csv"
    broken = {number: wrecked(number, dice) for number in range(1, 20_000) if dice.random() < 0.01}
    lines = ["id,age,hukou,hardship", *(
        broken[number][0] if number in broken else f"{number},83,鞍山,低保" for number in range(20_000)
    )]
    roster.write_text("\n".join(lines), encoding="utf-8")
    asked = Order(roster, tmp_path / "result.csv", TODAY)
    told = screen(asked, rule_book(), spoken())
    assert (told.people, told.rejected) == (20_000 - len(broken), len(broken))
    with asked.rejects.open(encoding="utf-8-sig", newline="") as file:
        rejects = {int(row["line"]): row["reason"] for row in csv.DictReader(file)}
    assert list(rejects) == [number + 2 for number in broken]
    for number, (_, reason) in broken.items():
        assert reason in rejects[number + 2]
    with asked.result.open(encoding="utf-8", newline="") as file:
        paid = [row for row in csv.DictReader(file) if row["entitlement"] == "anshan.old_age_allowance"]
    assert {row["status"] for row in paid} == {"eligible"}
    assert sorted(int(row["id"]) for row in paid) == [number for number in range(20_000) if number not in broken]


def test_a_field_may_go_on_in_the_next_line(tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text('id,备注,age,hukou\n1,"两行\n的备注",83,鞍山\n2,"他说""好""",84,鞍山\n3,,八百,鞍山\n', encoding="utf-8")
    told, rows, rejects = screened(tmp_path, roster)
    assert told.people == 2
    assert rows["2", "anshan.old_age_allowance"]["missing"] == "hardship"
    assert rejects == {"3": "“age”这一格看不懂"}


# -- columns


def test_unusual_headers_are_told_by_a_mapping(tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("工号,周岁数,落户,家境,年龄\nA7,83,鞍山,低保,999\n", encoding="utf-8")
    mapping = {"工号": "id", "周岁数": "age", "落户": "hukou", "家境": "hardship", "年龄": "-"}
    _, rows, rejects = screened(tmp_path, roster, mapping=mapping)
    assert not rejects
    assert rows["A7", "anshan.old_age_allowance"]["amount"] == 50


@pytest.mark.parametrize(("header", "order", "says"), [
    ("姓名,年龄", {}, "没有编号这一列"),
    ("id,姓名", {}, "没有一列看得懂"),
    ("id,年龄,年龄", {}, "有两列都叫“年龄”"),
    ("id,年龄", {"keep": ("姓名",)}, "没有“姓名”这一列"),
    ("id,年龄", {"mapping": {"年龄": "岁"}}, "不是事实的名字"),
])
def test_a_roster_that_cannot_be_screened_says_why(tmp_path: Path, header: str, order: dict[str, Any], says: str) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text(f"{header}\n1,2\n", encoding="utf-8")
    with pytest.raises(RosterError, match=says):
        screened(tmp_path, roster, **order)


def test_an_empty_roster_says_so(tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text("\n \n", encoding="utf-8")
    with pytest.raises(RosterError, match="名册是空的"):
        screened(tmp_path, tmp_path / "roster.csv")


def test_names_and_numbers_stand_in_the_result_only_where_they_are_asked_for(tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    people = "1,张三丰,210302194003051234,东山,86,鞍山\n2,李四,0012,东山,210302194003051234,鞍山\n"
    roster.write_text(f"id,姓名,身份证号,社区,age,hukou\n{people}", encoding="utf-8")
    screened(tmp_path, roster)
    written = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file != roster).decode("utf-8", "replace")
    assert "张三丰" not in written
    assert "210302194003051234" not in written
    _, rows, _ = screened(tmp_path, roster, keep=("姓名", "身份证号"))
    told = rows["1", "anshan.old_age_allowance"]
    assert (told["姓名"], told["身份证号"], told["community"]) == ("张三丰", "210302194003051234", "东山")


# -- what has changed


def changes(folder: Path, before: Sequence[Facts], then: date, after: Sequence[Facts], now: date, book: RuleBook) -> list[Row]:
    """What is said to have changed between two days, the rules being the shipped ones on the first."""
    names = [*VALUES, *KINDS]
    for name, people in (("before", before), ("after", after)):
        pq.write_table(as_columns(people, names), folder / f"{name}.parquet")
    first = Order(folder / "before.parquet", folder / "first.parquet", then)
    second = Order(folder / "after.parquet", folder / "second.csv", now, since=first.result)
    screen(first, rule_book(), spoken())
    told = screen(second, book, spoken())
    with second.changes.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert told.changes is not None
    assert sum(one.answers for one in told.changes) == len(rows)
    return rows


@settings(SLOW, max_examples=6)
@given(people=rosters(), days=st.sampled_from([0, 30, 366, 3653]))
def test_what_changes_as_time_goes_by_is_told_and_comes_of_age(people: list[Facts], days: int) -> None:
    now = TODAY + timedelta(days=days)
    wanted: dict[tuple[str, str], str] = {}
    for number, facts in enumerate(people):
        whole = {name: value for name, value in facts.items() if name not in ("birth_year", "age_range", "age")}
        people[number] = whole | {"birth_date": born(70 + number % 20, number).isoformat()}
        was, is_now = answers(people[number], TODAY), answers(people[number], now)
        if isinstance(was, dict) and isinstance(is_now, dict):
            wanted |= {(str(number), one): is_now[one]["status"] for one in was if difference(was[one], is_now[one])}
    with TemporaryDirectory() as folder:
        rows = changes(Path(folder), people, TODAY, people, now, rule_book())
    assert {(row["id"], row["entitlement"]): row["status"] for row in rows} == wanted
    assert {row["why"] for row in rows} <= {"age"}


def difference(was: Row, is_now: Row) -> bool:
    """Whether an answer is another one; what is missing may be another fact."""
    return (was["status"], was["amount"]) != (is_now["status"], is_now["amount"])


def test_why_something_has_changed(tmp_path: Path) -> None:
    poor = {"hukou": "anshan", "residence": "anshan", "hardship": "dibao", "birth_date": "1945-06-01", "ability": "partial"}
    before = [poor, poor, {**poor, "hardship": "none"}, {**poor, "birth_date": "1936-12-01"}]
    after = [poor, {**poor, "hardship": "none"}, poor, {**poor, "birth_date": "1936-12-01"}, poor]
    same = changes(tmp_path, before, TODAY, before, TODAY, rule_book())
    assert not same
    rows = changes(tmp_path, before, TODAY, after, date(2026, 12, 1), rule_book())
    told = {(row["id"], row["entitlement"].partition(".")[2]): (row["change"], row["why"]) for row in rows}
    assert told["1", "old_age_allowance"] == ("gone", "facts")
    assert told["2", "old_age_allowance"] == ("new", "facts")
    assert told["3", "old_age_allowance"] == ("gone", "age")
    assert told["3", "longevity_allowance"] == ("new", "age")
    assert told["4", "old_age_allowance"] == ("new", "roster")
    assert not [one for one in told if one[0] == "0"]


def test_who_is_to_be_called_when_a_rule_changes(tmp_path: Path) -> None:
    files = sorted(RULES.glob("*.yaml"))
    for file in files:
        written = file.read_text(encoding="utf-8")
        if file.name == "anshan.yaml":
            written = written.replace("      - age: 80-89\n", "      - age: 75-89\n", 1)
        (tmp_path / file.name).write_text(written, encoding="utf-8")
    book = load_rules([tmp_path / file.name for file in files])
    people = [
        {"hukou": "anshan", "residence": "anshan", "hardship": "dibao", "birth_date": f"{1930 + i}-01-01"} for i in range(40)
    ]
    rows = changes(tmp_path, people, TODAY, people, TODAY, book)
    assert {(row["entitlement"], row["change"], row["why"]) for row in rows} == {("anshan.old_age_allowance", "new", "rule")}
    assert sorted(int(row["id"]) for row in rows) == [i for i in range(40) if 75 <= 2026 - 1930 - i <= 79]
