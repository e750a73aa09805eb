"""A question about the documents: the passages found, and what a person reads of them (contract, section 4)."""

from __future__ import annotations

from typing import Any

from bot.wording import say
from eligibility.rulebook import RuleBook
from knowledge.lookup import Hit, look_up
from knowledge.words import expanded, terms_in

SHOWN_CHARACTERS = 160


def enquire(query: str, city: str | None, book: RuleBook, top: int = 3) -> dict[str, Any]:
    """The answer of ``ask``: whether the documents answer, in words, with the hits and the benefits that they are about."""
    cities = [city] if city else list(book.packs)
    found = {one: look_up(query, one, top) for one in cities}
    answered = any(one.on_topic for one in found.values())
    hits = [hit for one in found.values() if one.on_topic for hit in one.hits]
    clarify = None
    if answered and city is None:
        clarify = {"question": say("which_city"), "options": [book.vocabulary.city_name(one) for one in cities]}
    return {
        "answered": answered,
        "answer": _answer(hits, clarify is not None) if answered else say("no_document"),
        "city": city,
        "benefits": _benefits(hits, book),
        "hits": [_hit(hit) for hit in hits],
        "clarify": clarify,
    }


def _benefits(hits: list[Hit], book: RuleBook) -> list[str]:
    """The entitlements that stand at the places found."""
    places = {(hit.passage.document.id, hit.passage.piece.section) for hit in hits}
    return [rule.id for rule in book.rules() if (rule.document.id, rule.entry.section) in places]


def _hit(hit: Hit) -> dict[str, Any]:
    document, piece = hit.passage.document, hit.passage.piece
    return {
        "doc": document.id, "number": document.number, "title": hit.passage.title, "section": piece.section,
        "text": piece.text, "status": document.status, "score": hit.score, "city": document.city,
    }


def _answer(hits: list[Hit], unclear: bool) -> str:
    if unclear:
        return say("which_city")
    best = hits[0]
    piece, document = best.passage.piece, best.passage.document
    text = piece.row.content if piece.row else piece.text
    lines = [
        say("found"),
        f"{best.passage.title}：{text[:SHOWN_CHARACTERS]}{'……' if len(text) > SHOWN_CHARACTERS else ''}"
        + say("source", number=document.number, section=piece.section),
    ]
    departments = [name for name in piece.departments if name.startswith("市")]
    if departments:
        lines.append(say("lead", departments="、".join(departments[:2])))
    if document.status == "draft":
        lines.append(say("draft"))
    return "\n".join(lines)


def show(query: str, answer: dict[str, Any]) -> None:
    """Print an answer of :func:`enquire` for a person: the best passage of each city whole, the words marked."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    if not answer["answered"]:
        console.print(Text(answer["answer"]))
    words = sorted({*terms_in(query), *expanded(query)}, key=len, reverse=True)
    shown: set[str] = set()
    for hit in answer["hits"]:
        mark = f"（{say('draft').rstrip('。')}）" if hit["status"] == "draft" else ""
        console.print(Text(f"{hit['number']} {hit['section']} {hit['title']}{mark}", style="bold"))
        if hit["city"] not in shown:
            passage = Text(hit["text"] + "\n")
            passage.highlight_words(words, "bold reverse")
            console.print(passage)
        shown.add(hit["city"])
