"""Whole consultations over a Bot API that is not ours, by polling."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from pydantic import SecretStr

from bot.settings import Settings, TelegramSettings
from bot.telegram.polling import poll
from bot.telegram.run import running
from eligibility.assessment import assess
from eligibility.rulebook import rule_book
from tests.bot.telegram.emulator import Person, Repairs

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


def test_a_consultation_by_taps_and_typing(emulated: str, tmp_path: Path) -> None:
    async def consultation() -> None:
        async with polled(emulated, tmp_path) as client:
            senior = Person(client, TOKEN, 7)
            assert "您好" in (await senior.say("/start"))["text"]
            assert await senior.buttons() == ["鞍山市", "本溪市", "双鸭山市", "其他城市"]
            asked = await senior.press("鞍山市")
            assert "岁" in asked["text"]
            asked = await senior.say("八十三了")
            assert "情况" in asked["text"]
            await senior.tap("低保户")
            await asyncio.sleep(0.5)
            assert "✓ 低保户" in await senior.buttons()
            asked = await senior.press("选好了")
            while asked.get("reply_markup") and "为什么" not in await senior.buttons():
                asked = await senior.press((await senior.buttons())[0])
            assert "【钱】每月" in asked["text"]
            why = await senior.press("为什么")
            assert "依据" in why["text"]
            assert any("✓ 低保户" in text for text in await senior.shown())

    asyncio.run(consultation())


def test_what_is_typed_reaches_the_same_result_as_check(emulated: str, tmp_path: Path) -> None:
    async def consultation() -> None:
        async with polled(emulated, tmp_path) as client:
            daughter = Person(client, TOKEN, 8)
            await daughter.say("我妈九十二，双鸭山集贤的户口，吃低保，瘫床上了，跟我们一起住，没残疾证，农村的")
            result = await daughter.say("看结果")
            facts = {
                "age": 92, "hukou": "shuangyashan", "county": "county", "hardship": "dibao", "ability": "dependent",
                "living": "with_family", "care_home": False, "disability_grade": 0, "area": "rural",
            }
            total = assess(facts, rule_book()).cash_total
            assert f"每月{total['month']:g}元" in result["text"] or f"每年{total['year']:g}元" in result["text"]

    asyncio.run(consultation())


def test_two_people_at_once_are_kept_apart(emulated: str, tmp_path: Path) -> None:
    async def consultation() -> None:
        async with polled(emulated, tmp_path) as client:
            first, second = Person(client, TOKEN, 11), Person(client, TOKEN, 12)
            await asyncio.gather(first.say("83，鞍山户口"), second.say("91，本溪户口"))
            kept = await asyncio.gather(first.say("看我的资料"), second.say("看我的资料"))
            assert "83周岁" in kept[0]["text"]
            assert "91周岁" in kept[1]["text"]
            assert "83" not in kept[1]["text"]

    asyncio.run(consultation())
