"""Answers to a pending question: a label, its number, yes or no, none of these, don't know."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from bot.understanding.numerals import number
from bot.understanding.polarity import alternatives
from eligibility.facts import Scalar
from eligibility.planning import Choice, Question
from knowledge.data import Record
from knowledge.phrases import spoken
from knowledge.spelling import normal

Facts = dict[str, Scalar]

LONGEST_ANSWER = 60
"""What is longer is a message, and no bare answer; it bounds the work."""

_END = r"[。.!！~～]*$"
_PARTICLE = r"[了的啊呀呢吧呗嘛哈哇]*"
_NUMERAL = "[0-9]{1,2}|[一二三四五六七八九十]{1,3}"
_CHOSEN = "(?:就|是|应该|我看?|选|要|按|那|你说的|您说的|上面)*(?:那个|这个)?"
_ORDINAL = re.compile(
    rf"^{_CHOSEN}第?\s*({_NUMERAL}|头一)\s*(?:个|项|号|条|样|种|款|类)(?:情况|选项|选择|答案)?[吧呗啊呀的那算]*{_END}"
)
_NUMBER_ALONE = re.compile(rf"^{_CHOSEN}第?\s*({_NUMERAL})[吧呗啊呀]?{_END}")
_FIRST = re.compile(rf"^{_CHOSEN}(?:前|头里?|上)[边面头]?一?(?:个|种|那个|那种|头那个)[吧呗的]?{_END}")
_LAST = re.compile(rf"^{_CHOSEN}(?:最后面?|最?末了|最末|最下面|最底下)(?:一|那)?(?:个|项|种)[吧呗的]?{_END}")
_SECOND_OF_TWO = re.compile(rf"^{_CHOSEN}(?:后|下)[边面头]?一?(?:个|种|那个|那种)[吧呗的]?{_END}")
_NOTHING_ELSE = re.compile(r"^(?:别的|其他的?|其它的?|剩下的?)(?:都|也|啥也|啥都|全)?(?:没有|没|不是|没了)[了啊呢的]*$")
_WHICH = re.compile(r"^[^，。]{0,6}(?:还是|是不是|有没有|算不算)[^，。]{1,6}?(?=不|说|记|闹|拿|没)")
_BETWEEN = re.compile(r"[、，,；;\s]+|和|还有|跟")


class AnswerWords(Record):
    """How people answer whatever was asked: the lists of ``language.yaml``, explained there."""

    agreeing: tuple[str, ...]
    denying: tuple[str, ...]
    none: tuple[str, ...]
    unknown: tuple[str, ...]
    leading: tuple[str, ...]
    trailing: tuple[str, ...]


class Answers:
    """Reads answers to questions."""

    def __init__(self, words: AnswerWords) -> None:
        self._yes = _just(words.agreeing)
        self._no = _just(words.denying)
        self._none = _just(words.none)
        self._unknown = re.compile(rf"^[我俺]?也?(?:{alternatives(spoken(words.unknown))})(?:了|啊|呀|呢|咋选)?{_END}")
        self._leading = re.compile(rf"^(?:{alternatives(words.leading)})")
        self._trailing = re.compile(rf"(?:{alternatives(words.trailing)})$")

    def declines(self, message: str) -> bool:
        """Whether the message says 不知道, in one way or another, and nothing else."""
        said = normal(message)
        which = _WHICH.match(said)  # 城市还是农村不知道
        return bool(self._unknown.match(said) or (which and self._unknown.match(said[which.end():])))

    def bare(self, message: str) -> bool:
        """Whether the message is a yes or a no and nothing else."""
        return any(self._yes.match(bare) or self._no.match(bare) for bare in self._bared(normal(message)))

    def agrees(self, message: str) -> bool:
        """Whether the message says yes, and nothing else."""
        return any(self._yes.match(bare) for bare in self._bared(normal(message)))

    def read(self, message: str, question: Question) -> Facts | None:
        """The facts that a message settles as an answer to ``question``; None where it is no answer."""
        return self.settled(normal(message), question)

    def settled(self, said: str, question: Question, numbered: bool = True) -> Facts | None:
        """The same of what is already written as it is looked at: a clause of a message.

        ``numbered``: the choices were shown, and their numbers choose them.
        """
        if question.multiple:
            return self._several(said, question)
        chosen = self._choice(said, question.choices, numbered)
        if chosen is not None:
            return _settled([chosen], {})
        if len(question.facts) == 1 and len(question.choices) == 2:
            return self._yes_or_no(said, question)
        if any(self._none.match(bare) for bare in self._bared(said)):
            return _none_of_them(question)
        return None

    def _several(self, said: str, question: Question) -> Facts | None:
        """What several choices settle; what was chosen and is not settled by it stays open.

        Only labels and numbers say that the rest is not so: whoever types 吃低保 has said nothing of a disability.
        """
        nothing: Facts = dict(question.otherwise)
        if self._none.match(said) or self._is_last_button(said, question):
            return nothing
        if self._yes.match(said) and len(question.choices) == 1:
            return _settled([question.choices[0]], nothing)
        every = [part for part in _BETWEEN.split(said) if part]
        parts = [part for part in every if not _NOTHING_ELSE.match(part) and not self._none.match(part)]
        # Who says that there is nothing else has said all: then a word for a choice does as well as its label.
        chosen = [self._choice(part, question.choices, worded=len(parts) < len(every)) for part in parts]
        if not chosen or any(choice is None for choice in chosen):
            return None
        return _settled([choice for choice in chosen if choice], nothing)

    def _is_last_button(self, said: str, question: Question) -> bool:
        """Whether the button for none of them, which comes after the choices, is meant by its number."""
        return any(_place(bare, len(question.choices) + 1) == len(question.choices) for bare in self._bared(said))

    def _choice(
        self, said: str, choices: Sequence[Choice], numbered: bool = True, worded: bool = True,
    ) -> Choice | None:
        """The choice that is meant by its label, by its number, or by other words for it."""
        for bare in self._bared(said):
            for choice in choices:
                if bare in _labels(choice.label) or (worded and bare in choice.answers):
                    return choice
        places = (_place(bare, len(choices)) for bare in self._bared(said) if numbered)
        place = next((place for place in places if place is not None), None)
        return choices[place] if place is not None and place < len(choices) else None

    def _yes_or_no(self, said: str, question: Question) -> Facts | None:
        name = question.facts[0]
        if {choice.facts[name] for choice in question.choices} != {True, False}:
            return None
        for bare in self._bared(said):
            if self._yes.match(bare):
                return {name: True}
            if self._no.match(bare):
                return {name: False}
        return None

    def _bared(self, said: str) -> Iterator[str]:
        """What was said, and less and less of it: without the little words at its ends."""
        bare = said.rstrip("。.!！~～ ")
        if len(bare) > LONGEST_ANSWER:
            return
        seen = {bare}
        queue = [bare]
        for text in queue:
            yield text
            for shorter in (self._trailing.sub("", text), self._leading.sub("", text)):
                if shorter and shorter not in seen:
                    seen.add(shorter)
                    queue.append(shorter)


def _settled(chosen: Iterable[Choice], otherwise: Facts) -> Facts:
    """What the choices settle, and for what was not chosen ``otherwise``."""
    settled = dict(otherwise)
    for choice in chosen:
        for name, value in choice.facts.items():
            if isinstance(value, tuple):
                settled.pop(name, None)  # it holds, and how is asked next
            else:
                settled[name] = value
    return settled


@cache
def _labels(label: str) -> tuple[str, str]:
    """A button's label as it is looked at, whole and without what stands in brackets."""
    whole = normal(label)
    return whole, whole.split("(")[0]


def _just(words: Iterable[str]) -> re.Pattern[str]:
    """The message is one of the words, over and over, with a particle at the most."""
    return re.compile(rf"^(?:(?:{alternatives(spoken(tuple(words)))}){_PARTICLE})+{_END}", re.IGNORECASE)


def _place(said: str, choices: int) -> int | None:
    """The place (from 0) of the choice that is meant by its number, or as the first or the last; None for neither."""
    if (choices and _LAST.match(said)) or (choices == 2 and _SECOND_OF_TWO.match(said)):
        return choices - 1
    if choices == 2 and _FIRST.match(said):
        return 0
    ordinal = _ORDINAL.match(said) or _NUMBER_ALONE.match(said)
    if not ordinal:
        return None
    place = 1 if ordinal[1] == "头一" else number(ordinal[1])
    return place - 1 if place >= 1 else None


def _none_of_them(question: Question) -> Facts | None:
    """都没有 chooses the option that says so: ``none``, or grade 0."""
    for choice in question.choices:
        if any(value == "none" or (value == 0 and value is not False) for value in choice.facts.values()):
            return _settled([choice], {})
    return None
