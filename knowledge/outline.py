"""A policy text as its outline: headings, and the passages under them.

The levels of Chinese official writing are 一、 over （一） over 1. over （1）. A line with a mark opens a
piece; a line without one goes on with the sentence that a page break tore, or is a paragraph of its own.
The raw spans of the pieces, put together, are the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from knowledge.lists import NUMERALS, ORGAN, RESPONSIBLE, Row, Span, find_rows, responsible, tighten

__all__ = ["Piece", "Row", "outline"]

Kind = Literal["front", "heading", "passage", "row"]


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a document: its exact span, and what a person reads there."""

    kind: Kind
    section: str
    raw: str
    text: str
    headings: tuple[str, ...]
    departments: tuple[str, ...]
    row: Row | None


def outline(text: str) -> list[Piece]:
    """The pieces of a text in order; nothing of it is lost."""
    blocks = _Reader(text).read() or [_Block(0, "front")]
    starts = [0, *(block.start for block in blocks[1:])]  # blank lines before the first belong to it
    ends = [*starts[1:], len(text)]
    pairs = set(re.findall(r"([\u4e00-\u9fff])\1", text))  # 市市, 年年: doubled by the author
    spans = zip(blocks, starts, ends, strict=True)
    return [_piece(block, text[start:end], pairs) for block, start, end in spans if start < end]


_LEVELS = (
    (1, "{}", re.compile(rf"([{NUMERALS}]{{1,3}})\s*、")),
    (2, "（{}）", re.compile(rf"[（(]\s*([{NUMERALS}]{{1,3}})\s*[）)]")),
    # "3.5万张" is no third item, "3.2025年底前" is.
    (3, "{}", re.compile(r"([0-9０-９]{1,2})\s*[.．、](?!\s*[0-9０-９](?!\d{0,3}\s*[年月]))")),
    (4, "（{}）", re.compile(r"[（(]\s*([0-9０-９]{1,2})\s*[）)]")),
)
_BULLET = re.compile(r"[—–-]{2}|[•·●▪◆■]")
_ANNEX = re.compile(rf"附件\s*([0-9]*|[{NUMERALS}]*)\s*(?:[:：].*)?")
_NOTE = re.compile(r"抄[送报][:：]|主送[:：]|[（(]此[件页]|[0-9]{4}年[0-9]+月[0-9]+日(?:印发)?$")
_GOES_ON = re.compile(rf"[{NUMERALS}]{{1,2}}是|{RESPONSIBLE.pattern}")  # belongs to the paragraph above
_CLOSED = re.compile(r"[。！？：:][”’」』）)〕]*$")
_PROSE = re.compile(r"[，。！？；]|.{60}", re.DOTALL)  # titles and letterheads have no comma, and are short


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Mark:
    """The number a line begins with, and what follows it."""

    rank: int
    number: int
    label: str
    body: str
    title: str = ""  # set where the line is a heading

    @classmethod
    def of(cls, line: str) -> "_Mark | None":
        for rank, form, pattern in _LEVELS:
            if found := pattern.match(line):
                number = _number(found[1])
                label = form.format(number if rank > 2 else found[1])
                return cls(rank, number, label, line[found.end() :].strip())
        return None


def _number(digits: str) -> int:
    """十二 or 12 as 12."""
    if digits[0] not in NUMERALS:
        return int(digits)
    tens, ten, units = digits.rpartition("十")
    high = (NUMERALS.index(tens[0]) + 1 if tens else 1) if ten else 0
    return 10 * high + (NUMERALS.index(units[0]) + 1 if units else 0)


def _is_note(line: str) -> bool:
    """What stands around a text, whatever its punctuation: annex lines, dates, copies, an office signing."""
    signed = ORGAN.search(line) and len(line) <= 25 and not re.search(r"[、，。；：（〔《]", line)
    return bool(signed or _NOTE.match(line) or _ANNEX.fullmatch(line))


def _is_statement(line: str) -> bool:
    """Whether an unnumbered line says something, rather than naming a title or those addressed."""
    colon = line.endswith(("：", ":"))
    addressed = colon and "。" not in line and ORGAN.search(line[:-1])
    return not _is_note(line) and not addressed and (colon or bool(_PROSE.search(line)))


def _is_title(mark: _Mark, after: str | None) -> bool:
    """Whether a numbered line only names its section, judged by itself and by the line after it."""
    name = mark.body.removesuffix("。")
    if not name or len(name) > 50 or re.search("[。！？；：:]", name):
        return False
    if after is None:
        return not mark.body.endswith("。")
    if _GOES_ON.match(after):
        return False
    if below := _Mark.of(after):
        return below.rank > mark.rank
    if mark.body.endswith("。"):
        return bool(_BULLET.match(after)) or _is_statement(after)
    # Without a full stop it may be a torn sentence; on the third level sentences are the rule.
    return mark.rank < 3 or bool(_BULLET.match(after)) or not re.search("，|.{30}", name)


@dataclass(slots=True)
class _Block:
    """A piece while its lines are still being gathered."""

    start: int
    kind: Kind
    section: str = ""
    headings: tuple[str, ...] = ()
    row: Row | None = None
    end: int = 0


