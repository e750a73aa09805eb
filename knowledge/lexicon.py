"""Lexicons: phrases with meanings, and how they are found in a text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from knowledge.phrases import Pattern

MOST_REMEMBERED = 64
"""What stands in the last so many texts is kept."""

PREFIX = 2
"""The characters by which a lexicon is opened."""

Meaning = tuple[str, bool | int | str | None]
"""What a word stands for: a fact and its value, a role and an address, a place and its city."""


class Found(NamedTuple):
    """A word of the language at ``start``–``end`` of a text, with what it means; ``inner`` is what stands in its gaps."""

    start: int
    end: int
    meaning: Meaning
    inner: str = ""

    @property
    def own(self) -> int:
        """How many of its characters stand outside its gaps."""
        return self.end - self.start - len(self.inner)


class Lexicon:
    """Phrases with meanings, written as patterns, found in a text longest first and without overlap.

    A pattern is looked up by what it begins with, so that tens of thousands of phrases cost little.
    """

    def __init__(self, entries: Iterable[tuple[str, Meaning]]) -> None:
        self._by_head: dict[str, list[tuple[Pattern, Meaning]]] = {}
        lengths: dict[str, set[int]] = defaultdict(set)
        for written, meaning in entries:
            pattern = Pattern(written)
            for head in pattern.heads:
                self._by_head.setdefault(head, []).append((pattern, meaning))
                lengths[head[:PREFIX]].add(len(head))
        self._lengths = {
            prefix: sorted(found | lengths.get(prefix[0], set()), reverse=True) for prefix, found in tuple(lengths.items())
        }
        # A message is read clause by clause, and each clause looked at from several sides: often it is the same text again.
        self._every = lru_cache(MOST_REMEMBERED)(self._every_in)
        self._found = lru_cache(MOST_REMEMBERED)(self._found_in)

    def find(self, text: str) -> Iterator[Found]:
        """The phrases in the text, from left to right."""
        return iter(self._found(text))

    def every(self, text: str) -> Iterator[Found]:
        """Every phrase in the text, whatever it overlaps."""
        return iter(self._every(text))

    def find_each(self, text: str) -> Iterator[Found]:
        """The phrases in the text; those of different facts may overlap (在敬老院集中供养), of one fact the longer counts."""
        chosen: list[Found] = []
        for found in sorted(self.every(text), key=_own, reverse=True):
            if all(
                found.meaning[0] != kept.meaning[0] or found.end <= kept.start or kept.end <= found.start for kept in chosen
            ):
                chosen.append(found)
        yield from sorted(chosen, key=lambda found: found.start)

    def phrases(self) -> Iterator[str]:
        """Every phrase."""
        for head, entries in self._by_head.items():
            for pattern, _ in entries:
                if pattern.heads[0] == head:
                    yield from pattern.phrases()

    def _found_in(self, text: str) -> tuple[Found, ...]:
        chosen: list[Found] = []
        for at, lengths in self._beginnings(text):
            if (not chosen or at >= chosen[-1].end) and (matched := self._at(text, at, lengths)):
                chosen.append(max(matched, key=_own))
        return tuple(chosen)

    def _every_in(self, text: str) -> tuple[Found, ...]:
        return tuple(chain.from_iterable([self._at(text, at, lengths) for at, lengths in self._beginnings(text)]))

    def _beginnings(self, text: str) -> list[tuple[int, list[int]]]:
        """Where a phrase may begin, and how long its head may be: few places, told by two characters."""
        by_prefix = self._lengths
        return [
            (at, lengths) for at, character in enumerate(text)
            if (lengths := by_prefix.get(text[at:at + PREFIX]) or by_prefix.get(character))
        ]

    def _at(self, text: str, start: int, lengths: list[int]) -> list[Found]:
        """The phrases at ``start``, those that were written first before others of their length."""
        found, by_head = [], self._by_head
        for length in lengths:
            end = start + length
            # At the end of a text a cut is shorter than asked for, and would be another head's: it is found in its turn.
            for pattern, meaning in by_head.get(text[start:end], ()) if end <= len(text) else ():
                if pattern.whole:
                    found.append(Found(start, end, meaning))
                elif match := pattern.match(text, end, length):
                    found.append(Found(start, match.end, meaning, match.inner))
        return found


def _own(found: Found) -> int:
    return found.own
