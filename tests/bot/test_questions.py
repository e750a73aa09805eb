"""Questions as people ask them: the right passage comes first, and what no document holds is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.enquiry import Answer, Enquirer
from bot.understanding.language import Language
from eligibility.rulebook import rule_book
from knowledge.passages import passages

QUESTIONS = Path(__file__).parents[1] / "cases" / "questions"
BOOK = rule_book()
ENQUIRER = Enquirer(BOOK, Language(BOOK.vocabulary), date(2026, 11, 21))

FIRST, AMONG_THREE, ANSWERED_OUTSIDE = 0.95, 0.98, 0.02
"""The floor: the share of answerable questions with the right passage first and among three, of others that are answered."""

Case = dict[str, Any]


def questions() -> Iterator[Case]:
    for file in sorted(QUESTIONS.glob("*.jsonl")):
        yield from (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines())


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def right(case: Case, answer: Answer) -> list[bool]:
    """Of each hit, whether it is one of the passages that answer."""
    wanted = [case, *case.get("also", ())]
    return [
        any(hit["doc"] == one["doc"] and squeezed(one["quote"]) in squeezed(hit["text"]) for one in wanted)
        for hit in answer.to_json()["hits"]
    ]


@pytest.fixture(scope="module")
def answered() -> list[tuple[Case, Answer]]:
    return [(case, ENQUIRER.answer(case["query"], case["city"])) for case in questions()]


def test_of_what_people_ask_most_is_found_and_little_else_is_answered(answered: list[tuple[Case, Answer]]) -> None:
    inside = [(answer.answered, right(case, answer)) for case, answer in answered if case["kind"] != "outside"]
    outside = [answer.answered for case, answer in answered if case["kind"] == "outside"]
    first = sum(said and hits[:1] == [True] for said, hits in inside) / len(inside)
    three = sum(said and any(hits[:3]) for said, hits in inside) / len(inside)
    assert first >= FIRST
    assert three >= AMONG_THREE
    assert sum(outside) / len(outside) <= ANSWERED_OUTSIDE


def test_no_answer_shows_another_citys_passage(answered: list[tuple[Case, Answer]]) -> None:
    for case, answer in answered:
        for hits in answer.hits.values():
            assert {hit.passage.document.city for hit in hits} <= {case["city"] or answer.city}, case["query"]


def test_every_quote_stands_in_one_passage_of_its_document() -> None:
    texts = {
        doc: [squeezed(p.piece.text) for p in passages() if p.document.id == doc] for doc in {p.document.id for p in passages()}
    }
    for case in questions():
        for one in [case, *case.get("also", ())] if case["kind"] != "outside" else ():
            assert any(squeezed(one["quote"]) in text for text in texts[one["doc"]]), one["quote"]


def test_every_refusal_says_who_knows_and_keeps_the_gap(answered: list[tuple[Case, Answer]]) -> None:
    for case, answer in answered:
        if not answer.answered:
            assert re.search(r"12\d{3}|社区|民政|部门|医院|银行|公积金", answer.text), case["query"]
            assert answer.gap is not None or "当地12345" in answer.text, case["query"]
