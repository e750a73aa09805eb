"""What people say beside the matter: danger, fraud, thanks, goodbye. The words and the answers are data (``remarks.yaml``)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import RootModel

from knowledge.data import Record, read_model

REMARKS_FILE = Path(__file__).parent / "remarks.yaml"

QUESTION = "{question}"

_PARTICLES = "了啊呀呢吧哈哦。.!！~～ "


class Remark(Record):
    """Words, and what is answered to them."""

    words: tuple[str, ...]
    answer: str
    anywhere: bool = False
    unless: tuple[str, ...] = ()

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
            return any(word in said for word in self.words) and not any(word in said for word in self.unless)
        return said in self.words or said.rstrip(_PARTICLES) in self.words


class _File(RootModel[dict[str, Remark]]):
    pass


@cache
def _remarks() -> tuple[Remark, ...]:
    return tuple(read_model(REMARKS_FILE, _File).root.values())


def remark_in(said: str) -> Remark | None:
    """The first remark of the file that the message makes, None where it makes none."""
    return next((remark for remark in _remarks() if remark.meets(said)), None)
