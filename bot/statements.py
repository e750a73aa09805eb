"""What ``understand`` answers: the facts that a sentence states, the pending question taken into account."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.language import Language
from bot.understanding import understand, with_plain_consequences
from eligibility.facts import Vocabulary
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
    if known and not language.answers.declines(text):
        answer = language.answers.read(text, question_for(known[0], known, language.vocabulary))
        if answer is not None:
            return {"facts": answer}
    understood = understand(text, language, as_of, known)
    answer_json: dict[str, Any] = {"facts": understood.facts}
    if understood.excluded:
        answer_json["not"] = understood.excluded
    return answer_json


def facts_from(words: Sequence[str], vocabulary: Vocabulary, as_of: date) -> dict[str, Any]:
    """The facts of a command line: ``fact=value`` as it stands, everything else as it is said."""
    given = dict(_given(word) for word in words if "=" in word)
    said = " ".join(word for word in words if "=" not in word)
    return with_plain_consequences({**understand(said, Language(vocabulary), as_of).facts, **given})


def _given(word: str) -> tuple[str, Any]:
    name, _, value = word.partition("=")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
