"""Answers to a pending question: a label, its number, yes or no, none of these, don't know."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.numerals import number
from bot.spelling import normal
from eligibility.facts import Scalar
from eligibility.planning import Choice, Question

Facts = dict[str, Scalar]

_END = r"[。.!！~～]*$"
_PARTICLE = r"[了的啊呀呢吧呗嘛哈]*"
_LEAD = (
    "嗯+|恩|啊|哦|噢|哎|呃|唉|嗨|那|就是|就|是|都|也|还|可|倒是|倒|应该是|应该|大概|可能|算是|算|属于|我们|俺们|咱们|我|俺|咱|他|她|人家|家|这|早就|早|已经|一直|现在|目前|那个|这个|"
    "正|从来|压根儿?|真|反正|其实|选|要|大夫说|当然|肯定|估计|差不多|基本上?|基本|还是|仍|说|一直是|全|光|只"
)
_LEADING = re.compile(rf"^(?:{_LEAD})")
_TRAILING = re.compile(r"(?:那个|那种|那类|那样|那块儿?|那一套|那套|这种|这类|情况|一个|来着|这样|而已|了|的|啊|呀|呢|吧|呗|嘛|哈|着|啦)$")


def _just(words: str) -> re.Pattern[str]:
    """The message is one of the words, separated by blanks, over and over, with a particle at the most."""
    return re.compile(rf"^(?:(?:{'|'.join(words.split())}){_PARTICLE})+{_END}")


DONT_KNOW = re.compile(
    r"^[我俺]?也?(?:不知道|不清楚|不晓得|不太清楚|说不好|说不上来|不记得|记不清|记不得|忘了|没注意|不懂|不会选|跳过|过|下一个|不想说|不好说|不确定|说不准|闹不清|整不明白|闹不准|没印象|记不住)"
    rf"(?:了|啊|呀|呢|咋选)?{_END}"
)
_YES = _just(
    "是 对 有 嗯+ 恩 是的 对的 有的 是啊 对啊 有啊 是呀 没错 可不 可不是 可不咋的 可不咋地 那是 嗯呐 嗯哪 就是这么回事 是这么回事 那可不 必须的 没毛病 必须 "
    "中 行 那还用说 参加了 申请过 办过 办了 在 住着 当然 肯定 yes ok"
)
_NO = _just("不是 不 没有 没 无 不对 没办过 没申请过 没参加 没办 哪有 不在 没住 木有 没呢 没那事儿? 没这事儿? 哪能呢? 那不能 没有过 no")
_NONE = _just(
    "都没有 都不是 全没有 全不是 啥也没有 啥都没有 什么都没有 一个都没有 一样没有 一样都没有 没有 都没 没 无 不是 以上都没有 以上都不是 都不沾 都不沾边 啥也不是 啥都不是 一个不是 一个也不是 一个没有 木有"
)
_ORDINAL = re.compile(
    r"^(?:就|是|应该)*(?:第|选|选第|要|我选|是第|按)?\s*([0-9]{1,2}|[一二三四五六七八九十]{1,3}|头一)\s*(?:个|项|号|条|样|种|款|类)(?:情况)?[吧呗啊呀的那]*" + _END
)
_NUMBER_ALONE = re.compile(r"^(?:第|选|选第|我选|按)?\s*([0-9]{1,2}|[一二三四五六七八九十]{1,3})[吧呗啊呀]?" + _END)
_ENDS = (
    (re.compile(r"^(?:是|就|选)*(?:前|头里?|上)[边面头]?(?:一)?(?:个|种|那个|那种|头那个)[吧呗的]?" + _END), 0),
    (re.compile(r"^(?:是|就|选)*(?:最后|末了|最下面|最底下)(?:一|那)?(?:个|项|种|那个)?[吧呗的]?" + _END), -1),
    (re.compile(r"^(?:是|就|选)*(?:后|下)[边面头]?(?:一)?(?:个|种|那个|那种)[吧呗的]?" + _END), -1),
)
_BETWEEN = re.compile(r"[、，,；;\s]+|和|还有|跟")


def declines(text: str) -> bool:
    """Whether the message says 不知道, in one way or another, and nothing else."""
    return bool(DONT_KNOW.match(normal(text)))


def agrees(message: str) -> bool:
    """Whether the message says yes, and nothing else."""
    return any(_YES.match(bare) for bare in _bared(normal(message)))


def read_answer(text: str, question: Question) -> Facts | None:
    """The facts that the message, or a clause of one, settles as an answer to ``question``; None where it is no answer to it."""
    return _read(normal(text), question)


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
    for bare in _bared(said):
        for choice in choices:
            label = normal(choice.label)
            if bare in (label, label.split("(")[0]) or bare in choice.answers:
                return choice
    for pattern, place in _ENDS:
        if pattern.match(said) and (place or len(choices) == 2):
            return choices[place] if choices else None
    ordinal = _ORDINAL.match(said) or _NUMBER_ALONE.match(said)
    if ordinal:
        place = 1 if ordinal[1] == "头一" else number(ordinal[1])
        if 1 <= place <= len(choices):
            return choices[place - 1]
    return None


def _bared(said: str) -> Iterator[str]:
    """What was said, and less and less of it: without the little words at its ends."""
    bare = said.rstrip("。.!！~～ ")
    seen = {bare}
    queue = [bare]
    for text in queue:
        yield text
        for shorter in (_TRAILING.sub("", text), _LEADING.sub("", text)):
            if shorter and shorter not in seen:
                seen.add(shorter)
                queue.append(shorter)


def _yes_or_no(said: str, question: Question) -> Facts | None:
    name = question.facts[0]
    values = [choice.facts[name] for choice in question.choices]
    if set(values) != {True, False}:
        return None
    for bare in _bared(said):
        if _YES.match(bare):
            return {name: True}
        if _NO.match(bare):
            return {name: False}
    return None


def _none_of_them(question: Question) -> Facts | None:
    """都没有 chooses the option that says so: ``none``, or grade 0."""
    for choice in question.choices:
        if any(value == "none" or (value == 0 and value is not False) for value in choice.facts.values()):
            return dict(choice.facts)
    return None
