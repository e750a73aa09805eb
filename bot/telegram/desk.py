"""The desk: what is kept of a Telegram chat beside the conversation: which buttons were shown, and what is ticked."""

from __future__ import annotations

import hashlib
from typing import Any

from pydantic import BaseModel, Field

from bot.replies import OptionButton, Reply
from bot.telegram.calls import TICK, Buttons

MOST_BOARDS = 4
"""So many keyboards are remembered; who presses an older button is asked again."""


MOST_HEARD = 30
"""So many messages are remembered as they were said; who edits an older one is not heard."""


class Board(BaseModel):
    """A keyboard that was shown.

    Attributes:
        code: by which its buttons name it.
        labels: what is read on its buttons.
        facts: what each of them settles.
        multiple: several may be chosen; ticked: which are.
        answers: they answer a question, and do not only say something.
        of: whom the question is about.
    """

    code: str
    labels: list[str]
    facts: list[dict[str, Any]]
    multiple: bool = False
    answers: bool = True
    of: str = ""
    ticked: list[int] = Field(default_factory=list)

    def buttons(self, done: str) -> Buttons:
        """The buttons as they are to be shown; ``done`` is read on the one that ends a choice of several."""
        shown = [
            (f"{TICK if i in self.ticked else ''}{label}", f"{self.code}:{i}") for i, label in enumerate(self.labels)
        ]
        return [*shown, (done, f"{self.code}:done")] if self.multiple else shown

    def tick(self, place: int) -> None:
        """Ticks a choice, or takes the tick back."""
        self.ticked = sorted({*self.ticked} ^ {place})

    def is_none(self, place: int) -> bool:
        """Whether a button of several says that none of them is so (都没有): it needs no other."""
        return self.multiple and not self.facts[place]


class Desk(BaseModel):
    """What is kept of a chat.

    Attributes:
        boards: the keyboards that were shown, the last one last.
        current: the one that answers the question that is open now; empty where none does.
        said: the message that the person wrote last.
        steps: how many steps the conversation held before it.
        heard: the last messages by number, each with a fingerprint of its words.
        album: the pictures that were answered last.
    """

    boards: list[Board] = Field(default_factory=list)
    current: str = ""
    said: int = 0
    steps: int = 0
    heard: dict[int, str] = Field(default_factory=dict)
    album: str = ""

    def hear(self, message_id: int, text: str, steps: int) -> None:
        """Notes words that were said, so that it is known later whether they were really edited."""
        self.said, self.steps = message_id, steps
        self.heard = dict([*self.heard.items(), (message_id, _fingerprint(text))][-MOST_HEARD:])

    def edited(self, message_id: int, text: str) -> bool:
        """Whether a message says something else than it did; of one that is forgotten nobody knows."""
        return self.heard.get(message_id, _fingerprint(text)) != _fingerprint(text)

    def show(self, reply: Reply, of: str) -> Board | None:
        """The keyboard of a reply about the person ``of``, kept; None where it has none."""
        if reply.aside:
            return None
        self.current = ""
        if not reply.options:
            return None
        board = _board(reply, of)
        self.current = board.code if board.answers else ""
        self.boards = [*(known for known in self.boards if known.code != board.code), board][-MOST_BOARDS:]
        return board

    def find(self, data: str) -> tuple[Board | None, str]:
        """The keyboard of which a button says ``data``, and what it says of it; None where it is forgotten."""
        code, _, choice = data.partition(":")
        return next((board for board in self.boards if board.code == code), None), choice


def _fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _board(reply: Reply, of: str) -> Board:
    labels = [option.label for option in reply.options]
    named = "|".join([of, *reply.asking, "", *labels])
    return Board(
        code=_fingerprint(named), labels=labels, facts=[_facts(option) for option in reply.options], multiple=reply.multiple,
        answers=bool(reply.asking), of=of,
    )


def _facts(option: OptionButton) -> dict[str, Any]:
    """What an option settles; one that says only that something holds (有残疾证: which grade?) settles nothing by itself."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in option.facts.items()}
