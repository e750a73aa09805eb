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
from knowledge.sayings import JOIN, SENTENCE, Patterns, Sayings
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
    """

    def __init__(self, data: _File) -> None:
        self.subjects = data.subjects
        self.outside = data.outside
        self.background = data.background
        classes = self._classes = data.classes
        self._asked = Sayings({name: (*subject.says, *subject.terms) for name, subject in data.subjects.items()}, classes)
        self._terms = Sayings({name: subject.terms for name, subject in data.subjects.items() if not subject.group}, {})
        self._outside = Sayings({name: other.says for name, other in data.outside.items()}, classes)
        self._unless = Sayings({name: other.unless for name, other in data.outside.items()}, classes)
        self._particulars = Sayings(data.particulars, classes)
        self._amounts = Sayings({"": data.amounts}, classes)
        self._helps = Sayings({"": data.helps}, classes)
        self._everything = Sayings({"": data.everything}, classes)
        self._common = frozenset(data.common)

    def subjects_of(self, query: str) -> dict[str, int]:
        """The subjects that a question names, each with how strongly.

        What the very clause that asks names, or a term of the documents, counts twice.
        """
        told, terms = self._asked.named(query), self._terms.named(query)
        focus = self._asked.named("。".join(asking(query, _CLAUSE)))
        return {name: weight + focus.get(name, 0) + terms.get(name, 0) for name, weight in told.items()}

    def plainly(self, query: str) -> set[str]:
        """The subjects that a question calls by a name, and does not only hint at."""
        return self._asked.plain(query)

    def outside_of(self, query: str) -> dict[str, int]:
        """What stands in no document and the message names, each with how strongly; what it asks for counts three times."""
        taken_back, asked = self._unless.named(query), self._outside.named("。".join(asking(query)))
        told = self._outside.named(query)
        return {name: weight + 2 * asked.get(name, 0) for name, weight in told.items() if name not in taken_back}

    def particulars_of(self, query: str) -> list[str]:
        """What the question wants to know that policy texts do not say: the place, the papers, the steps, the day."""
        return list(self._particulars.named(query))

    def asks_amount(self, query: str) -> bool:
        """Whether the question asks what something comes to."""
        return bool(self._amounts.named(query))

    def asks_help(self, query: str) -> bool:
        """Whether the question asks, of whatever kind, for help."""
        return bool(self._helps.named(query))

    def asks_everything(self, query: str) -> bool:
        """Whether the question asks for all that a person can have, and names no benefit."""
        return bool(self._everything.named(query)) and not any(not self.subjects[name].group for name in self.plainly(query))

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
        text = normal(query)
        known = [*self._asked.whole(text), *self._outside.whole(text)]
        heard = self._cautious.repaired(text, known)
        if self.outside_of(heard) or any(not self.subjects[name].group for name in self._asked.named(heard)):
            return heard
        return self._bold.repaired(heard, [*self._asked.whole(heard), *self._outside.whole(heard)])


def asking(message: str, unit: re.Pattern[str] = SENTENCE) -> list[str]:
    """The sentences of a message that ask, or else its last one: the others tell a story. ``unit`` is what is taken for one."""
    units = [(found.group(), message[found.end():found.end() + 1]) for found in unit.finditer(message)]
    sought = [said for said, end in units if (end and end in _QUESTION_MARKS) or _ASKS.search(said)]
    return sought or [said for said, _ in units[-1:]]


_CLAUSE = re.compile(r"[^，,。！!？?；;\n]+")
_QUESTION_MARKS = "?？"
_ASKS = re.compile(r"吗|呢$|[咋啥哪]|怎么|怎样|如何|什么|多少|谁|几|[能有给是要该行可会管]不|有没有|没$|不$|请问|想问|问问")


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
