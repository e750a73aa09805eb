"""The catalogue of the documents: number, issuer, date, city and status of each, and the text itself."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import RootModel

from knowledge.data import DataError, Record, read_model

DOCUMENTS = Path(__file__).parent / "documents"
"""The folder of the texts that ship."""

STALE_AFTER_YEARS = 3
"""An amount whose document is older than this is still answered, and labelled."""

Status = Literal["in_force", "draft"]


class _Entry(Record):
    number: str
    title: str
    issuer: str
    city: str
    status: Status
    date: datetime.date | int | None = None


class _Catalogue(RootModel[dict[str, _Entry]]):
    pass


@dataclass(frozen=True, slots=True)
class Document:
    """One policy document. ``valid_on`` is the day its statements were last known to be valid; a draft has none."""

    id: str
    number: str
    title: str
    issuer: str
    city: str
    status: Status
    valid_on: datetime.date | None
    file: Path

    def text(self) -> str:
        """The text, to the last character as it was received."""
        with self.file.open(encoding="utf-8", newline="") as stream:
            return stream.read()

    def stale(self, as_of: datetime.date) -> bool:
        """Whether more than three years have gone since the document was last known to be valid."""
        if self.valid_on is None:
            return False
        return (as_of.year - STALE_AFTER_YEARS, as_of.month, as_of.day) > (
            self.valid_on.year, self.valid_on.month, self.valid_on.day,
        )


@cache
def catalogue(folder: Path = DOCUMENTS) -> dict[str, Document]:
    """Every document of ``folder`` by id, in the order of its ``catalogue.yaml``.

    Raises:
        DataError: the catalogue is wrong, or a text is missing.
    """
    file = folder / "catalogue.yaml"
    documents = {}
    for name, entry in read_model(file, _Catalogue).root.items():
        path = folder / f"{name}.txt"
        if not path.is_file():
            raise DataError(file, 0, f"“{name}”的正文 {path.name} 不在这个文件夹里")
        documents[name] = Document(
            id=name, number=entry.number, title=entry.title, issuer=entry.issuer, city=entry.city,
            status=entry.status, valid_on=_last_day(entry.date), file=path,
        )
    return documents


def _last_day(stated: datetime.date | int | None) -> datetime.date | None:
    # Where only the year of the number is known, the document held at least until that year's end.
    return datetime.date(stated, 12, 31) if isinstance(stated, int) else stated
