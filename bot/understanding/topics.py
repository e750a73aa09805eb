"""Topics: nouns that raise a fact without stating it (医保 …), and the words that settle it once it is raised (年年交着)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.understanding.answers import Answers
from bot.understanding.polarity import WRONG_AFTER, Polarity, Sense
from eligibility.facts import Fact, Scalar, Vocabulary
from eligibility.planning import Question, fact_question
from knowledge.lexicon import Found, Lexicon
from knowledge.phrases import GAP, spoken
from knowledge.spelling import normal

SHORTEST_VERDICT = 2
"""A word of fewer characters settles a topic only where it is the whole clause."""

_ABLE = re.compile(r"[就也还都]?(?:能|会|可以)")
"""自己能行 tells what somebody can do, and not with whom she lives."""

_HAVING_BEFORE = re.compile(r"(?:有|交|缴|入|参加|上|办|领|享受|拿|申请|买|续)(?:了|着|过|上|的|个|那个|国家|正经|一份|点)*$")
_HAVING_TOO = re.compile(r"(?:有|参加了?|办了?|上了?|交着?了?)[^，。没不无啥吗]{2,10}(?:和|跟|、|还有)$")
"""有职工养老保险和医保."""

_HAVING_AFTER = re.compile(
    r"^[^没不未无]{0,4}?(?:有|交|缴|入|参加|办|领|享受|在领|都全|全|齐|开|拿|申请|买|续|齐全|正常|照交|照领|在)(?:着|了|过|的|完|上|呢|着呢|了的)*(?:[啊呀呢吧]|$|[我俺])"
)


@dataclass(frozen=True, slots=True)
class Topic:
    """Facts that were raised or just stated, and of whom; ``loose`` where a clause that only holds an answer settles them."""

    facts: tuple[str, ...]
    subject: str | None
    loose: bool = False


class Topics:
    """What raises each fact, and what settles it.

    Args:
        vocabulary: the facts, with their ``topics``.
        polarity: what the words around a verdict do to it.
        answers: how answers are read.
    """

    def __init__(self, vocabulary: Vocabulary, polarity: Polarity, answers: Answers) -> None:
        self._vocabulary = vocabulary
        self._polarity = polarity
        self._answers = answers
        self._raising: dict[str, list[str]] = {}
        for name, fact in vocabulary.facts.items():
            for noun in spoken(fact.topics):
                self._raising.setdefault(normal(noun), []).append(name)
        self.nouns = Lexicon((noun, ("", None)) for noun in self._raising)
        self._verdicts: dict[str, Lexicon] = {}
        self._questions: dict[str, Question] = {}

    def raised_by(self, noun: Found, clause: str) -> tuple[str, ...]:
        """The facts that a noun of the clause raises."""
        return tuple(self._raising[clause[noun.start:noun.end]])

    def settled(
        self, clause: str, noun: Found, end: int, name: str, named: bool, places: Sequence[Found] = (),
    ) -> Scalar | None:
        """What the clause says, up to ``end``, of a fact that ``noun`` raised; None where it leaves it open."""
        fact = self._vocabulary.facts[name]
        said = self.verdict(clause, noun.end, end, name, named, places)
        if said is not None:
            return said
        sense = self._polarity.sense(clause[:end], noun, named)
        if sense is Sense.DENIED:
            return None if WRONG_AFTER.match(clause[noun.end:end]) else fact.lacking  # 智力残疾写错了: there is another
        before, after = clause[:noun.start], clause[noun.end:end]
        has = _HAVING_BEFORE.search(before) or _HAVING_TOO.search(before) or _HAVING_AFTER.match(after)
        return fact.having if sense is Sense.STATED and has else None

    def verdict(
        self, clause: str, start: int, end: int, name: str, named: bool, places: Sequence[Found] = (),
    ) -> Scalar | None:
        """The last word between ``start`` and ``end`` that settles the fact; the name of a place settles none (海城市)."""
        settled: Scalar | None = None
        for word in self._words(name).find(clause[start:end]):
            if word.end - word.start < SHORTEST_VERDICT or (name == "living" and _ABLE.match(clause, word.end + start)):
                continue
            value = word.meaning[1]
            there = Found(word.start + start, word.end + start, word.meaning, word.inner)
            if any(place.start < there.end and there.start < place.end for place in places):
                continue
            sense = self._polarity.sense(clause if self._polarity.asks(clause) else clause[:end], there, named)
            if sense is Sense.STATED:
                settled = value
            elif sense is Sense.DENIED and isinstance(value, bool):
                settled = not value
        return settled

    def answer(self, clause: str, topic: Topic, asked: bool) -> dict[str, Scalar] | None:
        """The facts that the clause settles by being an answer and nothing else; 有 to several at once says not which.

        ``asked``: the topic is the pending question, whose choices were shown.
        """
        settled: dict[str, Scalar] = {}
        for name in topic.facts:
            if name not in self._questions:
                self._questions[name] = fact_question(name, self._vocabulary)
            settled |= self._answers.settled(clause, self._questions[name], numbered=asked) or {}
        if len(settled) > 1 and all(value is True for value in settled.values()):
            return None
        return settled or None

    def _words(self, name: str) -> Lexicon:
        if name not in self._verdicts:
            self._verdicts[name] = Lexicon(_verdicts(name, self._vocabulary.facts[name]))
        return self._verdicts[name]


def _verdicts(name: str, fact: Fact) -> Iterator[tuple[str, tuple[str, Scalar | None]]]:
    for value, option in fact.options.items():
        for pattern in (*option.says, *option.answers):
            yield normal(pattern).replace("...", GAP), (name, value)
