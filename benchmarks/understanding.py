"""How long a sentence takes to understand, and how that grows with its length: see README.md."""

from __future__ import annotations

import argparse
import json
import platform
import random
from collections.abc import Callable
from datetime import date
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter_ns

from bot.understanding.language import Language
from bot.understanding.message import stated
from eligibility.rulebook import rule_book

AS_OF = date(2026, 3, 1)
UTTERANCES = Path(__file__).parents[1] / "tests" / "cases" / "utterances"
LENGTHS = (256, 512, 1024, 2048, 4096)

Make = Callable[[int], str]


def repeated(unit: str) -> Make:
    """A message of ``unit`` over and over."""
    return lambda length: (unit * length)[:length]


def words_of_the_matter(language: Language) -> Make:
    """A message of nothing but phrases, names and places, without a stop."""
    dice = random.Random(7)
    words = [*islice(language.phrases.phrases(), 20_000), *language.people.names(), *language.places.phrases()]

    def make(length: int) -> str:
        return "".join(dice.choices(words, k=length))[:length]

    return make


def any_characters(length: int) -> str:
    """A message of Chinese characters drawn at random."""
    dice = random.Random(length)
    return "".join(chr(dice.randint(0x4E00, 0x9FA5)) for _ in range(length))


REPEATED: dict[str, Make] = {
    "我": repeated("我"),
    "不": repeated("不"),
    "七十": repeated("七十"),
    "digits": repeated("1"),
    "跟儿子": repeated("跟儿子"),
    "没有低保": repeated("没有低保"),
    "gap": repeated("吃饭得"),
    "stops": repeated("我，"),
    "blanks": repeated(" "),
}


def milliseconds(text: str, language: Language, asking: list[str]) -> float:
    """The time that one message takes."""
    start = perf_counter_ns()
    stated(text, language, asking, AS_OF)
    return (perf_counter_ns() - start) / 1e6


def sentences(language: Language) -> list[float]:
    """The median of three readings of every stored utterance, in milliseconds."""
    lines = [line for file in sorted(UTTERANCES.glob("*.jsonl")) for line in file.read_text(encoding="utf-8").splitlines()]
    cases = [json.loads(line) for line in lines]
    for case in cases:
        stated(case["text"], language, case.get("asking", []), AS_OF)
    return [median(milliseconds(case["text"], language, case.get("asking", [])) for _ in range(3)) for case in cases]


def growth(language: Language) -> dict[str, list[float]]:
    """Milliseconds for a message of each length of ``LENGTHS``, the best of three, for every kind that could be slow."""
    kinds = {**REPEATED, "words": words_of_the_matter(language), "random": any_characters}
    return {
        kind: [min(milliseconds(make(length), language, []) for _ in range(3)) for length in LENGTHS]
        for kind, make in kinds.items()
    }


def main() -> None:
    """Prints both as JSON, and nothing else."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    language = Language(rule_book().vocabulary)
    times = sentences(language)
    cuts = quantiles(times, n=100)
    print(json.dumps({
        "python": platform.python_version(),
        "sentences": len(times),
        "ms": {name: round(value, 3) for name, value in
               (("p50", median(times)), ("p95", cuts[94]), ("p99", cuts[98]), ("max", max(times)))},
        "ms by length": {"length": list(LENGTHS), **{k: [round(v, 1) for v in row] for k, row in growth(language).items()}},
    }, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
