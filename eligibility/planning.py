"""Which question next: the open facts weighed by what they settle, worked out anew from the answers each time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType

from pydantic import Field, RootModel

from eligibility.assessment import Assessment
from eligibility.facts import OTHER_CITY, Fact, Scalar, Vocabulary
from eligibility.rules import Rule
from knowledge.data import Record, read_model
from knowledge.phrases import Phrases

QUESTIONS_FILE = Path(__file__).parent / "questions.yaml"

Settles = Scalar | tuple[Scalar, ...]
"""What a choice settles of a fact: its value, or that it is one of several, which is then asked on its own."""

WORTH = {"cash": 12.0, "service": 2.0, "insurance": 2.0, "discount": 2.0, "priority": 1.0, "admission": 1.0}
"""What settling an entitlement is worth, by kind: money first."""

SUM_WORTH = 20.0
"""What settling a sum is worth: more than money of which no document says how much it is."""

FIRST = 1e6
"""What it is worth to know the city: nothing can be settled without it."""

SITUATION_WORTH = 0.1
"""Facts asked together about situations few people are in come last."""


class _Composite(Record):
    facts: tuple[str, ...]
    when: int
    question: str
    multiple: bool = False
    effort: float = 1.0
    otherwise: dict[str, Scalar] = Field(default_factory=dict)
    options: dict[str, dict[str, Settles]] = Field(default_factory=dict)
    along: dict[str, dict[str, str]] = Field(default_factory=dict)


class _File(RootModel[dict[str, _Composite]]):
    pass


@cache
def _composites() -> dict[str, _Composite]:
    return read_model(QUESTIONS_FILE, _File).root


NOTHING_SAID = Phrases(())


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer that can be tapped: its label, the facts that it settles, and the words that answer with it."""

    label: str
    facts: dict[str, Settles]
    answers: Phrases = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class Question:
    """A question: the open facts that it settles, its words ({who} is left to the wording) and its answers.

    With ``multiple`` several choices may be made, and what is not chosen is as ``otherwise`` says.
    """

    facts: tuple[str, ...]
    text: str
    choices: tuple[Choice, ...]
    multiple: bool = False
    help: str | None = None
    otherwise: Mapping[str, Scalar] = field(default_factory=dict)


def next_facts(assessment: Assessment) -> list[str]:
    """The open facts that can change an answer, the most worth asking first."""
    return sorted(worth := next_facts_weighed(assessment), key=lambda name: -worth[name])


def next_facts_weighed(assessment: Assessment) -> dict[str, float]:
    """The open facts that can change an answer, each with what it is worth to know it; the cities come before all."""
    person, vocabulary = assessment.person, assessment.book.vocabulary
    given = person.given
    if "hukou" not in given:
        first = {"hukou": FIRST}
        if not assessment.cities:
            return first if "residence" in given else {**first, "residence": FIRST / 2}
        return {**_weighed(assessment, vocabulary), **first}
    if given["hukou"] == OTHER_CITY and "residence" not in given:
        return {"residence": FIRST}
    return _weighed(assessment, vocabulary)


def _weighed(assessment: Assessment, vocabulary: Vocabulary) -> dict[str, float]:
    worth: dict[str, float] = defaultdict(float)
    for result in assessment.results:
        for name in result.missing:
            worth[name] += _worth(result.rule) / len(result.missing)
    for name in list(worth):
        fact = vocabulary.facts[name]
        worth[name] *= (SITUATION_WORTH if fact.group == "situation" else 1.0) / fact.effort
        for leading in (*fact.needs, *fact.void_when, *fact.after):
            if leading in worth:
                worth[name] = 0.0
    return {name: weight for name, weight in worth.items() if name != "hukou"}


def _worth(rule: Rule) -> float:
    return SUM_WORTH if rule.kind == "cash" and rule.amount else WORTH[rule.kind]


