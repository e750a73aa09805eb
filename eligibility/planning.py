"""Which question next: the open facts weighed by what they settle, worked out anew from the answers each time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import Field, RootModel

from eligibility.assessment import Assessment
from eligibility.facts import OTHER_CITY, Fact, Scalar, Vocabulary
from eligibility.rules import Rule
from knowledge.data import Record, read_model
from knowledge.phrases import Phrases

QUESTIONS_FILE = Path(__file__).parent / "questions.yaml"

WORTH = {"cash": 2.0, "service": 2.0, "insurance": 2.0, "discount": 2.0, "priority": 1.0, "admission": 1.0}
"""What settling an entitlement is worth, by kind."""

MONEY_WORTH = 20.0
"""What settling a sum of money is worth: money first."""

SITUATION_WORTH = 0.1
"""Facts asked together about situations few people are in come last."""


class _Composite(Record):
    facts: tuple[str, ...]
    when: int
    question: str
    multiple: bool = False
    options: dict[str, dict[str, Scalar]] = Field(default_factory=dict)


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
    facts: dict[str, Scalar]
    answers: Phrases = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class Question:
    """A question: the open facts that it settles, its words ({who} is left to the wording) and its answers.

    With ``multiple`` every choice is one fact that is true, and what is not chosen is false.
    """

    facts: tuple[str, ...]
    text: str
    choices: tuple[Choice, ...]
    multiple: bool = False
    help: str | None = None


def next_facts(assessment: Assessment) -> list[str]:
    """The open facts that can change an answer, the most worth asking first."""
    person, vocabulary = assessment.person, assessment.book.vocabulary
    given = person.given
    if "hukou" not in given:
        return ["hukou", *(() if "residence" in given else ("residence",))] if not assessment.cities else (
            ["hukou", *_weighed(assessment, vocabulary)]
        )
    if given["hukou"] == OTHER_CITY and "residence" not in given:
        return ["residence"]
    return _weighed(assessment, vocabulary)


def _weighed(assessment: Assessment, vocabulary: Vocabulary) -> list[str]:
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
    return sorted((name for name in worth if name != "hukou"), key=lambda name: -worth[name])


def _worth(rule: Rule) -> float:
    return MONEY_WORTH if rule.kind == "cash" and rule.amount else WORTH[rule.kind]


def next_question(assessment: Assessment, declined: Collection[str] = ()) -> Question | None:
    """The next question, without the facts in ``declined`` (answered 不知道); None when nothing asked can change anything."""
    vocabulary = assessment.book.vocabulary
    open_facts = [name for name in next_facts(assessment) if name not in declined and vocabulary.facts[name].question]
    for name in open_facts:
        fact = vocabulary.facts[name]
        if not any(leading in declined for leading in (*fact.needs, *fact.after)):
            return question_for(name, open_facts, vocabulary)
    return None


def question_for(name: str, open_facts: Collection[str], vocabulary: Vocabulary) -> Question:
    """The question that settles ``name``: one for several facts where enough of them are open, else the fact's own."""
    for composite in _composites().values():
        asked = tuple(fact for fact in composite.facts if fact in open_facts)
        if name in asked and len(asked) >= composite.when:
            return _composite_question(composite, asked, vocabulary)
    return fact_question(name, vocabulary)


def fact_question(name: str, vocabulary: Vocabulary) -> Question:
    """The fact's own question."""
    fact = vocabulary.facts[name]
    return Question((name,), fact.question or "", _choices(name, fact), help=_help(fact))


def _composite_question(composite: _Composite, asked: tuple[str, ...], vocabulary: Vocabulary) -> Question:
    if composite.multiple:
        choices = tuple(_choice(name, True, vocabulary.facts[name]) for name in asked)
    else:
        choices = tuple(
            Choice(label, dict(facts), _words(facts, vocabulary)) for label, facts in composite.options.items()
        )
    helps = [f"{vocabulary.facts[name].title}：{vocabulary.facts[name].help}" for name in asked]
    return Question(asked, composite.question, choices, composite.multiple, "\n".join(helps))


def _choices(name: str, fact: Fact) -> tuple[Choice, ...]:
    return tuple(_choice(name, value, fact) for value in fact.options)


def _choice(name: str, value: Scalar, fact: Fact) -> Choice:
    option = fact.options[value]
    return Choice(option.label, {name: value}, option.words)


def _words(facts: Mapping[str, Scalar], vocabulary: Vocabulary) -> Phrases:
    """The words for the first fact that the choice settles: the one that tells it from the others."""
    name, value = next(iter(facts.items()))
    return vocabulary.facts[name].options[value].words


def _help(fact: Fact) -> str | None:
    meant = [f"{option.label}：{option.means}" for option in fact.options.values() if option.means]
    return "\n".join(filter(None, [fact.help, *meant])) or None
