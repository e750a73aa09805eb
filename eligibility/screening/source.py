"""Where a roster comes from: Parquet as it is; CSV made into Parquet line by line, and what is broken set aside.

One broken quotation mark must not swallow the rest of a file: where the fields of a line are not as many as the headers, that
line alone is set aside, and reading goes on with the next.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from eligibility.screening.columns import Columns, RosterError

LINE = "yanglao_line"
"""The column that says where in the file somebody stands."""

BATCH = 50_000
"""So many people are held at once."""

MOST_LINES = 20
"""So many lines a field in quotation marks may have."""

DELIMITERS = ",\t;，"
QUOTE = '"'
BAD_BYTE = "\ufffd"

FINDER_BYTES = 1 << 20


@dataclass(frozen=True)
class Reject:
    """Somebody who could not be read: where, who if that is known, and why."""

    line: int | None
    id: str
    reason: str


def header_of(file: Path) -> list[str]:
    """The headers of a roster.

    Raises:
        RosterError: it is not there, is empty, or is neither CSV nor Parquet.
    """
    try:
        if file.suffix.lower() == ".parquet":
            return list(pq.read_schema(file).names)
        with _opened(file) as text:
            line = text.readline()
    except (OSError, pa.ArrowException) as fault:
        raise RosterError(f"名册读不了：{getattr(fault, 'strerror', None) or type(fault).__name__}") from None
    found = [name.strip() for name in next(csv.reader([line], delimiter=_delimiter(line)), [])]
    if not any(found):
        raise RosterError("名册是空的")
    if len(set(found)) < len(found):
        twice = next(name for name in found if found.count(name) > 1)
        raise RosterError(f"名册里有两列都叫“{twice}”")
    return found


def as_parquet(file: Path, columns: Columns, folder: Path, reject: Callable[[Reject], None]) -> Path:
    """The roster's columns that are looked at, as text, each person with her line; what is broken goes to ``reject``."""
    target = folder / "roster.parquet"
    used = columns.used()
    schema = pa.schema([(LINE, pa.int64()), *((name, pa.string()) for name in used)])
    with _opened(file) as text, pq.ParquetWriter(target, schema) as writer:
        header = text.readline()
        delimiter = _delimiter(header)
        names = [name.strip() for name in next(csv.reader([header], delimiter=delimiter))]
        places = [names.index(name) for name in used]
        for batch in _batches(_rows(text, delimiter, len(names), names.index(columns.id), reject)):
            lines, rows = zip(*batch, strict=True)
            cells = list(zip(*rows, strict=True))
            arrays = [pa.array(lines, pa.int64()), *(pa.array(cells[place], pa.string()) for place in places)]
            writer.write_table(pa.table(arrays, schema=schema))
    return target


def _opened(file: Path) -> TextIO:
    """A CSV file as text: UTF-8, or what a spreadsheet writes in China."""
    with file.open("rb") as raw:
        head = raw.read(FINDER_BYTES)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
        encoding = "utf-8-sig"
    except UnicodeDecodeError:
        encoding = "utf-16" if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "gb18030"
    return file.open(encoding=encoding, errors="replace", newline="")


def _delimiter(header: str) -> str:
    return max(DELIMITERS, key=header.count)


def _batches(rows: Iterator[tuple[int, list[str]]]) -> Iterator[list[tuple[int, list[str]]]]:
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _rows(
    text: TextIO, delimiter: str, width: int, key: int, reject: Callable[[Reject], None],
) -> Iterator[tuple[int, list[str]]]:
    """The people, each with the line on which she begins."""
    lines = _Lines(text)
    for number, line in lines:
        if not line.strip():
            continue
        fields, more = _fields(line, delimiter, width, lines)
        fault = _fault(fields, width)
        if fault is None:
            lines.skip(more)
            yield number, fields
        else:
            reject(Reject(number, fields[key] if key < len(fields) else "", fault))


def _fields(line: str, delimiter: str, width: int, lines: _Lines) -> tuple[list[str], int]:
    """The fields of a line, and how many lines more they take, where one of them goes on there."""
    if QUOTE not in line:
        return line.rstrip("\r\n").split(delimiter), 0
    whole = line
    for more in range(MOST_LINES):
        if whole.count(QUOTE) % 2 == 0 and len(fields := _split(whole, delimiter)) == width:
            return fields, more
        whole += lines.ahead(more)
    return _split(line, delimiter), 0


def _split(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return []


def _fault(fields: Sequence[str], width: int) -> str | None:
    if len(fields) != width:
        return f"这一行有{len(fields)}格，表头有{width}格"
    if any(BAD_BYTE in field for field in fields):
        return "这一行有认不出的字（编码不对）"
    return None


class _Lines:
    """Lines with their numbers, the header being the first; it can be looked ahead."""

    def __init__(self, text: TextIO) -> None:
        self._text, self._number = text, 1
        self._ahead: list[str] = []

    def __iter__(self) -> Iterator[tuple[int, str]]:
        while line := self._next():
            self._number += 1
            yield self._number, line

    def ahead(self, i: int) -> str:
        """The ``i``-th line after this one; empty beyond the end."""
        while len(self._ahead) <= i:
            self._ahead.append(self._text.readline())
        return self._ahead[i]

    def skip(self, count: int) -> None:
        """Passes over lines that have been looked at."""
        del self._ahead[:count]
        self._number += count

    def _next(self) -> str:
        return self._ahead.pop(0) if self._ahead else self._text.readline()
