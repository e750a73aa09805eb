"""Places: cities, districts and counties by the names that people give them (``places.yaml``)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import RootModel

from bot.lexicon import Lexicon
from eligibility.facts import OTHER_CITY, Vocabulary
from knowledge.data import Record, read_model

PLACES_FILE = Path(__file__).parent / "places.yaml"


class Place(Record):
    """A city's own names, its districts, and its counties and county-level cities."""

    names: tuple[str, ...]
    district: tuple[str, ...] = ()
    county: tuple[str, ...] = ()


class _File(RootModel[dict[str, Place]]):
    pass


@cache
def known_places() -> dict[str, Place]:
    """The places of every city that is known, by the city's id; ``other`` holds cities without rules."""
    return read_model(PLACES_FILE, _File).root


def place_names(vocabulary: Vocabulary) -> Lexicon:
    """The names of places, each with the city that it belongs to; a city without rules is ``other``."""
    return Lexicon(
        (name, (name, city if city in vocabulary.cities else OTHER_CITY))
        for city, place in known_places().items() for name in (*place.names, *place.district, *place.county)
    )
