"""Screening from the command line, as somebody types it."""

from __future__ import annotations

import csv
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROSTER = """编号,姓名,社区,户籍,出生日期,困难类型,失能等级,居住情况
1,张三丰,东山,鞍山,1940-03-05,低保,失能,独居
2,李四光,东山,海城市,1937/1/2,无,能自理,与子女同住
3,王五常,西山,本溪市平山区,,五保,,
4,赵六合,西山,沈阳,1950-01-01,无,能自理,空巢
5,钱七巧,西山,双鸭山,83岁,低保边缘,半失能,一个人住
6,孙八百,西山,鞍山,2050-01-01,低保,,
"""


def screen(folder: Path, *options: str, roster: str = ROSTER) -> subprocess.CompletedProcess[str]:
    """``yanglao screen`` on a roster, on a fixed day."""
    (folder / "名册.csv").write_text(roster, encoding="utf-8")
    command = [sys.executable, "-m", "bot", "screen", "名册.csv", "-o", "结果.csv", "--as-of", "2026-06-01", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)


def rows(file: Path) -> list[dict[str, str]]:
    """A CSV file, row by row."""
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def test_a_month_after_the_other(tmp_path: Path) -> None:
    first = screen(tmp_path)
    assert (first.returncode, first.stderr.strip()) == (0, "")
    assert "名册 6 人：算了 5 人，读不了 1 人。" in first.stdout
    assert "其中 1 人不知道户口" in first.stdout
    assert rows(tmp_path / "结果.rejects.csv")[0]["line"] == "7"
    (tmp_path / "结果.csv").rename(tmp_path / "上月.csv")

    grown = ROSTER.replace("1937/1/2", "1936-12-01").replace("孙八百,西山,鞍山,2050", "孙八百,西山,鞍山,1950")
    told = screen(tmp_path, "--since", "上月.csv", "--ahead", "12m", "--report", "图.html", "--keep", "姓名", roster=grown)
    assert told.returncode == 0, told.stderr
    assert not (tmp_path / "结果.rejects.csv").exists()
    result = {(row["id"], row["entitlement"]): row for row in rows(tmp_path / "结果.csv")}
    assert result["1", "anshan.old_age_allowance"]["姓名"] == "张三丰"
    assert result["5", "shuangyashan.care_subsidy"]["amount"] == "50.0"
    coming = {(row["id"], row["entitlement"]): row["date"] for row in rows(tmp_path / "结果.ahead.csv")}
    assert coming["2", "anshan.longevity_allowance"] == "2026-12-01"
    changes = {(row["id"], row["entitlement"]): (row["change"], row["why"]) for row in rows(tmp_path / "结果.changes.csv")}
    assert changes["6", "anshan.elder_service_subsidy"][1] == "roster"
    assert "新够条件（名册进出）" in told.stdout


def test_the_picture_needs_nothing_else(tmp_path: Path) -> None:
    assert screen(tmp_path, "--report", "图.html").returncode == 0
    page = (tmp_path / "图.html").read_text(encoding="utf-8")
    assert page.count("<figure>") == page.count("<svg") >= 6
    assert "鞍山市：每项有多少人" in page
    assert ">东山<" in page
    assert not re.search(r"<(?:script|link|img|iframe)\b|url\((?!#)|@import", page)
    for name in ("张三丰", "李四光"):
        assert name not in page


def test_what_cannot_be_done_is_said_in_one_sentence(tmp_path: Path) -> None:
    for options, roster, status, says in [
        ((), "姓名,年龄\n张三,83\n", 1, "没有编号这一列"),
        (("--ahead", "一年"), ROSTER, 2, "要写成 12m"),
        (("--keep", "电话"), ROSTER, 1, "没有“电话”这一列"),
        (("--since", "名册.csv"), ROSTER, 1, "不是筛出来的结果"),
        (("-o", "结果.xlsx"), ROSTER, 1, "要是 .csv 或 .parquet"),
        (("-o", "没有这个文件夹/结果.csv"), ROSTER, 1, "结果写不了"),
        (("--engine", "flink"), ROSTER, 2, "flink"),
    ]:
        told = screen(tmp_path, *options, roster=roster)
        assert (told.returncode, says in told.stderr, "Traceback" in told.stderr) == (status, True, False), told.stderr
        assert "张三" not in told.stderr


def test_nothing_personal_is_logged_where_something_goes_wrong(tmp_path: Path) -> None:
    told = screen(tmp_path, roster=ROSTER + '7,"周,九\n8,吴十,,鞍山,不知,低保宝,,\n')
    assert told.returncode == 0
    assert not re.search("张三丰|周,九|吴十|低保宝", told.stdout + told.stderr)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_nothing_is_left_behind_where_it_is_stopped(tmp_path: Path, number: signal.Signals) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with (tmp_path / "名册.csv").open("w", encoding="utf-8") as roster:
        roster.write("编号,姓名,户籍,年龄\n")
        roster.writelines(f"{i},王秀英,鞍山,{60 + i % 50}\n" for i in range(400_000))
    (tmp_path / "结果.csv").write_text("上次的", encoding="utf-8")
    command = [sys.executable, "-m", "bot", "screen", "名册.csv", "-o", "结果.csv", "--keep", "姓名"]
    process = subprocess.Popen(
        command, cwd=tmp_path, env={**os.environ, "TMPDIR": str(scratch)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    deadline = time.monotonic() + 60
    while not list(scratch.rglob("roster.parquet")) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(number)
    _, fault = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "停下了" in fault.decode()
    assert not list(scratch.iterdir())
    assert sorted(file.name for file in tmp_path.iterdir()) == ["scratch", "名册.csv", "结果.csv"]
    assert (tmp_path / "结果.csv").read_text(encoding="utf-8") == "上次的"


def test_a_community_may_be_called_anything(tmp_path: Path) -> None:
    odd = ROSTER.replace("东山", "[/东山]").replace("西山", "$x_{$")
    told = screen(tmp_path, "--report", "图.html", roster=odd)
    assert told.returncode == 0, told.stderr
    assert "[/东山]" in told.stdout
    assert "$x_{$" in told.stdout
