"""Ages as old people say them: an interval of completed years, or a year or a day of birth."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from bot.understanding.birthdays import COMPACT_DAY_OF_BIRTH, DAY_OF_BIRTH, REPUBLIC, REPUBLIC_BEGAN, birth_date
from bot.understanding.numerals import DIGITS, NUMBER, ONES, ROUND, number
from eligibility.person import OLDEST


@dataclass(frozen=True, slots=True)
class Age:
    """A statement about an age at ``start``–``end`` of the text.

    ``facts`` holds one of ``age``, ``age_range``, ``birth_year`` and ``birth_date``. A ``weak`` one only follows from what is
    to come (下个月满八十) or is counted the old way (虚岁), and gives way to an age that was said.
    """

    start: int
    end: int
    facts: dict[str, object]
    weak: bool = False


LITTLE_LESS, LITTLE_MORE = 3, 5
"""What 来 leaves open, in years."""

_UNIT = r"(?:周岁|岁)"
_MEASURE = (
    "(?![0-9元块平米斤个天年里人次户度层号路分钱毛片遍趟通亩间万盒瓶袋针粒口桌家名位项张本份辆台套栋座代届期集章周月秒点"
    "千公条床只头箱车包顿样声响封首件支])"
)
_AFTER = r"(?=$|[，,。．.！!？?；;、\s了啦咧喽嘞哩哈嘛的呢吧呀啊整户，]|不是|还(?![差欠剩多少有要是]))"
_NOT_BEFORE = r"(?<![0-9./第元块路号金资级月日前后几数一二三四五六七八九十百])"

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("year", re.compile(
        r"(?P<y>(?:19[0-9]|20[0-2])[0-9]|一九[一二三四五六七八九〇零○]{2}|(?<![0-9])[2-7][0-9]"
        rf"|(?<![{ONES}])[二三四五六七][{ONES}〇零])年\s*"
        rf"(?:(?:[0-9]{{1,2}}|正|腊|冬|十[一二]?|[{ONES}])月)?份?(?:[0-9{ONES}十初]+[日号]?)?\s*(?:出?生人?|生的|的人|的|生)"
    )),
    ("year", re.compile(
        r"(?:出生(?:于|在|是|年份?是?)|生于|生在)\s*"
        r"(?P<y>(?:19[0-9]|20[0-2])[0-9]|一九[一二三四五六七八九〇零○]{2}|[2-6][0-9])(?=年|$)"
    )),
    ("republic", re.compile(rf"{REPUBLIC}(?P<n>{NUMBER})年")),
    ("nominal", re.compile(
        rf"(?:按|论|算)虚岁[^0-9一二三四五六七八九十百]{{0,6}}(?P<n4>{NUMBER})|虚岁?\s*(?:都|才|刚|有|是|快|已经|算|数|说|叫|该|得)*\s*(?P<n>{NUMBER})|(?P<n7>{NUMBER})\s*(?:是|那是|算)\s*虚岁|(?<!周岁)(?P<n2>{NUMBER})\s*虚岁(?!\s*[0-9一二三四五六七八九])|毛岁\s*(?P<n3>{NUMBER})"
    )),
    ("between", re.compile(
        rf"{_NOT_BEFORE}(?P<a>{NUMBER}){_UNIT}?\s*(?:到|至|[-—~～])\s*(?P<b>{NUMBER})(?:{_UNIT}(?:之间|左右)?|之间|{_AFTER})"
    )),
    ("span", re.compile(rf"{_NOT_BEFORE}(?P<a>[六七八九])(?P<b>[七八九])十(?:来|多)?(?:{_UNIT})?{_AFTER}")),
    ("pair", re.compile(rf"{_NOT_BEFORE}(?P<t>[六七八九])十(?P<a>[{ONES}])(?P<b>[{ONES}])(?:{_UNIT})?(?![0-9十百])")),
    ("around", re.compile(rf"{_NOT_BEFORE}(?P<n>{ROUND})\s*(?:多|好几|几|(?P<about>来))\s*{_UNIT}?{_MEASURE}")),
    ("just", re.compile(rf"{_NOT_BEFORE}(?P<n>{ROUND})\s*岁?(?:刚|才)?(?:挂零|出头|冒头|拐弯)")),
    ("in_years", re.compile(
        rf"(?:再有|再过|还有|还差|还得|再等|差)(?P<k>[两{ONES}1-9])年(?:就|才|才能|也就)?(?:满|到|够|是|整)?(?P<n>{NUMBER})(?:{_UNIT}|了|啦|$)"
    )),
    ("soon", re.compile(
        rf"(?:(?:再有|还有|还差|再过|差)[^，。0-9]{{1,6}}|(?:下个?月|明年|年底|腊月|转过年|转年|开春|过了?年|过完年|出了?正月|过了生日|过完生日|[0-9一二三四五六七八九十]+月份?)[^，。0-9]{{0,5}})(?:就|才|才能)?(?:满|到|够|是)(?P<n>{NUMBER}|{ROUND})"
    )),
    ("short", re.compile(
        r"(?P<n1>[6-9]0|100|[六七八九]十|一百)还?[缺差少](?:[一两二三四五六仨俩几半]|[1-9]|十一?)个?月"
        rf"|差(?P<k>[{ONES}两1-9])岁(?:就)?(?:到|满)?(?P<n>[6-9]0|100|[六七八九]十|一百)"
    )),
    ("nearly", re.compile(
        r"(?:奔|快到|快|眼瞅着|马上|将近|不到|差点|就要|要到|没到)\s*了?"
        rf"(?P<n>[6-9]0|100|[六七八九]十|一百){_UNIT}?(?:了|的人了)?(?![{ONES}]){_MEASURE}"
    )),
    ("person", re.compile(
        rf"(?<=[太妈爸爹娘爷奶伴姥婆公我俺他她])(?P<n>[5-9][0-9]|1[01][0-9]|[五六七八九]十[{ONES}]?)(?![十有0-9{ONES}]){_MEASURE}"
    )),
    ("exact", re.compile(
        rf"{_NOT_BEFORE}(?:(?:今年|年龄|周岁|已经|都|整|满)\s*)?(?P<n>{NUMBER})\s*{_UNIT}(?!那年|那会|时候|的时候|以后|以前|守|结婚|当兵|参军|退休|得的|死|嫁|娶|下乡|入党|开始|就没)"
        rf"|周岁\s*(?P<n2>{NUMBER})|(?:今年|年龄|岁数|高寿)\s*(?:是|都|有|已经|整)?\s*(?P<n3>{NUMBER})(?![0-9元块年月级有])"
        rf"|{_NOT_BEFORE}(?P<n4>{NUMBER})\s*(?:了|啦|咧|喽|嘞|整){_AFTER}|整(?P<n5>一?百){_AFTER}"
        rf"|活了?(?:整整)?(?P<n6>{NUMBER})(?:年|岁|了|来?年)"
        rf"|{_NOT_BEFORE}(?P<t>[二三四五六七八九]?十)有(?P<o>[{ONES}])"
    )),
)
_ON_PAPER = re.compile(
    rf"(?:身份证|户口本|证件)[上]?(?:写的?|是)*(?P<y>(?:19|20)[0-9]{{2}}|一九[{ONES}〇零○]{{2}}|[2-6][0-9]|[二三四五六][{ONES}〇零])年"
)
_YEAR_ALONE = re.compile(
    rf"^(?:是|我|应该是|应该|就是|应为|应是|改成|改为|其实是|实际是)?(?P<y>(?:19|20)[0-9]{{2}}|一九[{ONES}〇零○]{{2}}|[2-6][0-9](?=年)|[二三四五六][{ONES}〇零](?=年))"
    rf"年?(?:(?:1[0-2]|[1-9]|[{ONES}]|十[一二]?|正|冬|腊)月份?)?(?:出?生人?)?的?$"
)
_BARE = re.compile(rf"{_NOT_BEFORE}(?P<n>{NUMBER}){_AFTER}")
_DENIED = re.compile(r"(?:不是|不写|没到|没有|非|别按|甭按)$")
_NOT_AGE = re.compile(
    r"(?:费|差|少|多给|多发|涨|扣|省|剩|欠|借|退休金|工资|每月|一个月|月|电话|手机|开|领|给|挣|花|工龄|党龄|血压|血糖|心率|心跳|脉搏|血脂|尿酸|体温|体重|医保|身高|编号|楼)\s*(?:是|有|才|就|共)?$"
)


def ages(
    text: str, as_of: date, bare_from: int = 40, year_alone: bool = False, lunar: bool = False,
) -> Iterator[Age]:
    """The statements about ages in one clause.

    Args:
        text: the clause.
        as_of: the day on which it is said.
        bare_from: a number without any unit is read as an age from here on.
        lunar: a day is one of the lunar calendar, as was said before.
        year_alone: an age was asked for: a year by itself (1944, 44年) is the year of birth.
    """
    text = text.replace("生日", "生辰")  # a birthday, and not the day of a date, may stand before an age
    taken: list[tuple[int, int]] = []
    asked = [("year", _ON_PAPER), *([("year", _YEAR_ALONE)] if year_alone else [])]
    for match in (*DAY_OF_BIRTH.finditer(text), *COMPACT_DAY_OF_BIRTH.finditer(text)):
        born = birth_date(match, text, as_of, lunar)
        if born:
            taken.append(match.span())
            yield Age(match.start(), match.end(), {"birth_date": born})
    for kind, pattern in (*_PATTERNS, *asked, ("bare", _BARE)):
        for match in pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            before = text[:match.start()]
            if _DENIED.search(before) or (kind in ("bare", "exact", "around") and _NOT_AGE.search(before)):
                continue
            facts = _READ[kind](match, as_of)
            if facts and (kind not in ("bare", "between") or number(match[1]) >= bare_from):
                taken.append(match.span())
                yield Age(match.start(), match.end(), facts, weak=kind in ("in_years", "soon", "short", "nominal"))


_AGE_ALONE = re.compile(r"(?:[5-9][0-9]|1[01][0-9]|[五六七八九]十[一二三四五六七八九]?|一百零?[一二三四五六七八九]?)")


def age_between(text: str, spans: Collection[tuple[int, int]]) -> Iterator[Age]:
    """A number that stands, without any unit, between words that are understood: 鞍山户口七十四职工养老.

    Args:
        text: the clause.
        spans: where the words stand.
    """
    starts, ends = {start for start, _ in spans} | {len(text)}, {end for _, end in spans} | {0}
    ends |= {end + 1 for end in ends if text[end:end + 1] in ("的", "人", "区", "县")}
    for match in _AGE_ALONE.finditer(text):
        if match.start() in ends and match.end() in starts and (match.end() - match.start()) < len(text):
            yield Age(match.start(), match.end(), {"age": number(match.group())})


def _group(match: re.Match[str]) -> int:
    return number(next(value for value in match.groups() if value))


def _exact(match: re.Match[str], _: date) -> dict[str, object]:
    found = match.groupdict()
    age = number(found["t"]) + number(found["o"]) if found.get("t") else _group(match)
    return {"age": age} if age <= OLDEST else {}


def _bare(match: re.Match[str], _: date) -> dict[str, object]:
    age = number(match["n"])
    return {"age": age} if age <= OLDEST else {}


def _nominal(match: re.Match[str], _: date) -> dict[str, object]:
    return {"age": max(_group(match) - 1, 0)}


def _span(match: re.Match[str], _: date) -> dict[str, object]:
    low, high = 10 * number(match["a"]), 10 * number(match["b"]) + 9
    return {"age_range": [low, high]} if low < high else {}


def _between(match: re.Match[str], _: date) -> dict[str, object]:
    low, high = number(match["a"]), number(match["b"])
    return {"age_range": [low, high]} if low < high <= OLDEST else {}


def _pair(match: re.Match[str], _: date) -> dict[str, object]:
    base, low, high = 10 * number(match["t"]), number(match["a"]), number(match["b"])
    return {"age_range": [base + low, base + high]} if low < high else {}


def _around(match: re.Match[str], _: date) -> dict[str, object]:
    base = number(match["n"])
    if match["about"]:  # 七十来岁 may be a little less
        return {"age_range": [base - LITTLE_LESS, base + LITTLE_MORE]}
    return {"age_range": [base + 1, base + 9]}


def _just(match: re.Match[str], _: date) -> dict[str, object]:
    base = number(match["n"])
    return {"age_range": [base, base + 4]}


def _nearly(match: re.Match[str], _: date) -> dict[str, object]:
    base = number(match["n"])
    return {"age_range": [base - 5, base - 1]}


def _soon(match: re.Match[str], _: date) -> dict[str, object]:
    return {"age": number(match["n"]) - 1}


def _short(match: re.Match[str], _: date) -> dict[str, object]:
    if match["n1"]:
        return {"age": number(match["n1"]) - 1}  # 九十缺俩月
    return {"age": number(match["n"]) - number(match["k"])}


def _in_years(match: re.Match[str], _: date) -> dict[str, object]:
    return {"age": max(number(match["n"]) - number(match["k"]), 0)}  # 再有三年就满九十


def _year_number(text: str) -> int:
    digits = "".join(str(DIGITS.get(c, c)) for c in text)
    return int(digits) if len(digits) == 4 else 1900 + int(digits)


def _year(match: re.Match[str], as_of: date) -> dict[str, object]:
    year = _year_number(match["y"])
    return {"birth_year": year} if 0 <= as_of.year - year <= OLDEST else {}


def _republic(match: re.Match[str], as_of: date) -> dict[str, object]:
    year = REPUBLIC_BEGAN + number(match["n"])
    return {"birth_year": year} if year <= as_of.year else {}


_READ = {
    "republic": _republic,
    "person": _bare, "in_years": _in_years, "soon": _soon,
    "short": _short, "between": _between, "pair": _pair, "year": _year, "nominal": _nominal, "span": _span,
    "around": _around, "just": _just,
    "nearly": _nearly, "exact": _exact, "bare": _bare,
}
