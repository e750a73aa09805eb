"""The state of a conversation: the answers of each person it is about, and where the talk stands. It is all that is kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from pydantic import BaseModel, Field

from bot.wording import say

MOST_STEPS = 15
"""So many steps can be taken back."""


class Case(BaseModel):
    """What is known of one person.

    Attributes:
        about: how the person is called ("您母亲", "您"); None where it was not said for whom is asked.
        facts: fact → value.
        declined: facts that were answered 不知道.
        narrowed: facts of which it is known that they hold, and not yet how (有残疾证: which grade?).
        suggested: facts that something hints at (the ID number at the city), to be confirmed by a yes.
        told: the money that was last said to be certain.
        client: whoever writes is not the person.
        finished: the result was given.
    """

    about: str | None = None
    facts: dict[str, Any] = Field(default_factory=dict)
    declined: list[str] = Field(default_factory=list)
    narrowed: list[str] = Field(default_factory=list)
    suggested: dict[str, Any] = Field(default_factory=dict)
    told: str = ""
    client: bool = False
    finished: bool = False

    @property
    def who(self) -> str:
        """How the person is addressed."""
        return self.about or say("client" if self.client else "who_self")

    def copied(self) -> Case:
        """The same case, to be changed without this one."""
        return self.model_copy(update={
            "facts": dict(self.facts), "declined": list(self.declined), "narrowed": list(self.narrowed),
            "suggested": dict(self.suggested),
        })

    def leave_open(self, names: Iterable[str]) -> None:
        """Leaves facts open: they are not asked again."""
        self.declined += [name for name in names if name not in self.declined]


class Reminder(BaseModel):
    """What somebody asked to be reminded of: on which day, and in which words."""

    due: date
    text: str


class Shown(BaseModel):
    """What was last shown, to be said once more: the words, and whether the pending question belonged to them."""

    text: str
    asked: bool = False


class State(BaseModel):
    """What a conversation holds.

    Attributes:
        case: the person who is spoken of now.
        others: the other people of this chat, by how they are called.
        steps: the case as it was before each answer, so that one can go back.
        misses: how often in a row the pending question was not understood; missed: how often anything was not.
        asking_city_for: a question to the documents that waits for the city.
        reminders: what is to be said of its own accord, and when.
        number: tells this conversation from the chat's earlier ones, and from an adviser's other clients.
        clients: an adviser's other conversations, the last one last.
    """

    case: Case = Field(default_factory=Case)
    others: dict[str, Case] = Field(default_factory=dict)
    steps: list[Case] = Field(default_factory=list)
    shown: Shown | None = None
    greeted: bool = False
    misses: int = 0
    missed: int = 0
    asking_city_for: str | None = None
    reminders: list[Reminder] = Field(default_factory=list)
    number: int = 0
    clients: list[State] = Field(default_factory=list)

    @property
    def facts(self) -> dict[str, Any]:
        """What is known of the person who is spoken of now."""
        return self.case.facts

    @property
    def person(self) -> str:
        """Tells the person who is spoken of now from every other of this chat."""
        return f"{self.number}:{self.case.about or ''}"

    def speaks_of(self, person: str) -> bool:
        """Whether ``person`` is the one who is spoken of now; who had no name at first may have been given one."""
        return person == self.person or (person == f"{self.number}:" and not self.others)

    def anew(self) -> State:
        """The state in which nobody is spoken of; what was promised stays, and so do an adviser's other clients."""
        number = 1 + max(one.number for one in (self, *self.clients))
        nobody = Case(client=self.case.client)
        return State(case=nobody, greeted=True, reminders=self.reminders, number=number, clients=self.clients)

    def keep_step(self) -> None:
        """Keeps the case as it is, to come back to it."""
        self.steps = [*self.steps, self.case.copied()][-MOST_STEPS:]

    def copied(self) -> State:
        """The same state, to be changed without this one; steps and clients are copied when they are taken up again."""
        return self.model_copy(update={
            "case": self.case.copied(), "others": {about: case.copied() for about, case in self.others.items()},
            "steps": list(self.steps), "reminders": list(self.reminders), "clients": list(self.clients),
        })

    def switch(self, about: str) -> bool:
        """Goes over to another person; whether she is new. Who has no name, and of whom nothing is known, is forgotten."""
        if self.case.about or self.case.facts:
            self.others[self.case.who] = self.case
        known = self.others.pop(about, None)
        self.case = known or Case(about=about)
        self.steps, self.misses = [], 0
        return known is None
