"""Answers to a pending question: a label, its number, yes or no, none of these, don't know."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.numerals import number
from bot.spelling import normal
from eligibility.facts import Scalar
from eligibility.planning import Choice, Question

Facts = dict[str, Scalar]

_END = r"[。.!！]*$"
_PARTICLE = r"[了的啊呀呢]?"


def _just(words: str) -> re.Pattern[str]:
    """The message is one of the words, separated by blanks, with a particle at the most."""
    return re.compile(rf"^(?:{'|'.join(words.split())}){_PARTICLE}{_END}")


DONT_KNOW = re.compile(
    r"^[我俺]?也?(?:不知道|不清楚|不晓得|不太清楚|说不好|说不上来|不记得|记不清|记不得|忘了|没注意|不懂|不会选|跳过|过|下一个|不想说|不好说)"
    rf"(?:了|啊|呀|呢|咋选)?{_END}"
)
_YES = _just(
    "是 对 有 嗯+ 恩 是的 对的 有的 是啊 对啊 有啊 是呀 没错 可不 可不是 可不咋的 可不咋地 那是 嗯呐 嗯哪 "
    "中 行 (?:对|是)+ 那还用说 参加了 申请过 办过 办了 在 住着"
)
_NO = _just("不是 不 没有 没 无 不对 没办过 没申请过 没参加 没办 哪有 不在 没住")
_NONE = _just("都没有 都不是 全没有 啥也没有 啥都没有 什么都没有 一个都没有 一样没有 没有 都没 没 无 不是 以上都没有 都不沾")
_ORDINAL = re.compile(
    r"^(?:第|选|选第|要|我选|是第)?\s*([0-9]{1,2}|[一二三四五六七八九十]{1,3})\s*(?:个|项|号|条|样)?[吧呗啊呀]?" + _END
)
_BETWEEN = re.compile(r"[、，,；;\s]+|和|还有|跟")


MOST_BEFORE_COMMA = 8
"""Characters of a first clause that is an answer by itself."""


def declines(text: str) -> bool:
    """Whether the message says 不知道, in one way or another, and nothing else."""
    return bool(DONT_KNOW.match(normal(text)))


def read_answer(text: str, question: Question) -> Facts | None:
    """The facts that the message settles as an answer to ``question``; None where it is no answer to it.

    The first clause may answer and the rest explain: 职工的，在矿上交的.
    """
    said = normal(text)
    answer = _read(said, question)
    first = re.split("[,，]", said)[0]
    return _read(first, question) if answer is None and first != said and len(first) <= MOST_BEFORE_COMMA else answer


def _read(said: str, question: Question) -> Facts | None:
    if question.multiple:
        return _read_several(said, question)
    chosen = _choice(said, question.choices)
    if chosen is not None:
        return dict(chosen.facts)
    if len(question.facts) == 1 and len(question.choices) == 2:
        return _yes_or_no(said, question)
    if _NONE.match(said):
        return _none_of_them(question)
    return None


def _read_several(said: str, question: Question) -> Facts | None:
    nothing: Facts = dict.fromkeys(question.facts, False)
    if _NONE.match(said):
        return nothing
    if _YES.match(said) and len(question.choices) == 1:
        return nothing | question.choices[0].facts
    chosen = [_choice(part, question.choices) for part in _BETWEEN.split(said) if part]
    if not chosen or any(choice is None for choice in chosen):
        return None
    return nothing | {name: value for choice in chosen if choice for name, value in choice.facts.items()}


def _choice(said: str, choices: Sequence[Choice]) -> Choice | None:
    bare = said.rstrip("。.!！吧呗啊呀呢")
    for choice in choices:
        label = normal(choice.label)
        if bare in (label, label.split("(")[0]) or bare.removesuffix("的") in choice.answers or bare in choice.answers:
            return choice
    if bare in ("最后一个", "最后那个", "最后一项", "最下面那个"):
        return choices[-1] if choices else None
    ordinal = _ORDINAL.match(said)
    if ordinal:
        place = number(ordinal[1])
        if 1 <= place <= len(choices):
            return choices[place - 1]
    return None


def _yes_or_no(said: str, question: Question) -> Facts | None:
    name = question.facts[0]
    values = [choice.facts[name] for choice in question.choices]
    if set(values) != {True, False}:
        return None
    if _YES.match(said):
        return {name: True}
    return {name: False} if _NO.match(said) else None


def _none_of_them(question: Question) -> Facts | None:
    """都没有 chooses the option that says so: ``none``, or grade 0."""
    for choice in question.choices:
        if any(value == "none" or (value == 0 and value is not False) for value in choice.facts.values()):
            return dict(choice.facts)
    return None
