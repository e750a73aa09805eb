"""All passages of all documents: what a look-up can find and a citation can point at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from knowledge.catalogue import Document, catalogue
from knowledge.outline import Piece, outline


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage or list item with the document that it stands in."""

    document: Document
    piece: Piece

    @property
    def title(self) -> str:
        """What the passage is about, in the document's own words: the item's name, or the innermost heading."""
        if self.piece.row:
            return self.piece.row.name
        return self.piece.headings[-1] if self.piece.headings else self.document.title


@cache
def passages() -> tuple[Passage, ...]:
    """Every passage of the documents that ship, document by document, in their order."""
    return tuple(
        Passage(document, piece)
        for document in catalogue().values()
        for piece in outline(document.text())
        if piece.kind in ("passage", "row")
    )


@cache
def _by_section() -> dict[tuple[str, str], Passage]:
    found: dict[tuple[str, str], Passage] = {}
    for passage in passages():
        found.setdefault((passage.document.id, passage.piece.section), passage)
    return found


def passage_at(doc: str, section: str) -> Passage | None:
    """The first passage of a section, None where the document has no such section."""
    return _by_section().get((doc, section))
