"""The picture: a result in large type, for the family's group or for paper."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WIDTH = 1080
"""As wide as a phone's screen, in pixels."""

MARGIN = 60
TITLE, BODY, GAP, LEADING = 64, 54, 18, 1.5
"""The sizes of the letters and of the gap before a section, in pixels, and the height of a line in letters."""

MOST_HEIGHT = 8000
"""Telegram takes no picture whose sides come to more than 10,000 pixels."""

IN_A_LINE = 17
"""So many letters stand on a line."""

MOST_LINES = 24
"""So many lines are read on a phone without making the picture larger."""

COLOURS = 16
"""So few serve for letters on paper, and make a small file."""

PAPER, INK, ACCENT = "#fffdf7", "#1a1a1a", "#8a1c1c"

FONTS = ("NotoSansCJK*Regular*", "SourceHanSans*Regular*", "NotoSansSC*", "wqy-microhei*", "wqy-zenhei*", "DroidSansFallback*")
"""Fonts with Chinese letters, as systems call their files; the first that is found is taken."""

FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts", Path("/System/Library/Fonts"))

_TOGETHER = re.compile(
    "[（〔【“]*(?:[0-9A-Za-z][0-9A-Za-z.,]*|.)[，。、；：？！）〕】”’%]*"
)
"""What stands on one line: a number whole, brackets and punctuation with what they belong to."""

_SECTION = re.compile("(?P<head>【.*?】)(?P<rest>.*)")


Font = ImageFont.FreeTypeFont


@cache
def font_file() -> Path | None:
    """A font with Chinese letters; None where the system has none."""
    found = (path for name in FONTS for folder in FOLDERS if folder.is_dir() for path in sorted(folder.rglob(name)))
    return next(found, None)


def pages(text: str) -> list[str]:
    """The text in parts of which each fits a screen when it is drawn, cut between sections where that can be.

    Telegram makes tall pictures small, and then nobody can read them.
    """
    head, *rest = text.splitlines()
    found: list[list[str]] = [[]]
    for section in _sections(rest):
        if found[-1] and _height([*found[-1], *section]) > MOST_LINES:
            found.append([])
        for line in section:
            if found[-1] and _height([*found[-1], line]) > MOST_LINES:
                found.append([])
            found[-1].append(line)
    count = f"（{{}}/{len(found)}）" if len(found) > 1 else ""
    return ["\n".join([head + count.format(number), *lines]) for number, lines in enumerate(found, 1)]


def _sections(lines: list[str]) -> Iterator[list[str]]:
    section: list[str] = []
    for line in lines:
        if section and _SECTION.match(line):
            yield section
            section = []
        section.append(line)
    yield section


def _height(lines: list[str]) -> int:
    """About how many lines these take when they are drawn."""
    return sum(-(-len(line) // IN_A_LINE) + bool(_SECTION.match(line)) for line in lines)


def picture(text: str) -> bytes | None:
    """The text as a PNG in large type, its first line as the title; None where there is no font.

    Args:
        text: lines; what stands in 【】 begins a section.
    """
    file = font_file()
    if file is None:
        return None
    title, body = (ImageFont.truetype(str(file), size) for size in (TITLE, BODY))
    lines = list(_lines(text, title, body))
    heights = [round((font.size if line else GAP) * LEADING) for line, font, _ in lines]
    image = Image.new("RGB", (WIDTH, min(sum(heights) + 2 * MARGIN, MOST_HEIGHT)), PAPER)
    draw, top = ImageDraw.Draw(image), MARGIN
    for (line, font, colour), height in zip(lines, heights, strict=True):
        draw.text((MARGIN, top), line, colour, font)
        top += height
    out = io.BytesIO()
    image.quantize(COLOURS).save(out, "PNG")
    return out.getvalue()


def _lines(text: str, title: Font, body: Font) -> Iterator[tuple[str, Font, str]]:
    """The lines to draw, each with its letters and their colour; an empty one is a gap."""
    head, *rest = text.splitlines()
    yield from ((line, title, ACCENT) for line in _wrapped(head, title))
    for paragraph in rest:
        if section := _SECTION.match(paragraph):
            yield "", body, INK
            yield section["head"], body, ACCENT
            paragraph = section["rest"]
        yield from ((line, body, INK) for line in _wrapped(paragraph, body) if line)


def _wrapped(paragraph: str, font: Font) -> Iterator[str]:
    """A paragraph in lines that fit."""
    line = ""
    for together in _TOGETHER.findall(paragraph):
        if line and font.getlength(line + together) > WIDTH - 2 * MARGIN:
            yield line
            line = ""
        line += together
    yield line
