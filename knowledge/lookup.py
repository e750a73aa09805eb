"""Look-up: a question in, the passages that answer it out. BM25 over characters, their pairs and the domain's terms."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from knowledge.passages import Passage, passages
from knowledge.words import expanded, passage_tokens, terms_in, tokens

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
    """An inverted index with BM25 weights worked out beforehand."""

    def __init__(self, documents: Sequence[Passage]) -> None:
        self.passages = tuple(documents)
        texts = (f"{(passage.title + ' ') * TITLE_WEIGHT}{passage.piece.text}" for passage in documents)
        counts = [Counter(passage_tokens(text)) for text in texts]
        lengths = [count.total() for count in counts]
        average = sum(lengths) / max(len(lengths), 1) or 1
        frequency = Counter(token for count in counts for token in count)
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        rarity = {token: math.log(1 + (len(counts) - n + 0.5) / (n + 0.5)) * (K1 + 1) for token, n in frequency.items()}
        for i, (count, length) in enumerate(zip(counts, lengths, strict=True)):
            damping = K1 * (1 - B + B * length / average)
            for token, times in count.items():
                self._postings[token].append((i, rarity[token] * times / (times + damping)))

    def search(self, query: str, top: int = 3) -> list[Hit]:
        """The ``top`` best passages, the best first."""
        scores: dict[int, float] = defaultdict(float)
        asked: dict[str, float] = dict.fromkeys(tokens(query), 1.0)
        for word in expanded(query):
            for token in tokens(word):
                asked.setdefault(token, SYNONYM_WEIGHT)
        for token, factor in asked.items():
            for i, weight in self._postings.get(token, ()):
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
