"""Rosters as offices keep them: titles, sums, blank cells, slipped columns, files that must not be lost."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bot.screening import spoken
from eligibility.rulebook import rule_book
from eligibility.screening.columns import RosterError
from eligibility.screening.orders import Order
from eligibility.screening.screening import Screened, screen

DAY = date(2026, 6, 1)
LONGEVITY = "anshan.longevity_allowance"


def screened(folder: Path, text: str, name: str = "roster.csv", **order: Any) -> tuple[Screened, Order]:
    """A roster of this text, screened."""
    (folder / name).write_text(text, encoding="utf-8")
    asked = Order(folder / name, **{"result": folder / "result.csv", "as_of": DAY, **order})
    return screen(asked, rule_book(), spoken()), asked


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def statuses(order: Order, entitlement: str = LONGEVITY) -> dict[str, str]:
    """Each person's answer to one entitlement."""
    return {row["id"]: row["status"] for row in rows(order.result) if row["entitlement"] == entitlement}


# -- how spreadsheets write


@pytest.mark.parametrize("text", [
    "铁东区高龄老人花名册\n编号,户籍,年龄\n7,鞍山,91\n",
    "铁东区高龄老人花名册,,\n填表人：老王,,\n编号,户籍,年龄\n7,鞍山,91\n",
    "\n\n编号,户籍,年龄\n7,鞍山,91\n",
    "编号,户籍,年龄,,\n7,鞍山,91,,\n",
    "编号,甲,户籍,年龄,乙,丙,丁\n7,低保,鞍山,91,独居,低保户,劳模\n",
    "编号,户籍,年龄\n7,鞍山,91,\n,,\n",
    '编号,户籍,"年\n龄"\n7,鞍山,91\n',
    "编号,备注,户籍,备注,年龄\n7,甲,鞍山,乙,91\n",
    "编号,户籍,年龄\n7,鞍山,91\n合计,,1\n",
    "序号,编号,街道,社区,户籍,户籍地址,年龄\n1,7,二马路,东山,鞍山市,鞍山市铁东区园林路3号,91\n",
])
def test_a_roster_is_read_as_a_spreadsheet_writes_it(tmp_path: Path, text: str) -> None:
    _, order = screened(tmp_path, text)
    assert statuses(order) == {"7": "eligible"}


def test_a_sum_is_nobody(tmp_path: Path) -> None:
    told, order = screened(tmp_path, "编号,户籍,年龄\n7,鞍山,91\n合计,,1\n")
    assert (told.people, told.rejected) == (1, 1)
    assert rows(order.rejects) == [{"line": "3", "id": "合计", "reason": "这一行是合计"}]


def test_an_open_quotation_mark_takes_nobody_with_it(tmp_path: Path) -> None:
    told, order = screened(tmp_path, '编号,户籍,年龄,备注\n1,鞍山,91,"北屋\n2,鞍山,95,\n3,鞍山,96,门牌"\n4,鞍山,92,x\n')
    assert (told.people, told.rejected) == (3, 1)
    assert [(row["line"], row["reason"]) for row in rows(order.rejects)] == [("2", "这一行的引号不成对")]


def test_an_id_is_the_same_however_it_is_written(tmp_path: Path) -> None:
    table = pa.table({"id": pa.array([1.0, 2.0]), "age": pa.array([91, 92]), "hukou": pa.array(["anshan", "anshan"])})
    pq.write_table(table, tmp_path / "roster.parquet")
    first = Order(tmp_path / "roster.parquet", tmp_path / "first.csv", DAY)
    screen(first, rule_book(), spoken())
    told, _ = screened(tmp_path, "id,age,hukou\n1 ,91,anshan\n 2,92,anshan\n", since=first.result)
    assert told.changes == []


def test_an_id_that_is_no_number_is_none(tmp_path: Path) -> None:
    ids = pa.array([1.0, float("nan"), 1e20])
    table = pa.table({"id": ids, "age": pa.array([91] * 3), "hukou": pa.array(["anshan"] * 3)})
    pq.write_table(table, tmp_path / "roster.parquet")
    told = screen(Order(tmp_path / "roster.parquet", tmp_path / "result.csv", DAY), rule_book(), spoken())
    assert (told.people, told.rejected, told.reasons) == (2, 1, {"没有编号": 1})


def test_typed_columns_are_read_as_they_are_typed(tmp_path: Path) -> None:
    table = pa.table({
        "id": pa.array(["a", "b"]), "hukou": pa.array(["anshan", "anshan"]).dictionary_encode(),
        "出生日期": pa.array([19350506, 19460506], pa.int64()), "age_range": pa.array([[90, 95], None], pa.list_(pa.int32())),
        "低保标准": pa.array([640, None], pa.decimal128(6, 2)), "病残": pa.array([True, None]),
    })
    pq.write_table(table, tmp_path / "roster.parquet")
    order = Order(tmp_path / "roster.parquet", tmp_path / "result.csv", DAY)
    told = screen(order, rule_book(), spoken())
    assert (told.people, told.rejected) == (2, 0)
    assert statuses(order) == {"a": "eligible", "b": "ineligible"}


