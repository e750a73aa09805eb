"""The index of one city's passages: how well each fits a question's words, and how much it is about what is asked.

Words count by BM25 over characters, their pairs and the domain's terms; raw scores are added, not ranks.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache

from knowledge.passages import Passage, passages
from knowledge.thesaurus import Subject, thesaurus
from knowledge.words import occurrences, tokens

K1, B = 1.2, 0.75

TITLE_WEIGHT = 3
"""The words of an item's name say what the item is about: they count so often."""

SUBJECT_WEIGHT = 6.0
"""A passage about what is asked, against one that only uses the question's words."""

SURE = 0.25
"""What counts at least of a subject that is only hinted at, beside one that is named at length."""

GROUP_WEIGHT = 0.3
"""Whom a question is about tells less than what it asks."""

NAMED, LED, HELD, HEADED, TOLD = 1.0, 0.8, 0.6, 0.5, 0.4
"""How much a passage is about a subject.

That is by where it mentions the subject first: an item in its name, a paragraph in its first sentence, an item in another
cell, a paragraph in its heading or somewhere else.
"""

MORE_TERMS = 0.2
"""For every other term of the subject that the passage holds."""

LEAD = 40
"""So many characters at the most say what a paragraph is about before it says it."""

BACKGROUND_WEIGHT = 0.6
"""For a passage that only says in what spirit something is done."""

ANNEX_WEIGHT = 0.45
"""For an item of an annex, which says what is reported on, and not what is so."""

ITEM_WEIGHT = 1.15
"""For an item of a list: it says what a person gets, where a paragraph says what offices do."""

CONCRETE_WEIGHT = 1.15
"""For a passage with sums, ages or rates, where the question asks what something comes to."""

BESIDE_WEIGHT = 0.5
"""For a passage about nothing that is asked, where others are about it."""

LONG_QUESTION = 30
"""In a longer message most words tell a story; they count less than what the message is about."""

MOST_ABSENT = 4096
"""So many tokens are known to stand nowhere."""

_LEAD = re.compile(rf"[^。；;：:]{{1,{LEAD}}}")
_SUM = re.compile(r"[0-9]+(?:元|%|周岁|平方米|次)|免费|减半|半价|免收|免门票")
_ANNEX = "附件"


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
        self._absent: set[str] = set()
        self._about: dict[str, dict[int, float]] = {}
        self._weights = [_weight(passage) for passage in documents]
        self._concrete = [CONCRETE_WEIGHT if _SUM.search(passage.piece.text) else 1.0 for passage in documents]

    def postings(self, token: str) -> list[tuple[int, float]]:
        """The passages (by place) that hold the token, each with its BM25 weight."""
        found = self._postings.get(token)
        if found is None:
            found = [] if token in self._absent else self._weigh(token)
            if found:
                self._postings[token] = found
            else:  # questions may hold anything: of what stands nowhere not all is kept
                if len(self._absent) >= MOST_ABSENT:
                    self._absent.clear()
                self._absent.add(token)
        return found

    def about(self, name: str) -> dict[int, float]:
        """The passages (by place) about a subject, each with how much it is; rarer subjects tell more."""
        if name not in self._about:
            subject = thesaurus().subjects[name]
            shares = {i: share for i, passage in enumerate(self.passages) if (share := _share(subject, passage))}
            rarity = math.log(1 + len(self.passages) / (len(shares) or 1))
            self._about[name] = {i: share * rarity for i, share in shares.items()}
        return self._about[name]

    def search(self, text: str, subjects: Mapping[str, int], amount: bool = False) -> list[tuple[int, float]]:
        """The passages by place, the best first, each with its score.

        Args:
            text: a question, its misspelt terms put right.
            subjects: what it is about, each with how strongly it says so.
            amount: it asks what something comes to.
        """
        scores: dict[int, float] = defaultdict(float)
        story = min(1.0, LONG_QUESTION / max(len(text), 1))
        for token in dict.fromkeys(tokens(text)):
            factor = 0 if thesaurus().is_common(token) else 1 if token.isascii() else story
            for i, weight in self.postings(token) if factor else ():
                scores[i] += weight * factor
        strongest = max(subjects.values(), default=1)
        for name, told in subjects.items():
            weight = SUBJECT_WEIGHT * (GROUP_WEIGHT if thesaurus().subjects[name].group else 1)
            weight *= SURE + (1 - SURE) * told / strongest
            for i, share in self.about(name).items():
                scores[i] += weight * share
        asked = [self.about(name) for name in subjects if not thesaurus().subjects[name].group]
        beside = {i: BESIDE_WEIGHT for i in scores if any(asked) and not any(i in about for about in asked)}
        concrete = self._concrete if amount else [1.0] * len(self.passages)
        ranked = ((i, score * self._weights[i] * beside.get(i, 1) * concrete[i]) for i, score in scores.items())
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
    held = subject.held_by(f"{passage.title}\n{piece.text}")
    return _place(subject, passage) * (1 + MORE_TERMS * (held - 1)) if held else 0.0


def _place(subject: Subject, passage: Passage) -> float:
    """The share by where the passage first mentions the subject."""
    piece = passage.piece
    if piece.row:
        return NAMED if subject.stands_in(piece.row.name) else HELD
    lead = _LEAD.match(piece.text)
    if lead and subject.stands_in(lead.group()):
        return LED
    return HEADED if subject.stands_in(passage.title) else TOLD


def _weight(passage: Passage) -> float:
    if passage.piece.section.startswith(_ANNEX):
        return ANNEX_WEIGHT
    if passage.piece.section == "引言" or any(word in passage.title for word in thesaurus().background):
        return BACKGROUND_WEIGHT
    return ITEM_WEIGHT if passage.piece.row else 1.0


@cache
def index(city: str) -> Index:
    """The index of one city's documents: another city's never answer for it, nor weigh its words."""
    return Index(passages(city))
