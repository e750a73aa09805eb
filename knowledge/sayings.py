"""Sayings: ways of saying one thing, written as patterns and joined where words stand together in any order.

A pattern (see :mod:`knowledge.phrases`) may be several with ``+`` between them, which stand in one sentence in any order,
or, which counts half, in two that follow each other; ``{院}`` in it stands for any word of the class 院.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain, pairwise
from typing import Annotated

from pydantic import AfterValidator

from knowledge.lexicon import Lexicon
from knowledge.phrases import GAP, checked
from knowledge.spelling import normal

JOIN = "+"


def _checked(saying: str) -> str:
    """The saying, where each of its parts can be read; raises ValueError."""
    for part in saying.split(JOIN):
        checked(_CLASS.sub("x", part.strip()))
    return saying


Patterns = tuple[Annotated[str, AfterValidator(_checked)], ...]
Classes = Mapping[str, Patterns]

SENTENCE = re.compile(r"[^。！!？?；;\n]+")
_CLASS = re.compile(r"\{([^}]*)\}")
_ELSEWHERE = re.compile(r"没[进去住在]|不[去进住想愿]")
"""五保户，没进敬老院: the two are not said together."""


_Heard = Mapping[int, Mapping[int, int]]
"""Sayings by their number: of each part that is said, by its place, the characters of its longest form."""

MOST_REMEMBERED = 64
"""What the last so many texts say is kept."""


class Sayings:
    """What may be said, by name, in many ways each.

    Args:
        written: name: the ways of saying it.
        classes: the words of each class that these mention.
    """

    def __init__(self, written: Mapping[str, Patterns], classes: Classes) -> None:
        self._sayings: list[tuple[str, tuple[bool, ...]]] = []
        entries: list[tuple[str, tuple[str, int]]] = []
        for name, patterns in written.items():
            for pattern in patterns:
                parts = [part.strip() for part in pattern.split(JOIN)]
                for place, part in enumerate(parts):
                    spelt = normal(_spelt_out(part, classes)).replace("...", GAP)
                    entries.append((spelt, (str(len(self._sayings)), place)))
                self._sayings.append((name, tuple(not _CLASS.fullmatch(part) for part in parts)))
        self._lexicon = Lexicon(entries)
        # A question is looked at whole, by its sentences and by those that ask, and often they are the same.
        self._said = lru_cache(MOST_REMEMBERED)(self._heard)
        self._named = lru_cache(MOST_REMEMBERED)(self._named_in)

    def named(self, text: str) -> Mapping[str, int]:
        """What is said in the text, each with how strongly.

        It is the characters of the longest saying, a word of a class as one, and one for every other saying.
        """
        return self._named(text)

    def _named_in(self, text: str) -> Mapping[str, int]:
        heard = [self._said(sentence) for sentence in SENTENCE.findall(text)]
        together = self._told(_together(one, other) for one, other in pairwise(heard))
        return {name: (weight + 1) // 2 for name, weight in together.items()} | self._told(heard)

    def _told(self, heard: Iterable[_Heard]) -> dict[str, int]:
        told: dict[str, int] = {}
        for sayings in heard:
            for saying, parts in sayings.items():
                name, counted = self._sayings[saying]
                if len(parts) == len(counted):
                    own = sum(length if counted[place] else 1 for place, length in parts.items())
                    told[name] = max(told[name], own) + 1 if name in told else own
        return told

    def plain(self, text: str) -> set[str]:
        """What is said in one piece, and not only hinted at by words that stand together."""
        return {
            name for found in self._lexicon.every(text)
            for name, parts in [self._sayings[int(found.meaning[0])]] if len(parts) == 1 and not found.inner
        }

    def _heard(self, sentence: str) -> _Heard:
        """The sayings of which a part stands in the sentence: part by part its longest form there."""
        said: dict[int, dict[int, int]] = defaultdict(dict)
        for found in self._lexicon.every(sentence):
            if not _ELSEWHERE.search(found.inner):
                parts, place = said[int(found.meaning[0])], int(found.meaning[1] or 0)
                parts[place] = max(parts.get(place, 0), found.own)
        return said

    def whole(self, text: str) -> Iterator[tuple[int, int]]:
        """Where something is said in one piece, and needs no repair."""
        for found in self._lexicon.every(text):
            if len(self._sayings[int(found.meaning[0])][1]) == 1 and not found.inner and found.own > 1:
                yield found.start, found.end


def _together(one: _Heard, other: _Heard) -> _Heard:
    """What two sentences say that follow each other."""
    return {
        saying: {place: max(parts.get(place, 0) for parts in both) for place in chain(*both)}
        for saying in dict.fromkeys(chain(one, other)) for both in [(one.get(saying, {}), other.get(saying, {}))]
    }


def _spelt_out(pattern: str, classes: Classes) -> str:
    """The pattern with the words of every class that it names."""

    def words(found: re.Match[str]) -> str:
        if found[1] not in classes:
            raise ValueError(f"“{pattern}”里的“{found[1]}”不在 classes 里")
        among = classes[found[1]]
        inside = pattern.rfind("(", 0, found.start()) > pattern.rfind(")", 0, found.start())
        return "|".join(among) if inside else among[0] if len(among) == 1 else f"({'|'.join(among)})"

    return _CLASS.sub(words, pattern)
