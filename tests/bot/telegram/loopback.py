"""A strict Bot API of our own on loopback: it delivers again what is not confirmed, refuses what Telegram refuses, and fails
on demand."""

from __future__ import annotations

import asyncio
import itertools
import json
import threading
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tests.bot.telegram.serving import served, until

TOKEN = "12345:loopback"
BOT = {"id": 12345, "is_bot": True, "first_name": "养老", "username": "yanglao_bot"}
MOST_UPDATES = 100
RETRY_SECONDS = 0.3


@dataclass
class Sent:
    """A message that the bot sent: where, when, what, and what became of it."""

    chat_id: int
    message_id: int
    text: str
    markup: dict[str, Any] | None
    at: float

    def labels(self) -> list[str]:
        """What is read on its buttons."""
        return [button["text"] for row in (self.markup or {}).get("inline_keyboard", []) for button in row]


@dataclass
class Fault:
    """Something that goes wrong with the next calls of a method: ``kind`` is 429, 500, 403, 400, silence or cut.

    ``kept``: the call is carried out all the same, and only its answer goes wrong.
    """

    method: str
    kind: str
    chat_id: int | None = None
    times: int = 1
    kept: bool = False
    seconds: int = 1


class RefusedError(Exception):
    """What Telegram would not take."""


@dataclass
class Telegram:
    """The server's state, and how people use it.

    Attributes:
        sent: the messages of the bot, in order.
        calls: how often each method was called.
        faults: what goes wrong next.
        refusals: what was refused because it was wrong; a test that expects none looks here.
        webhook: where updates are delivered to, instead of being asked for, and the secret that is shown there.
        doors: the addresses behind the webhook's, where it has several; they take turns.
    """

    sent: list[Sent] = field(default_factory=list)
    calls: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    faults: list[Fault] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    queries: set[str] = field(default_factory=set)
    notices: list[str] = field(default_factory=list)
    offered: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    updates: list[dict[str, Any]] = field(default_factory=list)
    files: list[bytes] = field(default_factory=list)
    address: str = ""
    webhook: tuple[str, str] | None = None
    doors: list[str] = field(default_factory=list)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _next_update: int = 1000
    _next_message: int = 1

    # -- what people do

    def write(self, chat_id: int, text: str, **more: Any) -> int:
        """Somebody writes; the number of the message."""
        with self._lock:
            entities = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}] if text.startswith("/") else []
            message = {**self._message(chat_id), "text": text, **({"entities": entities} if entities else {}), **more}
            self._deliver({"message": message})
            return int(message["message_id"])

    def show(self, chat_id: int, **what: Any) -> None:
        """Somebody sends something that is no text."""
        with self._lock:
            self._deliver({"message": {**self._message(chat_id), **what}})

    def edit(self, chat_id: int, message_id: int, text: str) -> None:
        """Somebody edits what he wrote."""
        with self._lock:
            message = {**self._message(chat_id), "message_id": message_id, "text": text, "edit_date": int(time.time())}
            self._deliver({"edited_message": message})

    def press(self, message: Sent, label: str) -> None:
        """Somebody presses a button under a message."""
        rows = (message.markup or {})["inline_keyboard"]
        data = next(button["callback_data"] for row in rows for button in row if button["text"] == label)
        with self._lock:
            query = f"q{self._next_update}"
            self.queries.add(query)
            self._deliver({"callback_query": {
                "id": query, "from": _person(message.chat_id), "chat_instance": "1", "data": data,
                "message": {
                    "message_id": message.message_id, "date": int(time.time()), "chat": _chat(message.chat_id), "from": BOT,
                    "text": message.text,
                },
            }})

    def seek(self, person: int, words: str) -> str:
        """Somebody types the bot's name and words in whatever chat; the number of the query."""
        with self._lock:
            query = f"i{self._next_update}"
            self._deliver({"inline_query": {"id": query, "from": _person(person), "query": words, "offset": ""}})
            return query

    def block(self, chat_id: int) -> None:
        """Somebody shuts the bot out."""
        with self._lock:
            member = {"user": BOT, "status": "member"}
            self._deliver({"my_chat_member": {
                "chat": _chat(chat_id), "from": _person(chat_id), "date": int(time.time()), "old_chat_member": member,
                "new_chat_member": {"user": BOT, "status": "kicked", "until_date": 0},
            }})

    def deliver_again(self) -> None:
        """All that was ever delivered and is still known is delivered once more, in order."""
        with self._lock:
            self.updates += [dict(update) for update in self.updates]

    # -- what is seen

    def to(self, chat_id: int) -> list[Sent]:
        """The messages in a chat."""
        with self._lock:
            return [one for one in self.sent if one.chat_id == chat_id]

    def wait(self, what: Callable[[], Any], seconds: float = 20.0) -> Any:
        """Waits until something is so, and returns it."""
        return until(what, seconds, lambda: f"refused: {self.refusals}")

    def answer(self, chat_id: int, count: int, seconds: float = 20.0) -> Sent:
        """The message number ``count`` in a chat, as soon as it is there."""
        self.wait(lambda: len(self.to(chat_id)) >= count, seconds)
        return self.to(chat_id)[count - 1]

    # -- what the bot calls

    async def get_updates(self, params: dict[str, Any]) -> list[dict[str, Any]]:
        """Confirms what is before the offset, and gives what is after it; waits for it a while."""
        end = time.monotonic() + float(params.get("timeout", 0))
        while True:
            with self._lock:
                if "offset" in params:
                    offset = int(params["offset"])
                    self.updates = [update for update in self.updates if update["update_id"] >= offset]
                found = self.updates[:MOST_UPDATES]
            if found or time.monotonic() >= end:
                return found
            await asyncio.sleep(0.01)

    def call(self, method: str, params: dict[str, Any]) -> Any:
        """Carries a call out.

        Raises:
            RefusedError: Telegram would not take it.
        """
        with self._lock:
            match method:
                case "getMe":
                    return {**BOT, "can_join_groups": True, "can_read_all_group_messages": False}
                case "setMyCommands" | "setMyDescription" | "setMyShortDescription":
                    _check_introduction(method, params)
                case "sendMessage":
                    return self._send(params)
                case "sendPhoto":
                    return self._send({**params, "text": "picture"})
                case "editMessageText" | "editMessageReplyMarkup":
                    return self._change(method, params)
                case "answerInlineQuery":
                    self.offered[params["inline_query_id"]] = _check_articles(json.loads(params["results"]))
                case "answerCallbackQuery":
                    self._notice(params)
                case "deleteWebhook":
                    self.webhook = None
                case "setWebhook":
                    self.webhook = str(params["url"]), str(params["secret_token"])
                case _:
                    raise RefusedError(f"Not Found: method {method}")
            return True

    def _send(self, params: dict[str, Any]) -> dict[str, Any]:
        chat_id, text = int(params["chat_id"]), _text(params)
        markup = _markup(params)
        one = Sent(chat_id, self._next_message, text, markup, time.monotonic())
        self._next_message += 1
        self.sent.append(one)
        return _shown(one)

    def _change(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        ours = [one for one in self.to(int(params["chat_id"])) if one.message_id == int(params["message_id"])]
        if not ours:
            raise RefusedError("message to edit not found")
        text = _text(params) if method == "editMessageText" else ours[0].text
        markup = _markup(params)
        if (text, markup) == (ours[0].text, ours[0].markup):
            raise RefusedError("message is not modified")
        ours[0].text, ours[0].markup = text, markup
        return _shown(ours[0])

    def _notice(self, params: dict[str, Any]) -> None:
        if params["callback_query_id"] not in self.queries:
            raise RefusedError("query is too old and response timeout expired or query ID is invalid")
        if len(params.get("text", "")) > 200:
            raise RefusedError("MESSAGE_TOO_LONG")
        self.notices.append(params.get("text", ""))

    def _message(self, chat_id: int) -> dict[str, Any]:
        number, self._next_message = self._next_message, self._next_message + 1
        return {"message_id": number, "date": int(time.time()), "chat": _chat(chat_id), "from": _person(chat_id)}

    def _deliver(self, content: dict[str, Any]) -> None:
        self.updates.append({"update_id": self._next_update, **content})
        self._next_update += 1


async def deliver(telegram: Telegram) -> None:
    """Delivers to the webhook as Telegram does: the updates of a chat one after the other, again until each is taken."""
    chats: dict[int, deque[dict[str, Any]]] = {}
    count = itertools.count()

    async def hand_over(client: httpx.AsyncClient, chat: int) -> None:
        while queue := chats[chat]:
            url, secret = telegram.webhook or ("", "")
            door = telegram.doors[next(count) % len(telegram.doors)] if telegram.doors else url
            try:
                answer = await client.post(door, json=queue[0], headers={"X-Telegram-Bot-Api-Secret-Token": secret})
            except httpx.HTTPError:
                await asyncio.sleep(RETRY_SECONDS)
                continue
            if answer.status_code == 200:
                queue.popleft()
            else:
                await asyncio.sleep(RETRY_SECONDS)
        del chats[chat]

    limits = httpx.Limits(max_connections=40)
    async with httpx.AsyncClient(timeout=30, limits=limits) as client, asyncio.TaskGroup() as calls:
        while True:
            with telegram._lock:
                new = telegram.updates if telegram.webhook else []
                telegram.updates = [] if telegram.webhook else telegram.updates
            for update in new:
                chat = _chat_of(update)
                if chat not in chats:
                    chats[chat] = deque()
                    calls.create_task(hand_over(client, chat))
                chats[chat].append(update)
            await asyncio.sleep(0.002)


def _chat_of(update: dict[str, Any]) -> int:
    if "inline_query" in update:
        return int(update["inline_query"]["from"]["id"])
    found = update.get("message") or update.get("edited_message") or update.get("my_chat_member")
    return int((found or update["callback_query"]["message"])["chat"]["id"])


def _person(chat_id: int) -> dict[str, Any]:
    return {"id": chat_id, "is_bot": False, "first_name": "老人"}


def _chat(chat_id: int) -> dict[str, Any]:
    return {"id": chat_id, "type": "private", "first_name": "老人"}


def _shown(one: Sent) -> dict[str, Any]:
    shown = {"message_id": one.message_id, "date": int(time.time()), "chat": _chat(one.chat_id), "from": BOT, "text": one.text}
    return {**shown, "reply_markup": one.markup} if one.markup else shown


def _text(params: dict[str, Any]) -> str:
    text = str(params.get("text", ""))
    if not text.strip():
        raise RefusedError("message text is empty")
    if len(text.encode("utf-16-le")) // 2 > 4096:
        raise RefusedError("message is too long")
    return text


def _markup(params: dict[str, Any]) -> dict[str, Any] | None:
    if "reply_markup" not in params:
        return None
    markup: dict[str, Any] = json.loads(params["reply_markup"])
    for row in markup["inline_keyboard"]:
        for button in row:
            if "url" not in button and not 1 <= len(button["callback_data"].encode()) <= 64:
                raise RefusedError("BUTTON_DATA_INVALID")
            if not button["text"].strip():
                raise RefusedError("button text is empty")
        if not 1 <= len(row) <= 8:
            raise RefusedError("row of a strange length")
    return markup


def _check_articles(articles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if len(articles) > 50 or len({article["id"] for article in articles}) < len(articles):
        raise RefusedError("RESULT_ID_DUPLICATE")
    for article in articles:
        if not 1 <= len(article["id"].encode()) <= 64 or not article["title"]:
            raise RefusedError("RESULT_ID_INVALID")
        _text({"text": article["input_message_content"]["message_text"]})
    return articles


def _check_introduction(method: str, params: dict[str, Any]) -> None:
    if not len(params.get("description", "")) <= 512 or not len(params.get("short_description", "")) <= 120:
        raise RefusedError(f"{method}: too long")
    for command in json.loads(params.get("commands", "[]")):
        name, told = command["command"], command["description"]
        if not (name.isascii() and name.islower() and 1 <= len(name) <= 32 and 1 <= len(told) <= 256):
            raise RefusedError("BOT_COMMAND_INVALID")


class _Cut(Response):
    """An answer that breaks off."""

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]})
        await send({"type": "http.response.body", "body": b'{"ok": tr', "more_body": False})


