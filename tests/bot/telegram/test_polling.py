"""Whole consultations over a Bot API that is not ours, by polling."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from pydantic import SecretStr

from bot.settings import Settings, TelegramSettings
from bot.telegram.polling import poll
from bot.telegram.run import running
from tests.bot.telegram.emulator import Emulated, Repairs
from tests.bot.telegram.person import taps_and_typing, two_at_once, typed_at_once

TOKEN = "12345:sample"


@asynccontextmanager
async def polled(address: str, folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A bot that polls the server at the address, and a client of that server."""
    settings = Settings(data=folder, telegram=TelegramSettings(token=SecretStr(TOKEN), api=address))
    async with running(settings, Repairs) as bot, httpx.AsyncClient(base_url=address) as client:
        stopping = asyncio.Event()
        polling = asyncio.create_task(poll(bot.bot, bot.service, stopping))
        yield client
        stopping.set()
        await polling


def held(address: str, folder: Path, consultation: Callable[..., Awaitable[None]], *chats: int) -> None:
    """A consultation in so many chats."""
    async def people() -> None:
        async with polled(address, folder) as client:
            await consultation(*(Emulated(client, TOKEN, chat) for chat in chats))

    asyncio.run(people())


def test_a_consultation_by_taps_and_typing(emulated: str, tmp_path: Path) -> None:
    held(emulated, tmp_path, taps_and_typing, 7)


def test_what_is_typed_reaches_the_same_result_as_check(emulated: str, tmp_path: Path) -> None:
    held(emulated, tmp_path, typed_at_once, 8)


def test_two_people_at_once_are_kept_apart(emulated: str, tmp_path: Path) -> None:
    held(emulated, tmp_path, two_at_once, 11, 12)
