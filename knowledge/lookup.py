"""Look-up: a question in, the passages that answer it out – or the finding that none does.

Two things are added up for every passage of a city: how well its words fit the question's (BM25 over characters, their pairs
and the domain's terms), and how much it is about what the thesaurus says the question is about. The thesaurus also tells when
there is no answer: the question is about something that no document, or none of this city, treats.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from knowledge.passages import Passage, passages
from knowledge.thesaurus import Subject, thesaurus
from knowledge.words import occurrences, tokens

K1, B = 1.2, 0.75

TITLE_WEIGHT = 3
"""The words of an item's name say what the item is about: they count so often."""

SUBJECT_WEIGHT = 6.0
"""A passage about what is asked, against one that only uses the question's words."""

GROUP_WEIGHT = 0.3
"""Whom a question is about tells less than what it asks."""

NAMED, LED, HEADED, TOLD = 1.0, 0.8, 0.5, 0.4
"""How much a passage is about a subject that its name, its first sentence, its heading or the rest of it mentions."""

LEAD = 40
"""So many characters at the most say what a paragraph is about before it says it."""

BACKGROUND_WEIGHT = 0.6
"""For a passage that only says in what spirit something is done."""

CONCRETE_WEIGHT = 1.15
"""For a passage with sums, ages or rates, where the question asks what something comes to."""

LONG_QUESTION = 30
"""In a longer message most words tell a story; they count less than what the message is about."""

COVERED = 0.5
"""A question whose rare words stand in one passage by this share is answered by it, whatever the thesaurus knows."""

_LEAD = re.compile(rf"[^。；;：:]{{1,{LEAD}}}")
_SUM = re.compile(r"[0-9]+(?:元|%|周岁|平方米|次)|免费|减半|半价|免收|免门票")
_ANNEX = "附件"


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, and its score (comparable within one search only)."""

    passage: Passage
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to.

    Attributes:
        hits: the passages, the best first; empty where nothing fits at all.
        answered: the first of them is about what was asked.
        absent: what was asked about and no passage of the city treats.
        outside: what was asked about and policy texts on the aged never treat.
        particulars: what the question wants to know that no such text says.
    """

    hits: tuple[Hit, ...]
    answered: bool
    absent: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    particulars: tuple[str, ...] = ()


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
        self._about: dict[str, dict[int, float]] = {}
        self._weights = [_weight(passage) for passage in documents]
        self._concrete = [CONCRETE_WEIGHT if _SUM.search(passage.piece.text) else 1 for passage in documents]

    def postings(self, token: str) -> list[tuple[int, float]]:
        """The passages (by place) that hold the token, each with its BM25 weight."""
        found = self._postings.get(token)
        if found is None:
            found = self._weigh(token)
            if found:  # what stands nowhere is not kept: questions may hold anything
                self._postings[token] = found
        return found

    def about(self, name: str) -> dict[int, float]:
        """The passages (by place) about a subject, each with how much it is; rarer subjects tell more."""
        if name not in self._about:
            subject = thesaurus().subjects[name]
            shares = {i: share for i, passage in enumerate(self.passages) if (share := _share(subject, passage))}
            rarity = math.log(1 + len(self.passages) / (len(shares) or 1))
            self._about[name] = {i: share * rarity for i, share in shares.items()}
        return self._about[name]

    def search(self, text: str, subjects: Sequence[str], amount: bool = False) -> list[tuple[int, float]]:
        """The passages by place, the best first, each with its score.

        Args:
            text: a question, its misspelt terms put right.
            subjects: what it is about.
            amount: it asks what something comes to.
        """
        scores: dict[int, float] = defaultdict(float)
        story = min(1.0, LONG_QUESTION / max(len(text), 1))
        for token in dict.fromkeys(tokens(text)):
            for i, weight in self.postings(token):
                scores[i] += weight * story
        for name in subjects:
            group = GROUP_WEIGHT if thesaurus().subjects[name].group else 1
            for i, share in self.about(name).items():
                scores[i] += SUBJECT_WEIGHT * share * group
        ranked = ((i, score * self._weights[i] * (self._concrete[i] if amount else 1)) for i, score in scores.items())
        return sorted(ranked, key=lambda item: (-item[1], item[0]))

    def covered(self, text: str, place: int) -> float:
        """Which share of the question's rare words, from 0 to 1, stands in a passage."""
        asked = {token for token in tokens(text) if len(token) > 1}
        most = math.log(1 + 2 * len(self._texts))
        whole = held = 0.0
        for token in asked:
            found = self.postings(token)
            rarity = math.log(1 + (len(self._texts) - len(found) + 0.5) / (len(found) + 0.5)) if found else most
            whole += rarity
            held += rarity if token in self._texts[place] else 0
        return held / whole if whole else 0.0

    def _weigh(self, token: str) -> list[tuple[int, float]]:
        times = [(i, occurrences(token, text)) for i, text in enumerate(self._texts) if token in text]
        holding = [(i, n) for i, n in times if n]
        rarity = math.log(1 + (len(self._texts) - len(holding) + 0.5) / (len(holding) + 0.5)) * (K1 + 1)
        return [(i, rarity * n / (n + self._damping[i])) for i, n in holding]


def _share(subject: Subject, passage: Passage) -> float:
    """How much a passage is about a subject."""
    piece = passage.piece
    if not subject.stands_in(f"{passage.title}\n{piece.text}"):
        return 0.0
    if piece.row:
        return NAMED if subject.stands_in(piece.row.name) else TOLD
    lead = _LEAD.match(piece.text)
    if lead and subject.stands_in(lead.group()):
        return LED
    return HEADED if subject.stands_in(passage.title) else TOLD


def _weight(passage: Passage) -> float:
    background = passage.piece.section in ("", "引言") or any(word in passage.title for word in thesaurus().background)
    return BACKGROUND_WEIGHT if background or passage.piece.section.startswith(_ANNEX) else 1.0


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
    words, place = thesaurus(), index(city)
    text = words.repaired(query)
    asked = words.subjects_of(text)
    ranked = place.search(text, list(asked), words.asks_amount(text))
    subjects = [name for name in asked if not words.subjects[name].group]
    treated = [name for name in subjects if place.about(name)]
    outside = tuple(words.outside_of(text))
    best = ranked[0][0] if ranked else None
    about = best is not None and any(best in place.about(name) for name in treated)
    covered = best is not None and place.covered(text, best) >= COVERED
    return Found(
        hits=tuple(Hit(place.passages[i], round(score, 3)) for i, score in ranked[:top]),
        answered=(about and not outside) or covered,
        absent=tuple(name for name in subjects if not place.about(name)),
        outside=outside,
        particulars=tuple(words.particulars_of(text)),
    )
