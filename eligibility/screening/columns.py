"""Columns of a roster: which holds which fact, told by its header (``headers.yaml``) or by a mapping of the user's own."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from pydantic import RootModel

from eligibility.facts import Scalar, Vocabulary
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
    one_value: dict[str, tuple[str, ...]]
    id: tuple[str, ...]
    community: tuple[str, ...]
    running: frozenset[str]
    old_calendar: tuple[str, ...]
    total: frozenset[str]
    positive: frozenset[str]
    negative: frozenset[str]
    blank: frozenset[str]


class _Mapping(RootModel[dict[str, str]]):
    """A mapping file: header: fact, ``fact=value`` (是 means the value), ``id``, ``community`` or ``-`` (leave it out)."""


@dataclass(frozen=True)
class Column:
    """A column that says a fact.

    Attributes:
        header: what it is called.
        fact: which.
        value: what 是 in it means, where it is about one value (是否低保).
        old: ages are counted, and days written, the old way (虚岁, 农历).
    """

    header: str
    fact: str
    value: Scalar | None = None
    old: bool = False


@dataclass(frozen=True)
class Columns:
    """Which column is which; ``kept`` are passed through untouched, ``unread`` mean nothing to us.

    ``running``: the id is a running number, which may be another person's next month.
    """

    id: str
    facts: tuple[Column, ...]
    community: str | None
    kept: tuple[str, ...]
    unread: tuple[str, ...]
    running: bool = False

    def telling(self, facts: Collection[str]) -> tuple[int, ...]:
        """The places in :attr:`facts` of the columns that say one of ``facts``."""
        return tuple(i for i, column in enumerate(self.facts) if column.fact in facts)

    def used(self) -> tuple[str, ...]:
        """Every column that is looked at, once."""
        some = (self.id, *([self.community] if self.community else []), *(column.header for column in self.facts), *self.kept)
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
        RosterError: no id, no fact, a header that stands there twice, or one that was named is not there.
    """
    mapping, keep = mapping or {}, tuple(dict.fromkeys(keep))
    for header in (*mapping, *keep):
        if header not in found:
            raise RosterError(f"名册里没有“{header}”这一列，有的是：{_quoted(found, vocabulary)}")
    known = _known(vocabulary)
    meant = {header: mapping.get(header) or known.get(_plain(header), IGNORED) for header in found}
    others = (ID, COMMUNITY, IGNORED)
    facts = tuple(_column(header, meaning, vocabulary) for header, meaning in meant.items() if meaning not in others)
    key = _one_of(ID, meant, mapping, headers().id)
    if key is None:
        raise RosterError("名册里没有编号这一列（id、编号、序号……），每个人要有一个不重复的编号")
    if not facts:
        raise RosterError(f"名册里没有一列看得懂，表头要像这样：{'、'.join(names[0] for names in headers().facts.values())}")
    community = _one_of(COMMUNITY, meant, mapping, headers().community)
    columns = Columns(key, facts, community, keep, (), _plain(key) in headers().running)
    folded = [header.casefold() for header in found]
    for header in columns.used():
        if folded.count(header.casefold()) > 1:
            raise RosterError(f"名册里有两列都叫“{header}”")
    return replace(columns, unread=tuple(header for header in found if header and header not in columns.used()))


def _column(header: str, meaning: str, vocabulary: Vocabulary) -> Column:
    fact, _, value = _known(vocabulary).get(_plain(meaning), meaning).partition("=")
    if fact not in vocabulary.facts:
        fact = _known(vocabulary).get(_plain(fact), fact)
    if fact not in vocabulary.facts:
        raise RosterError(f"对照表里的“{meaning}”不是事实的名字，也不是 id、community 或 -")
    options: dict[str, Scalar] = {}
    for one, option in vocabulary.facts[fact].options.items():
        options |= {str(one): one, option.label: one, option.plain: one}
    if value and value not in options:
        raise RosterError(f"对照表里的“{meaning}”：{fact} 没有 {value} 这个值，有的是：{'、'.join(options)}")
    return Column(header, fact, options.get(value), any(word in header for word in headers().old_calendar))


def _one_of(what: str, meant: Mapping[str, str], mapping: Mapping[str, str], names: Sequence[str]) -> str | None:
    """The column that is ``what``: as the mapping says, or else the one whose name stands first among ``names``."""
    found = [header for header, meaning in meant.items() if meaning == what]
    plain = [_plain(name) for name in names]
    return min(found, key=lambda header: -1 if header in mapping else plain.index(_plain(header)), default=None)


def _quoted(found: Sequence[str], vocabulary: Vocabulary) -> str:
    """The headers; where none is known they are none, but somebody."""
    known = any(_plain(header) in _known(vocabulary) for header in found)
    return "、".join(filter(None, found)) if known else "（不像表头，不列出来）"


Likeness = Callable[[Sequence[str]], tuple[bool, int]]
"""How much the cells of a line look like headers: whether one of them is an id, and how many are known."""


def likeness(vocabulary: Vocabulary, mapping: Mapping[str, str]) -> Likeness:
    """Tells headers from titles above them, and from people below, whose cells may be words that are headers, too (低保)."""
    known = _known(vocabulary)

    def like(names: Sequence[str]) -> tuple[bool, int]:
        meant = [mapping.get(name) or known.get(_plain(name)) for name in names]
        return ID in meant, sum(meaning is not None for meaning in meant)

    return like


@cache
def _known(vocabulary: Vocabulary) -> dict[str, str]:
    """Every header that is known, with what it is."""
    names = headers()
    told = names.facts | names.one_value
    known = {_plain(name): meaning for meaning, words in told.items() for name in words}
    known |= {_plain(name): name for name in vocabulary.facts}
    return known | {_plain(name): ID for name in names.id} | {_plain(name): COMMUNITY for name in names.community}


def _plain(header: str) -> str:
    return _BRACKETS.sub("", normal(header)).lower()
