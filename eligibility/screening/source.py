"""Where a roster comes from: Parquet as it is; CSV made into Parquet line by line, and what is broken set aside.

One broken quotation mark must not swallow the rest of a file: where the fields of a line are not as many as the headers, that
line alone is set aside, and reading goes on with the next.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from eligibility.screening.columns import Columns, Likeness, RosterError, headers
from knowledge.spelling import normal

LINE = "yanglao_line"
"""The column that says where in the file somebody stands."""

RESERVED = (LINE, "file_row_number")
"""Names that the engines give to columns of their own."""

BATCH = 50_000
"""So many people are held at once."""

MOST_LINES = 20
"""So many lines a field in quotation marks may have."""

MOST_TITLES = 10
"""So many lines may stand above the headers: what the roster is, who made it."""

DELIMITERS = ",\t;，"
QUOTE = '"'
BAD_BYTE = "\ufffd"

FINDER_BYTES = 1 << 20


@dataclass(frozen=True)
class Reject:
    """Somebody who could not be read: where, who if that is known, and why.

    ``hint`` may be the id, or anything else, even a name: it is compared with ids, and never written.
    """

    line: int | None
    id: str
    reason: str
    hint: str = ""


@dataclass(frozen=True)
class Header:
    """The headers of a CSV file: how many lines come before people do, what parts the fields, and the names of the columns."""

    lines: int
    delimiter: str
    names: tuple[str, ...]


def header_of(file: Path, like: Likeness) -> list[str]:
    """The headers of a roster.

    Args:
        file: the roster.
        like: how much a line looks like headers; above the one that does most stand titles.

    Raises:
        RosterError: it is not there, is empty, or is neither CSV nor Parquet.
    """
    try:
        if file.suffix.lower() != ".parquet":
            return list(_header(file, like).names)
        schema = pq.read_schema(file)
    except (OSError, pa.ArrowException) as fault:
        raise RosterError(f"名册读不了：{getattr(fault, 'strerror', None) or type(fault).__name__}") from None
    for field in schema:
        if pa.types.is_nested(field.type) and not pa.types.is_list(field.type):
            raise RosterError(f"“{field.name}”这一列里还有列，先拆开")
        if field.name in RESERVED:
            raise RosterError(f"名册的列不能叫“{field.name}”")
    return list(schema.names)


def _header(file: Path, like: Likeness) -> Header:
    with _opened(file) as text:
        head = list(islice(text, MOST_TITLES * 2))
    best, most = None, (False, 0)
    for number, line in enumerate(head):
        if not line.strip():
            continue
        delimiter = max(DELIMITERS, key=line.count)
        fields, more = _fields(line, delimiter, None, _Lines(iter(head[number + 1:])))
        names = tuple("".join(name.split()) if "\n" in name else name.strip() for name in fields)
        while names and not names[-1]:
            names = names[:-1]
        if names and (best is None or like(names) > most):
            best, most = Header(number + 1 + more, delimiter, names), like(names)
        if number >= MOST_TITLES:
            break
    if best is None:
        raise RosterError("名册是空的")
    return best


def as_parquet(
    file: Path, columns: Columns, folder: Path, reject: Callable[[Reject], None], like: Likeness,
) -> Path:
    """The roster's columns that are looked at, as text, each person with her line; what is broken goes to ``reject``."""
    target = folder / "roster.parquet"
    used = columns.used()
    schema = pa.schema([(LINE, pa.int64()), *((name, pa.string()) for name in used)])
    header = _header(file, like)
    places = [header.names.index(name) for name in used]
    with _opened(file) as text, pq.ParquetWriter(target, schema) as writer:
        lines = _Lines(text)
        lines.skip(header.lines)
        for batch in _batches(_rows(lines, header, header.names.index(columns.id), reject)):
            numbers, rows = zip(*batch, strict=True)
            cells = list(zip(*rows, strict=True))
            arrays = [pa.array(numbers, pa.int64()), *(pa.array(cells[place], pa.string()) for place in places)]
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
    lines: _Lines, header: Header, key: int, reject: Callable[[Reject], None],
) -> Iterator[tuple[int, list[str]]]:
    """The people, each with the line on which she begins."""
    width = len(header.names)
    for number, line in lines:
        if not line.strip():
            continue
        fields, more = _fields(line, header.delimiter, width, lines)
        lines.skip(more)
        if fields and not any(map(str.strip, fields)):
            continue  # blank cells are a blank line
        fault = _fault(fields, width)
        if fault is None and "".join(normal(fields[key]).split()) in headers().total:
            fault = "这一行是合计"
        if fault is None:
            yield number, fields
        else:
            # Where columns have slipped, what stands in the place of the id may be a name.
            hint = dict(enumerate(line.split(header.delimiter))).get(key, "").strip(f'{QUOTE} \r\n')
            reject(Reject(number, fields[key] if len(fields) == width else "", fault, hint))


def _fields(line: str, delimiter: str, width: int | None, lines: _Lines) -> tuple[list[str], int]:
    """The fields of a line, and how many lines more they take, where one of them goes on there; no more than have a header."""
    if QUOTE not in line:
        return _trimmed(line.rstrip("\r\n").split(delimiter), width), 0
    whole = line
    for more in range(MOST_LINES):
        if whole.count(QUOTE) % 2 == 0:
            fields = _trimmed(_split(whole, delimiter), width)
            if fields and width in (None, len(fields)):
                return fields, more
        following = lines.ahead(more)
        if QUOTE not in following and following.count(delimiter) + 1 == width:
            break  # somebody of her own, and no part of what was begun
        whole += following
    return _trimmed(_split(line, delimiter), width), 0


def _trimmed(fields: list[str], width: int | None) -> list[str]:
    """The fields without empty ones at the end that have no header."""
    while width is not None and len(fields) > width and not fields[-1].strip():
        fields = fields[:-1]
    return fields


def _split(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return []


def _fault(fields: Sequence[str], width: int) -> str | None:
    if not fields:
        return "这一行的引号不成对"
    if len(fields) != width:
        return f"这一行有{len(fields)}格，表头有{width}格"
    if any(BAD_BYTE in field for field in fields):
        return "这一行有认不出的字（编码不对）"
    return None


class _Lines:
    """Lines with their numbers, the first being 1; it can be looked ahead."""

    def __init__(self, text: Iterator[str]) -> None:
        self._text, self._number = text, 0
        self._ahead: list[str] = []

    def __iter__(self) -> Iterator[tuple[int, str]]:
        while line := self._next():
            self._number += 1
            yield self._number, line

    def ahead(self, i: int) -> str:
        """The ``i``-th line after this one; empty beyond the end."""
        while len(self._ahead) <= i:
            self._ahead.append(next(self._text, ""))
        return self._ahead[i]

    def skip(self, count: int) -> None:
        """Passes over lines."""
        if count:
            self.ahead(count)
            del self._ahead[:count]
            self._number += count

    def _next(self) -> str:
        return self._ahead.pop(0) if self._ahead else next(self._text, "")
