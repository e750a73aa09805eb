"""Events: what of an update of Telegram's matters here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from telegram import CallbackQuery, Chat, ChatMember, Message, MessageEntity, Update

Kind = Literal["text", "edit", "press", "photo", "voice", "sticker", "contact", "location", "file", "other", "left"]

ALLOWED = ["message", "edited_message", "callback_query", "inline_query", "my_chat_member"]
"""The updates that are asked for."""

_GONE = (ChatMember.BANNED, ChatMember.LEFT)

_MEDIA: tuple[tuple[Kind, Callable[[Message], object]], ...] = (
    ("photo", lambda message: message.photo),
    ("voice", lambda message: message.voice or message.audio or message.video_note),
    ("sticker", lambda message: message.sticker or message.dice),
    ("contact", lambda message: message.contact),
    ("location", lambda message: message.location or message.venue),
    ("file", lambda message: message.document or message.video or message.animation),
)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a chat.

    Attributes:
        update_id: the number of its delivery.
        chat_id: where.
        kind: what: words, words edited afterwards, a button, something that is no words, or that the bot was shut out.
        text: the words; for a button those of the message under which it stands.
        message_id: the message that was written, edited, or under which the button stands.
        query_id: what to answer a button with.
        data: what the button says.
        sender: who sent it; None where nobody is told.
        group: whether others read along.
        to_bot: in a group: whether it names the bot, or answers it.
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


def event_of(update: Update, bot_name: str) -> Event | None:
    """The event of an update; None where nothing is to be done.

    Args:
        update: as it was delivered.
        bot_name: the bot's user name, by which it is named in groups.
    """
    if update.callback_query:
        return _press(update.update_id, update.callback_query)
    if update.my_chat_member:
        change = update.my_chat_member
        gone = change.new_chat_member.status in _GONE
        return Event(update.update_id, str(change.chat.id), "left") if gone else None
    if update.message:
        return _message(update.update_id, update.message, "text", bot_name)
    if update.edited_message:
        return _message(update.update_id, update.edited_message, "edit", bot_name)
    return None


def _press(update_id: int, query: CallbackQuery) -> Event | None:
    if query.message is None or query.data is None:
        return None
    text = query.message.text or "" if isinstance(query.message, Message) else ""
    return Event(
        update_id, str(query.message.chat.id), "press", text, query.message.message_id, query.id, query.data,
        query.from_user.id, _is_group(query.message.chat),
    )


def _message(update_id: int, message: Message, kind: Kind, bot_name: str) -> Event | None:
    words = message.text or message.caption or ""
    if not message.text:
        kind = next((media for media, has in _MEDIA if has(message)), "other")
        if kind == "other" and not message.caption and _is_service(message):
            return None
    group = _is_group(message.chat)
    name = f"@{bot_name}"
    entities = message.parse_entities([MessageEntity.MENTION, MessageEntity.BOT_COMMAND])
    replied = message.reply_to_message.from_user if message.reply_to_message else None
    named = any(part.lower().endswith(name.lower()) for part in entities.values())
    return Event(
        update_id, str(message.chat.id), kind, words.replace(name, "").strip(), message.message_id,
        sender=message.from_user.id if message.from_user else None, group=group,
        to_bot=not group or named or (replied is not None and replied.username == bot_name),
    )


def _is_group(chat: Chat) -> bool:
    return chat.type != Chat.PRIVATE


def _is_service(message: Message) -> bool:
    """Whether Telegram itself says something (somebody joined, a message was pinned)."""
    return bool(
        message.new_chat_members or message.left_chat_member or message.pinned_message or message.new_chat_title
        or message.group_chat_created or message.supergroup_chat_created or message.migrate_to_chat_id
        or message.migrate_from_chat_id or message.message_auto_delete_timer_changed
    )
