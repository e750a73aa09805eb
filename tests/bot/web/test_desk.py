"""An operator with somebody on the line: look-up, a case, what is saved, the sheet to take home; in a browser, by keyboard."""

from __future__ import annotations

import io

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader
from sqlalchemy import func, select

from bot.report import certain
from bot.tables import CASES
from eligibility.assessment import assess
from eligibility.rulebook import rule_book
from tests.bot.web.browser import log_in, page_of
from tests.bot.web.served import Site

SMALLEST = 24.0
"""Pixels of the browser in 18 points."""

PEOPLE = {
    "82 鞍山 低保 半失能 一个人住": {
        "age": 82, "hukou": "anshan", "hardship": "dibao", "ability": "partial", "living": "alone", "care_home": False,
    },
    "91 本溪 残疾二级": {"age": 91, "hukou": "benxi", "disability_grade": 2},
    "77 双鸭山 特困 分散供养 瘫在炕上": {
        "age": 77, "hukou": "shuangyashan", "hardship": "tekun", "support_mode": "dispersed", "ability": "dependent",
    },
}
"""What a caller says, and what it states."""

MANY = "82 户口本溪 住双鸭山 特困 分散供养 半失能 一个人住 残疾二级 烈属 职工养老保险 有医保 常年有病 失独"


def sums(line: str) -> str:
    """The money that is certain for whoever says the line."""
    return certain(assess(PEOPLE[line], rule_book()))


def test_a_call_by_keyboard(browser: Browser, desk: Site) -> None:
    with page_of(browser, desk.address, permissions=["clipboard-read", "clipboard-write"]) as page:
        log_in(page, "王接线")
        page.keyboard.type("坐公交要钱吗")
        expect(page.locator(".passage").first).to_contain_text("公共交通")
        page.keyboard.press("Alt+2")
        expect(page.locator(".passage h2").first).to_contain_text("本溪市")
        expect(page.locator("mark").first).to_be_visible()
        page.keyboard.press("ArrowDown")
        chosen = page.locator(".passage.chosen")
        expect(chosen).to_be_focused()
        page.keyboard.press("Enter")
        expect(chosen).to_have_class("passage chosen open")
        page.keyboard.press("Alt+c")
        expect(page.locator(".copied").first).to_have_text("复制好了")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith("本溪市：")
        assert "清单第23项" in copied
        page.keyboard.press("Escape")
        page.keyboard.type("怎么种大葱")
        expect(page.locator("#found .told")).to_contain_text("没有")