def next_question(
    assessment: Assessment, declined: Collection[str] = (), narrowed: Collection[str] = (),
) -> Question | None:
    """The next question; None when nothing asked can change anything.

    Args:
        assessment: what is known, and what is open.
        declined: facts that were answered 不知道; they are not asked again.
        narrowed: facts of which it is known that they hold, and not yet how: they are asked on their own.
    """
    vocabulary = assessment.book.vocabulary
    worth = {
        name: weight for name, weight in next_facts_weighed(assessment).items()
        if name not in declined and vocabulary.facts[name].question
    }
    together = [name for name in worth if name not in narrowed]
    begun = [name for name in worth if name in narrowed]  # 有残疾证: which grade is asked at once
    best: tuple[float, Question] | None = None
    for name in begun or worth:
        fact = vocabulary.facts[name]
        if any(leading in declined for leading in (*fact.needs, *fact.after)):
            continue
        question, effort = _question_for(name, () if name in narrowed else together, vocabulary, assessment.person.given)
        value = sum(worth[one] for one in question.facts) / effort
        if best is None or value > best[0]:
            best = value, question
    return best[1] if best else None


def question_for(name: str, open_facts: Collection[str], vocabulary: Vocabulary) -> Question:
    """The question that settles ``name``: one for several facts where enough of them are open, else the fact's own."""
    return _question_for(name, open_facts, vocabulary)[0]


def _question_for(
    name: str, open_facts: Collection[str], vocabulary: Vocabulary, given: Mapping[str, object] = MappingProxyType({}),
) -> tuple[Question, float]:
    """The question that settles ``name``, and how much harder it is to answer than the facts are; each open fact is in one."""
    left = set(open_facts)
    for composite in _composites().values():
        asked = tuple(fact for fact in composite.facts if fact in left)
        if len(asked) >= composite.when:
            if name in asked:
                asked_along = _along(composite, left, given)
                if len(asked) + len(asked_along) == 1:
                    break  # one alone is rather asked in its own words
                return _composite_question(composite, asked, asked_along, vocabulary), composite.effort
            left.difference_update(asked)
    return fact_question(name, vocabulary), 1.0


def choice_for_several(label: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The facts of which a choice called ``label`` says that they hold, and not how (有残疾证); empty where there is none."""
    for composite in _composites().values():
        facts = composite.options.get(label, {})
        if several := tuple(name for name, value in facts.items() if isinstance(value, tuple) and name in vocabulary.facts):
            return several
    return ()


def fact_question(name: str, vocabulary: Vocabulary) -> Question:
    """The fact's own question."""
    fact = vocabulary.facts[name]
    return Question((name,), fact.question or "", _choices(name, fact), help=_help(fact))


def _along(composite: _Composite, open_facts: Collection[str], given: Mapping[str, object]) -> dict[str, tuple[str, Scalar]]:
    """The facts that the question settles besides, each with its label and the value of the fact that it is the same as."""
    return {
        name: (label, same)
        for label, facts in composite.along.items() for name, other in facts.items()
        if name in open_facts and isinstance(same := given.get(other), Scalar)
    }


def _composite_question(
    composite: _Composite, asked: tuple[str, ...], along: Mapping[str, tuple[str, Scalar]], vocabulary: Vocabulary,
) -> Question:
    choices = tuple(
        Choice(label, {name: value for name, value in facts.items() if name in asked}, _words(facts, vocabulary))
        for label, facts in composite.options.items() if next(iter(facts)) in asked
    )
    others = tuple(
        Choice(label, {name: tuple(value for value in vocabulary.facts[name].options if value != same)})
        for name, (label, same) in along.items()
    )
    facts = (*asked, *along)
    helps = [f"{vocabulary.facts[name].title}：{vocabulary.facts[name].help}" for name in facts]
    otherwise = {name: composite.otherwise.get(name, False) for name in asked} if composite.multiple else {}
    otherwise |= {name: same for name, (_, same) in along.items()}
    return Question(facts, composite.question, choices + others, composite.multiple, "\n".join(helps), otherwise)


def _choices(name: str, fact: Fact) -> tuple[Choice, ...]:
    return tuple(_choice(name, value, fact) for value in fact.options)


def _choice(name: str, value: Scalar, fact: Fact) -> Choice:
    option = fact.options[value]
    return Choice(option.label, {name: value}, option.words)


def _words(facts: Mapping[str, Settles], vocabulary: Vocabulary) -> Phrases:
    """The words for the first fact that the choice settles: the one that tells it from the others."""
    name, value = next(iter(facts.items()))
    return NOTHING_SAID if isinstance(value, tuple) else vocabulary.facts[name].options[value].words


def _help(fact: Fact) -> str | None:
    meant = [f"{option.label}：{option.means}" for option in fact.options.values() if option.means]
    return "\n".join(filter(None, [fact.help, *meant])) or None