@contextmanager
def serving(telegram: Telegram, port: int) -> Iterator[Telegram]:
    """Serves on the port until the end."""

    async def method(request: Request) -> Response:
        if request.path_params["token"] != TOKEN:
            return _error(401, "Unauthorized")
        name = request.path_params["method"]
        if request.headers.get("content-type", "").startswith("multipart/"):
            async with request.form() as form:
                params = {key: value for key, value in form.items() if isinstance(value, str)}
                telegram.files += [await value.read() for value in form.values() if not isinstance(value, str)]
        else:
            params = dict(parse_qsl((await request.body()).decode()))
        telegram.calls[name] += 1
        fault = _fault(telegram, name, params)
        if fault and not fault.kept:
            return await _failed(fault)
        try:
            result = await telegram.get_updates(params) if name == "getUpdates" else telegram.call(name, params)
        except RefusedError as refusal:
            telegram.refusals.append(f"{name}: {refusal}")
            return _error(400, f"Bad Request: {refusal}")
        return await _failed(fault) if fault else JSONResponse({"ok": True, "result": result})

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        delivering = asyncio.create_task(deliver(telegram))
        yield
        delivering.cancel()
        with suppress(asyncio.CancelledError):
            await delivering

    app = Starlette(routes=[Route("/bot{token}/{method}", method, methods=["GET", "POST"])], lifespan=lifespan)
    with served(app, port) as telegram.address:
        yield telegram


def _fault(telegram: Telegram, method: str, params: dict[str, Any]) -> Fault | None:
    chat = params.get("chat_id")
    for fault in telegram.faults:
        if fault.method == method and fault.chat_id in (None, int(chat) if chat else None):
            fault.times -= 1
            if fault.times == 0:
                telegram.faults.remove(fault)
            return fault
    return None


async def _failed(fault: Fault) -> Response:
    match fault.kind:
        case "429":
            return JSONResponse({
                "ok": False, "error_code": 429, "description": f"Too Many Requests: retry after {fault.seconds}",
                "parameters": {"retry_after": fault.seconds},
            }, 429)
        case "403":
            return _error(403, "Forbidden: bot was blocked by the user")
        case "500":
            return _error(500, "Internal Server Error")
        case "silence":
            await asyncio.sleep(fault.seconds)
            return _error(504, "Gateway Timeout")
        case "cut":
            return _Cut()
    return _error(400, "Bad Request: nobody knows why")


def _error(code: int, description: str) -> Response:
    return JSONResponse({"ok": False, "error_code": code, "description": description}, code)
