"""Lexicons: phrases with meanings, and how they are found in a text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from eligibility.facts import Scalar
from eligibility.phrases import GAP

Meaning = tuple[str, Scalar | None]
"""What a word stands for: a fact and its value, a role and an address, a place and its city."""

WIDEST_GAP = 4
"""The characters that a gap may hold (瘫…炕上)."""


@dataclass(frozen=True, slots=True)
class Found:
    """A word of the language at ``start``–``end`` of a text, with what it means; ``inner`` is what stands in its gaps."""

    start: int
    end: int
    meaning: Meaning
    inner: str = ""


class Lexicon:
    """Phrases with meanings, found in a text longest first and without overlap.

    A phrase is looked up by what stands before its first gap, so that tens of thousands of them cost little.
    """

    def __init__(self, entries: Iterable[tuple[str, Meaning]]) -> None:
        meanings: dict[str, Meaning] = {}
        for phrase, meaning in entries:
            meanings.setdefault(phrase, meaning)
        self.phrases = list(meanings)
        self._by_head: dict[str, list[tuple[tuple[str, ...], Meaning]]] = defaultdict(list)
        lengths: dict[str, set[int]] = defaultdict(set)
        for phrase, meaning in meanings.items():
            head, *rest = phrase.split(GAP)
            self._by_head[head].append((tuple(rest), meaning))
            lengths[head[0]].add(len(head))
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}

    def find(self, text: str) -> Iterator[Found]:
        """The phrases in the text, from left to right."""
        at = 0
        while at < len(text):
            found = self._at(text, at)
            if found:
                yield found
            at = found.end if found else at + 1

    def _at(self, text: str, start: int) -> Found | None:
        """The phrase at ``start`` with the most characters of its own."""
        best: Found | None = None
        most = 0
        for length in self._lengths.get(text[start], ()):
            end = start + length
            if end > len(text):
                continue
            for rest, meaning in self._by_head.get(text[start:end], ()):
                found = _rest(text, start, end, rest, meaning)
                own = found.end - found.start - len(found.inner) if found else 0
                if own > most:
                    best, most = found, own
        return best


def _rest(text: str, start: int, end: int, parts: tuple[str, ...], meaning: Meaning) -> Found | None:
    """The phrase whose head ends at ``end``, if its other parts follow, each after a gap at the most."""
    inner = ""
    for part in parts:
        at = text.find(part, end, end + WIDEST_GAP + len(part))
        if at < 0:
            return None
        inner += text[end:at]
        end = at + len(part)
    return Found(start, end, meaning, inner)
