"""A question about the documents: the passages found, and what a person reads of them (contract, section 4)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.places import place_names
from bot.remarks import remark_in
from bot.wording import say
from eligibility.facts import OTHER_CITY
from eligibility.rulebook import RuleBook
from knowledge.lookup import Hit, look_up
from knowledge.outline import Piece
from knowledge.passages import passage_at
from knowledge.words import characters, expanded, particulars, terms_in

SHOWN_CHARACTERS = 160
"""A paragraph is shown by its most fitting sentences, up to so many characters."""

KINDRED_SCORE = 0.6
"""A hit with this share of the best score is about the same thing."""

_SENTENCE = re.compile(r"[^。；;\n]+[。；;]?")
_RESPONSIBLE = re.compile(r"[（(〔]\s*责任单位.*", re.DOTALL)


def enquire(query: str, city: str | None, book: RuleBook, top: int = 3) -> dict[str, Any]:
    """The answer of ``ask``: whether the documents answer, in words, with the hits and the benefits that they are about.

    Args:
        query: the question.
        city: the only city to look in; one that the question names counts too, and all are looked at otherwise.
        book: the rules, which say what benefits stand at a place.
        top: so many hits of a city at the most.
    """
    city = city or _city_named(query, book)
    if city == OTHER_CITY:
        return _refusal(say("other_city", cities="、".join(book.vocabulary.cities.values())))
    found = {one: look_up(query, one, top) for one in ([city] if city else book.packs)}
    hits = {one: result.hits for one, result in found.items() if result.answered}
    danger = remark_in(query)
    if danger and danger.anywhere:
        return _found(query, danger.text, city, hits, book)
    if not hits:
        return _refusal(say("no_document"), city)
    if city is None:
        clarify = {"question": say("which_city"), "options": [book.vocabulary.city_name(one) for one in hits]}
        return {**_found(query, say("which_city"), None, hits, book), "clarify": clarify}
    return _found(query, _answer(query, hits[city][0]), city, hits, book)


def _refusal(answer: str, city: str | None = None) -> dict[str, Any]:
    return {"answered": False, "answer": answer, "city": city, "benefits": [], "hits": [], "clarify": None}


def _found(
    query: str, answer: str, city: str | None, hits: dict[str, tuple[Hit, ...]], book: RuleBook,
) -> dict[str, Any]:
    shown = [_hit(hit) for found in hits.values() for hit in found]
    about = [hit for found in hits.values() for hit in found if hit.score >= KINDRED_SCORE * found[0].score]
    return {
        "answered": True, "answer": answer, "city": city, "benefits": _benefits(query, about, book), "hits": shown,
        "clarify": None,
    }


def _city_named(query: str, book: RuleBook) -> str | None:
    places = list(place_names(book.vocabulary).find(query))
    return str(places[0].meaning[1]) if places else None


def _asked(query: str) -> set[str]:
    """The characters and pairs of the question, and of the documents' words for what it says."""
    return {token for words in (query, *expanded(query)) for token in characters(words)}


def _benefits(query: str, hits: Sequence[Hit], book: RuleBook) -> list[str]:
    """The entitlements that stand at the places found; where several stand at one, those whose name fits best."""
    asked = _asked(query)
    found: list[str] = []
    for hit in hits:
        place = (hit.passage.document.id, hit.passage.piece.section)
        rules = [rule for rule in book.rules() if (rule.document.id, rule.entry.section) == place]
        fits = {rule.id: sum(len(token) > 1 and token in asked for token in characters(rule.name)) for rule in rules}
        best = max(fits.values(), default=0)
        found += [name for name, fit in fits.items() if fit == best and name not in found]
    return found


def _hit(hit: Hit) -> dict[str, Any]:
    document, piece = hit.passage.document, hit.passage.piece
    return {
        "doc": document.id, "number": document.number, "title": hit.passage.title, "section": piece.section,
        "text": piece.text, "status": document.status, "score": hit.score, "city": document.city,
    }


def _answer(query: str, best: Hit) -> str:
    """The best passage in a few sentences, after what is not written in it."""
    piece, document = best.passage.piece, best.passage.document
    departments = "、".join([name for name in piece.departments if name.startswith("市")][:2])
    unwritten = particulars(query)
    lines = []
    if unwritten:
        lines.append(say("unwritten", particulars="、".join(unwritten)))
    if departments:
        lines.append(say("lead_first" if unwritten else "lead", departments=departments))
    told = f"{_excerpt(query, piece)}{say('source', number=document.number, section=piece.section)}"
    lines.insert(len(lines) if unwritten else 0, f"{say('found')}\n{told}")
    if document.status == "draft":
        lines.append(say("draft"))
    return "\n".join(lines)


def _excerpt(query: str, piece: Piece) -> str:
    """Of a list item whom it is for and what it gives; of a paragraph the sentences nearest to the question, in order."""
    if piece.row:
        return f"{piece.row.name}。给谁：{piece.row.audience.rstrip('。')}。\n{piece.row.content}"
    asked = _asked(query)
    sentences = _SENTENCE.findall(_RESPONSIBLE.sub("", piece.text))
    near = sorted(range(len(sentences)), key=lambda i: (-len(asked & set(characters(sentences[i]))), i))
    kept: list[int] = []
    for i in near:
        if not kept or sum(len(sentences[k]) for k in (*kept, i)) <= SHOWN_CHARACTERS:
            kept.append(i)
    return "".join(sentences[i] for i in sorted(kept))


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
            found = passage_at(hit["doc"], hit["section"])
            passage = Text((found.piece.row.labelled if found and found.piece.row else hit["text"]) + "\n")
            passage.highlight_words(words, "bold reverse")
            console.print(passage)
        shown.add(hit["city"])
