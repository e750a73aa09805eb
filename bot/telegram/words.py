"""Words: what the channel says itself, and its commands (``wording.yaml`` of this room)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from knowledge.data import Record, read_model

WORDS_FILE = Path(__file__).parent / "wording.yaml"


class Command(Record):
    """A command of the menu."""

    menu: str
    says: str


class Words(Record):
    """The file."""

    words: dict[str, str]
    commands: dict[str, Command]
    adviser_commands: dict[str, Command]


@cache
def words() -> Words:
    """The words, read once."""
    return read_model(WORDS_FILE, Words)


def word(key: str, **values: object) -> str:
    """The sentence ``key`` with its places filled in."""
    return words().words[key].format(**values)


def meant(text: str) -> str:
    """What a message says to the conversation: a command stands for its words."""
    if not text.startswith("/"):
        return text
    name, _, rest = text[1:].partition(" ")
    command = {**words().commands, **words().adviser_commands}.get(name.partition("@")[0].lower())
    return f"{command.says} {rest}".strip() if command else text