class _Reader:
    """Goes through a text line by line and keeps the place in its numbering."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.blocks: list[_Block] = []
        self.path: list[_Mark] = []
        self.annex = ""

    def read(self) -> list[_Block]:
        parts = list(_parts(self.text))
        for part, after in zip(parts, [*parts[1:], None], strict=False):
            if isinstance(part, Span):
                section = f"清单第{part.row.number}项" if part.row else ""
                self.blocks.append(_Block(part.start, "row" if part.row else "front", section, row=part.row))
            else:
                self._line(part, after.text if isinstance(after, _Line) else None)
        return self.blocks

    def _line(self, line: _Line, after: str | None) -> None:
        above = self.blocks[-1] if self.blocks and self.blocks[-1].kind == "passage" else None
        torn = above is not None and self._is_torn(above)
        mark = _Mark.of(line.text)
        bullet = _BULLET.match(line.text)
        if mark and (not torn or self._is_next(mark)):
            self._numbered(line, mark, after)
        elif above and (_GOES_ON.match(line.text) or (torn and not bullet and not _is_note(line.text))):
            above.end = line.end
        elif bullet or _is_statement(line.text):
            self._open(line, "passage", self._section() or "引言")
        else:
            self._front(line)

    def _numbered(self, line: _Line, mark: _Mark, after: str | None) -> None:
        self.path = [above for above in self.path if above.rank < mark.rank]
        self.path.append(mark)
        title = line.text if _is_title(mark, after) else ""
        self._open(line, "heading" if title else "passage", self._section())
        self.path[-1] = replace(mark, title=title)  # only now: a heading does not enclose itself

    def _front(self, line: _Line) -> None:
        if annex := _ANNEX.fullmatch(line.text):
            # The annex to a covering letter is the document itself: its numbers stand alone.
            covers = all(block.kind != "heading" for block in self.blocks)
            self.annex = "" if covers else f"附件{annex[1]}"
            self.path = []
        above = self.blocks[-1] if self.blocks else None
        if above and above.kind == "front" and above.end and "\n" not in self.text[above.end : line.start]:
            above.end = line.end  # a title on several lines
        else:
            self._open(line, "front", "")

    def _open(self, line: _Line, kind: Kind, section: str) -> None:
        headings = tuple(mark.title for mark in self.path if mark.title) if section else ()
        self.blocks.append(_Block(line.start, kind, section, headings, end=line.end))

    def _section(self) -> str:
        labels = [mark.label for mark in self.path]
        if self.annex and self.path and self.path[0].rank == 3:
            labels[0] = f"第{labels[0]}项"
        return self.annex + "".join(labels)

    def _is_torn(self, block: _Block) -> bool:
        """Whether a passage stops, so far, in the middle of a sentence."""
        said = self.text[block.start : block.end].rstrip()
        return not _CLOSED.search(said) and responsible(said) is None

    def _is_next(self, mark: _Mark) -> bool:
        """Whether a mark after a torn line goes on counting: "一、二级残疾" there is no first chapter."""
        same = [above for above in self.path if above.rank == mark.rank]
        return mark.number == (same[0].number + 1 if same else 1)


def _parts(text: str) -> Iterator[_Line | Span]:
    """The lines that are not blank, and in their places the rows of lists."""
    at = 0
    for span in find_rows(text):
        yield from _lines(text, at, span.start)
        yield span
        at = span.end
    yield from _lines(text, at, len(text))


def _lines(text: str, start: int, end: int) -> Iterator[_Line]:
    for found in re.finditer(r"[^\n]*\n|[^\n]+", text[start:end]):
        if words := tighten(found[0]):
            yield _Line(start + found.start(), start + found.end(), words)


_DOUBLED = re.compile(r"([\u4e00-\u9fff])(\s+)\1(?=(.?))", re.DOTALL)
_REDUPLICATED = "人年月日天户家村层处时个"  # 人人, 年年
_ENDS_AND_BEGINS = "市县区省局院会部厅所站员长校组队"  # 市民政局局长, 养老院院长


def _piece(block: _Block, raw: str, pairs: set[str]) -> Piece:
    if block.row:
        departments, text = block.row.departments, block.row.text
    elif block.kind == "front":
        departments, text = (), "\n".join(tighten(line) for line in raw.split("\n") if line.strip())
    else:
        text = _join(raw, pairs)
        departments = responsible(text) or () if block.kind == "passage" else ()
    return Piece(block.kind, block.section, raw, text, block.headings, departments, block.row)


def _join(raw: str, pairs: set[str]) -> str:
    """The paragraph in one line, a character that stands on both sides of a page break once."""

    def once(found: re.Match[str]) -> str:
        char, gap, after = found.groups()
        word = "\u4e00" <= after <= "\u9fff" and (char in _ENDS_AND_BEGINS or char in pairs)
        return char * 2 if word or char in _REDUPLICATED or gap.count("\n") < 2 else char

    return tighten(_DOUBLED.sub(once, raw))
