"""Casework: what the rules make of one person's answers, and how a new answer joins the earlier ones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from bot.state import Case
from bot.understanding.message import with_plain_consequences
from bot.understanding.statements import AGE_FACTS
from eligibility.assessment import Assessment, assess
from eligibility.person import FactError, read_person
from eligibility.planning import Question, next_question
from eligibility.rulebook import RuleBook

Facts = dict[str, Any]

MOST_REMEMBERED = 128
"""So many assessments are kept for when the same facts are assessed again."""

MOST_LEFT = 12
"""No more questions than these are counted ahead."""


@lru_cache(MOST_REMEMBERED)
def _assessed(facts: str, book: RuleBook, today: date) -> Assessment:
    """What the rules say of facts, written as JSON: a turn asks it several times, and a city's people are much alike."""
    return assess(json.loads(facts), book, today)


@lru_cache(MOST_REMEMBERED)
def _asked(
    facts: str, declined: tuple[str, ...], narrowed: tuple[str, ...], book: RuleBook, today: date,
) -> Question | None:
    return next_question(_assessed(facts, book, today), declined, narrowed)


class Casework:
    """Works on cases.

    Args:
        book: the rules.
        today: the day of the answers.
    """

    def __init__(self, book: RuleBook, today: date) -> None:
        self.book = book
        self.today = today

    def assessment(self, case: Case) -> Assessment:
        """Everything that the rules say of the person so far."""
        return _assessed(json.dumps(case.facts), self.book, self.today)

    def question(self, case: Case) -> Question | None:
        """The next question; None when nothing asked can change anything."""
        return _asked(json.dumps(case.facts), tuple(case.declined), tuple(case.narrowed), self.book, self.today)

    def city(self, case: Case) -> str | None:
        """The city whose documents count first; None where it is not known, or is none of ours."""
        places = (case.facts.get(name) for name in ("hukou", "residence"))
        return next((str(city) for city in places if city in self.book.packs), None)

    def joined(self, facts: Mapping[str, Any], new: Mapping[str, Any]) -> Facts:
        """The facts with the new ones; what these contradict is dropped, a later word counts more than an earlier one.

        Raises:
            FactError: the new facts cannot be.
        """
        kept = {name: value for name, value in facts.items() if name not in AGE_FACTS or not set(AGE_FACTS) & set(new)}
        joined = with_plain_consequences({**kept, **new})
        for name, fact in self.book.vocabulary.facts.items():
            for other, allowed in fact.needs.items():
                if name in joined and joined.get(other, allowed[0]) not in allowed:
                    del joined[name if other in new else other]
        read_person(joined, self.today, self.book.space)
        return joined

    def take(self, case: Case, new: Mapping[str, Any]) -> None:
        """Takes new facts over.

        Raises:
            FactError: they cannot be; the case is left as it was.
        """
        case.facts = self.joined(case.facts, new)
        case.suggested = {name: value for name, value in case.suggested.items() if name not in case.facts}
        case.declined = [name for name in case.declined if name not in new]
        case.narrowed = [name for name in case.narrowed if name not in new]
        case.finished = False

    def retract(self, case: Case, excluded: Mapping[str, list[Any]]) -> Facts:
        """Takes back what is denied (不是低保 after 低保), and returns it."""
        gone = {name: case.facts[name] for name, values in excluded.items() if case.facts.get(name) in values}
        if gone:
            case.facts = {name: value for name, value in case.facts.items() if name not in gone}
            self.take(case, {})
        return gone

    def left(self, case: Case) -> int:
        """About how many questions are left: so many, if every answer is the commonest one."""
        facts, declined = dict(case.facts), list(case.declined)
        for count in range(MOST_LEFT):
            question = _asked(json.dumps(facts), tuple(declined), tuple(case.narrowed), self.book, self.today)
            if question is None:
                return count
            usual = {name: self.book.vocabulary.facts[name].usual for name in question.facts}
            try:
                facts = self.joined(facts, {name: value for name, value in usual.items() if value is not None})
            except FactError:
                return count
            declined += [name for name in question.facts if name not in facts]
        return MOST_LEFT
