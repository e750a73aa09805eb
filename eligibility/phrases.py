"""Spoken forms: many ways of saying one thing, written as one pattern.

``(起|下)不(来|了)(床|炕)`` is eight phrases; an empty alternative, as in ``(都|)不能动``, may be left out. ``…`` stays in the
phrase: it stands for a few characters that do not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

GAP = "…"
_CHOICE = re.compile(r"\(([^()]*)\)")


def spoken(patterns: tuple[str, ...]) -> Iterator[str]:
    """Every phrase that the patterns stand for."""
    for pattern in patterns:
        if "(" not in pattern:
            yield pattern
            continue
        parts = _CHOICE.split(pattern)  # what stands between the choices, and at the odd places the choices
        yield from map("".join, product(*(part.split("|") if i % 2 else (part,) for i, part in enumerate(parts))))


def checked(pattern: str) -> str:
    """The pattern, where it can be read.

    Raises:
        ValueError: a bracket without its other half, or one within another.
    """
    if set("()|") & set(_CHOICE.sub("", pattern)):
        raise ValueError(f"“{pattern}”的括号没有配对，写法是：(起|下)不来床")
    if pattern.startswith(GAP) or not pattern:
        raise ValueError(f"“{pattern}”不能以省略号开头，也不能空着")
    return pattern
