"""A reply: what a person reads, the buttons, and what a program wants to know beside it."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SkipValidation

from bot.gaps import Gap
from eligibility.assessment import Assessment


class OptionButton(BaseModel):
    """One button: ``facts`` is what it settles."""

    label: str
    facts: dict[str, Any] = Field(default_factory=dict)

    def shown(self) -> dict[str, Any]:
        """The contract's option: ``fact`` and ``value`` where it settles one, ``facts`` where several."""
        if len(self.facts) == 1:
            (fact, value), = self.facts.items()
            return {"label": self.label, "fact": fact, "value": value}
        return {"label": self.label, "facts": self.facts} if self.facts else {"label": self.label}


class Reply(BaseModel):
    """What is said back.

    ``aside``: the question is still open, but now is not the time to ask it. ``forget``: nothing is to be kept of the
    conversation. ``picture``: the words are better shown as a picture, where the channel has any. ``gap`` is what the
    documents did not answer.
    ``grounds`` are the assessments that the words rest on: sums and entitlements are stated from them, or from the hits, only.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    text: str
    options: list[OptionButton] = Field(default_factory=list)
    multiple: bool = False
    asking: list[str] = Field(default_factory=list)
    facts: dict[str, Any] = Field(default_factory=dict)
    done: bool = False
    results: list[dict[str, Any]] | None = None
    hits: list[dict[str, Any]] = Field(default_factory=list)
    aside: bool = False
    forget: bool = Field(default=False, exclude=True)
    picture: bool = Field(default=False, exclude=True)
    gap: Gap | None = Field(default=None, exclude=True)
    grounds: list[SkipValidation[Assessment]] = Field(default_factory=list, exclude=True)

    def to_json(self) -> dict[str, Any]:
        """One line of ``chat --jsonl``."""
        return {**self.model_dump(exclude={"options"}), "options": [option.shown() for option in self.options]}
