"""Disability certificates as people name them: the grade and the kind, in one clause."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.understanding.numerals import number
from eligibility.facts import Scalar
from knowledge.lexicon import Found

_NAMES = "上肢|下肢|肢体|肢|视力|眼睛|听力|耳朵|言语|语言|多重|智力|精神|聋哑|腿"
_GRADE = re.compile(
    rf"残疾[^，。]{{0,5}}?([一二三四1-4])\s*级|([一二三四1-4])级\s*(?:的)?(?:{_NAMES})?(?:类|上|方面)?的?残|残联[^，。]{{0,4}}([一二三四1-4])级证?"
    rf"|(?:{_NAMES})(?:类|上|方面)?(?:的|是|,|残)?([一二三四1-4])\s*级|([一二三四1-4])级残"
    r"|^([一二三四1-4])级(?:这个|这块|这一?栏|这一?项)?(?:没[写说记填弄搞]?错|是对的|不假)|^([一二三四1-4])级的证|(?:更正|改|订正|应该?)(?:为|成|是)\s*([一二三四1-4])级$"
    r"|^(?:残疾)?(?:等级|级别)(?:是|为|评的?是?|定的?是?|写的?是?)*\s*([一二三四1-4])\s*级"
    r"|(?:^|[疾的])证(?:上|里)?(?:写的?是?|写着|印的?是?|印着|标的?|是|评的?|给的?|定的?)*\s*([一二三四1-4])\s*级"
)
_KIND = re.compile(
    rf"({_NAMES})(?:类|上|方面)?的?(?=残(?!疾军)|[一二三四1-4]\s*级)|(?<=残疾)(?:证)?[^，。]{{0,4}}?({_NAMES})(?:类|上|方面)|(?<=级)({_NAMES})残"
)
_SEVERAL = re.compile(
    r"([一二三四1-4])级(?!\1)[一二三四1-4]级"
    r"|([一二三四1-4])级[^，。]{0,4}(?:跟|和|与|到|还是|、)[^，。]{0,3}(?!\2)[一二三四1-4]级"
)
"""残疾证一级的跟二级的: a question about the grades, and nobody's own."""

_WRITTEN = "(?:上肢|下肢|肢体|肢|视力|听力|言语|多重|智力|精神)(?:类|残疾|残)?"
_GRADE_WRITTEN = re.compile(
    rf"(?:(?:残疾人?证?|持证|等级|{_WRITTEN})[,.、:;]?)*(?P<grade>[一二三四壹贰叁肆1-4])级(?:[,.、:;]?(?:{_WRITTEN}|残疾人?证?|残))*"
)
_KINDS_WRITTEN = re.compile(rf"{_WRITTEN}(?:[,.、:;和/+]?{_WRITTEN})*")
_FORMAL = str.maketrans("壹贰叁肆", "一二三四")

_KINDS = {"智力": "intellectual", "精神": "psychiatric"}


def compares(clause: str) -> bool:
    """Whether the clause sets grades side by side."""
    return bool(_SEVERAL.search(clause))


def disability(clause: str) -> Iterator[tuple[Found, str, Scalar]]:
    """Where the clause names a grade and a kind of disability: the place, the fact and its value."""
    if "残疾军人" in clause or "伤残军人" in clause:
        return
    if compares(clause):
        return
    grade = _GRADE.search(clause)
    if grade:
        said = next(value for value in grade.groups() if value)
        yield Found(*grade.span(), ("disability_grade", None)), "disability_grade", number(said)
    kind = _KIND.search(clause)
    if kind:
        said = next(value for value in kind.groups() if value)
        yield Found(*kind.span(), ("disability_kind", None)), "disability_kind", _KINDS.get(said, "other")


def grade_written(text: str) -> int | None:
    """The grade that an entry of a form names (肢体二级, 贰级, 残疾证三级), if it names one and says nothing else."""
    written = _GRADE_WRITTEN.fullmatch(text)
    return number(written["grade"].translate(_FORMAL)) if written else None


def kind_written(text: str) -> str | None:
    """The kind that an entry of a form names (肢体, 智力残疾), if it names one and says nothing else."""
    if not _KINDS_WRITTEN.fullmatch(text.removesuffix("级").rstrip("一二三四1234")):
        return None
    kinds = {_KINDS.get(name, "other") for name in re.findall(_NAMES, text)}
    return kinds.pop() if len(kinds) == 1 else None
