"""The words of the text: quotes stand where they are cited, and every item of a list has its rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from eligibility.rules import Rule
from knowledge.data import DataError, Place, line_of
from knowledge.outline import Piece

Faults = Iterator[DataError]
Outline = Sequence[Piece]

NEAR = 80
"""From this likeness on (of 100) a passage is taken for the one that was meant."""



def quotes(rule: Rule, pieces: Outline) -> Faults:
    """The quoted sentences stand in the section that is cited, to the character but for white space."""
    cited = rule.entry.section
    if all(piece.section != cited for piece in pieces):
        yield rule.error(f"文件里没有“{cited}”这一处", ["section"])
    for place, quote in quoted(rule):
        holding = dict.fromkeys(piece.section for piece in pieces if any(quote in words for words in _words(piece)))
        if not quote:
            yield rule.error("引文是空的", place)
        elif cited not in holding:
            where = f"不在“{cited}”，在{_listed(holding)}" if holding else _nearest(quote, cited, pieces)
            yield rule.error(f"引文“{quote[:12]}…”{where}", place)


def items_without_rule(pack: Sequence[Rule], outlines: Mapping[str, Outline]) -> Faults:
    """Every item of a list annexed to a cited document has a rule that cites it."""
    cited = {(rule.document.id, rule.entry.section) for rule in pack}
    for document in dict.fromkeys(rule.document.id for rule in pack):
        for piece in outlines[document]:
            if piece.row and (document, piece.section) not in cited:
                file = pack[0].file
                yield DataError(file, line_of(file, ["doc"]), f"{piece.section}“{piece.row.name}”没有规则")


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def quoted(rule: Rule) -> Iterator[tuple[Place, str]]:
    """The quoted sentences, without white space, and where they stand in the rule."""
    yield ("quote",), _squeezed(rule.entry.quote)
    for i, sentence in enumerate(rule.entry.also):
        yield ("also", i), _squeezed(sentence)


def _words(piece: Piece) -> Iterator[str]:
    """What may be quoted of a piece: its span, what it reads as (a blank cell repeats the one above), its headings."""
    return map(_squeezed, (piece.raw, piece.text, *piece.headings))


def _listed(sections: Iterable[str]) -> str:
    return "、".join(f"“{section or '正文以外'}”" for section in sections)


def _nearest(quote: str, cited: str, pieces: Outline) -> str:
    """What the document says instead: in the section cited, where it is like enough there, or anywhere."""
    here = [piece for piece in pieces if piece.section == cited]
    for among in (here, pieces):
        said = ((piece.section, words) for piece in among for words in _words(piece))
        # A few words that happen to stand in a long quote are not what was meant.
        meant = (one for one in said if len(one[1]) > len(quote) / 2)
        section, words = max(meant, key=lambda one: fuzz.partial_ratio(quote, one[1]), default=("", ""))
        if fuzz.partial_ratio(quote, words) >= NEAR:
            theirs, here_written = _difference(quote, words)
            return f"和文件不一样：“{section}”写的是“{theirs}”，这里写的是“{here_written}”"
    return "在文件里找不到"


def _difference(quote: str, words: str) -> tuple[str, str]:
    """Where the quote departs from ``words``, with a little around it: how it stands there, how in the quote."""
    found = fuzz.partial_ratio_alignment(quote, words)
    assert found is not None  # noqa: S101 - it is, only where a least score is asked for
    window = words[max(found.dest_start - 6, 0) : found.dest_end + 6]
    changed = [
        step for step in Levenshtein.opcodes(quote, window)
        # What the window has before and after the quote is no difference.
        if step.tag != "equal" and not (step.tag == "insert" and step.src_start in (0, len(quote)))
    ]
    first, last = changed[0], changed[-1]
    return (
        window[max(first.dest_start - 6, 0) : last.dest_end + 6],
        quote[max(first.src_start - 6, 0) : last.src_end + 6],
    )
