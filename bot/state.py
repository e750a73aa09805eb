"""The state of a conversation: the answers, and where the talk stands. It is all that is kept of a person."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from bot.wording import say


class State(BaseModel):
    """What a conversation holds: the person's facts, what was answered 不知道, and where the talk stands.

    ``told`` is the money that was last said to be certain. ``narrowed`` are facts of which it is known that they hold, and not
    yet how (有残疾证: which grade?). ``suggested`` is what an ID number hints at, to be confirmed.
    """

    facts: dict[str, Any] = Field(default_factory=dict)
    declined: list[str] = Field(default_factory=list)
    narrowed: list[str] = Field(default_factory=list)
    about: str | None = None
    greeted: bool = False
    finished: bool = False
    told: str = ""
    misses: int = 0
    asking_city_for: str | None = None
    suggested: dict[str, Any] = Field(default_factory=dict)

    @property
    def who(self) -> str:
        """How the person is addressed."""
        return self.about or say("who_self")
