"""Wording: every sentence of the assistant's own, from ``wording.yaml``, and how amounts and dates are said."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from pydantic import RootModel

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


def day_text(day: str | None) -> str:
    """An ISO date as people say it: 2027年3月5日."""
    if not day:
        return ""
    read = date.fromisoformat(day)
    return f"{read.year}年{read.month}月{read.day}日"