# -- columns


def test_columns_about_one_value_settle_it_together(tmp_path: Path) -> None:
    _, order = screened(tmp_path, (
        "编号,户籍,年龄,是否特困,是否低保,是否低保边缘,是否低收入\n"
        "1,鞍山,83,否,是,否,否\n2,鞍山,83,否,否,否,否\n3,鞍山,83,否,,,\n4,鞍山,83,是,是,,\n"
    ))
    assert statuses(order, "anshan.old_age_allowance") == {"1": "eligible", "2": "ineligible", "3": "unknown"}
    assert [row["id"] for row in rows(order.rejects)] == ["4"]


def test_columns_of_one_fact_have_to_agree(tmp_path: Path) -> None:
    told, order = screened(tmp_path, "编号,户籍,户口,年龄\n1,鞍山,,91\n2,,鞍山,91\n3,鞍山,本溪,91\n")
    assert statuses(order) == {"1": "eligible", "2": "eligible"}
    assert [row["reason"] for row in rows(order.rejects)] == ["“户口”跟别的列对不上"]
    assert told.reasons == {"“户口”跟别的列对不上": 1}


@pytest.mark.parametrize("text", [
    "编号,户籍,出生日期,出生年月日\n1,鞍山,1935-05-06,1935-03-09\n",
    "编号,户籍,年龄,低保标准,当地低保标准\n1,鞍山,91,640,720\n",
])
def test_columns_that_contradict_each_other_are_believed_neither(tmp_path: Path, text: str) -> None:
    told, _ = screened(tmp_path, text)
    assert (told.people, told.rejected) == (0, 1)


@pytest.mark.parametrize("dibao", ["家庭经济情况=低保户", "hardship=dibao", "是否低保"])
def test_a_mapping_may_speak_chinese(tmp_path: Path, dibao: str) -> None:
    mapping = {"等级": "自理能力", "吃低保": dibao}
    _, order = screened(tmp_path, "编号,户籍,年龄,等级,吃低保\n1,鞍山,83,失能,是\n", mapping=mapping)
    assert statuses(order, "anshan.old_age_allowance") == {"1": "eligible"}


def test_whoever_may_be_somebody_else_next_month_is_not_compared(tmp_path: Path) -> None:
    _, first = screened(tmp_path, "序号,户籍,年龄\n1,鞍山,91\n", result=tmp_path / "first.csv")
    with pytest.raises(RosterError, match="换个月就可能是另一个人"):
        screened(tmp_path, "序号,户籍,年龄\n1,鞍山,91\n", since=first.result)


def test_every_cell_that_is_not_understood_is_named(tmp_path: Path) -> None:
    _, order = screened(tmp_path, "编号,户籍,年龄,自理能力\n1,火星,八百,硬\n")
    assert rows(order.rejects)[0]["reason"] == "“户籍”这一格看不懂；“年龄”这一格看不懂；“自理能力”这一格看不懂"


# -- what comes


def test_people_stand_as_in_the_roster_first_what_they_are_owed(tmp_path: Path) -> None:
    people = "".join(f"{number},{'鞍山' if number % 2 else '本溪'},{70 + number % 30}\n" for number in range(300, 0, -1))
    _, order = screened(tmp_path, f"编号,户籍,年龄\n{people}")
    found = rows(order.result)
    assert list(dict.fromkeys(row["id"] for row in found)) == [str(number) for number in range(300, 0, -1)]
    order_of = ["eligible", "discretionary", "unknown", "ineligible"]
    mine = [order_of.index(row["status"]) for row in found if row["id"] == "299"]
    assert mine == sorted(mine)


def test_a_draft_is_said_to_be_one(tmp_path: Path) -> None:
    _, order = screened(tmp_path, "编号,户籍,年龄\n1,本溪,91\n")
    assert {"征求意见稿" in row["caveats"] for row in rows(order.result) if row["status"] != "ineligible"} == {True}


def test_who_belongs_nowhere_is_listed(tmp_path: Path) -> None:
    told, order = screened(tmp_path, "编号,户籍,年龄\n1,鞍山,91\n2,沈阳,91\n3,,91\n")
    assert told.nowhere == 2
    assert [(row["line"], row["id"]) for row in rows(order.nowhere)] == [("3", "2"), ("4", "3")]


def test_impossible_ages_are_counted(tmp_path: Path) -> None:
    told, _ = screened(tmp_path, "编号,户籍,年龄\n1,鞍山,126\n2,鞍山,0\n3,鞍山,91\n")
    assert told.doubtful == 2


def test_excel_knows_a_file_that_is_made_for_it(tmp_path: Path) -> None:
    _, order = screened(tmp_path, "编号,户籍,年龄\n1,鞍山,91\n", excel=True)
    assert order.result.read_bytes().startswith(b"\xef\xbb\xbfid,")
    _, order = screened(tmp_path, "编号,户籍,年龄\n1,鞍山,91\n")
    assert order.result.read_bytes().startswith(b"id,")


# -- what has changed


