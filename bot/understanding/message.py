"""Understanding: a sentence in, the facts that it states of the person asked about out.

What is only asked, supposed, denied, past, or said of somebody else states nothing. Words are data (``language.yaml``, the
``says`` of ``facts.yaml``); how they act on each other within a clause and from one to the next is in ``clauses``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.understanding.clauses import ClauseReader
from bot.understanding.id_numbers import id_number, without_id_number
from bot.understanding.language import Language
from bot.understanding.people import SPOUSE
from bot.understanding.statements import AGE_FACTS, SOLDIERS, Statement
from bot.wording import say
from eligibility.facts import Scalar, Vocabulary
from eligibility.person import completed_years, iso_date
from eligibility.planning import question_for
from knowledge.spelling import normal

_PAUSE = re.compile(r"\.{2,}|…+")
_SLASH = re.compile(r"(?<![0-9])/|/(?![0-9])")
_CLAUSE = re.compile(r"[^，,。；;：:！!？?→()（）～~\n\s]{1,200}[？?]?")
"""Nobody says more in one breath than 200 characters, and it bounds the work."""

_CORRECTION = re.compile(r"(?:(?:哎呀|哎|啊|哦|诶|不是)?[，, ]?(?:不对|错了|[说写打点选记整弄][错差]了)[啊呀的，, 。]*)+(?=.)")
"""不对，我84: what follows is so, and the no answers nothing."""

_SENTENCE_END = re.compile(r"[。！!？?；;\n]")
ONE_PERSON = 3
"""So many years the ages that are said of one person may lie apart: 虚岁, or what the papers say."""

CHILDREN = frozenset({"junior", "gone", "we"})

NOBODY = CHILDREN | {"other", "pronoun"}
"""Subjects that can not be asked for by name."""

OLD = 60
"""Nobody younger is old: such an age is one of long ago, or a child's."""



@dataclass
class Understood:
    """What a message states.

    Attributes:
        facts: fact → value, as ``check`` takes them.
        excluded: fact → values that were denied without another being named.
        about: how to address whom the person asks for ("您母亲"), None where it was not said.
        of_self: it is of the speaker that the facts are said, in so many words (我七十八).
        others: what is said besides of others who can be asked for, the speaker among them, by their address.
        asks: the message holds a question.
        city: a city that was named at all, in a question too: where to look things up.
        id_number: the message held an ID number.
        id_city: the city in which it was given out; the person may have moved since, so that it states nothing.
        ages: what was said of the person's age, as ``age_facts``; more than one where it cannot be one person's.
    """

    facts: dict[str, object] = field(default_factory=dict)
    excluded: dict[str, list[Scalar]] = field(default_factory=dict)
    about: str | None = None
    of_self: bool = False
    others: dict[str, dict[str, object]] = field(default_factory=dict)
    asks: bool = False
    city: str | None = None
    id_number: bool = False
    id_city: str | None = None
    ages: list[dict[str, object]] = field(default_factory=list)


def understand(
    text: str, language: Language, as_of: date | None = None, asking: Collection[str] = (),
) -> Understood:
    """The facts that ``text`` states.

    Args:
        text: what was said.
        language: the words.
        as_of: the day on which it is said; today when absent.
        asking: the facts of the pending question: they say how a bare place, year, number or answer is meant.
    """
    understood = Understood()
    text = _without_id_number(normal(text), understood)
    reader = ClauseReader(language, as_of or date.today(), asking)
    if head := _CORRECTION.match(text):
        reader.correct()
        text = text[head.end():]
    text = _SLASH.sub(",", _PAUSE.sub(",", text))
    end = 0
    for clause in _CLAUSE.finditer(text):
        if _SENTENCE_END.search(text, max(end - 1, 0), clause.start()):
            reader.new_sentence()
        end = clause.end()
        reader.read(clause.group())
    understood.asks = reader.asks
    understood.city = reader.city
    about = reader.consultation()
    understood.about = about if about not in ("self", "pronoun", "other") else None
    understood.of_self = about == "self"
    for statement in reader.statements:
        if _concerns(statement, about, language):
            _note_age(statement, understood, as_of or date.today())
            _add(statement, understood)
        elif statement.subject is not None:
            _add_to_others(statement, understood)
    _conclude(understood, language)
    return understood


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


