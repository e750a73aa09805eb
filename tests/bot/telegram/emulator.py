"""A Bot API that is not ours: telegram-test-api, run by node, with the few repairs that its replies need."""

from __future__ import annotations

import asyncio
import json
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx

from bot.telegram.transport import Transport
from tests.needs import missing, program

PACKAGE = "telegram-test-api@4.2.1"

_SERVER = """
const Server = require('telegram-test-api');
const server = new Server({port: Number(process.argv[1]), host: '127.0.0.1'});
server.start().then(() => console.log('ready'));
"""

SECONDS = 15.0
"""So long an answer is waited for."""


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
        if method == "setMyCommands":
            return 200, b'{"ok": true, "result": true}'  # it does not know this one
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


class Person:
    """Somebody who chats with the bot.

    Args:
        client: on the server.
        token: of the bot.
        chat_id: whose chat.
    """

    def __init__(self, client: httpx.AsyncClient, token: str, chat_id: int) -> None:
        self._client, self._token, self._chat_id = client, token, chat_id
        self._read = 0

    async def say(self, text: str) -> dict[str, Any]:
        """Writes, and reads the answer."""
        await self._post("sendMessage", {**self._head(), "text": text})
        return await self.read()

    async def press(self, label: str) -> dict[str, Any]:
        """Presses a button of the last message, and reads the answer."""
        await self.tap(label)
        return await self.read()

    async def tap(self, label: str) -> None:
        """Presses a button of the last message."""
        last = (await self._messages())[-1]
        rows = last["message"]["reply_markup"]["inline_keyboard"]
        data = next(button["callback_data"] for row in rows for button in row if button["text"] == label)
        head = self._head()
        message = {
            "message_id": last["messageId"], "date": int(time.time()), "chat": head["chat"], "text": last["message"]["text"],
        }
        await self._post("sendCallback", {**head, "message": message, "data": data})

    async def read(self) -> dict[str, Any]:
        """The next message of the bot."""
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            messages = await self._messages()
            if len(messages) > self._read:
                self._read += 1
                return dict(messages[self._read - 1]["message"])
            await asyncio.sleep(0.02)
        raise AssertionError("no answer")

    async def buttons(self) -> list[str]:
        """What is read on the buttons of the last message."""
        last = (await self._messages())[-1]["message"]
        return [button["text"] for row in last["reply_markup"]["inline_keyboard"] for button in row]

    async def shown(self) -> list[str]:
        """The words of all messages of the bot, as they stand now."""
        return [message["message"]["text"] for message in await self._messages()]

    def _head(self) -> dict[str, Any]:
        return {
            "botToken": self._token, "date": int(time.time()),
            "from": {"id": self._chat_id, "first_name": "老人", "is_bot": False},
            "chat": {"id": self._chat_id, "first_name": "老人", "type": "private"},
        }

    async def _messages(self) -> list[dict[str, Any]]:
        history = (await self._post("getUpdatesHistory", {"token": self._token}))["result"]
        own = [one for one in history if str(one.get("message", {}).get("chat_id", "")) == str(self._chat_id)]
        return sorted(own, key=lambda one: int(one["messageId"]))

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        response = await self._client.post(f"/{path}", json=body)
        response.raise_for_status()
        return dict(response.json())
