"""Spoken forms: many ways of saying one thing, written as one pattern.

``(起|下)不(来|了)(床|炕)`` is eight phrases; an empty alternative, as in ``(都|)不能动``, may be left out. ``…`` stands for a
few characters that do not matter. A pattern is never written out into its phrases: there may be thousands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

GAP = "…"
WIDEST_GAP = 6
"""The characters that a gap may hold."""

_CHOICE = re.compile(r"\(([^()]*)\)|(…)")


@dataclass(frozen=True, slots=True)
class _Part:
    """One place of a pattern: what may stand there, and how long that may be; ``None`` is a gap."""

    words: frozenset[str] | None
    lengths: tuple[int, ...] = ()


class Match(NamedTuple):
    """Where a pattern ends, how many characters of its own it has up to there, and what stands in its gaps."""

    end: int
    own: int
    inner: str


class Pattern:
    """One pattern, ready to be matched."""

    __slots__ = ("_parts", "heads", "whole")

    def __init__(self, pattern: str) -> None:
        parts = [_part(piece) for piece in _pieces(pattern)]
        heads = [""]
        while parts and "" in heads and parts[0].words is not None:
            words = parts.pop(0).words or ()
            heads = [head + word for head in heads for word in words]
        self.heads = tuple(dict.fromkeys(heads))
        """What the pattern can begin with."""
        self._parts = tuple(parts)
        self.whole = not parts
        """Whether it is matched as soon as one of its heads is found."""

    def match(self, text: str, end: int, own: int) -> Match | None:
        """The match with the most characters of its own, once a head of ``own`` characters has been found before ``end``."""
        return _rest(text, end, own, "", self._parts, 0)

    def phrases(self) -> Iterator[str]:
        """Every phrase that the pattern stands for."""
        rest = [sorted(part.words) if part.words is not None else [GAP] for part in self._parts]
        yield from map("".join, product(self.heads, *rest))


DENIAL = re.compile(r"[不没未]|无(?!障碍)")
"""What turns the sense of a phrase when it stands in its gap: 医保……没交."""


class Phrases:
    """A set of phrases, written as patterns: whether a text is one of them, and none is denied within."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._by_head: dict[str, list[Pattern]] = {}
        for written in patterns:
            pattern = Pattern(written)
            for head in pattern.heads:
                self._by_head.setdefault(head, []).append(pattern)

    def __contains__(self, text: str) -> bool:
        return any(
            found is not None and found.end == len(text) and not DENIAL.search(found.inner)
            for length in range(1, len(text) + 1) for pattern in self._by_head.get(text[:length], ())
            if (found := pattern.match(text, length, length))
        )


def spoken(patterns: Iterable[str]) -> Iterator[str]:
    """Every phrase that the patterns stand for."""
    for pattern in patterns:
        yield from Pattern(pattern).phrases() if "(" in pattern else (pattern,)


def checked(pattern: str) -> str:
    """The pattern, where it can be read.

    Raises:
        ValueError: a bracket without its other half, or one within another, or nothing to begin with.
    """
    if set("()|") & set(_CHOICE.sub("", pattern)):
        raise ValueError(f"“{pattern}”的括号没有配对，写法是：(起|下)不来床")
    rest = pattern
    while (choice := _CHOICE.match(rest)) and choice[1] is not None and "" in choice[1].split("|"):
        rest = rest[choice.end():]
    if not rest or rest.startswith(GAP):
        raise ValueError(f"“{pattern}”不能以省略号开头，也不能空着")
    return pattern


def _pieces(pattern: str) -> Iterator[tuple[str, ...] | None]:
    """The places of the pattern: the words that may stand there, or None for a gap."""
    at = 0
    for found in _CHOICE.finditer(pattern):
        if found.start() > at:
            yield (pattern[at:found.start()],)
        yield tuple(found[1].split("|")) if found[1] is not None else None
        at = found.end()
    if at < len(pattern):
        yield (pattern[at:],)


def _part(words: tuple[str, ...] | None) -> _Part:
    return _Part(None) if words is None else _Part(frozenset(words), tuple(sorted({len(word) for word in words}, reverse=True)))


def _rest(text: str, at: int, own: int, inner: str, parts: tuple[_Part, ...], i: int) -> Match | None:
    """The best way to match the parts from the ``i``-th on."""
    if i == len(parts):
        return Match(at, own, inner)
    part = parts[i]
    best: Match | None = None
    if part.words is None and i == len(parts) - 1:
        end = min(len(text), at + WIDEST_GAP)
        return Match(end, own, inner + text[at:end])
    if part.words is None:
        for width in range(min(WIDEST_GAP, len(text) - at) + 1):
            found = _rest(text, at + width, own, inner + text[at:at + width], parts, i + 1)
            if found and (best is None or found.own > best.own):
                best = found
        return best
    for length in part.lengths:
        if text[at:at + length] in part.words and at + length <= len(text):
            found = _rest(text, at + length, own + length, inner, parts, i + 1)
            if found and (best is None or found.own > best.own):
                best = found
    return best
