"""What ``understand`` answers: the facts that a sentence states, the pending question taken into account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.answers import declines, read_answer
from bot.language import Language
from bot.understanding import AGE_FACTS, understand
from eligibility.planning import question_for


def stated(text: str, language: Language, asking: Sequence[str] = (), as_of: date | None = None) -> dict[str, Any]:
    """The contract's answer of ``understand``.

    Args:
        text: what was said.
        language: the words.
        asking: the facts of the pending question; a bare answer is read as the answer to them.
        as_of: the day on which it is said; today when absent.
    """
    known = [name for name in asking if name in language.vocabulary.facts and language.vocabulary.facts[name].question]
    if known and not declines(text):
        answer = read_answer(text, question_for(known[0], known, language.vocabulary))
        if answer is not None:
            return {"facts": answer}
    understood = understand(text, language, as_of)
    answer_json: dict[str, Any] = {"facts": understood.facts}
    if understood.excluded:
        answer_json["not"] = understood.excluded
    return answer_json


__all__ = ["AGE_FACTS", "stated"]
