"""Talk: an event of a chat in, the calls that answer it out. It knows neither a network nor a database."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from telegram import InlineQueryResultArticle

from bot.commands import command_in
from bot.conversation import Conversation
from bot.jsonl import log_fault
from bot.replies import Reply
from bot.sessions import Turn
from bot.telegram.calls import TICK, Call, messages, notice, pictures, rewritten, ticked
from bot.telegram.desk import Board, Desk
from bot.telegram.events import Event, Kind
from bot.telegram.inline import articles
from bot.telegram.words import meant, word
from bot.understanding.message import understand
from bot.wording import say
from knowledge.questions import read_question

PLACES = {"hukou", "residence", "county"}
"""What may be told in a group: it says which city's documents are asked about."""

BACK = "上一步"
"""What takes an answer back."""


class Talk:
    """Holds conversations over Telegram.

    Args:
        conversation: what answers.
        name: the bot's user name.
        advisers: who has many clients, by their numbers.
    """

    def __init__(self, conversation: Conversation, name: str, advisers: Collection[int] = ()) -> None:
        self._conversation, self._name, self._advisers = conversation, name, advisers
        self._for_advisers = conversation.for_advisers()

    def take(self, turn: Turn, event: Event) -> Reply | None:
        """Deals with an event: the turn holds the new state and the calls afterwards; the reply, where words were answered.

        A fault of the conversation is logged and leaves the state as it was: the same words again would only fault again.
        """
        if event.group:
            self._in_group(turn, event)
            return None
        conversation = self._for_advisers if event.sender in self._advisers else self._conversation
        chat, before = _Chat(conversation, turn, event), turn.state
        try:
            calls, reply = chat.answer()
        except Exception as fault:
            log_fault(fault)
            turn.state = before
            calls, reply = [*_released(event), *messages(event.chat_id, word("fault"))], None
        else:
            turn.channel = chat.desk.model_dump_json()
            turn.forget = event.kind == "left" or (reply is not None and reply.forget)
        turn.calls += [call.model_dump_json() for call in calls]
        return reply

    def articles(self, asked: str) -> list[InlineQueryResultArticle]:
        """The passages that an inline query is offered."""
        return articles(self._conversation, asked)

    def _in_group(self, turn: Turn, event: Event) -> None:
        """Answers from the documents when it is named, and keeps nothing of anybody."""
        turn.forget = True
        calls = list(_released(event))
        if event.kind == "added" or (event.text and event.to_bot and event.kind not in ("press", "edit")):
            text = self._answer_in_group(meant(event.text))
            private = [(word("private"), f"https://t.me/{self._name}?start=group")]
            calls += messages(event.chat_id, text or word("group", name=self._name), () if text else private)
        for call in calls:
            call.params.update(_place(event) if call.method == "send_message" else {})
        turn.calls += [call.model_dump_json() for call in calls]

    def _answer_in_group(self, asked: str) -> str:
        """What the documents say; empty where something else was said than a question to them."""
        personal = understand(asked, self._conversation.language).facts.keys() - PLACES
        if not asked or personal or asked.startswith("/") or command_in(asked) or not read_question(asked).matters():
            return ""
        answer = self._conversation.enquirer.answer(asked, None, top=1, facts={})
        if answer.options:
            return word("group_city", name=self._name, asked=asked)
        return answer.text.removesuffix(say("offer")).rstrip()


