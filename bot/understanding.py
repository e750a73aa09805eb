"""Understanding: a sentence in, the facts that it states of the person asked about out.

What is only asked, supposed, denied, past, or said of somebody else states nothing. Words are data (``language.yaml``, the
``says`` of ``facts.yaml``); what stands here is how they act on each other within a clause.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.clauses import AGE_FACTS, ClauseReader, Statement, kin
from bot.language import Language
from bot.places import city_of_code
from bot.spelling import normal
from bot.subjects import SPOUSE
from eligibility.facts import Scalar

_CLAUSE = re.compile(r"[^，,。；;：:！!？?…→()（）～~\n、\s]{1,200}[？?]?")  # nobody says more in one breath, and it bounds the work
_PAUSE = re.compile(r"\.{2,}|…+")
_SENTENCE_END = re.compile(r"[。！!？?；;\n]")
_ID_NUMBER = re.compile(r"(?<![0-9])([1-9][0-9]{5})((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})[0-9]{3}[0-9Xx](?![0-9])")


@dataclass
class Understood:
    """What a message states.

    Attributes:
        facts: fact → value, as ``check`` takes them.
        excluded: fact → values that were denied without another being named.
        about: how to address whom the person asks for ("您母亲"), None where it was not said.
        asks: the message holds a question.
        city: a city that was named at all, in a question too: where to look things up.
        id_number: the message held an ID number.
        id_city: the city in which it was given out; the person may have moved since, so that it states nothing.
    """

    facts: dict[str, object] = field(default_factory=dict)
    excluded: dict[str, list[Scalar]] = field(default_factory=dict)
    about: str | None = None
    asks: bool = False
    city: str | None = None
    id_number: bool = False
    id_city: str | None = None


def understand(
    text: str, language: Language, as_of: date | None = None, asking: Collection[str] = (),
) -> Understood:
    """The facts that ``text`` states.

    Args:
        text: what was said.
        language: the words.
        as_of: the day on which it is said; today when absent.
        asking: the facts of the pending question: they say how a bare place, year or number is meant.
    """
    understood = Understood()
    text = _take_id_number(normal(text), understood)
    reader = ClauseReader(language, as_of or date.today(), asking)
    text = _PAUSE.sub(",", text)
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
    for statement in reader.statements:
        ours = statement.subject == "we" and about in (None, "self", "pronoun", SPOUSE)
        if statement.subject in (None, about) or ours or _counts_for_kin(statement, language):
            _add(statement, understood)
    return understood


def with_plain_consequences(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts, with what goes without saying: whoever lives alone or with the family does not live in a home."""
    if "living" in facts and "care_home" not in facts:
        return {**facts, "care_home": False}
    return facts


def _take_id_number(text: str, understood: Understood) -> str:
    match = _ID_NUMBER.search(text)
    if match is None:
        return text
    understood.id_number = True
    with suppress(ValueError):  # eighteen digits that hold no day of birth
        understood.facts["birth_date"] = date(*map(int, match.groups()[1:])).isoformat()
    understood.id_city = city_of_code(match[1])
    return without_id_number(text)


def without_id_number(text: str) -> str:
    """The text without any ID number in it: what may be kept of a message."""
    return _ID_NUMBER.sub(" ", text)


def _add(statement: Statement, understood: Understood) -> None:
    for name, value in statement.facts.items():
        if statement.denied:
            if name not in understood.facts:
                understood.excluded.setdefault(name, []).append(value)  # type: ignore[arg-type]
            continue
        if name in AGE_FACTS:
            if name == "age_range" and _within(value, understood.facts.get("age_range")):
                continue  # 七十多，不到八十
            for other in AGE_FACTS:
                understood.facts.pop(other, None)
        if name == "ability" and value == "independent" and name in understood.facts and not statement.corrects:
            continue  # 洗澡得人帮，饭能自己做
        understood.facts[name] = value
        understood.excluded.pop(name, None)


def _counts_for_kin(statement: Statement, language: Language) -> bool:
    """Whether what is said of the family is a fact of the person (儿子是烈士, 闺女参加照护培训)."""
    whose = kin(statement, language)
    children = {"junior", "gone", "we"}
    return {
        None: False, "children": statement.subject in children, "household": statement.subject in children | language.siblings,
        "family": statement.subject != "other",
    }[whose]


def _within(narrow: object, wide: object) -> bool:
    """Whether one range of ages lies inside another."""
    if not isinstance(narrow, list) or not isinstance(wide, list):
        return False
    return bool(wide[0] <= narrow[0] and narrow[1] <= wide[1])
