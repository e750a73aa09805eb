"""Chinese numerals."""

from __future__ import annotations

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
ONES = "一二三四五六七八九"
NUMBER = rf"(?:[0-9]{{1,3}}|[{ONES}]?十[{ONES}]?|[一两]?百(?:零[{ONES}]|[一二]十[{ONES}]?)?)"
ROUND = "(?:[2-9]0|1[0-2]0|[二三四五六七八九]十|一百)"


def number(text: str) -> int:
    """The number that digits or Chinese numerals below ten thousand stand for (七百八 is 780)."""
    if text.isdigit():
        return int(text)
    total, rest = 0, text
    for unit, worth in (("千", 1000), ("百", 100)):
        count, found, after = rest.partition(unit)
        if found:
            total += worth * DIGITS.get(count.lstrip("零"), 1)
            rest = after
            if len(rest) == 1 and rest in DIGITS:
                return total + DIGITS[rest] * worth // 10
    tens, ten, ones = rest.lstrip("零").rpartition("十")
    return total + (10 * DIGITS.get(tens, 1) if ten else 0) + DIGITS.get(ones, 0)
