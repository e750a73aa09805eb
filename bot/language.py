"""The language data (``language.yaml``, ``places.yaml`` and the spoken forms of the facts), ready for the understanding."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from bot.answers import AnswerWords, Answers
from bot.lexicon import Lexicon, Meaning
from bot.places import known_places, local_names, place_names
from bot.polarity import Polarity, PolarityWords, alternatives
from bot.sounds import Repair
from bot.spelling import normal
from bot.topics import Topics
from eligibility.facts import Scalar, Vocabulary
from eligibility.phrases import GAP, Phrases, spoken
from knowledge.data import Record, read_model

_HERE = Path(__file__).parent

SHORT = 3
"""A label no longer than this is too common a word to mean its option anywhere."""



class _Language(Record):
    elders: dict[str, tuple[str, ...]]
    relatives: dict[str, tuple[str, ...]]
    siblings: dict[str, tuple[str, ...]]
    juniors: tuple[str, ...]
    homes: tuple[str, ...]
    calls: tuple[str, ...]
    others: tuple[str, ...]
    self: tuple[str, ...]
    we: tuple[str, ...]
    pronouns: tuple[str, ...]
    speaking: tuple[str, ...]
    household: tuple[str, ...]
    polarity: PolarityWords
    answers: AnswerWords
    turns: tuple[str, ...]
    dead: tuple[str, ...]
    titles: tuple[str, ...]
    surnames: str
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
        self.people = Lexicon(_people(data))
        self.siblings = frozenset(data.siblings)
        self.places = place_names(vocabulary)
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
        self.turns = re.compile(rf"(?:{alternatives(data.turns)})|(?<![一子女娘哥姐弟妹妈爸])家住|户口(?=[本也还就都]*(?:在|是|落|搁|挂))")
        self.speaking = re.compile(rf"^[也就都先再还]?(?:{alternatives(data.speaking)})")
        self.together = re.compile(
            rf"(?:跟着?|和|与|同|随|搁|在|住)[^，。]{{0,4}}?(?:{alternatives(data.household)})(?:们|俩)?(?:[^，。]{{0,6}}?(?:住(?!院)|一块|一起|一堆|(?<![要当去干吃来走办见])过(?![饭来去年节]))|家(?:住(?!院)|里|呢|$))"
        )
        self.dead = re.compile(rf"^(?:都|也|又|还|早|就|已经|前年|去年|今年|大前年|前几年|头几年|上个?月|刚|是|因公|因病|早年|光荣|得[^，。]{1,3}病?|在[^，。]{1,5})*(?:{alternatives(data.dead)}|走了?[一二三四五六七八九十几好多半两]+(?:年|个月|天))(?!军人|军属|家属|遗属|证)|是烈士(?!的|家|子|遗|后)")
        self.acquaintance = re.compile(rf"(?:老|小)[{data.surnames}](?:头子?|太太|婆子|家的?|师傅|大哥|大姐|大娘|大爷|他|她)?(?![0-9年岁亲])|(?:楼[上下]|前院|隔壁|对门)老?[{data.surnames}]?(?:家|头|太太)?")
        self.titled = re.compile(rf"(?:(?<![\u4e00-\u9fff])|(?<=[的问给替帮是代]))([{data.surnames}])(?:{alternatives(data.titles)})")


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


_POSSESSIVES = ("我", "俺", "咱", "其", "我家", "俺家", "咱家", "我们家", "俺们家", "咱们家", "我那", "俺那", "我这", "俺这", "他", "她")
_SUFFICIENT = "妈爸爹娘"
"""Names of one character that are understood without a possessive."""


def _people(data: _Language) -> Iterator[tuple[str, Meaning]]:
    for role, addresses in (("elder", data.elders), ("relative", data.relatives), ("sibling", data.siblings), ("junior", {None: data.juniors})):
        for address, names in addresses.items():
            for name in spoken(names):
                yield from ((possessive + name, (role, address)) for possessive in _POSSESSIVES)
                if len(name) > 1 or name in _SUFFICIENT:
                    yield name, (role, address)
    for role, names in (
        ("household", data.homes), ("call", data.calls), ("other", data.others), ("self", data.self), ("we", data.we), ("pronoun", data.pronouns),
    ):
        yield from ((name, (role, None)) for name in spoken(names))