def test_who_cannot_be_read_or_placed_this_time_has_lost_nothing(tmp_path: Path) -> None:
    people = "".join(f"{number},鞍山,91\n" for number in range(1, 6))
    _, first = screened(tmp_path, f"编号,户籍,年龄\n{people}", result=tmp_path / "first.csv")
    _, order = screened(tmp_path, "编号,户籍,年龄\n1,鞍山,九百\n2,,91\n4,鞍山,91\n5,鞍山,91,多了\n", since=first.result)
    mine = [row for row in rows(order.changes) if row["entitlement"] == LONGEVITY]
    told = {row["id"]: (row["change"], row["why"], row["status"]) for row in mine}
    unread = ("open", "unread", "unknown")
    assert told == {"1": unread, "2": ("open", "facts", "unknown"), "3": ("gone", "roster", ""), "5": unread}


def test_facts_are_not_taken_for_age_where_nobody_has_a_birthday(tmp_path: Path) -> None:
    _, first = screened(tmp_path, "编号,户籍,年龄,困难类型\n1,鞍山,80,无\n2,鞍山,79,低保\n", result=tmp_path / "first.csv")
    now = "编号,户籍,年龄,困难类型\n1,鞍山,80,低保\n2,鞍山,80,低保\n"
    _, order = screened(tmp_path, now, since=first.result, as_of=date(2026, 6, 2))
    why = {row["id"]: row["why"] for row in rows(order.changes) if row["entitlement"] == "anshan.old_age_allowance"}
    assert why == {"1": "facts", "2": "age"}


def test_whom_to_call_is_told_by_name(tmp_path: Path) -> None:
    _, first = screened(tmp_path, "编号,姓名,社区,户籍,年龄\n1,王五,东山,鞍山,89\n", result=tmp_path / "first.csv")
    _, order = screened(tmp_path, "编号,姓名,社区,户籍,年龄\n1,王五,东山,鞍山,90\n", since=first.result, keep=("姓名",))
    told = {row["entitlement"]: row for row in rows(order.changes)}[LONGEVITY]
    assert (told["姓名"], told["community"], told["name"], told["change"]) == ("王五", "东山", "高龄老年人生活补贴", "new")


# -- files that must not be lost


@pytest.mark.parametrize(("name", "order"), [
    ("result.csv", {}), ("result.rejects.csv", {}), ("result.nowhere.csv", {}), ("page.html.csv", {"report": "page.html.csv"}),
])
def test_a_roster_is_never_written_over(tmp_path: Path, name: str, order: dict[str, Any]) -> None:
    text = "编号,户籍,年龄\n1,鞍山,91\n"
    with pytest.raises(RosterError, match="会被盖掉"):
        screened(tmp_path, text, name, **{key: tmp_path / file for key, file in order.items()})
    assert (tmp_path / name).read_text(encoding="utf-8") == text


@pytest.mark.parametrize("broken", [
    "", "x,y\n1,2\n",
    "id,age,entitlement,status,amount,percent,discount,as_of,version\n1,,a,b,,,,2026-01-01,\n1,,a,b,,,,2026-02-01,\n",
])
def test_where_the_earlier_result_is_none_the_present_one_stays(tmp_path: Path, broken: str) -> None:
    _, order = screened(tmp_path, "编号,户籍,年龄\n1,鞍山,91\n")
    before = order.result.read_bytes()
    (tmp_path / "old.csv").write_text(broken, encoding="utf-8")
    with pytest.raises(RosterError, match="上次的结果"):
        screened(tmp_path, "编号,户籍,年龄\n1,鞍山,70\n", since=tmp_path / "old.csv")
    assert order.result.read_bytes() == before


def test_what_was_not_asked_this_time_does_not_lie_beside_the_result(tmp_path: Path) -> None:
    _, first = screened(tmp_path, "编号,户籍,年龄\n1,鞍山,89\n", result=tmp_path / "first.csv")
    _, order = screened(tmp_path, "编号,户籍,年龄\n1,鞍山,90\n", since=first.result, ahead=12)
    assert order.changes.exists()
    assert order.coming.exists()
    screened(tmp_path, "编号,户籍,年龄\n1,鞍山,90\n")
    assert not order.changes.exists()
    assert not order.coming.exists()


# -- nobody's name


def test_names_out_of_place_stay_out_of_the_lists(tmp_path: Path) -> None:
    _, order = screened(tmp_path, (
        "编号,姓名,身份证号,联系电话,户籍,年龄\n210302193505061234,王秀英,13804121234,鞍山,91\n"
        "2,210302193505061234,13804121234,鞍山,李桂兰,138-0412-1234\n"
    ))
    written = order.rejects.read_text(encoding="utf-8-sig")
    assert not any(one in written for one in ("王秀英", "李桂兰", "0412", "2103"))


def test_headers_that_are_somebody_are_not_listed(tmp_path: Path) -> None:
    with pytest.raises(RosterError) as refused:
        screened(tmp_path, "1,王秀英,鞍山,91\n", keep=("姓名",))
    assert "王秀英" not in str(refused.value)
