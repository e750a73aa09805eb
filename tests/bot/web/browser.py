"""A real Chromium, and axe-core, which looks for what shuts people out."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from tests.bot.web.served import PASSWORD
from tests.needs import missing, program

AXE = "axe-core@4.10.3"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

DESKTOP, PHONE = ViewportSize(width=1366, height=900), ViewportSize(width=390, height=844)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        missing("no chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


def axe_core(folder: Path) -> str:
    """The text of axe-core, installed where it is not yet."""
    script = folder / "node_modules" / "axe-core" / "axe.min.js"
    if not script.exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run([program("npm"), "install", "--silent", "--no-save", "--prefix", str(folder), AXE], check=True)
    return script.read_text(encoding="utf-8")


@contextmanager
def page_of(browser: Browser, address: str, size: ViewportSize = DESKTOP, **more: Any) -> Iterator[Page]:
    """A new visitor's page; what the browser complains of fails the test."""
    context = browser.new_context(base_url=address, viewport=size, locale="zh-CN", **more)
    page, complaints = context.new_page(), list[str]()
    page.on("console", lambda told: complaints.append(told.text) if told.type in ("error", "warning") else None)
    page.on("pageerror", lambda fault: complaints.append(str(fault)))
    yield page
    context.close()
    assert complaints == []


def log_in(page: Page, name: str) -> None:
    """Logs in by keyboard."""
    page.goto("/desk")
    expect(page.locator("[name=name]")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk")


def barriers(page: Page, axe: str, *rules: str) -> list[str]:
    """What axe-core finds on the page, in a line each; besides the usual rules those that are named."""
    page.evaluate(axe)
    options = {"runOnly": {"type": "tag", "values": RULES}, "rules": {rule: {"enabled": True} for rule in rules}}
    found = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{one['id']}: {node['html'][:120]} {node.get('failureSummary', '')[:200]}"
        for one in found["violations"] for node in one["nodes"]
    ]
