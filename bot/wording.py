"""Wording: every sentence of the assistant's own, from ``wording.yaml``, and how amounts and dates are said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import RootModel

from eligibility.facts import Vocabulary
from eligibility.rules import Json
from knowledge.data import read_model

WORDING_FILE = Path(__file__).parent / "wording.yaml"

STATUS = {"eligible": "符合条件", "ineligible": "不符合", "unknown": "还说不准", "discretionary": "要由单位定"}


class _Wording(RootModel[dict[str, str]]):
    pass


@cache
def _sentences() -> dict[str, str]:
    return read_model(WORDING_FILE, _Wording).root


def say(key: str, **values: object) -> str:
    """The sentence ``key`` with its places filled in."""
    return _sentences()[key].format(**values)


def yuan(value: float) -> str:
    """A sum without needless zeros: 200, 105.5."""
    return f"{value:g}" if value < 100000 else f"{value:.2f}"


def amount_text(amount: Json | None, dibao_standard: float | None = None) -> str:
    """An amount as people say it: 每月200元, 每年不低于1200元, 免费; empty for none."""
    if amount is None:
        return ""
    if "discount" in amount:
        return "免费" if amount["discount"] == "free" else "半价"
    period = "每月" if amount["per"] == "month" else "每年"
    if "percent" in amount:
        share = f"{period}按当地低保标准的{amount['percent']}%"
        return share if dibao_standard is None else f"{share}，也就是{yuan(amount['percent'] * dibao_standard / 100)}元"
    named = "，".join(f"{part['name']}{yuan(part['value'])}元" for part in amount["parts"])
    parts = f"（{named}）" if named else ""
    return f"{period}{say('money_minimum') if amount['minimum'] else ''}{yuan(amount['value'])}元{parts}"


def facts_text(facts: Mapping[str, object], vocabulary: Vocabulary) -> str:
    """Facts as the person reads them back: 86周岁、户籍在双鸭山市、低保."""
    return "、".join(_fact_text(name, value, vocabulary) for name, value in facts.items())


def _fact_text(name: str, value: Any, vocabulary: Vocabulary) -> str:
    match name:
        case "age":
            return f"{value}周岁"
        case "age_range":
            return f"{value[0]}到{value[1]}岁"
        case "birth_year":
            return f"{value}年出生"
        case "birth_date":
            return f"{day_text(value)}出生"
        case "dibao_standard":
            return f"当地低保标准每月{yuan(value)}元"
        case _:
            return vocabulary.facts[name].options[value].plain


def day_text(day: str | None) -> str:
    """An ISO date as people say it: 2027年3月5日."""
    if not day:
        return ""
    read = date.fromisoformat(day)
    return f"{read.year}年{read.month}月{read.day}日"