@pytest.mark.parametrize("line", PEOPLE)
def test_a_caller_s_words_fill_the_form_and_are_computed(browser: Browser, desk: Site, line: str) -> None:
    with page_of(browser, desk.address) as page:
        log_in(page, "王接线")
        tell(page, line)
        expect(page.locator(".sum")).to_contain_text(sums(line))
        for name, value in PEOPLE[line].items():
            shown = {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
            expect(page.locator(f'[name="fact.{name}"]')).to_have_value(shown)


def test_every_change_is_computed_and_a_contradiction_loses_nothing(browser: Browser, desk: Site) -> None:
    with page_of(browser, desk.address) as page:
        log_in(page, "王接线")
        tell(page, "82 鞍山 低保 半失能 一个人住")
        expect(page.locator(".sum")).to_contain_text("每月100元")
        page.get_by_role("button", name="城镇", exact=True).click()
        expect(page.locator('[name="fact.area"]')).to_have_value("urban")
        page.locator('[name="fact.age"]').fill("95")
        page.locator('[name="fact.age"]').press("Enter")
        expect(page.locator(".sum")).to_contain_text("每月250元")
        page.locator('[name="fact.age"]').fill("300")
        page.locator('[name="fact.age"]').press("Enter")
        expect(page.locator(".told")).to_contain_text("年龄")
        expect(page.locator('[name="fact.hardship"]')).to_have_value("dibao")


def test_cases_stand_side_by_side_and_are_kept_only_when_saved(browser: Browser, desk: Site) -> None:
    with page_of(browser, desk.address) as page:
        log_in(page, "王接线")
        tell(page, "82 鞍山 低保 半失能 一个人住")
        expect(page.locator(".sum")).to_contain_text("每月100元")
        page.keyboard.press("Alt+n")
        second = page.locator(".panel").nth(1)
        expect(second.locator("[name=line]")).to_be_focused()
        page.keyboard.type("91 本溪 残疾二级")
        page.keyboard.press("Enter")
        expect(second.locator(".sum")).to_contain_text(sums("91 本溪 残疾二级"))
        expect(page.locator(".sum").first).to_contain_text("每月100元")
        assert saved(desk) == 0
        page.keyboard.press("Alt+n")
        expect(page.locator(".panel")).to_have_count(3)
        page.get_by_role("button", name="收起这位").last.click()
        expect(page.locator(".panel")).to_have_count(2)
        second.locator("[name=save_as]").fill("李大爷")
        second.get_by_role("button", name="存下", exact=True).click()
        expect(page.locator(".saved h2")).to_have_text("李大爷")
        page.get_by_role("button", name="打开：李大爷").click()
        expect(page.locator(".sum")).to_contain_text(sums("91 本溪 残疾二级"))
        page.goto("/desk/saved")
        page.get_by_role("button", name="删掉：李大爷").click()
        expect(page.locator(".saved li")).to_have_count(0)
        assert saved(desk) == 0


@pytest.mark.parametrize("line", [*PEOPLE, MANY])
def test_the_sheet_prints_on_two_pages_in_large_type(browser: Browser, desk: Site, line: str) -> None:
    with page_of(browser, desk.address) as page:
        log_in(page, "王接线")
        tell(page, line)
        page.get_by_role("button", name="打印给老人的单子").click()
        expect(page.locator("h1")).to_have_text("老人能领什么")
        page.wait_for_load_state()
        assert smallest_type(page) >= SMALLEST
        printed = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
        text = "".join("".join(sheet.extract_text() for sheet in printed.pages).split())
        assert len(printed.pages) <= 2
        assert [round(float(side)) for side in printed.pages[0].mediabox[2:]] == [595, 842]
        assert "12345" in text
        if line in PEOPLE:
            assert sums(line) in text
            for result in assess(PEOPLE[line], rule_book()).results:
                if result.status == "eligible" and result.rule.kind == "cash":
                    assert result.rule.name in text
                    assert result.rule.document.number in text


def test_without_scripts_everything_works(browser: Browser, desk: Site) -> None:
    with page_of(browser, desk.address, java_script_enabled=False) as page:
        log_in(page, "王接线")
        page.locator("[name=query]").fill("坐公交要钱吗")
        page.get_by_label("本溪市").check()
        page.get_by_role("button", name="查", exact=True).click()
        expect(page.locator(".passage").first).to_contain_text("本溪市")
        page.goto("/desk/case")
        page.locator("[name=line]").fill("82 鞍山 低保 半失能 一个人住")
        page.get_by_role("button", name="填进表里").click()
        expect(page.locator(".sum")).to_contain_text("每月100元")
        page.locator('[name="fact.age"]').fill("95")
        page.get_by_role("button", name="算", exact=True).click()
        expect(page.locator(".sum")).to_contain_text("每月250元")
        page.get_by_role("button", name="打印给老人的单子").click()
        expect(page.locator("h1")).to_have_text("老人能领什么")
        page.get_by_role("button", name="回去改").click()
        expect(page.locator('[name="fact.age"]')).to_have_value("95")
        page.get_by_role("button", name="退出").click()
        page.goto("/desk/case")
        expect(page.locator("[name=password]")).to_be_visible()


def tell(page: Page, line: str) -> None:
    """A caller's words, on a new case."""
    page.goto("/desk/case")
    expect(page.locator("[name=line]")).to_be_focused()
    page.keyboard.type(line)
    page.keyboard.press("Enter")


def saved(desk: Site) -> int:
    """How many cases lie in the database."""
    with desk.store.engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(CASES)).scalar_one())


def smallest_type(page: Page) -> float:
    """The smallest letters on paper, in pixels."""
    page.emulate_media(media="print")
    sizes = page.evaluate("""() => [...document.querySelectorAll("main *")]
        .filter(one => one.checkVisibility() && [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
        .map(one => parseFloat(getComputedStyle(one).fontSize))""")
    return float(min(sizes))
