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
def passages_of(doc: str) -> tuple[Passage, ...]:
    """Every passage of one document, in its order."""
    document = catalogue()[doc]
    return tuple(Passage(document, piece) for piece in outline(document.text()) if piece.kind in ("passage", "row"))


def passages(city: str | None = None) -> tuple[Passage, ...]:
    """Every passage of the documents that ship, of one city where one is named."""
    named = [document.id for document in catalogue().values() if city in (None, document.city)]
    return tuple(passage for doc in named for passage in passages_of(doc))


def passage_at(doc: str, section: str) -> Passage | None:
    """The first passage of a section, None where the document has no such section."""
    return next((passage for passage in passages_of(doc) if passage.piece.section == section), None)
