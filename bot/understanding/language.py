"""The language data (``language.yaml``, ``places.yaml`` and the spoken forms of the facts), ready for the understanding."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from bot.understanding.answers import Answers, AnswerWords
from bot.understanding.people import People, PeopleWords
from bot.understanding.places import Places, known_places, local_names
from bot.understanding.polarity import Polarity, PolarityWords, alternatives
from bot.understanding.topics import Topics
from eligibility.facts import Scalar, Vocabulary
from knowledge.data import Record, read_model
from knowledge.lexicon import Lexicon, Meaning
from knowledge.phrases import GAP, Phrases, spoken
from knowledge.sounds import Repair
from knowledge.spelling import normal

_HERE = Path(__file__).parent

SHORT = 3
"""A label no longer than this is too common a word to mean its option anywhere."""


class _Language(Record):
    people: PeopleWords
    polarity: PolarityWords
    answers: AnswerWords
    turns: tuple[str, ...]
    common: str
    words: tuple[str, ...]
    terms: tuple[str, ...]
    official: tuple[str, ...]


class Language:
    """Everything the understanding looks words up in.

    Args:
        vocabulary: the facts whose spoken forms are known.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        data = read_model(_HERE / "language.yaml", _Language)
        self.vocabulary = vocabulary
        self.phrases = Lexicon(_phrases(vocabulary))
        self.people = People(data.people)
        self.places = Places(vocabulary)
        self.counties: dict[Scalar | None, str] = {
            name: kind for city, place in known_places().items() if city in vocabulary.cities
            for kind, names in (("district", place.district), ("county", place.county)) for name in names
        }
        self.innocent = Lexicon((word, ("", None)) for word in data.words)
        self._alone = [
            (("living", value), Phrases(_forms(option.answers))) for value, option in vocabulary.facts["living"].options.items()
        ]
        short = {*data.official, *local_names(vocabulary)}  # what may be read through a wrong character
        terms = {*short, *data.terms, *(word for word in data.words if len(word) == 2)}
        self.repair = Repair([*_repairable(vocabulary), *terms, *data.words], terms, short, data.common)
        self.polarity = Polarity(
            data.polarity, [name for name, fact in vocabulary.facts.items() if fact.lasting],
            [name for name, fact in vocabulary.facts.items() if fact.group == "situation"],
        )
        self.answers = Answers(data.answers)
        self.topics = Topics(vocabulary, self.polarity, self.answers)
        self.turns = re.compile(
            rf"(?:{alternatives(data.turns)})|(?<![一子女娘哥姐弟妹妈爸])家住|户口(?=[本也还就都]*(?:在|是|落|搁|挂))"
        )

    def alone(self, clause: str) -> tuple[str, Scalar] | None:
        """The fact and the value that a clause states by being a short answer about living together (一个人)."""
        found = (meaning for meaning, answers in self._alone if len(clause) > SHORT - 1 and clause in answers)
        return next(found, None)


def _forms(patterns: Iterable[str]) -> Iterator[str]:
    """The patterns as a text is looked at."""
    return (normal(pattern).replace("...", GAP) for pattern in patterns)


def _phrases(vocabulary: Vocabulary) -> Iterator[tuple[str, Meaning]]:
    for name, fact in vocabulary.facts.items():
        for value, option in fact.options.items():
            for phrase in _forms(option.says):
                yield phrase, (name, value)
            # A button's label said out of turn means what the button means, unless it could be the label of another.
            if fact.type == "choice" and value != "none" and len(option.label) > SHORT:
                yield normal(option.label), (name, value)


MOST_REPAIRED = 24
"""A pattern of more phrases is not looked for by sound: what is said in so many ways is no term."""


def _repairable(vocabulary: Vocabulary) -> Iterator[str]:
    """The phrases that are looked for by their sound."""
    for fact in vocabulary.facts.values():
        for option in fact.options.values():
            for pattern in _forms(option.says):
                phrases = list(islice(spoken([pattern]), MOST_REPAIRED + 1))
                if len(phrases) <= MOST_REPAIRED and GAP not in pattern:
                    yield from phrases
