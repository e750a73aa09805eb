"""A roster is sent in on a page, and comes back screened; nothing of it stays, and nobody else sends one."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser

from tests.bot.web.browser import DESKTOP, barriers, log_in, page_of
from tests.bot.web.served import Site, Visitor, site

ROSTER = """编号,姓名,社区,户籍,年龄,困难类型
1,张三丰,东山,鞍山,83,低保
2,李四光,东山,鞍山,八十九,无
3,王五常,西山,鞍山,一百八,低保
"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The web in a process."""
    with site(tmp_path_factory.mktemp("rosters") / "data") as started:
        yield started


@pytest.fixture(scope="module")
def wang(running: Site) -> Visitor:
    """An operator."""
    return running.operator("王")


def send(visitor: Visitor, roster: bytes, name: str = "名册.csv", proof: str | None = None) -> httpx.Response:
    """Sends a roster in."""
    return visitor.http.post(
        "/desk/roster", data={"proof": visitor.proof if proof is None else proof}, files={"roster": (name, roster)},
        headers=visitor.shown,
    )


def unpacked(archive: bytes) -> dict[str, str]:
    """The files of an archive, as text."""
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        return {name: packed.read(name).decode("utf-8-sig") for name in packed.namelist()}


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_roster_comes_back_screened(running: Site, wang: Visitor, encoding: str) -> None:
    wang.open("/desk/roster")
    answer = send(wang, ROSTER.encode(encoding))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/zip")
    files = unpacked(answer.content)
    assert set(files) == {"摘要.txt", "结果.csv", "结果.ahead.csv", "结果.rejects.csv", "图.html"}
    assert "名册 3 人：算了 2 人，读不了 1 人。" in files["摘要.txt"]
    assert "“年龄”这一格看不懂" in files["结果.rejects.csv"]
    paid = {row["id"]: row["amount"] for row in csv.DictReader(io.StringIO(files["结果.csv"])) if row["status"] == "eligible"}
    assert set(paid) == {"1"}
    assert "/" not in files["摘要.txt"]
    told = running.logged() + "".join(files.values())
    assert not [name for name in ("张三丰", "李四光", "王五常") if name in told]


def test_nobody_sends_one_who_is_not_logged_in_or_not_from_our_page(running: Site, wang: Visitor) -> None:
    stranger = running.visitor()
    assert send(stranger, ROSTER.encode()).headers["Location"] == "/login"
    for proof in ("", "0" * 64, running.operator("李").proof):
        assert send(wang, ROSTER.encode(), proof=proof).status_code == 403


@pytest.mark.parametrize(("name", "content", "says"), [
    ("名册.xlsx", b"PK\x03\x04", ".csv 或 .parquet"),
    ("../../etc/passwd", b"a", ".csv 或 .parquet"),
    ("名册.csv", b"", "名册是空的"),
    ("名册.csv", "姓名,年龄\n张三丰,83\n".encode(), "没有编号这一列"),
    ("名册.parquet", b"PAR1 no more", "名册读不了"),
    ("名册.csv", b"\x00\xff\xfe" * 1000, "名册"),
])
def test_what_is_no_roster_is_refused_in_a_sentence(wang: Visitor, name: str, content: bytes, says: str) -> None:
    wang.open("/desk/roster")
    answer = send(wang, content, name)
    assert answer.status_code == 400
    assert says in answer.text
    assert "Traceback" not in answer.text
    assert "张三丰" not in answer.text


def test_a_roster_that_is_too_long_is_refused(wang: Visitor) -> None:
    wang.open("/desk/roster")
    answer = send(wang, b"1,2,3\n" * (9 << 20))
    assert answer.status_code == 413
    assert "文件太大了，最多50兆" in answer.text


def test_a_form_that_is_none_is_refused(wang: Visitor) -> None:
    for kind, body in (("text/plain", b"a"), ("multipart/form-data", b"a"), ("multipart/form-data; boundary=x", b"--y\r\n")):
        answer = wang.http.post("/desk/roster", content=body, headers={**wang.shown, "Content-Type": kind})
        assert answer.status_code in (400, 403)


def test_the_page_in_a_browser(browser: Browser, desk: Site, axe: str, tmp_path: Path) -> None:
    (tmp_path / "名册.csv").write_text(ROSTER, encoding="utf-8")
    with page_of(browser, desk.address, DESKTOP, bypass_csp=True) as page:
        log_in(page, "王接线")
        page.get_by_role("link", name="筛名册").click()
        assert barriers(page, axe) == []
        page.get_by_label("名册文件").set_input_files(tmp_path / "名册.csv")
        with page.expect_download() as download:
            page.get_by_role("button", name="开始筛").click()
        assert download.value.suggested_filename == "结果.zip"
        assert "图.html" in unpacked(Path(download.value.path()).read_bytes())
