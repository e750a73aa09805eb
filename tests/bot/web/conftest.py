"""What the browser tests stand on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from bot.accounts import Accounts
from tests.bot.web.browser import axe_core, chromium
from tests.bot.web.served import PASSWORD, Site, site


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A running Chromium."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running web with one account."""
    with site(tmp_path_factory.mktemp("desk") / "data", YANGLAO_WEB__CHAT_PER_MINUTE="10000") as running:
        Accounts(running.store.engine).add("王接线", PASSWORD)
        yield running


@pytest.fixture(scope="session")
def axe(pytestconfig: pytest.Config) -> str:
    """The text of axe-core."""
    return axe_core(Path(pytestconfig.rootpath) / ".cache" / "axe")
