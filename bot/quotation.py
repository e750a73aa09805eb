"""Quotation: what a person reads of a passage – the sentences that answer, who runs it, where it stands and how old it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.wording import say
from knowledge.catalogue import Document
from knowledge.outline import Piece
from knowledge.passages import Passage
from knowledge.questions import Question
from knowledge.thesaurus import thesaurus
from knowledge.words import characters

SHOWN_CHARACTERS = 160
"""A paragraph, or an item's content, is shown by its most fitting sentences, up to so many characters."""

MOST_OFFICES = 2
"""So many of the departments that a passage names are told."""

_SENTENCE = re.compile(r"[^。；;\n]+[。；;]?")
_RESPONSIBLE = re.compile(r"[（(〔]\s*责任单位.*", re.DOTALL)


def quoted(question: Question, passage: Passage) -> str:
    """What the passage says of the question, and where it stands."""
    return f"{say('found')}\n{_excerpt(question, passage.piece)}{source(passage)}"


def source(passage: Passage) -> str:
    """Where the passage stands: （鞍民发〔2020〕3号，三（三）1）."""
    return say("source", number=passage.document.number, section=passage.piece.section)


def offices(passage: Passage) -> str:
    """The city's departments that the passage names first; empty where it names none."""
    return "、".join([name for name in passage.piece.departments if name.startswith("市")][:MOST_OFFICES])


def age_of(document: Document, as_of: date) -> Iterator[str]:
    """One line where the document is a draft, or was last known to be valid long ago."""
    if document.status == "draft":
        yield say("draft")
    elif document.valid_on and document.stale(as_of):
        yield say("stale_document", year=document.valid_on.year)


def _excerpt(question: Question, piece: Piece) -> str:
    """Of a list item whom it is for and what it gives; of a paragraph the sentences nearest to the question, in order."""
    if piece.row:
        row = piece.row
        return say("item", name=row.name, audience=row.audience.rstrip("。"), content=_nearest(question, row.content))
    return _nearest(question, _RESPONSIBLE.sub("", piece.text))


def _nearest(question: Question, text: str) -> str:
    """The sentences of the text that fit the question best, in their order; all of them where the text is short."""
    common = thesaurus().is_common
    asked = {token for text in (question.text, *question.terms()) for token in characters(text) if not common(token)}
    sentences = _SENTENCE.findall(text)
    near = sorted(range(len(sentences)), key=lambda i: (-len(asked & set(characters(sentences[i]))), i))
    kept: list[int] = []
    for i in near:
        if not kept or sum(len(sentences[k]) for k in (*kept, i)) <= SHOWN_CHARACTERS:
            kept.append(i)
    return "".join(sentences[i] for i in sorted(kept))
