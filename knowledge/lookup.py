"""Look-up: a question in, the passages that answer it out – or the finding that none does.

The index ranks a city's passages; the thesaurus tells when there is no answer: the question is about something that no
document on the aged, or none of this city's, treats.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge.index import Index, index
from knowledge.passages import Passage
from knowledge.questions import Question
from knowledge.thesaurus import thesaurus

COVERED = 0.5
"""A question whose rare words stand in one passage by this share is answered by it, whatever the thesaurus knows."""

OUTSIDE_WEIGHT = 2
"""What stands in no document is seldom named by chance."""

SURE_SCORE = 14.0
"""Where the thesaurus sees nothing: the score from which on a passage answers all the same."""


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
    """

    hits: tuple[Hit, ...]
    answered: bool
    absent: tuple[str, ...] = ()


def look_up(question: Question, city: str, top: int = 3) -> Found:
    """Search the documents of a city.

    Args:
        question: what is asked.
        city: its id.
        top: so many hits at the most.
    """
    place = index(city)
    ranked = place.search(question.text, _broadened(question.asked, place), question.wants_amount)
    subjects = _broadened(question.subjects, place)
    absent = {name: told for name, told in subjects.items() if not place.about(name) and name in question.named}
    elsewhere = max([*absent.values(), *(OUTSIDE_WEIGHT * told for told in question.outside.values())], default=0)
    untreated = bool(subjects) and not any(place.about(name) for name in subjects)
    return Found(
        hits=tuple(Hit(place.passages[i], round(score, 3)) for i, score in ranked[:top]),
        answered=bool(ranked) and (
            _about(ranked[0][0], subjects, elsewhere, place)
            or (not elsewhere and not untreated and _worded_so(question, ranked, place))
        ),
        absent=tuple(absent),
    )


def _broadened(asked: Mapping[str, int], place: Index) -> dict[str, int]:
    """What is asked, and for what no passage of the city names, the broader subject."""
    broadened = dict(asked)
    for name, told in asked.items():
        broader = thesaurus().subjects[name].broader
        if broader and not place.about(name):
            broadened[broader] = max(told, broadened.get(broader, 0))
            del broadened[name]
    return broadened


def _about(best: int, subjects: Mapping[str, int], elsewhere: int, place: Index) -> bool:
    """Whether a passage is about something asked, that is named as strongly as what is found ``elsewhere`` or nowhere."""
    return any(best in place.about(name) and told >= elsewhere for name, told in subjects.items())


def _worded_so(question: Question, ranked: Sequence[tuple[int, float]], place: Index) -> bool:
    """Whether the question is in the first passage's words, or uses so many of its rare ones that it means no other."""
    best, score = ranked[0]
    return score >= SURE_SCORE or place.covered(question.text, best) >= COVERED