class _Chat:
    """One event of one chat."""

    def __init__(self, conversation: Conversation, turn: Turn, event: Event) -> None:
        self._conversation, self._turn, self._event = conversation, turn, event
        self.desk = _read(turn.channel)

    def answer(self) -> tuple[list[Call], Reply | None]:
        """The calls, and the reply where there is one."""
        match self._event.kind:
            case "left":
                return [], None
            case "text":
                return self._said(meant(self._event.text))
            case "edit":
                return self._edited(meant(self._event.text))
            case "press":
                return self._pressed()
            case media:
                return self._shown(media)

    def _said(self, text: str, before: str = "") -> tuple[list[Call], Reply]:
        """Words: the conversation answers."""
        self.desk.hear(self._event.message_id, self._event.text, len(self._turn.state.steps))
        self._turn.state, reply = self._conversation.reply(self._turn.state, text)
        return self._replied(reply, before), reply

    def _replied(self, reply: Reply, before: str = "") -> list[Call]:
        if reply.picture:
            return list(pictures(self._event.chat_id, reply.text))
        board = self.desk.show(reply, self._turn.state.person)
        buttons = board.buttons(word("done")) if board else ()
        return list(messages(self._event.chat_id, before + reply.text, buttons))

    def _edited(self, text: str) -> tuple[list[Call], Reply | None]:
        """Words edited afterwards: the answer that they were is taken back first, where it was the last.

        Telegram says "edited" also where the words are what they were, and only somebody put a heart to them.
        """
        if not self.desk.edited(self._event.message_id, self._event.text):
            return [], None
        last = self._event.message_id == self.desk.said
        if last and len(self._turn.state.steps) > self.desk.steps:
            self._turn.state, _ = self._conversation.reply(self._turn.state, BACK)
        return self._said(text, f"{word('edited')}\n")

    def _shown(self, kind: Kind) -> tuple[list[Call], Reply | None]:
        """Something that is no words: what to do instead, said once for pictures sent at once; words under it are words.

        The question still stands, with its buttons, further up.
        """
        again = bool(self._event.album) and self._event.album == self.desk.album
        self.desk.album = self._event.album
        if self._event.text and kind != "ours":
            return self._said(meant(self._event.text), f"{word(kind)}\n")
        return ([], None) if again else ([*messages(self._event.chat_id, word(kind))], None)

    # -- buttons

    def _pressed(self) -> tuple[list[Call], Reply | None]:
        board, choice = self.desk.find(self._event.data)
        if board is None:
            self._turn.state, reply = self._conversation.reply(self._turn.state, "再说一遍")
            return [notice(self._event.query_id, word("forgotten_button")), *self._replied(reply)], reply
        if board.answers and not self._turn.state.speaks_of(board.of):
            return [notice(self._event.query_id, word("of_another"))], None
        if board.answers and board.code != self.desk.current:
            return self._changed(board, choice)
        if choice == "done":
            return self._chosen(board, board.ticked)
        place = int(choice)
        if board.multiple and not board.is_none(place):
            board.tick(place)
            return [self._notice(), ticked(self._event.chat_id, self._event.message_id, board.buttons(word("done")))], None
        return self._chosen(board, [place])

    def _chosen(self, board: Board, places: list[int]) -> tuple[list[Call], Reply | None]:
        """One button, or several that were ticked: said to the conversation, and shown under the question."""
        if not places:
            return [notice(self._event.query_id, word("tick_first"))], None
        labels = "、".join(board.labels[place] for place in places)
        board.ticked = []
        calls, reply = self._said(labels)
        return [self._notice(), *self._settled(board, labels), *calls], reply

    def _changed(self, board: Board, choice: str) -> tuple[list[Call], Reply | None]:
        """A button of an earlier question: what it says is so now, where it says so by itself."""
        facts = board.facts[int(choice)] if choice.isdecimal() and not board.multiple else {}
        known = self._turn.state.facts
        open_yet = any(isinstance(value, list) for value in facts.values())
        if not facts or open_yet or all(known.get(name) == value for name, value in facts.items()):
            return [notice(self._event.query_id, word("answered"))], None
        self._turn.state, reply = self._conversation.choose(self._turn.state, facts)
        return [self._notice(), *self._settled(board, board.labels[int(choice)]), *self._replied(reply)], reply

    def _notice(self) -> Call:
        return notice(self._event.query_id)

    def _settled(self, board: Board, labels: str) -> Iterator[Call]:
        """The question with what was answered to it, and no buttons: so the chat reads as what was said."""
        if board.answers and self._event.text:
            question, *_ = self._event.text.split(f"\n{TICK}")
            yield rewritten(self._event.chat_id, self._event.message_id, f"{question}\n{TICK}{labels}")


def _released(event: Event) -> Iterator[Call]:
    """The button that was pressed turns no more."""
    if event.query_id:
        yield notice(event.query_id)


def _place(event: Event) -> dict[str, Any]:
    """Where in a group it is answered: under the message, in its topic."""
    if not event.message_id:
        return {}
    replied = {"reply_parameters": {"message_id": event.message_id, "allow_sending_without_reply": True}}
    return replied if event.thread is None else {**replied, "message_thread_id": event.thread}


def reminding(chat_id: str, text: str) -> str:
    """The call that tells what somebody asked to be reminded of."""
    (call,) = messages(chat_id, say("reminder", text=text))
    return call.model_dump_json()


def _read(channel: str) -> Desk:
    try:
        return Desk.model_validate_json(channel)
    except ValueError:
        return Desk()
