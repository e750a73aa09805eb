"""Somebody of eighty on the chat page: taps and words, at a phone's width and a desk's, with scripts and without."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from sqlalchemy import func, select

from bot.report import certain
from bot.tables import SESSIONS
from eligibility.assessment import assess
from eligibility.rulebook import rule_book
from tests.bot.web.browser import DESKTOP, PHONE, page_of
from tests.bot.web.served import Site

KNOWN = {"hukou": "benxi", "age": 84, "hardship": "dibao", "disability_grade": 0}


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_a_whole_consultation(browser: Browser, desk: Site, size: ViewportSize, scripts: bool) -> None:
    before = conversations(desk)
    with page_of(browser, desk.address, size, java_script_enabled=scripts) as page:
        page.goto("/")
        assert conversations(desk) == before, "nothing is kept of who says nothing"
        tap(page, "本溪市")
        say(page, "八十四")
        expect(page.get_by_role("checkbox", name="低保户")).to_be_visible()
        page.get_by_role("checkbox", name="低保户").check()
        page.get_by_role("button", name="选好了").click()
        expect(page.locator(".ours").last).to_contain_text(certain(assess(KNOWN, rule_book())))
        page.reload()
        expect(page.locator(".ours").last).to_contain_text("每月100元")
        say(page, "看结果")
        expect(page.locator(".ours").last).to_contain_text("【钱】每月100元")
        assert conversations(desk) == before + 1
        page.get_by_role("button", name="删除我的资料").click()
        expect(page.locator(".ours").last).to_contain_text("都删掉了")
    assert conversations(desk) == before


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_old_eyes_and_one_finger(browser: Browser, desk: Site, size: ViewportSize) -> None:
    with page_of(browser, desk.address, size) as page:
        page.goto("/")
        tap(page, "鞍山市")
        say(page, "83")
        expect(page.get_by_role("checkbox").first).to_be_visible()
        for _ in range(2):
            assert smallest(page, "p, button, label, input:not([type=checkbox])", "fontSize") >= 20
            assert smallest(page, ".lines p, .several label, .say.typed input", "fontSize") >= 24
            lines = page.evaluate("""() => [...document.querySelectorAll(".lines p")].map(one =>
                parseFloat(getComputedStyle(one).lineHeight) / parseFloat(getComputedStyle(one).fontSize))""")
            assert min(lines) >= 1.5
            targets = page.locator("button:visible, a:visible:not(.skip), summary:visible, .several label, input[name=said]")
            heights = [box["height"] for one in targets.all() if (box := one.bounding_box())]
            assert min(heights) >= 60
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "nothing is beside the screen"
            page.get_by_role("link", name="字大一点").click()
        page.goto("/")
        assert smallest(page, ".lines p", "fontSize") > 30, "how large the letters are is remembered"


def tap(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).click()
    expect(page.locator(".mine").last).to_contain_text(label)


def say(page: Page, words: str) -> None:
    page.locator("[name=said]").fill(words)
    page.locator("[name=said]").press("Enter")
    expect(page.locator(".mine").last).to_contain_text(words)


def smallest(page: Page, of: str, style: str) -> float:
    """The least that a style comes to, in pixels."""
    read = """(all, style) =>
        Math.min(...all.filter(one => one.checkVisibility()).map(one => parseFloat(getComputedStyle(one)[style])))"""
    return float(page.locator(of).evaluate_all(read, style))


def conversations(desk: Site) -> int:
    """How many conversations lie in the database."""
    with desk.store.engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(SESSIONS)).scalar_one())
