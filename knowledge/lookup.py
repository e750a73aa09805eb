"""Look-up: a question in, the passages that answer it out – or the finding that none does.

The index ranks a city's passages; the thesaurus tells when there is no answer: the question is about something that no
document on the aged, or none of this city's, treats.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge.index import Index, index
from knowledge.passages import Passage
from knowledge.thesaurus import thesaurus
from knowledge.words import tokens

COVERED = 0.5
"""A question whose rare words stand in one passage by this share is answered by it, whatever the thesaurus knows."""

OUTSIDE_WEIGHT = 2
"""What stands in no document is seldom named by chance."""

LEAST_SCORE, CLEARLY, SURE_SCORE = 20.0, 1.5, 40.0
"""Where the thesaurus sees nothing: the score a passage answers with, if it is so far ahead, or as high as the last."""


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


def _broadened(asked: Mapping[str, int], place: Index) -> dict[str, int]:
    """What is asked, and for what no passage of the city names, the broader subject."""
    broadened = dict(asked)
    for name, told in asked.items():
        broader = thesaurus().subjects[name].broader
        if broader and not place.about(name):
            broadened[broader] = max(told, broadened.get(broader, 0))
            del broadened[name]
    return broadened


def _stands_out(ranked: Sequence[tuple[int, float]]) -> bool:
    """Whether the first passage fits so much better than the next that the question can mean no other."""
    first, second = (score for _, score in (*ranked, (0, 0.0), (0, 0.0))[:2])
    return first >= SURE_SCORE or (first >= LEAST_SCORE and first >= CLEARLY * second)


def look_up(query: str, city: str, top: int = 3) -> Found:
    """Search the documents of a city.

    Args:
        query: a question as a person puts it.
        city: its id.
        top: so many hits at the most.
    """
    words, place = thesaurus(), index(city)
    text = words.repaired(query)
    asked, outside = words.subjects_of(text), words.outside_of(text)
    asked = _broadened(asked, place)
    ranked = place.search(text, asked, words.asks_amount(text))
    subjects = {name: told for name, told in asked.items() if not words.subjects[name].group}
    if not subjects and words.asks_help(text):
        subjects = asked
    treated = {name: told for name, told in subjects.items() if place.about(name)}
    absent = {name: told for name, told in subjects.items() if name not in treated and name in words.plainly(text)}
    elsewhere = max([*absent.values(), *(OUTSIDE_WEIGHT * told for told in outside.values())], default=0)
    best = ranked[0][0] if ranked else None
    about = any(best in place.about(name) and told >= elsewhere for name, told in treated.items())
    worded = best is not None and not elsewhere and (place.covered(text, best) >= COVERED or _stands_out(ranked))
    return Found(
        hits=tuple(Hit(place.passages[i], round(score, 3)) for i, score in ranked[:top]),
        answered=about or worded,
        absent=tuple(absent),
        outside=tuple(outside),
        particulars=tuple(words.particulars_of(text)),
    )


def marks(query: str, text: str) -> list[tuple[int, int]]:
    """Where a text holds what the question asks for: the terms of its subjects, and its own words."""
    words = thesaurus()
    asked = words.repaired(query)
    terms = [term for name in words.subjects_of(asked) for term in words.subjects[name].terms]
    own = [token for token in tokens(asked) if len(token) > 1 and not any(map(words.is_common, (token[0], token[-1])))]
    found = sorted(
        (match.start(), match.end()) for word in dict.fromkeys([*terms, *own]) for match in re.finditer(re.escape(word), text)
    )
    joined: list[tuple[int, int]] = []
    for start, end in found:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
