"""Nothing on any page shuts anybody out, as far as axe-core sees (WCAG 2.2 AA; on the chat page also its contrast of 7:1)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.bot.web.browser import DESKTOP, PHONE, barriers, log_in, page_of
from tests.bot.web.served import Site

ENHANCED = "color-contrast-enhanced"


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_the_desk(browser: Browser, desk: Site, axe: str, size: ViewportSize) -> None:
    with page_of(browser, desk.address, size, bypass_csp=True) as page:
        page.goto("/login")
        assert barriers(page, axe) == []
        log_in(page, "王接线")
        page.locator("[name=query]").fill("高龄津贴")
        expect(page.locator(".passage").first).to_be_visible()
        page.keyboard.press("ArrowDown")
        assert barriers(page, axe) == []
        page.goto("/desk/case")
        assert barriers(page, axe) == []
        page.locator("[name=line]").fill("82 鞍山 低保 半失能 一个人住")
        page.locator("[name=line]").press("Enter")
        expect(page.locator(".sum")).to_be_visible()
        for summary in page.locator("summary").all():
            if summary.evaluate("one => !one.parentElement.open"):
                summary.click()
        page.keyboard.press("Alt+n")
        expect(page.locator(".panel")).to_have_count(2)
        assert barriers(page, axe) == []
        page.locator("[name=save_as]").first.fill("王奶奶")
        page.get_by_role("button", name="打印给老人的单子").first.click()
        expect(page.locator("h1")).to_have_text("老人能领什么")
        page.wait_for_load_state()
        assert barriers(page, axe) == []
        page.get_by_role("button", name="回去改").click()
        page.locator("[name=save_as]").fill("王奶奶")
        page.get_by_role("button", name="存下", exact=True).click()
        expect(page.locator(".saved h2")).to_have_text("王奶奶")
        page.wait_for_load_state()
        assert barriers(page, axe) == []
        page.get_by_role("button", name="删掉：王奶奶").first.click()


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_the_chat_page(browser: Browser, desk: Site, axe: str, size: ViewportSize) -> None:
    with page_of(browser, desk.address, size, bypass_csp=True) as page:
        page.goto("/")
        assert barriers(page, axe, ENHANCED) == []
        for words in ("本溪", "八十四", "低保户", "看结果", "坐公交要钱吗"):
            _say(page, words)
            assert barriers(page, axe, ENHANCED) == []
        page.goto("/?size=3")
        assert barriers(page, axe, ENHANCED) == []


def test_a_page_that_is_not_there(browser: Browser, desk: Site, axe: str) -> None:
    context = browser.new_context(base_url=desk.address, bypass_csp=True)
    page = context.new_page()
    page.goto("/nowhere")
    expect(page.locator(".told")).to_have_text("没有这一页。")
    assert barriers(page, axe, ENHANCED) == []
    context.close()


def _say(page: Page, words: str) -> None:
    page.locator("[name=said]").fill(words)
    page.locator("[name=said]").press("Enter")
    expect(page.locator(".mine").last).to_contain_text(words)
