"""How many questions an interview takes: the planner, a form, backward chaining and the best possible order: see README.md."""

from __future__ import annotations

import argparse
import json
import platform
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from statistics import mean
from typing import Any

from eligibility.assessment import UNKNOWN, Assessment, assess
from eligibility.conditions import Is, walk
from eligibility.planning import Question, fact_question, next_facts, next_question, question_for
from eligibility.rulebook import RuleBook, rule_book
from tests.population import CITIES, SHARES, Facts, townsperson

AS_OF = date(2026, 3, 1)
SMALL_CASE = 2_000
"""So many people of a city make the small case, whose best order is computed."""

FIRST_MESSAGE = {"age": 86, "hukou": "shuangyashan", "hardship": "dibao", "ability": "dependent"}
"""我老婆婆八十六，双鸭山户口，吃低保，起不来炕."""

Known = tuple[tuple[str, Any], ...]
State = tuple[Known, frozenset[str]]
"""What is known, and the facts of which it is known that they hold, and not yet how."""

Chooser = Callable[[Assessment, frozenset[str]], Question | None]
Done = Callable[[Assessment], bool]


def money_is_settled(assessment: Assessment) -> bool:
    """Whether no sum is open any more."""
    return bool(assessment.cities) and not any(
        result.rule.kind == "cash" and (result.status == UNKNOWN or result.missing) for result in assessment.results
    )


def all_is_settled(assessment: Assessment) -> bool:
    """Whether nothing is open any more."""
    return bool(assessment.cities) and not next_facts(assessment)


def answered(question: Question, person: Mapping[str, Any], state: State) -> State:
    """What is known once the person has answered truly."""
    known, narrowed = dict(state[0]), set(state[1])
    for name in question.facts:
        lists = [value for choice in question.choices if isinstance(value := choice.facts.get(name), tuple)]
        if any(person.get(name) in values for values in lists):
            narrowed.add(name)
        elif name in person:
            known[name] = person[name]
            narrowed.discard(name)
    return _known(known), frozenset(narrowed)


def _known(facts: Facts) -> Known:
    return tuple(sorted(facts.items()))


# -- the ways of choosing


def planner(assessment: Assessment, narrowed: frozenset[str]) -> Question | None:
    """What the conversation asks."""
    return next_question(assessment, (), narrowed)


def form(assessment: Assessment, narrowed: frozenset[str]) -> Question | None:
    """A form of fixed order: every fact that has a question, whether it still matters or not."""
    return _first_of(assessment.book.vocabulary.facts, assessment, narrowed, matters=False)


def form_that_skips(assessment: Assessment, narrowed: frozenset[str]) -> Question | None:
    """The same order, without what can change nothing any more."""
    return _first_of(assessment.book.vocabulary.facts, assessment, narrowed, matters=True)


def backward_chaining(assessment: Assessment, narrowed: frozenset[str]) -> Question | None:
    """Rule after rule: whatever the first open one needs."""
    needed = (name for result in assessment.results for name in result.missing)
    return _first_of(needed if assessment.cities else ("hukou",), assessment, narrowed, matters=True)


def _first_of(order: Iterable[str], assessment: Assessment, narrowed: frozenset[str], matters: bool) -> Question | None:
    vocabulary, given = assessment.book.vocabulary, assessment.person.given
    open_facts = next_facts(assessment)
    waiting = [
        name for name in vocabulary.facts
        if vocabulary.facts[name].question and name not in given and _applies(name, assessment)
        and (not matters or name in open_facts)
    ]
    name = next((name for name in order if name in waiting), None)
    together = [fact for fact in waiting if fact not in narrowed]
    return None if name is None else question_for(name, () if name in narrowed else together, vocabulary)


def _applies(name: str, assessment: Assessment) -> bool:
    fact, given = assessment.book.vocabulary.facts[name], assessment.person.given
    return all(given.get(other) in allowed for other, allowed in fact.needs.items())


WAYS: dict[str, Chooser] = {
    "planner": planner, "backward chaining": backward_chaining, "form that skips": form_that_skips, "form": form,
}


def questions(person: Facts, choose: Chooser, book: RuleBook, start: Facts) -> tuple[int, int]:
    """The questions until all money is settled, and until everything is."""
    state: State = (_known(start), frozenset())
    count, money = 0, None
    while True:
        assessment = assess(dict(state[0]), book, AS_OF)
        if money is None and money_is_settled(assessment):
            money = count
        question = None if all_is_settled(assessment) else choose(assessment, state[1])
        if question is None:
            return count if money is None else money, count
        state = answered(question, person, state)
        count += 1


# -- the best possible