def with_plain_consequences(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts, with what goes without saying: whoever lives alone or with the family does not live in a home."""
    if "living" in facts and "care_home" not in facts:
        return {**facts, "care_home": False}
    return facts


def _given(word: str) -> tuple[str, Any]:
    name, _, value = word.partition("=")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _without_id_number(text: str, understood: Understood) -> str:
    """The text without an ID number; what it tells is taken over."""
    told = id_number(text)
    if told is None:
        return text
    understood.id_number = True
    understood.id_city = told.city
    if told.birth_date:
        understood.facts["birth_date"] = told.birth_date
    return without_id_number(text)


def _concerns(statement: Statement, about: str | None, language: Language) -> bool:
    """Whether the statement is one about the person: said of her, or of the family where that tells of her (儿子是烈士)."""
    subject = statement.subject
    if subject in (None, about) or (subject == "we" and about in (None, "self", "pronoun", SPOUSE)):
        return True
    match statement.kin(language.vocabulary):
        case "children":
            return subject in CHILDREN
        case "household":
            return subject in CHILDREN | language.people.siblings
        case "ours":
            return subject in ("we", "self")
        case "bereaved":
            return subject != "other" and subject not in language.people.siblings
        case "family":
            return subject != "other"
    return False


def _add_to_others(statement: Statement, understood: Understood) -> None:
    """Keeps what is said of somebody else who can be asked for."""
    subject = say("who_self") if statement.subject == "self" else str(statement.subject)
    if subject not in NOBODY:
        somebody = Understood(facts=understood.others.setdefault(subject, {}))
        _add(statement, somebody)


def _add(statement: Statement, understood: Understood) -> None:
    fact, value = statement.fact, statement.value
    if statement.denied:
        if understood.facts.get(fact) == value:
            del understood.facts[fact]  # 都叫他劳模，其实他不是劳模
        if fact not in understood.facts:
            understood.excluded.setdefault(fact, []).append(value)  # type: ignore[arg-type]
        return
    if fact in AGE_FACTS:
        if fact == "age_range" and _within(value, understood.facts.get(fact)):
            return  # 七十多，不到八十
        for other in AGE_FACTS:
            understood.facts.pop(other, None)
    if fact == "ability" and value == "independent" and fact in understood.facts and not statement.corrects:
        return  # 洗澡得人帮，饭能自己做
    if value == "discharged_soldier" and understood.facts.get(fact) in SOLDIERS and not statement.corrects:
        return  # 复员军人，五三年当的兵
    understood.facts[fact] = value
    understood.excluded.pop(fact, None)


def _conclude(understood: Understood, language: Language) -> None:
    """Settles a fact of which every value was denied one by one (低保不是，五保不是，…): it is none of them."""
    if understood.facts.get("disability_grade") == 0:
        understood.facts.pop("disability_kind", None)  # 没有残疾证，就是耳朵背
    for fact, values in list(understood.excluded.items()):
        left = [value for value in language.vocabulary.facts[fact].options if value not in values]
        if left == ["none"]:
            del understood.excluded[fact]
            understood.facts[fact] = left[0]


def _note_age(statement: Statement, understood: Understood, as_of: date) -> None:
    """Remembers an age beside those that were said before, where it can hardly be the same person's."""
    if statement.fact not in AGE_FACTS or statement.denied:
        return
    told = {statement.fact: statement.value}
    low, high = _years(told, as_of)
    if high < OLD:
        return  # 二十岁进的厂子
    others = [(known, _years(known, as_of)) for known in understood.ages]
    apart = [known for known, (least, most) in others if low - most > ONE_PERSON or least - high > ONE_PERSON]
    understood.ages = [*apart, told] if apart and not statement.corrects else [told]


def _years(told: Mapping[str, object], as_of: date) -> tuple[int, int]:
    """The completed years that one fact about the age leaves possible; read as generously as it can be."""
    (fact, value), = told.items()
    match fact, value:
        case "birth_date", str(day):
            born = iso_date(day)
            return completed_years(born, as_of), completed_years(born, as_of)
        case "birth_year", int(year):
            return as_of.year - year - 1, as_of.year - year
        case "age_range", [int(low), int(high)]:
            return low, high
        case _, int(age):
            return age, age
    raise TypeError(f"{value!r} is no {fact}")


def _within(narrow: object, wide: object) -> bool:
    """Whether one range of ages lies inside another."""
    if not isinstance(narrow, list) or not isinstance(wide, list):
        return False
    return bool(wide[0] <= narrow[0] and narrow[1] <= wide[1])
