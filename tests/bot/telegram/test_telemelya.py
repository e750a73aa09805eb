"""Whole consultations, inline queries and pictures over a second Bot API that is not ours, by webhook."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable, Iterator

import httpx
import pytest
from PIL import Image

from bot.conversation import Conversation
from bot.telegram.inline import articles
from bot.telegram.picture import WIDTH, font_file
from bot.telegram.webhook import PATH
from eligibility.rulebook import rule_book
from tests.bot.telegram.person import taps_and_typing, two_at_once, typed_at_once
from tests.bot.telegram.process import bot_process
from tests.bot.telegram.telemelya import Acted, Gate, gated, installed, redis, telemelya
from tests.needs import free_ports, missing


@pytest.fixture(scope="module")
def gate(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    """A bot that is called by the server; each test has chats of its own."""
    python = installed(pytestconfig.rootpath / ".cache" / "telemelya")
    folder, ports = tmp_path_factory.mktemp("telemelya"), free_ports(4)
    with (
        redis(ports[0]) as kept,
        telemelya(python, ports[1], kept, folder) as server,
        gated(server, f"http://127.0.0.1:{ports[3]}{PATH}", ports[2]) as gate,
        bot_process(
            gate, folder / "bot", YANGLAO_TELEGRAM__WEBHOOK=f"{gate.address}{PATH}", YANGLAO_TELEGRAM__PORT=str(ports[3]),
        ),
    ):
        yield gate


def held(gate: Gate, consultation: Callable[..., Awaitable[None]], *chats: int) -> None:
    """A consultation in so many chats, in which the server carries out whatever the bot calls."""
    async def people() -> None:
        async with httpx.AsyncClient(base_url=gate.server, timeout=30) as client:
            await consultation(*(Acted(client, chat) for chat in chats))

    asyncio.run(people())
    assert gate.refused == []


def test_a_consultation_by_taps_and_typing(gate: Gate) -> None:
    async def consultation(senior: Acted) -> None:
        await taps_and_typing(senior)
        answered = await senior.calls("answerCallbackQuery")
        assert [call["callback_query_id"] for call in answered] == senior.pressed

    held(gate, consultation, 7)


def test_what_is_typed_reaches_the_same_result_as_check(gate: Gate) -> None:
    held(gate, typed_at_once, 8)


def test_two_people_at_once_are_kept_apart(gate: Gate) -> None:
    held(gate, two_at_once, 11, 12)


def test_a_result_can_be_had_as_a_picture(gate: Gate) -> None:
    if font_file() is None:
        missing("no font with Chinese letters")

    async def consultation(son: Acted) -> None:
        await son.say("我妈86，鞍山户口，低保，半失能")
        await son.write("/picture")
        (sent,) = await son.wait_for(1, "sendPhoto")
        image = Image.open(io.BytesIO(await son.file(sent["file_id"])))
        assert (image.format, image.width) == ("PNG", WIDTH)

    held(gate, consultation, 13)


def test_an_inline_query_is_offered_passages_of_which_one_is_put_into_a_chat(gate: Gate) -> None:
    asked = "高龄津贴 本溪"
    found = [article.to_dict() for article in articles(Conversation(rule_book()), asked)]

    async def consultation(neighbour: Acted) -> None:
        query, nothing = await neighbour.seek(asked), await neighbour.seek("怎么种大葱")
        offered = {call["inline_query_id"]: call["results"] for call in await neighbour.wait_for(2, "answerInlineQuery")}
        assert offered == {query: found, nothing: []}
        await neighbour.choose(query, found[0]["id"])
        assert "50元/人/月" in (await neighbour.read()).text

    held(gate, consultation, 14)


def test_a_server_that_does_not_show_the_secret_is_not_listened_to(gate: Gate) -> None:
    other = "12345:other"

    async def consultation(person: Acted) -> None:
        async with httpx.AsyncClient(base_url=gate.server) as client:
            await client.post(f"/bot{other}/setWebhook", json={"url": gate.door})  # past the gate, which would show it
            assert await Acted(client, 15, other).delivered({"text": "83，鞍山户口"}) == 403
        assert "83" not in (await person.say("看我的资料")).text

    held(gate, consultation, 15)
