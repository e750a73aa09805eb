"""The language data (``language.yaml``, ``places.yaml`` and the spoken forms of the facts), ready for the understanding."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.lexicon import GAP, Lexicon, Meaning
from bot.places import known_places, place_names
from bot.sounds import Repair
from bot.spelling import normal
from eligibility.facts import Scalar, Vocabulary
from knowledge.data import Record, read_model

_HERE = Path(__file__).parent

SHORT = 3
"""A label no longer than this is too common a word to mean its option anywhere."""



class _Language(Record):
    elders: dict[str, tuple[str, ...]]
    juniors: tuple[str, ...]
    others: tuple[str, ...]
    self: tuple[str, ...]
    pronouns: tuple[str, ...]
    speaking: tuple[str, ...]
    household: tuple[str, ...]
    about_it: tuple[str, ...]
    negations: tuple[str, ...]
    undone: tuple[str, ...]
    asking: tuple[str, ...]
    supposing: tuple[str, ...]
    gone: tuple[str, ...]
    dead: tuple[str, ...]
    titles: tuple[str, ...]
    surnames: str
    common: str
    words: tuple[str, ...]


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=lambda word: -len(word))))


class Language:
    """Everything the understanding looks words up in.

    Args:
        vocabulary: the facts whose spoken forms are known.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        data = read_model(_HERE / "language.yaml", _Language)
        places = known_places()
        self.vocabulary = vocabulary
        self.phrases = Lexicon(_phrases(vocabulary))
        self.people = Lexicon(_people(data))
        self.places = place_names(vocabulary)
        self.counties: dict[str, tuple[str, str]] = {
            name: (city, kind) for city, place in places.items() if city in vocabulary.cities
            for kind, names in (("district", place.district), ("county", place.county)) for name in names
        }
        filler = "(?:是|有|吃|办|过|享受|领|评上|算|属于|被|住|在|啥|什么|的|上|去|参加|那个|这个|国家|到|能|再|给|往|按)*"
        self.innocent = Lexicon((word, ("", None)) for word in data.words)
        self.bare = dict(_bare_clauses(vocabulary))
        terms = {*_terms(vocabulary), *self.places.phrases}  # what may be read through a wrong character
        self.repair = Repair([*self.phrases.phrases, *terms, *data.words], terms, data.common)
        self.negated = re.compile(rf"(?:{_alternatives(data.negations)})[我俺他她]?{filler}$")
        self.undone = re.compile(rf"(?:{_alternatives(data.undone)})(?:是|有|吃|办|过)*$")
        self.asking = re.compile(_alternatives(data.asking))
        self.supposing = re.compile(_alternatives(data.supposing))
        self.gone = re.compile(_alternatives(data.gone))
        self.speaking = re.compile(rf"^[也就都先再]?(?:{_alternatives(data.speaking)})")
        self.together = re.compile(
            rf"(?:跟|和|与|同|随|搁|在)[^，。]{{0,4}}?(?:{_alternatives(data.household)})(?:们|俩)?(?:[^，。]{{0,3}}?(?:住(?!院)|一块|一起|过)|家(?:住(?!院)|里|呢|$))"
        )
        self.about_it = re.compile(rf"^的?(?:{_alternatives(data.about_it)})")
        self.dead = re.compile(rf"^(?:都|早|已经|前年|去年|今年)*(?:{_alternatives(data.dead)})")
        self.titled = re.compile(rf"(?<![\u4e00-\u9fff老])([{data.surnames}])(?:{_alternatives(data.titles)})")


def _phrases(vocabulary: Vocabulary) -> Iterator[tuple[str, Meaning]]:
    for name, fact in vocabulary.facts.items():
        for value, option in fact.options.items():
            for phrase in option.says:
                yield normal(phrase).replace("...", GAP), (name, value)
            # A button's label said out of turn means what the button means, unless it could be the label of another.
            if fact.type == "choice" and value != "none" and len(option.label) > SHORT:
                yield normal(option.label), (name, value)


def _bare_clauses(vocabulary: Vocabulary) -> Iterator[tuple[str, tuple[str, Scalar]]]:
    """Short answers about living together that say the same as a clause of their own (一个人)."""
    for value, option in vocabulary.facts["living"].options.items():
        yield from ((normal(word), ("living", value)) for word in option.answers if len(word) > 2)


TERM_FACTS = ("hardship", "support_mode", "family_planning_special")


def _terms(vocabulary: Vocabulary) -> Iterator[str]:
    """The terms of the matter: short official words that nobody says by chance."""
    for fact in vocabulary.facts.values():
        if fact.type == "choice":
            yield from (normal(option.plain) for value, option in fact.options.items() if value != "none")
    for name in TERM_FACTS:
        for value, option in vocabulary.facts[name].options.items():
            if value not in ("none", False):
                yield from (normal(word) for word in option.says if GAP not in word and len(word) <= 6)


def _people(data: _Language) -> Iterator[tuple[str, Meaning]]:
    for address, names in data.elders.items():
        yield from ((name, ("elder", address)) for name in names)
    yield from ((name, ("junior", None)) for name in data.juniors)
    yield from ((name, ("other", None)) for name in data.others)
    yield from ((name, ("self", None)) for name in data.self)
    yield from ((name, ("pronoun", None)) for name in data.pronouns)
