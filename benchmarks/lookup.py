"""How often the right passage is found, and how long that takes, beside other search engines: see README.md."""

from __future__ import annotations

import argparse
import importlib
import json
import platform
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter_ns
from typing import Any

from knowledge.lookup import look_up
from knowledge.passages import Passage, passages
from knowledge.questions import read_question
from knowledge.words import characters

QUESTIONS = Path(__file__).parents[1] / "tests" / "cases" / "questions"
TOP = 3

Case = dict[str, Any]
Tokens = Callable[[str], list[str]]
Search = Callable[[str], Sequence[int]]
"""A question in, the places of its best passages out."""


def questions() -> list[Case]:
    """The stored questions that some passage of a named city answers."""
    lines = [line for file in sorted(QUESTIONS.glob("*.jsonl")) for line in file.read_text(encoding="utf-8").splitlines()]
    return [case for case in map(json.loads, lines) if case["kind"] != "outside" and case["city"]]


def ours(city: str) -> Search:
    """This project's look-up."""
    place = {id(passage): i for i, passage in enumerate(passages(city))}
    return lambda query: [place[id(hit.passage)] for hit in look_up(read_question(query), city, TOP).hits]


def rank_bm25(texts: Sequence[list[str]], tokens: Tokens) -> Search:
    """BM25Okapi, in Python over numpy."""
    index = importlib.import_module("rank_bm25").BM25Okapi(texts)

    def search(query: str) -> Sequence[int]:
        scores = index.get_scores(tokens(query))
        return sorted(range(len(scores)), key=lambda i: -scores[i])[:TOP]

    return search


def bm25s(texts: Sequence[list[str]], tokens: Tokens) -> Search:
    """bm25s: sparse matrices worked out beforehand."""
    index = importlib.import_module("bm25s").BM25()
    index.index(texts, show_progress=False)

    def search(query: str) -> Sequence[int]:
        known = [token for token in tokens(query) if token in index.vocab_dict]
        return [int(i) for i in index.retrieve([known], k=TOP, show_progress=False)[0][0]] if known else []

    return search


def tantivy(texts: Sequence[list[str]], tokens: Tokens) -> Search:
    """tantivy: a search engine in Rust; the tokens are cut outside, and split at blanks inside."""
    library = importlib.import_module("tantivy")
    builder = library.SchemaBuilder()
    builder.add_integer_field("place", stored=True)
    builder.add_text_field("body", tokenizer_name="whitespace")
    index = library.Index(builder.build())
    writer = index.writer(heap_size=20_000_000, num_threads=1)
    for place, text in enumerate(texts):
        writer.add_document(library.Document(place=place, body=" ".join(text)))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def search(query: str) -> Sequence[int]:
        said = " ".join(re.sub(r"\W", "", token) for token in tokens(query)).strip()
        found = searcher.search(index.parse_query(said, ["body"]), TOP).hits if said else []
        return [searcher.doc(address)["place"][0] for _, address in found]

    return search


def words(text: str) -> list[str]:
    """jieba's words, with its own dictionary."""
    cut: list[str] = importlib.import_module("jieba").lcut(text)
    return [word for word in cut if word.strip()]


def grams(text: str) -> list[str]:
    """Characters and their pairs."""
    return list(characters(text))


def engines(city: str) -> Iterator[tuple[str, Search]]:
    """Every engine with an index of the city's passages, those that are not installed left out and named."""
    yield "yanglao", ours(city)
    body = [f"{passage.title} {passage.piece.text}" for passage in passages(city)]
    for build in (rank_bm25, bm25s, tantivy):
        for tokens in (words, grams):
            try:
                yield f"{build.__name__}, {tokens.__name__}", build([tokens(text) for text in body], tokens)
            except ImportError:
                print(f"# {build.__name__} is not installed")
                break


def right(case: Case, found: Sequence[Passage]) -> list[bool]:
    """Of each passage found, whether it answers the question."""
    wanted = [(one["doc"], squeezed(one["quote"])) for one in (case, *case.get("also", ()))]
    return [
        any(passage.document.id == doc and quote in squeezed(passage.piece.text) for doc, quote in wanted) for passage in found
    ]


squeezed = partial(re.sub, r"\s", "")


def main() -> None:
    """Prints a line an engine: the shares of right answers, the median time, and its ratio to this project's."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    cases = questions()
    first: dict[str, int] = {}
    three: dict[str, int] = {}
    times: dict[str, list[float]] = {}
    for city in sorted({case["city"] for case in cases}):
        held = passages(city)
        named = list(engines(city))
        asked = [case for case in cases if case["city"] == city]
        for case in asked:  # the engines take turns, so that a slow spell of the machine meets all of them
            for name, search in named:
                search(case["query"])
                start = perf_counter_ns()
                found = search(case["query"])
                times.setdefault(name, []).append((perf_counter_ns() - start) / 1e6)
                hits = right(case, [held[i] for i in found])
                first[name] = first.get(name, 0) + (hits[:1] == [True])
                three[name] = three.get(name, 0) + any(hits)
    print(f"python {platform.python_version()}, {len(cases)} questions, {len(passages())} passages, the city is a filter")
    base = median(times["yanglao"])
    for name, spent in times.items():
        print(
            f"{name:20} first {first[name] / len(cases):.1%}  among three {three[name] / len(cases):.1%}"
            f"  median {median(spent):.3f} ms  ({median(spent) / base:.2f} of yanglao's)"
        )


if __name__ == "__main__":
    main()
