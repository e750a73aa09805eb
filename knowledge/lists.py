"""The annexed list of a policy: its head names the columns, every item becomes a row of clean cells.

A cell begins on a line that begins with a tab. Which column is which is read from the head, so the order
of the columns is the document's own affair, and a head repeated on the next page does no harm.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

NUMERALS = "一二三四五六七八九十"

_COLUMNS = (
    ("number", re.compile(r"序号|编号")),
    ("name", re.compile(r"(?:服务)?项目(?:名称)?")),
    ("audience", re.compile(r"(?:服务|保障)?对象")),
    ("content", re.compile(r"(?:服务)?(?:内容|标准).*")),
    ("kind", re.compile(r"(?:服务|项目)?类[型别]")),
    ("departments", re.compile(r"(?:牵头|责任|主管).*")),
)
_NEEDED = {"name", "audience", "content"}  # without these it is another table

_CELL = re.compile(r"^[ \u3000]*\t", re.MULTILINE)
_NUMBER = re.compile(r"([0-9]{1,3})[.．、]?")
# What cannot stand in the last cell of a row: the text after the list has begun.
_AFTER_LIST = re.compile(rf"[（(]?[{NUMERALS}]+[）)、]|附件|抄送|[（(]此|[0-9]+[年.．、]|.*。|.{{40}}")
_ENUMERATION = re.compile(rf"(?:\s+|(?<=[；;。.：:]))(?=[（(][{NUMERALS}]{{1,3}}[）)])")
_BLANK = re.compile(r"\s+")

ORGAN = re.compile(r"(?:[局委办联院厅部府会队社署行处站所]|中心|公司|单位|部门)$")
_AREA = "市省县区各"  # what the name of an office begins with
_KIND = re.compile(r"(?:帮助|服务|救助|保障|优待|福利)$")
_BETWEEN = "[、，,；;]"
RESPONSIBLE = re.compile(r"[（(〔\[]\s*(?:责任|牵头)(?:单位|部门)\s*[:：]")


@dataclass(frozen=True, slots=True)
class Row:
    """One item of an annexed 基本养老服务清单, every cell cleaned."""

    number: int
    name: str
    audience: str
    content: str
    kind: str
    departments: tuple[str, ...]

    @property
    def text(self) -> str:
        """Every cell in the document's own words, a cell a line."""
        cells = (f"{self.number} {self.name}", self.audience, self.content, " ".join(self.departments), " ".join(self.kinds))
        return "\n".join(cells)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The types of the item, mostly one."""
        return tuple(self.kind.split("、"))

    @property
    def labelled(self) -> str:
        """The cells for a person to read: each with what it is."""
        cells = (
            ("项目", self.name),
            ("对象", self.audience),
            ("内容", self.content),
            ("类型", self.kind),
            ("牵头", "、".join(self.departments)),
        )
        return "\n".join(f"{label}：{cell}" for label, cell in cells)


@dataclass(frozen=True, slots=True)
class Span:
    """Where a row stands in the text; without a row it is a head."""

    start: int
    end: int
    row: Row | None


@dataclass(frozen=True, slots=True)
class _Cell:
    start: int
    end: int
    text: str


def find_rows(text: str) -> Iterator[Span]:
    """The heads and rows of all lists in the text, in order; what is no whole row is passed over."""
    cells = list(_cells(text))
    columns: tuple[str, ...] = ()
    audience = ""
    at = 0
    while at < len(cells):
        if head := _head(cells, at):
            # A head over again is the next page of the same list, where a blank still means "as above".
            audience = audience if head == columns else ""
            columns = head
        placed = head or _with_number(columns, cells[at : at + len(columns) + 1])
        if not placed:
            at += 1
            continue
        found = cells[at : at + len(placed)]
        found[-1] = _without_rest(text, found[-1])
        row = None if head else _row(placed, found, audience)
        audience = row.audience if row else audience
        yield Span(found[0].start, found[-1].end, row)
        at += len(found)


def tighten(text: str) -> str:
    """Joins broken lines and drops the blanks that extraction left; those of Latin text stay."""
    return _BLANK.sub(_blank, text.strip())


def split_names(text: str) -> tuple[str, ...]:
    """The offices named in an enumeration; brackets and 各县、区政府 stay whole."""
    names = [""]
    depth = 0
    for char in text:
        depth += (char in "（(〔[") - (char in "）)〕]")
        inside = depth > 0 or re.search(r"各[县市区旗乡镇]$", names[-1]) is not None
        if re.match(_BETWEEN, char) and not inside:
            names.append("")
        else:
            names[-1] += char
    cleaned = (tighten(name).rstrip("。").removesuffix("等") for name in names)
    return tuple(name for name in cleaned if name)


def responsible(text: str) -> tuple[str, ...] | None:
    """The offices in the bracket （责任单位：…） at the very end; None where there is none, or it is open."""
    found = list(RESPONSIBLE.finditer(text))
    bracket = text[found[-1].start() :].rstrip("。 \n") if found else ""
    names: list[str] = []
    depth = 0
    for place, char in enumerate(bracket, 1):
        depth += (char in "（(〔[") - (char in "）)〕]")
        if depth == 0 and place < len(bracket):
            return None
    if not bracket or depth:
        return None
    for clause in re.split("[；;]", bracket[1:-1]):
        label, colon, rest = clause.replace("：", ":").partition(":")
        if not colon or label.strip().endswith(("单位", "部门")):  # 完成时限：… is no office
            names += split_names(rest if colon else clause)
    return tuple(names)


def _cells(text: str) -> Iterator[_Cell]:
    starts = [found.start() for found in _CELL.finditer(text)]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=False):
        yield _Cell(start, end, text[start:end].strip())


def _head(cells: list[_Cell], at: int) -> tuple[str, ...]:
    """The columns that a head beginning at this cell names; empty where there is none."""
    columns: list[str] = []
    for cell in cells[at : at + len(_COLUMNS)]:
        title = _BLANK.sub("", cell.text)
        name = next((name for name, pattern in _COLUMNS if pattern.fullmatch(title)), None)
        if name is None or name in columns:
            break
        columns.append(name)
    return tuple(columns) if set(columns) >= _NEEDED else ()


def _with_number(columns: tuple[str, ...], cells: list[_Cell]) -> tuple[str, ...]:
    """The columns of the row that begins here; empty where none does.

    A head may span the number and the name with one cell. Then the rows are a cell wider, and the number
    is where the row shows it.
    """
    unnamed = "number" not in columns
    if not columns or len(cells) < len(columns) + unnamed:
        return ()
    places = range(len(columns) + 1) if unnamed else [columns.index("number")]
    place = next((place for place in places if _NUMBER.fullmatch(cells[place].text)), None)
    if place is None:
        return ()
    return (*columns[:place], "number", *columns[place:]) if unnamed else columns


def _row(columns: tuple[str, ...], cells: list[_Cell], above: str) -> Row:
    cell = {column: cell.text for column, cell in zip(columns, cells, strict=True)}
    return Row(
        number=int(cell["number"].rstrip(".．、")),
        name=tighten(cell["name"]),
        audience=tighten(cell["audience"]) or above,
        content=_content(cell["content"]),
        kind=_kinds(cell.get("kind", "")),
        departments=_departments(cell.get("departments", "")),
    )


def _without_rest(text: str, cell: _Cell) -> _Cell:
    """The last cell of a row without what follows: the last row of a list has no next cell to stop at."""
    end, blanks = 0, 0
    for line in re.finditer(r"[^\n]*\n|[^\n]+", text[cell.start : cell.end]):
        words = line[0].strip()
        if end and words and (blanks > 1 or _AFTER_LIST.match(words)):
            break
        blanks = 0 if words else blanks + 1
        end = line.end() if words or not end else end
    return _Cell(cell.start, cell.start + end, text[cell.start : cell.start + end].strip())


def _content(cell: str) -> str:
    return "\n".join(tighten(part) for part in _ENUMERATION.split(cell.strip()))


def _kinds(cell: str) -> str:
    """Two types in one cell are parted; a type broken over two lines is not."""

    def seam(gap: re.Match[str]) -> str:
        return "、" if _KIND.search(gap.string[: gap.start()]) else ""

    listed = _BLANK.sub(seam, cell)
    return "、".join(kind for kind in re.split(_BETWEEN, listed) if kind)


def _departments(cell: str) -> tuple[str, ...]:
    """A line break parts two offices where one name is whole and the next begins as a name does."""

    def seam(gap: re.Match[str]) -> str:
        whole = ORGAN.search(gap.string[: gap.start()])
        begins = gap.string[gap.end()] in _AREA or gap.string[0] not in _AREA + "国"
        return "、" if whole and begins else ""

    return split_names(_BLANK.sub(seam, cell))


def _blank(gap: re.Match[str]) -> str:
    left, right = gap.string[gap.start() - 1], gap.string[gap.end()]
    if not (left.isascii() and right.isascii()) or right == "%":
        return ""
    if "\n" in gap[0]:  # a broken line: only words of letters are parted by a blank
        return " " if left.isalpha() or right.isalpha() else ""
    return " "
