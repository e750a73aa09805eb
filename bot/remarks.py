"""What people say beside the matter: danger, fraud, thanks, goodbye. The words and the answers are data (``remarks.yaml``)."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache, cached_property
from pathlib import Path

from pydantic import RootModel

from knowledge.data import Record, read_model
from knowledge.sayings import Patterns, Sayings

REMARKS_FILE = Path(__file__).parent / "remarks.yaml"

QUESTION = "{question}"

_PARTICLES = "了啊呀呢吧哈哦。.!！~～ "


class Remark(Record):
    """Words, and what is answered to them."""

    words: Patterns
    answer: str
    anywhere: bool = False
    danger: bool = False
    unless: Patterns = ()
    subjects: tuple[str, ...] = ()

    @property
    def goes_on(self) -> bool:
        """Whether the pending question is asked again."""
        return QUESTION in self.answer

    @property
    def text(self) -> str:
        return self.answer.replace(QUESTION, "")

    def meets(self, said: str) -> bool:
        """Whether the message is, or holds, such a remark."""
        if self.anywhere:
            return bool(self._sayings.named(said)) and not self._taken_back.named(said)
        return said in self.words or said.rstrip(_PARTICLES) in self.words

    @cached_property
    def _sayings(self) -> Sayings:
        return Sayings({"": self.words}, {})

    @cached_property
    def _taken_back(self) -> Sayings:
        return Sayings({"": self.unless}, {})


class _File(RootModel[dict[str, Remark]]):
    pass


@cache
def _remarks() -> tuple[Remark, ...]:
    return tuple(read_model(REMARKS_FILE, _File).root.values())


def remark_in(said: str) -> Remark | None:
    """The first remark of the file that the message makes, None where it makes none."""
    return next((remark for remark in _remarks() if remark.meets(said)), None)


def remark_on(subjects: Collection[str]) -> Remark | None:
    """The first remark that a question about such subjects calls for, None where none does."""
    return next((remark for remark in _remarks() if set(remark.subjects) & set(subjects)), None)
