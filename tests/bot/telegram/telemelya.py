"""A second Bot API that is not ours: telemelya, which calls a webhook and knows inline queries, with the few repairs it needs.

It keeps what it knows in Redis. Its package stands in a folder of its own: beside ours it would bring another HTTP parser to
the bot's own server, which is then not tested as it is installed.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.telegram.webhook import PATH, SECRET_HEADER
from tests.bot.telegram.loopback import TOKEN
from tests.bot.telegram.person import SECONDS, Message, Person, buttons_of
from tests.bot.telegram.serving import served, until
from tests.needs import missing, program

PACKAGE = "telemelya==0.2.2"

_SERVER = """
import sys
import uvicorn
from telemelya.server.app import app
from telemelya.server.media import MediaManager

kept = {}

async def connect(self): pass
async def ping(self): return True
async def upload(self, session, file, name, data, kind): kept[file] = data
async def download(self, session, file, name): return kept.get(file)

MediaManager.connect, MediaManager.ping, MediaManager.upload, MediaManager.download = connect, ping, upload, download
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
"""
"""What starts it; files are kept in memory instead of in an object store."""

_KEY = {"Authorization": "Bearer whoever"}
"""It wants a key, and takes any."""


def installed(folder: Path) -> Path:
    """A Python that finds the package; it is kept from one run to the next."""
    python = folder / "bin" / "python"
    if not (folder / "bin" / "telemelya-server").exists():
        commands = [sys.executable, "-m", "venv", "--clear", str(folder)], [str(python), "-m", "pip", "install", "-q", PACKAGE]
        if any(subprocess.run(command, capture_output=True).returncode for command in commands):
            missing(f"{PACKAGE} cannot be installed")
    return python


@contextmanager
def redis(port: int) -> Iterator[str]:
    """A throw-away Redis; its address."""
    command = [program("redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with subprocess.Popen(command, cwd="/", stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        try:
            assert any("Ready to accept connections" in line for line in server.stdout), "Redis does not start"
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()


@contextmanager
def telemelya(python: Path, port: int, redis_address: str, folder: Path) -> Iterator[str]:
    """The server; its address. It refuses to edit what was never sent."""
    environment = {"REDIS_URL": redis_address, "STRICT_EDIT": "true"}
    address = f"http://127.0.0.1:{port}"

    def ready() -> bool:
        assert server.poll() is None, "telemelya does not start"
        try:
            return bool(httpx.get(f"{address}/api/v1/test/health", headers=_KEY).json()["ok"])
        except httpx.TransportError:
            return False

    with subprocess.Popen([python, "-c", _SERVER, str(port)], cwd=folder, env=environment) as server:
        try:
            until(ready)
            yield address
        finally:
            server.terminate()


@dataclass
class Gate:
    """The way between bot and server, as a proxy before a bot is; what telemelya leaves out, and Telegram does not, is added.

    Attributes:
        server: the server's address.
        door: where the bot takes updates.
        address: where the bot finds the server, and the server the bot.
        refused: the calls that the server did not carry out.
    """

    server: str
    door: str
    address: str = ""
    refused: list[str] = field(default_factory=list)
    _webhook: dict[str, str] = field(default_factory=dict)
    _texts: dict[tuple[int, int], str] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    async def call(self, request: Request) -> Response:
        """The bot calls the server."""
        method, body = request.path_params["method"], await request.body()
        if method.startswith("setMy"):
            return JSONResponse({"ok": True, "result": True})  # it does not know these
        headers = {name: value for name, value in request.headers.items() if name == "content-type"}
        content = (await self._client.post(f"{self.server}{request.url.path}", content=body, headers=headers)).json()
        if not content.get("ok"):
            self.refused.append(f"{method}: {content}")
            return JSONResponse(content, content.get("error_code", 404))  # it says 200 all the same
        if method == "setWebhook":
            self._webhook = dict(parse_qsl(body.decode()))
        if method == "sendMessage":
            sent = content["result"]
            self._texts[sent["chat"]["id"], sent["message_id"]] = sent["text"]
        return JSONResponse(content)

    async def deliver(self, request: Request) -> Response:
        """The server calls the bot: with the secret, numbers that do not come again, and nothing that was not asked for."""
        update = {**await request.json(), "update_id": next(self._numbers)}
        if not update.keys() & set(json.loads(self._webhook["allowed_updates"])):
            return Response(status_code=404)
        if query := update.get("callback_query"):
            message = query["message"]
            message["text"] = self._texts[message["chat"]["id"], message["message_id"]]
        answer = await self._client.post(self.door, json=update, headers={SECRET_HEADER: self._webhook["secret_token"]})
        return Response(answer.content, answer.status_code)

    @asynccontextmanager
    async def lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        """Holds the connections to both."""
        async with httpx.AsyncClient(timeout=30) as self._client:
            yield


@contextmanager
def gated(server: str, door: str, port: int) -> Iterator[Gate]:
    """An open gate."""
    gate = Gate(server, door)
    routes = [Route(PATH, gate.deliver, methods=["POST"]), Route("/bot{token}/{method}", gate.call, methods=["POST"])]
    with served(Starlette(routes=routes, lifespan=gate.lifespan), port) as gate.address:
        yield gate


class Acted(Person):
    """Somebody who chats with the bot, acted by the server.

    Args:
        client: on the server.
        chat_id: whose chat.
        token: of the bot.
    """

    def __init__(self, client: httpx.AsyncClient, chat_id: int, token: str = TOKEN) -> None:
        super().__init__()
        self._client, self._chat_id, self._token = client, chat_id, token
        self.pressed: list[str] = []
        """The presses, as the bot has to answer them."""

    async def write(self, text: str) -> None:
        assert await self.delivered({"text": text}) == 200

    async def push(self, message: Message, data: str) -> None:
        assert await self.delivered({"callback_data": data, "callback_message_id": message.number}) == 200

    async def delivered(self, what: dict[str, Any]) -> int:
        """What the bot said to an update when it was called."""
        answer = await self._post("send_update", what)
        if "callback_query" in answer["update"]:
            self.pressed.append(answer["update"]["callback_query"]["id"])
        return int(answer["delivery"]["status_code"])

    async def messages(self) -> list[Message]:
        shown: dict[int, Message] = {}
        for call in await self.calls("sendMessage", "editMessageText", "editMessageReplyMarkup"):
            number = call["message_id"]
            shown[number] = Message(number, str(call["text"]), buttons_of(call["reply_markup"]))
        return [shown[number] for number in sorted(shown)]

    async def seek(self, words: str) -> str:
        """Types the bot's name and words; the number of the query."""
        answer = await self._post("send_inline_query", {"query": words})
        assert answer["delivery"]["status_code"] == 200
        return str(answer["inline_query_id"])

    async def choose(self, query: str, article: str) -> None:
        """Puts one of the articles that a query was answered with into this chat."""
        await self._post("choose_inline_result", {"inline_query_id": query, "result_id": article})

    async def calls(self, *methods: str) -> list[dict[str, Any]]:
        """The calls of some methods that the bot made for this chat or a query of this person, in order."""
        response = await self._client.get("/api/v1/test/responses", headers=self._head())
        return [call for call in response.json()["responses"] if call["method"] in methods]

    async def wait_for(self, count: int, method: str) -> list[dict[str, Any]]:
        """So many calls of a method, as soon as they are there."""
        end = time.monotonic() + SECONDS
        while len(calls := await self.calls(method)) < count:
            assert time.monotonic() < end, f"no {method}"
            await asyncio.sleep(0.02)
        return calls

    async def file(self, number: str) -> bytes:
        """A file that the bot sent."""
        response = await self._client.get(f"/api/v1/test/media/{number}", headers=self._head())
        return response.content

    def _head(self) -> dict[str, str]:
        """By the session the server keeps people apart."""
        return {**_KEY, "X-Test-Session": str(self._chat_id)}

    async def _post(self, path: str, what: dict[str, Any]) -> dict[str, Any]:
        person = {"id": self._chat_id, "first_name": "老人"}
        response = await self._client.post(
            f"/api/v1/test/{path}", params={"bot_token": self._token}, headers=self._head(),
            json={"chat_id": self._chat_id, "from_user": person, **what},
        )
        response.raise_for_status()
        return dict(response.json())
