"""A fuzzer of the understanding, run by ``test_fuzz``: a crash, or a fact that nobody knows, ends it."""

from __future__ import annotations

import sys
from datetime import date

import atheris  # type: ignore[import-untyped]

with atheris.instrument_imports(include=["bot"]):
    from bot.understanding.language import Language
    from bot.understanding.message import stated
from eligibility.rulebook import rule_book

TODAY = date(2026, 11, 21)
LONGEST = 4096
LANGUAGE = Language(rule_book().vocabulary)
FACTS = sorted(LANGUAGE.vocabulary.facts)
PIECES = [
    "俺", "妈", "老伴", "我姐", "户口", "住", "在", "鞍山", "本溪县", "低保", "五保", "残疾证", "二级", "七十", "八十三",
    "虚岁", "19", "39年", "正月", "不", "没有", "是不是", "要是", "停了", "医保", "养老院", "跟", "儿子", "一个人", "啥", "都",
    "说错了", "，", "。", "？", " ", "210302194003154528", "戶口", "８", "😀", "\u202e", "\x00", "\ud800", "一百", "十", "零",
]


def one(data: bytes) -> None:
    """Understands a message made of the words of the matter and of any characters at all."""
    provider = atheris.FuzzedDataProvider(data)
    asking = [provider.PickValueInList(FACTS)] if provider.ConsumeBool() else []
    text = ""
    while provider.remaining_bytes() and len(text) < LONGEST:
        text += provider.PickValueInList(PIECES) if provider.ConsumeIntInRange(0, 3) else provider.ConsumeUnicode(8)
    facts = stated(text, LANGUAGE, asking, TODAY)["facts"]
    unknown = facts.keys() - LANGUAGE.vocabulary.facts.keys()
    if unknown:
        raise AssertionError(f"no such facts: {unknown}")


if __name__ == "__main__":
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
