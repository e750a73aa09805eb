"""The thesaurus: what a question is about, told by everyday words and by the documents' own (``thesaurus.yaml``)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, cached_property
from itertools import islice
from pathlib import Path

from pydantic import Field

from knowledge.data import Record, read_model
from knowledge.lexicon import Found, Lexicon
from knowledge.phrases import GAP, spoken
from knowledge.sounds import Repair
from knowledge.spelling import normal

THESAURUS_FILE = Path(__file__).parent / "thesaurus.yaml"

MOST_REPAIRED = 24
"""A pattern of more phrases is not looked for by its sound: what is said in so many ways is no term."""

Patterns = tuple[str, ...]


class Subject(Record):
    """Something that the documents treat: their words for it, and how people ask for it."""

    terms: tuple[str, ...]
    says: Patterns = ()
    excepted: tuple[str, ...] = Field(default=(), alias="except")
    group: bool = False

    @cached_property
    def own(self) -> re.Pattern[str]:
        """One of the terms, or a longer word that holds one without being one (the group is empty then)."""
        longer = "|".join(map(re.escape, self.excepted)) or "(?!)"
        return re.compile(rf"{longer}|({'|'.join(map(re.escape, sorted(self.terms, key=len, reverse=True)))})")

    def stands_in(self, text: str) -> bool:
        """Whether a text holds one of the terms."""
        return any(found[1] for found in self.own.finditer(text))


class Outside(Record):
    """Something that is often asked and stands in no document; ``contact`` knows."""

    says: Patterns
    unless: Patterns = ()
    contact: str


class _File(Record):
    subjects: dict[str, Subject]
    outside: dict[str, Outside]
    particulars: dict[str, Patterns]
    amounts: Patterns
    background: tuple[str, ...]


class Thesaurus:
    """The thesaurus, ready to be asked.

    Attributes:
        subjects: the subjects by name.
        outside: what stands in no document, by name.
        background: the headings of passages that only say why and in what spirit.
    """

    def __init__(self, data: _File) -> None:
        self.subjects = data.subjects
        self.outside = data.outside
        self.background = data.background
        self._asked = Lexicon(_entries({name: (*subject.says, *subject.terms) for name, subject in data.subjects.items()}))
        self._outside = Lexicon(_entries({name: other.says for name, other in data.outside.items()}))
        self._unless = {name: Lexicon(_entries({name: other.unless})) for name, other in data.outside.items()}
        self._particulars = Lexicon(_entries(data.particulars))
        self._amounts = Lexicon(_entries({"": data.amounts}))

    def subjects_of(self, query: str) -> dict[str, list[Found]]:
        """The subjects that a question names, each with where it does."""
        return _grouped(self._asked.find_each(query))

    def outside_of(self, query: str) -> dict[str, list[Found]]:
        """What stands in no document and the question names."""
        found = _grouped(self._outside.find_each(query))
        return {name: where for name, where in found.items() if not any(self._unless[name].find(query))}

    def particulars_of(self, query: str) -> list[str]:
        """What the question wants to know that policy texts do not say: the place, the papers, the steps, the day."""
        return list(_grouped(self._particulars.find_each(query)))

    def asks_amount(self, query: str) -> bool:
        """Whether the question asks what something comes to."""
        return any(self._amounts.find(query))

    @cached_property
    def repair(self) -> Repair:
        """Puts misspelt terms right, by their sound and by their characters."""
        terms = {term for subject in self.subjects.values() for term in subject.terms if term.isalnum()}
        words = {phrase for subject in self.subjects.values() for phrase in _short_phrases(subject.says)}
        return Repair([*terms, *words], terms, terms, "")

    def repaired(self, query: str) -> str:
        """The question as it is looked at, with its misspelt terms put right."""
        text = normal(query)
        understood = [(found.start, found.end) for found in self._asked.find(text)]
        return self.repair.repaired(text, understood)


def _entries(patterns: dict[str, Patterns]) -> Iterator[tuple[str, tuple[str, None]]]:
    return ((normal(pattern).replace("...", GAP), (name, None)) for name, written in patterns.items() for pattern in written)


def _grouped(found: Iterator[Found]) -> dict[str, list[Found]]:
    grouped: dict[str, list[Found]] = {}
    for one in found:
        grouped.setdefault(str(one.meaning[0]), []).append(one)
    return grouped


def _short_phrases(patterns: Patterns) -> Iterator[str]:
    for pattern in patterns:
        if GAP not in pattern:
            phrases = list(islice(spoken([pattern]), MOST_REPAIRED + 1))
            if len(phrases) <= MOST_REPAIRED:
                yield from (phrase for phrase in phrases if len(phrase) > 2)


@cache
def thesaurus() -> Thesaurus:
    """The thesaurus that ships; raises :class:`~knowledge.data.DataError` where the file is wrong."""
    return Thesaurus(read_model(THESAURUS_FILE, _File))
