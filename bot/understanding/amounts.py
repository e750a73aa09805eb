"""Amounts of money as people say them."""

from __future__ import annotations

import re

from bot.understanding.numerals import number

_ONE = "[一二三四五六七八九]"
_SUM = (
    rf"(?P<sum>[0-9]{{2,5}}|[一二两三四五六七八九]千(?:零?{_ONE}十{_ONE}?|{_ONE}百(?:零?{_ONE}(?:十{_ONE}?)?(?!个))?|{_ONE}(?!个))?"
    rf"|[一二两三四五六七八九]百(?:零?{_ONE}(?:十{_ONE}?|(?!个))|零{_ONE})?)"
)
_NO_DIGIT = "[^0-9一二两三四五六七八九]"
_STANDARD = re.compile(
    rf"(?:低保(?:一个月|每月|每个月)?的?(?:标准|线)|(?:当地|本地)的?低保){_NO_DIGIT}{{0,8}}(?:一个月{_NO_DIGIT}{{0,3}})?{_SUM}(?![0-9岁])"
)
_THE_STANDARD = re.compile(rf"标准{_NO_DIGIT}{{0,4}}(?:一个月{_NO_DIGIT}{{0,3}})?{_SUM}(?![0-9岁])")
_MISTAKEN = re.compile("[记写说看听]成了?[^，。]{1,6}了?$")
"""低保标准我记成七百八了: it is another sum."""

_SAID = re.compile(rf"(?:每月|一个月|月|是|标准){_NO_DIGIT}{{0,3}}{_SUM}\s*(?:[元块]|$)")
_ALONE = re.compile(
    rf"^(?:每月|一个月|是|应该是|好像|大概|对|就|改成|现在)*\s*{_SUM}\s*"
    r"(?:元|块|块钱)?(?:一个月|每月|左右|吧|呀|啊)*$"
)


def dibao_standard(clause: str, alone: bool = False) -> int | None:
    """The local 低保标准 in yuan a month that the clause names; with ``alone`` a sum by itself is meant as one."""
    if _MISTAKEN.search(clause):
        return None
    clause = clause.replace("佰", "百").replace("仟", "千")
    found = _STANDARD.search(clause) or _asked(clause, alone)
    return number(found["sum"]) if found else None


def retracts_standard(clause: str) -> bool:
    """Whether the clause says that a sum named for the 低保标准 was wrong: another one follows."""
    return "标准" in clause and _MISTAKEN.search(clause) is not None


def _asked(clause: str, alone: bool) -> re.Match[str] | None:
    return (_ALONE.match(clause) or _THE_STANDARD.search(clause) or _SAID.search(clause)) if alone else None
