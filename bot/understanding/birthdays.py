"""Days of birth as people say them, by the solar and by the lunar calendar."""

from __future__ import annotations

import re
from datetime import date

from bot.understanding.numerals import number

_DIGIT = "一二三四五六七八九〇零○"
_YEAR = (
    rf"(?P<y>(?:19|20)[0-9]{{2}}|[一二][九〇零○][{_DIGIT}]{{2}}|(?<![0-9])[2-7][0-9]|(?<![{_DIGIT}])[二三四五六七][{_DIGIT}])"
)
LUNAR = "(?:阴历|农历|旧历|老历)"
_MONTH = r"(?P<leap>闰)?(?P<m>1[0-2]|0?[1-9]|正|冬|腊|十[一二]?|[一二三四五六七八九])"
_ONE = "[一二三四五六七八九]"
_DAY = rf"(?P<d>初(?:{_ONE}|十)|廿{_ONE}?|二十{_ONE}?|三十一?|十{_ONE}?|{_ONE}|3[01]|[12][0-9]|0?[1-9])"

DAY_OF_BIRTH = re.compile(
    rf"(?P<before>{LUNAR})?\s*{_YEAR}\s*(?:年|[./-])\s*(?P<between>{LUNAR})?\s*{_MONTH}\s*(?:月|[./-])\s*{_DAY}(?![0-9{_DIGIT}十])\s*[日号]?"
)
COMPACT_DAY_OF_BIRTH = re.compile(r"(?<![0-9])(?P<y>19[0-9]{2})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12][0-9]|3[01])(?![0-9])")
"""As it stands in an ID number, or on a form: 19390816."""

REPUBLIC, REPUBLIC_BEGAN = "民国", 1911
"""Years are counted from the one after: 民国三十二年 is 1943."""

_FESTIVAL = re.compile(r"中秋|小年|重阳|端午|元宵|除夕")
_NAMED_MONTHS = {"正": 1, "冬": 11, "腊": 12}


def birth_date(match: re.Match[str], text: str, as_of: date, lunar: bool = False) -> str | None:
    """The ISO date of a match of :data:`DAY_OF_BIRTH` in ``text``; None for a day that there was not, or is not yet.

    ``lunar``: it was said before that it is by the lunar calendar.
    """
    year, month, day = _year(match["y"]), _month(match["m"]), _day(match["d"])
    if text.endswith(REPUBLIC, 0, match.start()):
        year += REPUBLIC_BEGAN - 1900
    if match.re is COMPACT_DAY_OF_BIRTH:
        compact = _date(year, month, day)
        return compact.isoformat() if compact else None
    lunar = bool(
        lunar or match["before"] or match["between"] or match["leap"] or match["m"] in _NAMED_MONTHS
        or match["d"][0] in "初廿" or re.search(LUNAR, text) or _FESTIVAL.search(text)
    )
    born = _solar(year, -month if match["leap"] else month, day) if lunar else _date(year, month, day)
    return born.isoformat() if born and born <= as_of else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _solar(year: int, month: int, day: int) -> date | None:
    from lunar_python import Lunar

    try:
        solar = Lunar.fromYmd(year, month, day).getSolar()
    except Exception:  # the library raises bare Exceptions for months and days that there were not
        return None
    return _date(solar.getYear(), solar.getMonth(), solar.getDay())


def _year(text: str) -> int:
    digits = "".join("0" if c in "〇零○" else str(number(c)) if not c.isdigit() else c for c in text)
    return int(digits) if len(digits) == 4 else 1900 + int(digits)


def _month(text: str) -> int:
    return _NAMED_MONTHS.get(text) or number(text)


def _day(text: str) -> int:
    if text.startswith("初"):
        return number(text[1:])
    return 20 + (number(text[1:]) if text[1:] else 0) if text.startswith("廿") else number(text)
