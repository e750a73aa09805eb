"""Lexicons: phrases with meanings, and how they are found in a text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from eligibility.facts import Scalar
from eligibility.phrases import Pattern

Meaning = tuple[str, Scalar | None]
"""What a word stands for: a fact and its value, a role and an address, a place and its city."""


@dataclass(frozen=True, slots=True)
class Found:
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
        at = 0
        while at < len(text):
            found = next(iter(self._at(text, at).values()), None)
            if found:
                yield found
            at = found.end if found else at + 1

    def find_each(self, text: str) -> Iterator[Found]:
        """The phrases in the text; those of different facts may overlap (在敬老院集中供养), of one fact the longer counts."""
        every = [pair for at in range(len(text)) for pair in self._at(text, at, apart=True).items()]
        chosen: list[tuple[str, Found]] = []
        for name, found in sorted(every, key=lambda one: -one[1].own):
            if all(name != other or found.end <= kept.start or kept.end <= found.start for other, kept in chosen):
                chosen.append((name, found))
        yield from sorted((found for _, found in chosen), key=lambda found: found.start)

    def phrases(self) -> Iterator[str]:
        """Every phrase."""
        for head, entries in self._by_head.items():
            for pattern, _ in entries:
                if pattern.heads[0] == head:
                    yield from pattern.phrases()

    def _at(self, text: str, start: int, apart: bool = False) -> dict[str, Found]:
        """The phrase at ``start`` with the most characters of its own, of several the first; ``apart`` that of every fact."""
        best: dict[str, Found] = {}
        most: dict[str, int] = {}
        for length in self._lengths.get(text[start], ()):
            end = start + length
            for pattern, meaning in self._by_head.get(text[start:end], ()) if end <= len(text) else ():
                match = pattern.match(text, end, length)
                name = meaning[0] if apart else ""
                if match and match.own > most.get(name, 0):
                    best[name], most[name] = Found(start, match.end, meaning, match.inner), match.own
        return best
