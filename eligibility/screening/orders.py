"""Orders: what is to be screened, how, and where what comes of it goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path


@dataclass(frozen=True)
class Order:
    """What is to be screened, and how.

    Attributes:
        roster: CSV or Parquet.
        result: where the answers go; what could not be read goes beside it (:attr:`rejects`).
        as_of: the day on which ages are reckoned.
        mapping: header → fact, ``id``, ``community`` or ``-``, where a header is unusual.
        keep: columns to pass through untouched.
        engine: ``duckdb`` or ``spark``; master: Spark's.
        ahead: so many months ahead it is asked who comes to something by age.
        since: an earlier result, where it is asked what has changed.
    """

    roster: Path
    result: Path
    as_of: date
    mapping: Mapping[str, str] = field(default_factory=dict)
    keep: tuple[str, ...] = ()
    engine: str = "duckdb"
    master: str = "local[*]"
    ahead: int | None = None
    since: Path | None = None

    @property
    def changes(self) -> Path:
        """Where what has changed goes."""
        return self.result.with_name(f"{self.result.stem}.changes{self.result.suffix}")

    @property
    def coming(self) -> Path:
        """Where those go who will come to something."""
        return self.result.with_name(f"{self.result.stem}.ahead{self.result.suffix}")

    @property
    def rejects(self) -> Path:
        """Where those go who could not be read: line, id, reason."""
        return self.result.with_name(f"{self.result.stem}.rejects.csv")
