"""Columns of a roster: which holds which fact, told by its header (``headers.yaml``) or by a mapping of the user's own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import RootModel

from eligibility.facts import Vocabulary
from knowledge.data import Record, read_model
from knowledge.spelling import normal

HEADERS_FILE = Path(__file__).parent / "headers.yaml"

ID, COMMUNITY, IGNORED = "id", "community", "-"
"""What a column can be besides a fact: in a mapping file, too."""

_BRACKETS = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]|[\s*:：_]+")


class RosterError(Exception):
    """The roster as a whole cannot be screened; the text says why in one sentence."""


class Headers(Record):
    """``headers.yaml``."""

    facts: dict[str, tuple[str, ...]]
    id: tuple[str, ...]
    community: tuple[str, ...]
    positive: frozenset[str]
    negative: frozenset[str]
    blank: frozenset[str]


class _Mapping(RootModel[dict[str, str]]):
    """A mapping file: header: fact, ``id``, ``community`` or ``-`` (leave it out)."""


@dataclass(frozen=True)
class Columns:
    """Which column is which; ``kept`` are passed through untouched, ``unread`` mean nothing to us."""

    id: str
    facts: Mapping[str, str]
    community: str | None
    kept: tuple[str, ...]
    unread: tuple[str, ...]

    def used(self) -> tuple[str, ...]:
        """Every column that is looked at, once."""
        some = (self.id, *([self.community] if self.community else []), *self.facts.values(), *self.kept)
        return tuple(dict.fromkeys(some))


@cache
def headers() -> Headers:
    """The headers that ship."""
    return read_model(HEADERS_FILE, Headers)


def read_mapping(file: Path) -> dict[str, str]:
    """A mapping file (YAML); raises :class:`~knowledge.data.DataError` where it cannot be read."""
    return read_model(file, _Mapping).root


def find_columns(
    found: Sequence[str], vocabulary: Vocabulary, mapping: Mapping[str, str] | None = None, keep: Iterable[str] = (),
) -> Columns:
    """Which of the columns ``found`` is which.

    Args:
        found: the headers of the roster.
        vocabulary: the facts.
        mapping: header → what it is, where the words of ``headers.yaml`` do not tell.
        keep: columns to pass through.

    Raises:
        RosterError: no id, no fact, two columns for one, or one that was named is not there.
    """
    mapping = mapping or {}
    for header in (*mapping, *keep):
        if header not in found:
            raise RosterError(f"名册里没有“{header}”这一列，有的是：{'、'.join(found)}")
    for meant in mapping.values():
        if meant not in (ID, COMMUNITY, IGNORED) and meant not in vocabulary.facts:
            raise RosterError(f"对照表里的“{meant}”不是事实的名字，也不是 id、community 或 -")
    known = _known(vocabulary)
    columns: dict[str, str] = {}
    for header in found:
        meant = mapping.get(header) or known.get(_plain(header), IGNORED)
        if meant == IGNORED or (meant in mapping.values() and header not in mapping):
            continue
        if meant in columns:
            raise RosterError(f"“{columns[meant]}”和“{header}”这两列说的是一回事（{meant}），用对照表说明用哪一列")
        columns[meant] = header
    facts = {meant: header for meant, header in columns.items() if meant not in (ID, COMMUNITY)}
    if ID not in columns:
        raise RosterError("名册里没有编号这一列（id、编号、序号……），每个人要有一个不重复的编号")
    if not facts:
        raise RosterError(f"名册里没有一列看得懂，表头要像这样：{'、'.join(names[0] for names in headers().facts.values())}")
    unread = tuple(header for header in found if header not in columns.values() and header not in keep)
    return Columns(columns[ID], facts, columns.get(COMMUNITY), tuple(keep), unread)


@cache
def _known(vocabulary: Vocabulary) -> dict[str, str]:
    """Every header that is known, with what it is."""
    names = headers()
    known = {_plain(name): fact for fact, words in names.facts.items() for name in words}
    for name, fact in vocabulary.facts.items():
        known |= {_plain(name): name, _plain(fact.title): name}
    return known | {_plain(name): ID for name in names.id} | {_plain(name): COMMUNITY for name in names.community}


def _plain(header: str) -> str:
    return _BRACKETS.sub("", normal(header)).lower()
