"""Questions: what a message asks of the documents, as the thesaurus understands it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from knowledge.sayings import SENTENCE
from knowledge.thesaurus import Subject, thesaurus
from knowledge.words import tokens

_CLAUSE = re.compile(r"[^，,。！!？?；;\n]+")
_QUESTION_MARKS = "?？"
_ASKS = re.compile(r"吗|呢$|[咋啥哪]|怎么|怎样|如何|什么|多少|谁|几|[能有给是要该行可会管]不|有没有|没$|不$|请问|想问|问问")

ASKED_AGAIN = 2
"""What the asking sentence names of things that no document holds counts so many times more."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question, understood.

    Attributes:
        text: its words as they are looked at, misspelt terms put right.
        asked: the subjects that it names, each with how strongly.
        named: those of them that it calls by a name, and does not only hint at.
        outside: what it names that stands in no document, each with how strongly.
        particulars: what it wants to know that policy texts do not say.
        wants_amount: it asks what something comes to.
        wants_help: it asks for help of whatever kind.
    """

    text: str
    asked: Mapping[str, int]
    named: frozenset[str]
    outside: Mapping[str, int]
    particulars: tuple[str, ...]
    wants_amount: bool
    wants_help: bool

    @property
    def subjects(self) -> dict[str, int]:
        """What it asks for; groups of people only where it asks for nothing else but help."""
        groups = thesaurus().subjects
        matters = {name: told for name, told in self.asked.items() if not groups[name].group}
        return matters or (dict(self.asked) if self.wants_help else {})

    @property
    def wants_everything(self) -> bool:
        """Whether it asks for all that a person can have, and names no benefit."""
        words = thesaurus()
        return bool(words.everything.named(self.text)) and all(words.subjects[name].group for name in self.named)

    def matters(self) -> list[Subject]:
        """The subjects that it asks for, without the groups of people."""
        return [subject for name in self.asked if not (subject := thesaurus().subjects[name]).group]

    def terms(self) -> Iterator[str]:
        """The documents' terms for what it asks."""
        return (term for name in self.asked for term in thesaurus().subjects[name].terms)

    def marks(self, text: str) -> list[tuple[int, int]]:
        """Where a text holds what is asked for: the documents' terms for it, and the question's own words."""
        common = thesaurus().is_common
        own = [token for token in tokens(self.text) if len(token) > 1 and not common(token[0]) and not common(token[-1])]
        found = sorted(
            match.span() for word in dict.fromkeys([*self.terms(), *own]) for match in re.finditer(re.escape(word), text)
        )
        joined: list[tuple[int, int]] = []
        for start, end in found:
            if joined and start <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
            else:
                joined.append((start, end))
        return joined


def read_question(message: str) -> Question:
    """What a message asks."""
    words = thesaurus()
    text = words.repaired(message)
    return Question(
        text=text,
        asked=_asked(text),
        named=frozenset(words.sayings.plain(text)),
        outside=_outside(text),
        particulars=tuple(words.particulars.named(text)),
        wants_amount=bool(words.amounts.named(text)),
        wants_help=bool(words.helps.named(text)),
    )


def asking(message: str, unit: re.Pattern[str] = SENTENCE) -> list[str]:
    """The sentences of a message that ask, or else its last one: the others tell a story. ``unit`` is what is taken for one."""
    units = [(found.group(), message[found.end():found.end() + 1]) for found in unit.finditer(message)]
    sought = [said for said, end in units if (end and end in _QUESTION_MARKS) or _ASKS.search(said)]
    return sought or [said for said, _ in units[-1:]]


def _asked(text: str) -> dict[str, int]:
    """The subjects named; what the very clause that asks names, or a term of the documents, counts twice."""
    words = thesaurus()
    told, terms = words.sayings.named(text), words.terms.named(text)
    focus = words.sayings.named("。".join(asking(text, _CLAUSE)))
    return {name: weight + focus.get(name, 0) + terms.get(name, 0) for name, weight in told.items()}


def _outside(text: str) -> dict[str, int]:
    """What stands in no document; what the message asks for counts more than what it tells."""
    words = thesaurus()
    told, taken_back = words.outside_sayings.named(text), words.taking_back.named(text)
    sought = words.outside_sayings.named("。".join(asking(text)))
    return {name: weight + ASKED_AGAIN * sought.get(name, 0) for name, weight in told.items() if name not in taken_back}
