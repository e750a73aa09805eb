"""Lexicons: phrases with meanings, and how they are found in a text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from eligibility.facts import Scalar

Meaning = tuple[str, Scalar | None]
"""What a word stands for: a fact and its value, a role and an address, a place and its city."""


@dataclass(frozen=True, slots=True)
class Found:
    """A word of the language at ``start``–``end`` of a text, with what it means."""

    start: int
    end: int
    meaning: Meaning


GAP = "…"
"""In a phrase: a few characters that do not matter (瘫…炕上)."""

_GAP_PATTERN = "[^，。]{0,4}?"


class Lexicon:
    """Phrases with meanings, found in a text longest first and without overlap.

    At each place only the phrases that begin with the character there are tried, so that thousands of them cost little.
    """

    def __init__(self, entries: Iterable[tuple[str, Meaning]]) -> None:
        meanings: dict[str, Meaning] = {}
        for phrase, meaning in entries:
            meanings.setdefault(phrase, meaning)
        self.phrases = sorted(meanings, key=lambda phrase: (-len(phrase.replace(GAP, "")), phrase))
        self._by_first: dict[str, list[tuple[str, re.Pattern[str] | None, Meaning]]] = defaultdict(list)
        for phrase in self.phrases:
            pattern = re.compile(_GAP_PATTERN.join(map(re.escape, phrase.split(GAP)))) if GAP in phrase else None
            self._by_first[phrase[0]].append((phrase, pattern, meanings[phrase]))

    def find(self, text: str) -> Iterator[Found]:
        """The phrases in the text, from left to right."""
        at = 0
        while at < len(text):
            found = self._at(text, at)
            if found:
                yield found
            at = found.end if found else at + 1

    def _at(self, text: str, start: int) -> Found | None:
        for phrase, pattern, meaning in self._by_first.get(text[start], ()):
            if pattern is None:
                if text.startswith(phrase, start):
                    return Found(start, start + len(phrase), meaning)
            elif match := pattern.match(text, start):
                return Found(start, match.end(), meaning)
        return None
