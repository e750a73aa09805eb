"""Look-up: a question in, the passages that answer it out. BM25 over characters, their pairs and the domain's terms."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from knowledge.passages import Passage, passages
from knowledge.words import expanded, occurrences, terms_in, tokens

K1, B = 1.2, 0.75

SYNONYM_WEIGHT = 0.8
"""A word that the person did not say herself counts a little less than one she did."""

TITLE_WEIGHT = 3
"""The words of an item's name say what the item is about: they count so often."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, and its score (comparable within one search only)."""

    passage: Passage
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to: ``on_topic`` says whether the question is about something that the documents treat."""

    hits: tuple[Hit, ...]
    on_topic: bool


class Index:
    """An inverted index that grows with the questions: a token's postings are worked out when it is first asked for.

    A program that answers one question then reads the texts for some twenty tokens and not for all of them.
    """

    def __init__(self, documents: Sequence[Passage]) -> None:
        self.passages = tuple(documents)
        self._texts = [f"{(passage.title + ' ') * TITLE_WEIGHT}{passage.piece.text}".lower() for passage in documents]
        average = sum(map(len, self._texts)) / max(len(documents), 1) or 1
        self._damping = [K1 * (1 - B + B * len(text) / average) for text in self._texts]
        self._postings: dict[str, list[tuple[int, float]]] = {}

    def postings(self, token: str) -> list[tuple[int, float]]:
        """The passages (by place) that hold the token, each with its BM25 weight."""
        found = self._postings.get(token)
        if found is None:
            found = self._weigh(token)
            if found:  # what stands nowhere is not kept: questions may hold anything
                self._postings[token] = found
        return found

    def _weigh(self, token: str) -> list[tuple[int, float]]:
        times = [(i, occurrences(token, text)) for i, text in enumerate(self._texts) if token in text]
        holding = [(i, n) for i, n in times if n]
        rarity = math.log(1 + (len(self._texts) - len(holding) + 0.5) / (len(holding) + 0.5)) * (K1 + 1)
        return [(i, rarity * n / (n + self._damping[i])) for i, n in holding]

    def search(self, query: str, top: int = 3) -> list[Hit]:
        """The ``top`` best passages, the best first."""
        scores: dict[int, float] = defaultdict(float)
        asked: dict[str, float] = dict.fromkeys(tokens(query), 1.0)
        for word in expanded(query):
            for token in tokens(word):
                asked.setdefault(token, SYNONYM_WEIGHT)
        for token, factor in asked.items():
            for i, weight in self.postings(token):
                scores[i] += factor * weight
        ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:top]
        return [Hit(self.passages[i], round(score, 3)) for i, score in ranked]


@cache
def index(city: str) -> Index:
    """The index of one city's documents: another city's never answer for it, nor weigh its words."""
    return Index(passages(city))


def look_up(query: str, city: str, top: int = 3) -> Found:
    """Search the documents of a city.

    Args:
        query: a question as a person puts it.
        city: its id.
        top: so many hits at the most.
    """
    hits = index(city).search(query, top)
    topics = {*terms_in(query), *expanded(query)}
    on_topic = any(topic in hit.passage.piece.text or topic in hit.passage.title for hit in hits for topic in topics)
    return Found(tuple(hits), on_topic)
