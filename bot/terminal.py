"""The terminal as a channel: replies printed with numbered options, lines read until the person leaves."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from rich.console import Console
from rich.text import Text

from bot.conversation import Conversation
from bot.enquiry import Answer
from bot.gaps import GapKeeper
from bot.jsonl import field, log_fault, serve_lines
from bot.replies import Reply
from bot.sessions import SessionStore
from bot.wording import say
from knowledge.questions import read_question

PROMPT = "› "


def render(reply: Reply) -> str:
    """A reply as lines of text; options are numbered, and a number is an answer."""
    lines = [reply.text]
    if reply.done:
        lines.append(say("offered_head", labels=" · ".join(option.label for option in reply.options)))
    elif not reply.aside:
        lines += [f"  {i}. {option.label}" for i, option in enumerate(reply.options, 1)]
    if reply.multiple and not reply.aside:
        lines.append(say("hint_several"))
    return "\n".join(lines)


def talk(conversation: Conversation, store: SessionStore, gaps: GapKeeper, chat_id: str) -> None:
    """Talk until end of input or Ctrl-C; every answer is kept before it is shown."""
    with suppress(AttributeError):
        sys.stdin.reconfigure(errors="replace")  # type: ignore[union-attr]
    with store.turn(chat_id) as turn:
        turn.state, reply = conversation.resume(turn.state)
    _show(reply)
    try:
        for text in _lines():
            _show(_take(conversation, store, gaps, chat_id, text))
    except KeyboardInterrupt:
        pass
    print(f"\n{say('interrupted')}")  # noqa: T201 - this is the terminal


def _take(conversation: Conversation, store: SessionStore, gaps: GapKeeper, chat_id: str, text: str) -> Reply:
    try:
        return _turn(conversation, store, gaps, chat_id, text)
    except Exception as fault:
        log_fault(fault)
        return Reply(text=say("fault"))


def _turn(conversation: Conversation, store: SessionStore, gaps: GapKeeper, chat_id: str, text: str) -> Reply:
    with store.turn(chat_id) as turn:
        turn.state, reply = conversation.reply(turn.state, text)
        turn.forget = reply.forget
    gaps.keep(reply.gap)
    return reply


def _lines() -> Iterator[str]:
    while True:
        try:
            yield input(PROMPT)
        except EOFError:
            return


def _show(reply: Reply) -> None:
    print(f"\n{render(reply)}\n")  # noqa: T201 - this is the terminal


def talk_jsonl(conversation: Conversation, store: SessionStore, gaps: GapKeeper, chat_id: str) -> None:
    """The same conversation for programs: ``{"text"}`` in, a reply out."""

    def handle(request: dict[str, Any]) -> dict[str, Any]:
        return _turn(conversation, store, gaps, chat_id, field(request, "text", str)).to_json()

    serve_lines(handle)


def show_answer(query: str, answer: Answer) -> None:
    """Print an answer about the documents: the answer, then the best passage of each city whole, what was asked marked."""
    console, question = Console(highlight=False), read_question(query)
    console.print(Text(answer.text + "\n"))
    if answer.hits and not answer.answered:
        console.print(Text(say("nearest")))
    for hits in answer.hits.values():
        for place, hit in enumerate(hits):
            document, piece = hit.passage.document, hit.passage.piece
            mark = f"（{say('draft').rstrip('。')}）" if document.status == "draft" else ""
            console.print(Text(f"{document.number} {piece.section} {hit.passage.title}{mark}", style="bold"))
            if place == 0:
                passage = Text((piece.row.labelled if piece.row else piece.text) + "\n")
                for start, end in question.marks(passage.plain):
                    passage.stylize("bold reverse", start, end)
                console.print(passage)
