"""The thesaurus: what a question is about, told by everyday words and by the documents' own (``thesaurus.yaml``)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, cached_property
from itertools import islice
from pathlib import Path

from pydantic import Field

from knowledge.data import DataError, Record, read_model
from knowledge.phrases import GAP, spoken
from knowledge.sayings import JOIN, Patterns, Sayings
from knowledge.sounds import Repair
from knowledge.spelling import normal

THESAURUS_FILE = Path(__file__).parent / "thesaurus.yaml"

SHORTEST_MISSPELT = 4
"""A term of so many characters may be told by all but one of them."""

SHORTEST_REPAIRED = 3
"""A saying of so many characters is looked for by its sound where none of them is an everyday one."""

MOST_REPAIRED = 24
"""A pattern of more phrases is not looked for by its sound: what is said in so many ways is no term."""


class Subject(Record):
    """Something that the documents treat: their words for it, and how people ask for it."""

    terms: tuple[str, ...]
    says: Patterns = ()
    excepted: tuple[str, ...] = Field(default=(), alias="except")
    group: bool = False
    broader: str | None = None

    @cached_property
    def own(self) -> re.Pattern[str]:
        """One of the terms, or a longer word that holds one without being one (the group is empty then)."""
        longer = "|".join(map(re.escape, self.excepted)) or "(?!)"
        return re.compile(rf"{longer}|({'|'.join(map(re.escape, sorted(self.terms, key=len, reverse=True)))})")

    def held_by(self, text: str) -> int:
        """How many different terms a text holds."""
        return len({found[1] for found in self.own.finditer(text)} - {None})

    def stands_in(self, text: str) -> bool:
        """Whether a text holds one of the terms."""
        return self.held_by(text) > 0


class Outside(Record):
    """Something that is often asked and stands in no document; ``contact`` knows."""

    says: Patterns
    unless: Patterns = ()
    contact: str


class _File(Record):
    classes: dict[str, Patterns]
    subjects: dict[str, Subject]
    outside: dict[str, Outside]
    particulars: dict[str, Patterns]
    amounts: Patterns
    helps: Patterns
    everything: Patterns
    common: str
    background: tuple[str, ...]


class Thesaurus:
    """The thesaurus, ready to be asked.

    Attributes:
        subjects: the subjects by name.
        outside: what stands in no document, by name.
        background: the headings of passages that only say why and in what spirit.
        sayings, terms: how each subject is asked for, and the documents' terms alone.
        outside_sayings, taking_back: how each thing is asked for that stands in no document, and what takes that back.
        particulars: how that is asked which policy texts do not say: the place, the papers, the steps, the day.
        amounts, helps, everything: how one asks what something comes to, for help of any kind, for all one can have.
    """

    def __init__(self, data: _File) -> None:
        self.subjects = data.subjects
        self.outside = data.outside
        self.background = data.background
        classes = self._classes = data.classes
        self.sayings = Sayings({name: (*subject.says, *subject.terms) for name, subject in data.subjects.items()}, classes)
        self.terms = Sayings({name: subject.terms for name, subject in data.subjects.items() if not subject.group}, {})
        self.outside_sayings = Sayings({name: other.says for name, other in data.outside.items()}, classes)
        self.taking_back = Sayings({name: other.unless for name, other in data.outside.items()}, classes)
        self.particulars = Sayings(data.particulars, classes)
        self.amounts = Sayings({"": data.amounts}, classes)
        self.helps = Sayings({"": data.helps}, classes)
        self.everything = Sayings({"": data.everything}, classes)
        self._common = frozenset(data.common)

    def is_common(self, token: str) -> bool:
        """Whether a token has nothing but everyday characters."""
        return self._common.issuperset(token)

    @cached_property
    def _cautious(self) -> Repair:
        """Puts misspelt terms right, by their sound and by their characters."""
        words = {
            word for word in self._words()
            if len(word) > SHORTEST_REPAIRED or (len(word) == SHORTEST_REPAIRED and not self._common.intersection(word))
        }
        long = {term for term in self._all_terms if len(term) >= SHORTEST_MISSPELT}
        return Repair([*self._all_terms, *words], self._all_terms, long, "".join(self._common))

    @cached_property
    def _bold(self) -> Repair:
        """The same for every word of two characters that is no everyday one, and for terms of three with one wrong."""
        words = {word for word in self._words() if len(word) > 1 and not self._common.intersection(word)}
        short = {term for term in self._all_terms if len(term) >= SHORTEST_REPAIRED}
        return Repair([*self._all_terms, *words], self._all_terms | words, short, "".join(self._common))

    @cached_property
    def _all_terms(self) -> frozenset[str]:
        return frozenset(term for subject in self.subjects.values() for term in subject.terms if term.isalnum())

    def _words(self) -> Iterator[str]:
        for subject in self.subjects.values():
            yield from _short_phrases(subject.says)
        yield from (word for words in self._classes.values() for word in words if word.isalnum())

    def repaired(self, query: str) -> str:
        """The question as it is looked at, its misspelt terms put right.

        Where it then says nothing that is known, it is heard a second time, more boldly: 免费体捡 may well be 体检.
        """
        heard = self._cautious.repaired(query := normal(query), self._understood(query))
        known = self.sayings.named(heard)
        if self.outside_sayings.named(heard) or any(not self.subjects[name].group for name in known):
            return heard
        return self._bold.repaired(heard, self._understood(heard))

    def _understood(self, text: str) -> list[tuple[int, int]]:
        """Where the text says something known, and needs no repair."""
        return [*self.sayings.whole(text), *self.outside_sayings.whole(text)]


def _short_phrases(patterns: Patterns) -> Iterator[str]:
    for pattern in patterns:
        if not {GAP, JOIN, "{"}.intersection(pattern):
            phrases = list(islice(spoken([pattern]), MOST_REPAIRED + 1))
            if len(phrases) <= MOST_REPAIRED:
                yield from phrases


@cache
def thesaurus() -> Thesaurus:
    """The thesaurus that ships; raises :class:`~knowledge.data.DataError` where the file is wrong."""
    return read_thesaurus(THESAURUS_FILE)


def read_thesaurus(file: Path) -> Thesaurus:
    """The thesaurus of a file; raises :class:`~knowledge.data.DataError` where it is wrong."""
    try:
        return Thesaurus(read_model(file, _File))
    except ValueError as error:
        raise DataError(file, 0, str(error)) from None
