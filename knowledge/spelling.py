"""Spelling: a text as it is looked at – simplified, half-width, with the slips mended that only their neighbours show."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache

from opencc import OpenCC

_SLIPS = (
    (re.compile(r"\s+"), " "),
    (re.compile(r"(?<=[0-9])[OoＯ](?![a-zA-Z])"), "0"),
    (re.compile(r"(?<=[0-9一二三四五六七八九十])(周?)[随碎遂穗隋税睡睟](?=$|[，,。.！!、\s了的])"), r"\1岁"),
    (re.compile(r"(?<=[虚需须许])[随碎遂穗隋税睡睟]"), "岁"),
    (re.compile(r"[需须许](?=岁[0-9一二三四五六七八九])"), "虚"),
    (re.compile(r"[每木](?=有)"), "没"),
    (re.compile(r"(?<=[2-9二三四五六七八九])[时实石识什](?=[一二三四五六七八九]?(?:岁|了|$))"), "十"),
    (re.compile(r"(?<=年)[升声](?=$|[人的，,。\s])"), "生"),
    (re.compile(r"(?<=残)[及极级记际挤济计季急集击](?=[一二三四1-4]\s*级|证|人)"), "疾"),
    (re.compile(r"出[声升身](?=$|[的，,。\s于])"), "出生"),
    (re.compile(r"(?<=[子女人家个俩口])[柱祝主注驻](?=$|[，,。\s着呢])"), "住"),
    (re.compile(r"(?<=(?:肢体|视力|听力|言语|智力|精神|残疾)[一二三四1-4])[及极]"), "级"),
    (re.compile(r"(?<![0-9一二三四五六七八九十第])一保(?=[也都有没]|$|\s)"), "医保"),
    (re.compile(r"(?<=[二三四五六七八九])是(?=[一二三四五六七八九]岁)"), "十"),
    (re.compile(r"5(?=保)"), "五"),
    (re.compile(r"(?<=老)俩(?=口)"), "两"),
    (re.compile(r"(?<=老)[办拌绊](?=两|俩|走了|没了|去世|今年|身体|也|还|和|跟|[，,。\s]|$)"), "伴"),
    (re.compile(r"(?<=家)[柱祝注驻](?=[在到]?[\u4e00-\u9fff]{2})(?!册)"), "住"),
    (re.compile(r"(?<![全一大内干总外支本两])部(?=能|会|是|用|行)"), "不"),
    (re.compile(r"(?<=[二三四五六七八九])拾"), "十"),
    (re.compile(r"自已"), "自己"),
    *(
        (re.compile(rf"(?<=[十拾]){formal}|{formal}(?=[十拾]|岁)"), plain)
        for formal, plain in zip("壹贰叁肆伍陆柒捌玖", "一二三四五六七八九", strict=True)
    ),
    (re.compile(r"(?<![显原土名])著(?![名作])"), "着"),
    (re.compile(r"老(?=模(?:范|$|[，,。的\s]))"), "劳"),
    (re.compile(r"大年(?=初)"), "正月"),
    (re.compile(r"大年三十"), "腊月三十"),
    (re.compile(r"(?<=[一二三四1-4])[及极](?=$|[，,。残的\s])"), "级"),
)
"""Slips of typing and dictation that only their neighbours show: 9O岁, 七十八随, 残疾四及."""


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


def _by_sound(digits: Mapping[str, str]) -> dict[str, str]:
    return {sound: digit for digit, sounds in digits.items() for sound in sounds}


_DIGIT_SOUNDS = _by_sound({
    "一": "医衣依", "二": "饿耳尔而儿", "三": "伞散", "四": "思司丝寺死", "五": "舞武无物",
    "六": "刘流留", "七": "期妻其齐起", "八": "把巴吧", "九": "久酒就旧",
})
_IN_WORDS = "零一二三四五六七八九"
_ONES = "[一二三四五六七八九]"
_DIGIT_BY_SOUND = re.compile(
    rf"(?<={_ONES}十)[{''.join(_DIGIT_SOUNDS)}](?=岁)|(?<={_ONES})士(?={_ONES}?(?:岁|了|$|[,，。 ]))"
)
_TENS_SOUNDS = _by_sound({"六": "柳刘陆", "七": "齐旗柒", "八": "巴叭把捌", "九": "酒玖久"})
_TENS = re.compile(
    rf"(?<![0-9])(?:[2-9]|[{''.join(_TENS_SOUNDS)}])(?=十{_ONES}?岁)"
    rf"|(?<=今年)[{''.join(_TENS_SOUNDS)}](?=十{_ONES}?(?:$|[了,，。 ]))"
)
"""8十五岁, 巴十九岁, 今年巴十五."""

_MIXED = re.compile(r"(?<=[二三四五六七八九]十)[1-9](?=岁|了|$|[,，。 ])")
"""六十9."""

MOST_REMEMBERED = 256
"""So many texts are kept plain: one message is looked at in several ways."""

_APART = re.compile(r"(?:[0-9一二三四五六七八九十百] ){1,4}岁|(?:[一二三四五六七八九十百] ){2,4}[一二三四五六七八九十百]")


@lru_cache(MOST_REMEMBERED)
def normal(text: str) -> str:
    """Full-width forms as half-width, traditional characters as simplified, white space folded: what is looked at."""
    whole = text.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair is no character
    plain: str = _simplifier().convert(unicodedata.normalize("NFKC", whole).replace("囗", "口").replace("鉄", "铁"))
    for wrong, right in _SLIPS:
        plain = wrong.sub(right, plain)
    plain = _DIGIT_BY_SOUND.sub(lambda found: _DIGIT_SOUNDS.get(found.group(), "十"), plain)
    plain = _TENS.sub(lambda found: _TENS_SOUNDS.get(found.group()) or _IN_WORDS[int(found.group())], plain)
    plain = _MIXED.sub(lambda found: _IN_WORDS[int(found.group())], plain)
    plain = _APART.sub(lambda found: found.group().replace(" ", ""), plain)
    return plain.strip()