class Optimum:
    """The least expected number of questions until all money is settled, over the very people of a small case.

    The choice is among all that could be asked: each open fact on its own, and each question for several. Exact, by dynamic
    programming over what can be known.
    """

    def __init__(self, book: RuleBook, done: Done = money_is_settled) -> None:
        self._book = book
        self._done = done
        self._known: dict[State, float] = {}
        self.states = 0

    def expected(self, state: State, people: Counter[Known]) -> float:
        """The least expected number of questions from ``state`` on; ``people`` are those whom it may be."""
        if state not in self._known:
            self._known[state] = self._best(state, people)
        return self._known[state]

    def _best(self, state: State, people: Counter[Known]) -> float:
        self.states += 1
        assessment = assess(dict(state[0]), self._book, AS_OF)
        if self._done(assessment):
            return 0.0
        return 1 + min(self._after(question, state, people) for question in _possible(assessment, state[1]))

    def _after(self, question: Question, state: State, people: Counter[Known]) -> float:
        split: dict[State, Counter[Known]] = defaultdict(Counter)
        for profile, count in people.items():
            split[answered(question, dict(profile), state)][profile] += count
        if state in split:
            return float("inf")  # it would tell nothing of somebody
        return sum(some.total() / people.total() * self.expected(after, some) for after, some in split.items())


def _possible(assessment: Assessment, narrowed: frozenset[str]) -> Iterator[Question]:
    """Everything that could be asked about an open sum of money, each question once."""
    vocabulary = assessment.book.vocabulary
    open_facts = {
        name for result in assessment.results if result.rule.kind == "cash" for name in result.missing
        if vocabulary.facts[name].question
    }
    every = [name for name in next_facts(assessment) if name not in narrowed]
    found = {}
    for name in open_facts:
        together = () if name in narrowed else every
        for question in (fact_question(name, vocabulary), question_for(name, together, vocabulary)):
            found[question.facts, len(question.choices)] = question
    yield from found.values()


def small_case(city: str, book: RuleBook, dice: random.Random, size: int = SMALL_CASE) -> dict[str, float]:
    """For one city, known from the start: the expected questions until all money is settled, the best possible and each way."""
    start = {"hukou": city, "residence": city}
    people = [{**townsperson(dice), **start} for _ in range(size)]
    optimum = Optimum(book)
    best = optimum.expected((_known(start), frozenset()), _profiles(people, city, book))
    ways = {name: mean(questions(person, way, book, start)[0] for person in people) for name, way in WAYS.items()}
    return {"states": optimum.states, "optimum": best, **ways}


def _profiles(people: Sequence[Facts], city: str, book: RuleBook) -> Counter[Known]:
    """The people, as far as a sum of money depends on them: what no such rule tells apart is made alike."""
    space = book.space
    conditions = (condition for rule in book.personal(city) if rule.kind == "cash" for condition in rule.conditions())
    decided = {part.fact for condition in conditions for part in walk(condition) if isinstance(part, Is)}

    def alike(name: str, value: Any) -> Any:
        if name in decided:
            level = space.level[name]
            return space.classes[level][space.index[level][value]][0]
        return max(SHARES[name], key=lambda one: SHARES[name][one]) if name in SHARES else value

    return Counter(_known({name: alike(name, value) for name, value in person.items()}) for person in people)


def main() -> None:
    """Prints the figures as JSON, and nothing else."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=1_000)
    options.add_argument("--seed", type=int, default=7)
    arguments = options.parse_args()
    book, dice = rule_book(), random.Random(arguments.seed)
    people = [townsperson(dice) for _ in range(arguments.people)]
    told = [as_told(person) for person in people]
    print(json.dumps({
        "python": platform.python_version(), "people": len(people),
        "from nothing: money, all": {name: _means(people, way, book, {}) for name, way in WAYS.items()},
        "from nothing, by city": {
            city: _means([person for person in people if person["hukou"] == city], planner, book, {}) for city in CITIES
        },
        "from a first message: money, all": {name: _means(told, way, book, FIRST_MESSAGE) for name, way in WAYS.items()},
        "money of one city, city known": {
            city: {name: round(value, 2) for name, value in small_case(city, book, dice).items()} for city in CITIES
        },
    }, ensure_ascii=False, indent=1))


def as_told(person: Facts) -> Facts:
    """The same person, but for what the first message tells; who lives where she is registered does so there."""
    home = {"residence": FIRST_MESSAGE["hukou"]} if person["residence"] == person["hukou"] else {}
    return {**person, **FIRST_MESSAGE, **home}


def _means(people: Sequence[Facts], way: Chooser, book: RuleBook, start: Facts) -> list[float]:
    counts = [questions(person, way, book, start) for person in people]
    return [round(mean(count), 2) for count in zip(*counts, strict=True)]


if __name__ == "__main__":
    main()
