"""Orders: what is to be screened, how, and where what comes of it goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from eligibility.screening.columns import RosterError

FORMATS = (".csv", ".parquet")


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
        report: where the picture goes, if one is wanted.
        excel: CSV files begin with a mark by which Excel knows that they are UTF-8.
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
    report: Path | None = None
    excel: bool = False

    def check(self) -> None:
        """Raises :class:`RosterError` where a file has no place, or would take that of another."""
        if self.result.suffix.lower() not in FORMATS or self.roster.suffix.lower() not in (*FORMATS, ".txt", ".tsv"):
            raise RosterError("名册和结果要是 .csv 或 .parquet 文件")
        files = (self.result, self.rejects, self.nowhere, self.changes, self.coming, self.report)
        written = [file.resolve() for file in files if file]
        read = [file.resolve() for file in (self.roster, self.since) if file]
        for file in written:
            if not file.parent.is_dir():
                raise RosterError(f"结果写不了：没有 {file.parent} 这个文件夹")
            if file.is_dir():
                raise RosterError(f"结果写不了：已经有一个叫 {file.name} 的文件夹")
            if file in read or written.count(file) > 1:
                raise RosterError(f"{file.name} 会被盖掉，结果换个名字")

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

    @property
    def nowhere(self) -> Path:
        """Where those go of whom it is not known that they belong to a city that has rules."""
        return self.result.with_name(f"{self.result.stem}.nowhere.csv")

    def not_asked(self) -> list[Path]:
        """Files of an earlier run that would be taken for this one's."""
        return [*([self.changes] if self.since is None else []), *([self.coming] if self.ahead is None else [])]
