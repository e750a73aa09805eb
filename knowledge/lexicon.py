"""Lexicons: phrases with meanings, and how they are found in a text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from knowledge.phrases import Pattern

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
        self._by_head: dict[str, list[tuple[Pattern, Meaning]]] = defaultdict(list)
        lengths: dict[str, set[int]] = defaultdict(set)
        for written, meaning in entries:
            pattern = Pattern(written)
            for head in pattern.heads:
                self._by_head[head].append((pattern, meaning))
                lengths[head[0]].add(len(head))
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}

    def find(self, text: str) -> Iterator[Found]:
        """The phrases in the text, from left to right."""
        end = 0
        for at, character in enumerate(text):
            if at >= end and character in self._lengths:
                found = max(self._at(text, at), key=_own, default=None)
                if found:
                    end = found.end
                    yield found

    def every(self, text: str) -> Iterator[Found]:
        """Every phrase in the text, whatever it overlaps."""
        lengths = self._lengths
        return chain.from_iterable([self._at(text, at) for at, character in enumerate(text) if character in lengths])

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

    def _at(self, text: str, start: int) -> Iterator[Found]:
        """The phrases at ``start``, those that were written first before others of their length."""
        heads, longest = self._by_head, len(text) - start
        entries = [
            (length, heads[head]) for length in self._lengths[text[start]]
            if length <= longest and (head := text[start:start + length]) in heads
        ]
        for length, patterns in entries:
            for pattern, meaning in patterns:
                match = pattern.match(text, start + length, length)
                if match:
                    yield Found(start, match.end, meaning, match.inner)


def _own(found: Found) -> int:
    return found.own
