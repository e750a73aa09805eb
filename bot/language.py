"""The language data (``language.yaml``, ``places.yaml`` and the spoken forms of the facts), ready for the understanding."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.lexicon import Lexicon, Meaning
from bot.places import known_places, local_names, place_names
from bot.polarity import Polarity, PolarityWords, alternatives
from bot.sounds import Repair
from bot.spelling import normal
from bot.topics import Topics
from eligibility.facts import Scalar, Vocabulary
from eligibility.phrases import GAP, spoken
from knowledge.data import Record, read_model

_HERE = Path(__file__).parent

SHORT = 3
"""A label no longer than this is too common a word to mean its option anywhere."""



class _Language(Record):
    elders: dict[str, tuple[str, ...]]
    siblings: dict[str, tuple[str, ...]]
    juniors: tuple[str, ...]
    homes: tuple[str, ...]
    calls: tuple[str, ...]
    others: tuple[str, ...]
    self: tuple[str, ...]
    pronouns: tuple[str, ...]
    speaking: tuple[str, ...]
    household: tuple[str, ...]
    polarity: PolarityWords
    turns: tuple[str, ...]
    dead: tuple[str, ...]
    titles: tuple[str, ...]
    surnames: str
    common: str
    words: tuple[str, ...]


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
        self.innocent = Lexicon((word, ("", None)) for word in data.words)
        self.bare = dict(_bare_clauses(vocabulary))
        terms = {*_terms(vocabulary), *local_names(vocabulary), *(word for word in data.words if len(word) == 2)}
        self.repair = Repair([*self.phrases.phrases, *terms, *data.words], terms, data.common)
        self.polarity = Polarity(data.polarity)
        self.topics = Topics(vocabulary, self.polarity)
        self.turns = re.compile(rf"(?:{alternatives(data.turns)})|(?<![一子女娘哥姐弟妹妈爸])家住|户口(?=[本也还就都]*(?:在|是|落|搁|挂))")
        self.speaking = re.compile(rf"^[也就都先再还]?(?:{alternatives(data.speaking)})")
        self.together = re.compile(
            rf"(?:跟|和|与|同|随|搁|在)[^，。]{{0,4}}?(?:{alternatives(data.household)})(?:们|俩)?(?:[^，。]{{0,6}}?(?:住(?!院)|一块|一起|一堆|过)|家(?:住(?!院)|里|呢|$))"
        )
        self.dead = re.compile(rf"^(?:都|也|又|还|早|就|已经|前年|去年|今年|大前年|前几年|头几年|上个?月|刚|是|得[^，。]{1,3}病?|在[^，。]{1,5})*(?:{alternatives(data.dead)})(?!军人|军属|家属|遗属|证)")
        self.acquaintance = re.compile(rf"(?:老|小)[{data.surnames}](?:头子?|太太|婆子|家的?|师傅|大哥|大姐|大娘|大爷|他|她)?(?![0-9年岁亲])|(?:楼[上下]|前院|隔壁|对门)老?[{data.surnames}]?(?:家|头|太太)?")
        self.titled = re.compile(rf"(?:(?<![\u4e00-\u9fff])|(?<=[的问给替帮是代]))([{data.surnames}])(?:{alternatives(data.titles)})")


def _forms(patterns: Iterable[str]) -> Iterator[str]:
    """The phrases that patterns stand for, as a text is looked at."""
    return spoken(tuple(normal(pattern).replace("...", GAP) for pattern in patterns))


def _phrases(vocabulary: Vocabulary) -> Iterator[tuple[str, Meaning]]:
    for name, fact in vocabulary.facts.items():
        for value, option in fact.options.items():
            for phrase in _forms(option.says):
                yield phrase, (name, value)
            # A button's label said out of turn means what the button means, unless it could be the label of another.
            if fact.type == "choice" and value != "none" and len(option.label) > SHORT:
                yield normal(option.label), (name, value)


def _bare_clauses(vocabulary: Vocabulary) -> Iterator[tuple[str, tuple[str, Scalar]]]:
    """Short answers about living together that say the same as a clause of their own (一个人)."""
    for value, option in vocabulary.facts["living"].options.items():
        yield from ((word, ("living", value)) for word in _forms(option.answers) if len(word) > 2)


TERM_FACTS = ("hardship", "support_mode", "family_planning_special")


def _terms(vocabulary: Vocabulary) -> Iterator[str]:
    """The terms of the matter: short official words that nobody says by chance."""
    for fact in vocabulary.facts.values():
        if fact.type == "choice":
            yield from (normal(option.plain) for value, option in fact.options.items() if value != "none")
    for name in TERM_FACTS:
        for value, option in vocabulary.facts[name].options.items():
            if value not in ("none", False):
                yield from (word for word in _forms(option.says) if GAP not in word and len(word) <= 6)


_POSSESSIVES = ("我", "俺", "咱", "其", "我家", "俺家", "咱家", "我们家", "俺们家", "咱们家", "我那", "俺那", "我这", "俺这", "他", "她")
_SUFFICIENT = "妈爸爹娘"
"""Names of one character that are understood without a possessive."""


def _people(data: _Language) -> Iterator[tuple[str, Meaning]]:
    for role, addresses in (("elder", data.elders), ("sibling", data.siblings), ("junior", {None: data.juniors})):
        for address, names in addresses.items():
            for name in spoken(names):
                yield from ((possessive + name, (role, address)) for possessive in _POSSESSIVES)
                if len(name) > 1 or name in _SUFFICIENT:
                    yield name, (role, address)
    for role, names in (
        ("household", data.homes), ("call", data.calls), ("other", data.others), ("self", data.self), ("pronoun", data.pronouns),
    ):
        yield from ((name, (role, None)) for name in spoken(names))
