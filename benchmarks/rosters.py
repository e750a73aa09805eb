"""Synthetic rosters: people of one city as it has them (:mod:`tests.population`), in columns, with some facts unknown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tests.population import AGES, KINDS, SHARES, SUPPORTED

AT_HOME = {True: 93.0, False: 7.0}
BLOCK = 1_000_000

Draw = tuple[list[Any], Any]
"""Values, and of each person the place of hers among them."""


def write_roster(file: Path, people: int, city: str = "anshan", unknown: float = 0.0, seed: int = 1) -> None:
    """Writes a roster of so many people; each fact but the place of registration is unknown of a share of them."""
    dice = np.random.default_rng(seed)
    with pq.ParquetWriter(file, _block(dice, 0, 1, city, unknown).schema) as writer:
        for first in range(0, people, BLOCK):
            writer.write_table(_block(dice, first, min(BLOCK, people - first), city, unknown))


def _block(dice: Any, first: int, people: int, city: str, unknown: float) -> pa.Table:
    def drawn(shares: dict[Any, float]) -> Draw:
        weights = np.array(list(shares.values()))
        return list(shares), dice.choice(len(weights), people, p=weights / weights.sum())

    def column(draw: Draw, without: Any = None) -> pa.Array:
        values, places = draw
        gone = dice.random(people) < unknown
        return pa.array(values).take(pa.array(places.astype("int32"), mask=gone if without is None else gone | without))

    def has(draw: Draw, *wanted: Any) -> Any:
        values, places = draw
        return np.isin(places, [values.index(one) for one in wanted])

    facts = {name: drawn(shares) for name, shares in SHARES.items()}
    spans, places = drawn(AGES)
    low, high = (np.array([span[end] for span in spans])[places] for end in (0, 1))
    ages = low + (dice.random(people) * (high - low + 1)).astype(int)
    columns = {
        "id": pa.array(np.arange(first, first + people)),
        "hukou": pa.array([city] * people),
        "residence": column((["other", city], drawn(AT_HOME)[1] == 0)),
        "age": pa.array(ages, mask=dice.random(people) < unknown),
        **{name: column(draw) for name, draw in facts.items()},
        "disability_kind": column(drawn(KINDS), has(facts["disability_grade"], 0)),
        "support_mode": column(drawn(SUPPORTED), ~has(facts["hardship"], "tekun")),
    }
    return pa.table(columns)
