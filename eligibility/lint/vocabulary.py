"""The vocabulary: no term that no rule uses, no label that does not fit its button."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from eligibility.conditions import Term, walk
from eligibility.facts import FACTS_FILE, Vocabulary
from eligibility.lint.quotations import Faults
from eligibility.rulebook import TERMS_FILE, RuleBook
from knowledge.data import DataError, line_of, read_yaml

LABEL_AT_MOST = 14
"""Characters that fit a button on a phone."""



def unused_terms(books: Iterable[RuleBook]) -> Faults:
    """Every term stands in a rule, or in a term that does."""
    conditions = (one for book in books for rule in book.rules() for one in rule.conditions())
    used = {part.name for one in conditions for part in walk(one) if isinstance(part, Term)}
    for name in read_yaml(TERMS_FILE):
        if name not in used:
            yield DataError(TERMS_FILE, line_of(TERMS_FILE, [name]), f"没有规则用到“{name}”这个词")


def unfit_labels(file: Path = FACTS_FILE) -> Faults:
    """A label fits its button, and holds no 、, which parts several labels in one answer."""
    for name, fact in Vocabulary({}, file).facts.items():
        for value, option in fact.options.items():
            if len(option.label) > LABEL_AT_MOST or "、" in option.label:
                place = [name, "options", value, "label"]
                yield DataError(file, line_of(file, place), f"“{option.label}”不能带顿号，最多 {LABEL_AT_MOST} 个字")
