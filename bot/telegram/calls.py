"""Calls: what is to be sent to Telegram, as data that can be kept until it has been sent."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from pydantic import BaseModel
from telegram import Bot, InlineKeyboardMarkup, ReplyParameters

from bot.telegram.picture import font_file, pages, picture
from bot.telegram.words import word

MOST_TEXT = 4096
"""So long a message may be, in UTF-16 units."""

MOST_DATA = 64
"""So many bytes a button may say."""

MOST_NOTICE = 200
"""So long a notice over the chat may be."""

WIDE = 7
"""A label of more characters stands alone on its row: two columns of a phone hold no more."""

TICK = "✓ "
"""Before what was chosen."""

_SECTION = re.compile("【[^】]*】")
_ITEM = re.compile(r"\S")
"""How a section begins, and an item: what belongs to one is indented."""

Buttons = Sequence[tuple[str, str]]
"""Buttons: what is read on each, and what it says when pressed, or the address that it opens."""


class Call(BaseModel):
    """One call of a method of the Bot API, named and with parameters as python-telegram-bot has them."""

    method: Literal["send_message", "send_photo", "answer_callback_query", "edit_message_text", "edit_message_reply_markup"]
    params: dict[str, Any]

    async def make(self, bot: Bot) -> None:
        """Makes it.

        Raises:
            TelegramError: it failed, or was refused.
        """
        params = dict(self.params)
        if self.method == "send_photo":
            params["photo"] = await asyncio.to_thread(picture, params.pop("drawn"))
        if "reply_parameters" in params:
            params["reply_parameters"] = ReplyParameters.de_json(params["reply_parameters"], bot)
        if "reply_markup" in params:
            params["reply_markup"] = InlineKeyboardMarkup.de_json(params["reply_markup"], bot)
        await getattr(bot, self.method)(**params)


def messages(chat_id: str, text: str, buttons: Buttons = ()) -> Iterator[Call]:
    """The messages that a text takes; the buttons stand under the last."""
    parts = list(split(text))
    for i, part in enumerate(parts):
        params: dict[str, Any] = {"chat_id": chat_id, "text": part}
        if buttons and i == len(parts) - 1:
            params["reply_markup"] = keyboard(buttons)
        yield Call(method="send_message", params=params)


def pictures(chat_id: str, text: str) -> Iterator[Call]:
    """A text as pictures in large type, drawn when they are sent. Where there is no font for it, it is sent as words."""
    if font_file() is None:
        yield from messages(chat_id, f"{word('no_font')}\n{text}")
    else:
        yield from (Call(method="send_photo", params={"chat_id": chat_id, "drawn": page}) for page in pages(text))


def notice(query_id: str, text: str = "") -> Call:
    """The answer to a button, so that it stops turning; with words where there is something to say."""
    params = {"callback_query_id": query_id, "text": text[:MOST_NOTICE], "show_alert": bool(text)}
    return Call(method="answer_callback_query", params=params)


def rewritten(chat_id: str, message_id: int, text: str) -> Call:
    """A message with other words, and without its buttons."""
    params = {"chat_id": chat_id, "message_id": message_id, "text": next(split(text), "")}
    return Call(method="edit_message_text", params=params)


def ticked(chat_id: str, message_id: int, buttons: Buttons) -> Call:
    """A message with other buttons."""
    params = {"chat_id": chat_id, "message_id": message_id, "reply_markup": keyboard(buttons)}
    return Call(method="edit_message_reply_markup", params=params)


def keyboard(buttons: Buttons) -> dict[str, Any]:
    """Buttons in two columns; a long one alone on its row."""
    rows: list[list[dict[str, str]]] = []
    for label, data in buttons:
        button = {"text": label, "url" if data.startswith("https://") else "callback_data": data}
        wide = _wide(label)
        if rows and not wide and len(rows[-1]) == 1 and not _wide(rows[-1][0]["text"]):
            rows[-1].append(button)
        else:
            rows.append([button])
    return {"inline_keyboard": rows}


def _wide(label: str) -> bool:
    """Whether a label stands alone; a tick moves no button."""
    return len(label.removeprefix(TICK)) > WIDE


def split(text: str, most: int = MOST_TEXT) -> Iterator[str]:
    """The text in parts that fit, cut before a section or an item where that can be, and else between lines."""
    part: list[str] = []
    for line in (piece for whole in text.splitlines(keepends=True) for piece in _pieces(whole, most)):
        while part and units("".join(part) + line) > most:
            cut = _cut(part, line)
            if told := "".join(part[:cut]).strip("\n"):
                yield told
            part = part[cut:]
        part.append(line)
    if told := "".join(part).strip("\n"):
        yield told


def _cut(part: Sequence[str], following: str) -> int:
    """Before which line a part that is full is best cut: a section in its second half, or an item, or the line that follows."""
    lines = [*part, following]
    for begins in (_SECTION, _ITEM):
        for i in range(len(part), len(part) // 2, -1):
            if begins.match(lines[i]) and not _SECTION.fullmatch(lines[i - 1].strip()):
                return i
    return len(part)


def units(text: str) -> int:
    """How many UTF-16 units a text takes: so Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _pieces(line: str, most: int) -> Iterator[str]:
    """A line too long for one message, in pieces."""
    while units(line) > most:
        end = most // 2  # no character takes more than two units
        yield line[:end]
        line = line[end:]
    yield line
