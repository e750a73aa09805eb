"""A Bot API that is not ours: telegram-test-api, run by node, with the few repairs that its replies need."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx

from bot.telegram.transport import Transport
from tests.bot.telegram.person import Message, Person, buttons_of
from tests.needs import missing, program

PACKAGE = "telegram-test-api@4.2.1"

_SERVER = """
const Server = require('telegram-test-api');
const server = new Server({port: Number(process.argv[1]), host: '127.0.0.1'});
server.start().then(() => console.log('ready'));
"""

def installed(folder: Path) -> Path:
    """A folder in which node finds the package; it is kept from one run to the next."""
    npm = program("npm")
    if not (folder / "node_modules" / "telegram-test-api").exists():
        folder.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [npm, "install", "--no-audit", "--no-fund", "--prefix", str(folder), PACKAGE], capture_output=True, text=True,
        )
        if done.returncode:
            missing(f"{PACKAGE} cannot be installed")
    return folder


def start(folder: Path, port: int) -> subprocess.Popen[str]:
    """The server, listening."""
    server = subprocess.Popen([program("node"), "-e", _SERVER, str(port)], cwd=folder, stdout=subprocess.PIPE, text=True)
    assert server.stdout
    assert server.stdout.readline().strip() == "ready"
    return server


class Repairs(Transport):
    """The way to the server; what it leaves out of its replies, and Telegram does not, is added on the way back."""

    async def do_request(self, url: str, *args: Any, **more: Any) -> tuple[int, bytes]:
        method = url.rsplit("/", 1)[-1]
        if method.startswith("setMy"):
            return 200, b'{"ok": true, "result": true}'  # it does not know these
        _, body = await super().do_request(url, *args, **more)
        content = json.loads(body)
        if content["ok"]:
            content["result"] = _repaired(method, content["result"])
        return 200 if content["ok"] else 400, json.dumps(content).encode()


def _repaired(method: str, result: Any) -> Any:
    match method:
        case "getMe":
            return {**result, "is_bot": True}
        case "getUpdates":
            return [_update(update) for update in result]
        case "sendMessage":
            return {**result, "date": result["date"] // 1000}
    return True if result is None else result


def _update(update: dict[str, Any]) -> dict[str, Any]:
    if "callback_query" in update:
        update["callback_query"].setdefault("chat_instance", "1")
    return update


class Emulated(Person):
    """Somebody who chats with the bot.

    Args:
        client: on the server.
        token: of the bot.
        chat_id: whose chat.
    """

    def __init__(self, client: httpx.AsyncClient, token: str, chat_id: int) -> None:
        super().__init__()
        self._client, self._token, self._chat_id = client, token, chat_id

    async def write(self, text: str) -> None:
        await self._post("sendMessage", {**self._head(), "text": text})

    async def push(self, message: Message, data: str) -> None:
        head = self._head()
        under = {"message_id": message.number, "date": int(time.time()), "chat": head["chat"], "text": message.text}
        await self._post("sendCallback", {**head, "message": under, "data": data})

    async def messages(self) -> list[Message]:
        history = (await self._post("getUpdatesHistory", {"token": self._token}))["result"]
        own = [one for one in history if str(one.get("message", {}).get("chat_id", "")) == str(self._chat_id)]
        return sorted((_shown(one["messageId"], one["message"]) for one in own), key=lambda message: message.number)

    def _head(self) -> dict[str, Any]:
        return {
            "botToken": self._token, "date": int(time.time()),
            "from": {"id": self._chat_id, "first_name": "老人", "is_bot": False},
            "chat": {"id": self._chat_id, "first_name": "老人", "type": "private"},
        }

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        response = await self._client.post(f"/{path}", json=body)
        response.raise_for_status()
        return dict(response.json())


def _shown(number: str | int, message: dict[str, Any]) -> Message:
    return Message(int(number), message["text"], buttons_of(message.get("reply_markup")))
