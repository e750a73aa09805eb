"""Events: what of an update of Telegram's matters here."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from telegram import (
    Bot,
    CallbackQuery,
    Chat,
    ChatMember,
    ChatMemberUpdated,
    Message,
    MessageEntity,
    MessageOriginUser,
    Update,
)

from bot.jsonl import log_fault

Kind = Literal[
    "text", "edit", "press", "photo", "voice", "sticker", "contact", "location", "file", "other", "ours", "left", "added",
]

ALLOWED = ["message", "edited_message", "callback_query", "inline_query", "my_chat_member"]
"""The updates that are asked for."""

_GONE = (ChatMember.BANNED, ChatMember.LEFT)

_UNREAD = ("poll", "checklist", "paid_media", "story", "game", "invoice", "giveaway")
"""What else people send; everything that is not named here is Telegram's own news (somebody joined, a message was pinned)."""

_MEDIA: tuple[tuple[Kind, Callable[[Message], object]], ...] = (
    ("photo", lambda message: message.photo),
    ("voice", lambda message: message.voice or message.audio or message.video_note),
    ("sticker", lambda message: message.sticker or message.dice),
    ("contact", lambda message: message.contact),
    ("location", lambda message: message.location or message.venue),
    ("file", lambda message: message.document or message.video or message.animation),
    ("other", lambda message: any(getattr(message, name) for name in _UNREAD) or "rich_message" in message.api_kwargs),
)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a chat.

    Attributes:
        update_id: the number of its delivery.
        chat_id: where.
        kind: what: words, words edited afterwards, a button, something that is no words, words that were ours, or that the
            bot was shut out or added.
        text: the words; of a picture those under it; for a button those of the message under which it stands.
        message_id: the message that was written, edited, or under which the button stands.
        query_id: what to answer a button with.
        data: what the button says.
        sender: who sent it; None where nobody is told.
        group: whether others read along.
        to_bot: in a group: whether it names the bot, or answers it.
        album: several pictures sent at once have this in common.
        thread: the topic of a group in which it was said.
    """

    update_id: int
    chat_id: str
    kind: Kind
    text: str = ""
    message_id: int = 0
    query_id: str = ""
    data: str = ""
    sender: int | None = None
    group: bool = False
    to_bot: bool = True
    album: str = ""
    thread: int | None = None


def update_of(delivered: object, bot: Bot) -> Update | None:
    """The update that was delivered; None where it is none that we can read: delivered again it would be no better."""
    try:
        return Update.de_json(delivered, bot)  # type: ignore[arg-type]
    except Exception as fault:
        log_fault(fault)
        return None


def event_of(update: Update, bot_name: str) -> Event | None:
    """The event of an update; None where nothing is to be done.

    Args:
        update: as it was delivered.
        bot_name: the bot's user name, by which it is named in groups.
    """
    if update.callback_query:
        return _press(update.update_id, update.callback_query)
    if update.my_chat_member:
        return _membership(update.update_id, update.my_chat_member)
    if update.message:
        return _message(update.update_id, update.message, "text", bot_name)
    edited = update.edited_message
    if edited and edited.text and edited.edit_date:  # a location that moves, or a reaction, comes as an edit, too
        return _message(update.update_id, edited, "edit", bot_name)
    return None


def _membership(update_id: int, change: ChatMemberUpdated) -> Event | None:
    chat, gone = str(change.chat.id), change.new_chat_member.status in _GONE
    if gone:
        return Event(update_id, chat, "left")
    added = _is_group(change.chat) and change.old_chat_member.status in _GONE
    return Event(update_id, chat, "added", group=True) if added else None


def _press(update_id: int, query: CallbackQuery) -> Event | None:
    if query.message is None or query.data is None:
        return None
    text = query.message.text or "" if isinstance(query.message, Message) else ""
    return Event(
        update_id, str(query.message.chat.id), "press", text, query.message.message_id, query.id, query.data,
        query.from_user.id, _is_group(query.message.chat),
    )


def _message(update_id: int, message: Message, kind: Kind, bot_name: str) -> Event | None:
    group, sender, ours = _is_group(message.chat), message.from_user, _is_ours(message, bot_name)
    kinds = [kind] if message.text else [media for media, has in _MEDIA if has(message)]
    another_bot = group and sender is not None and sender.is_bot and not message.sender_chat
    if not kinds or another_bot or (ours and group):
        return None
    words = re.sub(f"@{re.escape(bot_name)}", "", message.text or message.caption or "", flags=re.IGNORECASE)
    return Event(
        update_id, str(message.chat.id), "ours" if ours else kinds[0], words.strip(), message.message_id,
        sender=sender.id if sender else None, group=group, to_bot=not group or _names(message, bot_name),
        album=message.media_group_id or "", thread=message.message_thread_id if message.is_topic_message else None,
    )


def _is_group(chat: Chat) -> bool:
    return chat.type != Chat.PRIVATE


def _is_ours(message: Message, bot_name: str) -> bool:
    """Whether the words are the bot's own: a passage it offered, or something it said that was passed on."""
    origin = message.forward_origin
    author = origin.sender_user if isinstance(origin, MessageOriginUser) else None
    return any(user is not None and user.username == bot_name for user in (message.via_bot, author))


def _names(message: Message, bot_name: str) -> bool:
    """Whether a message names the bot, or answers it."""
    replied = message.reply_to_message.from_user if message.reply_to_message else None
    parsed = message.parse_entities if message.text else message.parse_caption_entities
    named = parsed([MessageEntity.MENTION, MessageEntity.BOT_COMMAND]).values()
    return (replied is not None and replied.username == bot_name) or any(
        part.lower().endswith(f"@{bot_name}".lower()) for part in named
    )
