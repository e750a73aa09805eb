"""ID numbers: what one tells, and a text without it. The number itself is never kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bot.understanding.places import city_of_code

_ID_NUMBER = re.compile(
    r"(?<![0-9])(?P<place>[1-9][0-9]{5})(?P<year>(?:19|20)[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})[0-9]{3}[0-9Xx](?![0-9])"
)

_LONG_NUMBER = re.compile(r"[0-9](?:[ .\-]?[0-9]){9,}[Xx]?|[零〇○一二三四五六七八九幺]{10,}")
"""Telephone and card numbers, ID numbers of fifteen digits or with something between: nobody's benefits hang on them."""


@dataclass(frozen=True)
class IdNumber:
    """What an ID number tells: the ISO date of birth, and the city in which it was given out; None where it tells none."""

    birth_date: str | None
    city: str | None


def id_number(text: str) -> IdNumber | None:
    """What the first ID number in the text tells; None without one."""
    found = _ID_NUMBER.search(text)
    if found is None:
        return None
    try:
        born: str | None = date(int(found["year"]), int(found["month"]), int(found["day"])).isoformat()
    except ValueError:  # eighteen digits that hold no day of birth
        born = None
    return IdNumber(born, city_of_code(found["place"]))


def without_id_number(text: str) -> str:
    """The text without any ID number, or another long one, in it: what may be kept of a message."""
    return _LONG_NUMBER.sub(" ", _ID_NUMBER.sub(" ", text))
