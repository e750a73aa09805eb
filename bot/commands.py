"""Commands: what a message asks of the conversation itself (上一步, 再说一遍). The words are data (``commands.yaml``)."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, RootModel

from knowledge.data import read_model
from knowledge.phrases import Phrases, checked

COMMANDS_FILE = Path(__file__).parent / "commands.yaml"

Name = Literal[
    "restart", "next", "another", "wrong", "back", "repeat", "help", "result", "proceed", "reasons", "why_asked",
    "meaning", "where", "page", "compare", "mine", "forget", "picture", "remind", "remind_no_more", "clients",
    "cross_out",
]

_PLEASE = re.compile(r"^(?:请|麻烦|那个?|那就|你|您|我想|我要|我得|想|要|能不能|可以|给我|帮我|先|再|快|好|行|嗯|,|，| )+")
_PARTICLE = re.compile(r"[吧呗啊呀呢嘛哈了的吗？?。.!！~～ ]+$")


_BREAK = re.compile(r"[:：,，。;； ]+")


class _File(RootModel[dict[Name, tuple[Annotated[str, AfterValidator(checked)], ...]]]):
    pass


@cache
def _commands() -> dict[Name, Phrases]:
    return {name: Phrases(words) for name, words in read_model(COMMANDS_FILE, _File).root.items()}


def command_in(said: str) -> Name | None:
    """The command that the message is, None where it is none."""
    bare = _PARTICLE.sub("", said)
    tried = dict.fromkeys((said, bare, _PLEASE.sub("", bare)))
    return next((name for name, words in _commands().items() if any(text in words for text in tried if text)), None)


def next_with(said: str) -> str:
    """What follows in a message that begins by going over to the next client (换一位 85 本溪); empty where it does not."""
    parts = _BREAK.split(said, maxsplit=1)
    return parts[1] if len(parts) == 2 and command_in(parts[0]) == "next" else ""
