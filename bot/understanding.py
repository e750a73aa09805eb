"""Understanding: a sentence in, the facts that it states of the person asked about out.

What is only asked, supposed, denied, past, or said of somebody else states nothing. Words are data (``language.yaml``, the
``says`` of ``facts.yaml``); what stands here is how they act on each other within a clause.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.language import Found, Language, normal
from bot.numerals import ages, number
from eligibility.facts import Scalar

AGE_FACTS = ("age", "age_range", "birth_year", "birth_date")

_CLAUSE = re.compile(r"[^，,。；;！!？?\n、\s]+[？?]?")
_ID_NUMBER = re.compile(r"(?<![0-9])[1-9][0-9]{5}((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})[0-9]{3}[0-9Xx](?![0-9])")
_GRADE = re.compile(
    r"残疾[^，。]{0,4}?([一二三四1-4])\s*级|([一二三四1-4])级\s*(?:肢体|视力|听力|言语|智力|精神|多重)?残"
)
_GRADE_ALONE = re.compile(r"^(?:是|肢体|视力|听力|言语|智力|精神|多重)?([一二三四1-4])\s*级(?:的)?$")
_NO_CARD = re.compile(r"(?:没有?|无|不|没办过?)\s*(?:残疾|残)证?")
_LIVES = re.compile(r"(?:住在?|居住在?|常住在?|家在|搬到)\s*$")
_LIVES_AFTER = re.compile(r"^(?:市|这边|那边|那)?(?:住|居住|常住)")
_NOT_PLACE = re.compile(r"(?:不在|不是|没在|离开)\s*$")
_ON_BEHALF = re.compile(r"(?:给|替|帮|为)\s*$")
_TOGETHER = re.compile(r"(?:跟|和|与|有|没|无|俩|个)\s*$")


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
    """

    facts: dict[str, object] = field(default_factory=dict)
    excluded: dict[str, list[Scalar]] = field(default_factory=dict)
    about: str | None = None
    asks: bool = False
    city: str | None = None
    id_number: bool = False


@dataclass(frozen=True)
class _Statement:
    """A fact said of somebody: ``subject`` is an elder's address, "self", "junior", "other", or None where nobody was named."""

    subject: str | None
    facts: dict[str, object]
    denied: bool = False


def understand(text: str, language: Language, as_of: date | None = None) -> Understood:
    """The facts that ``text`` states."""
    understood = Understood()
    text = _take_id_number(normal(text), understood)
    reader = _Reader(language, as_of or date.today())
    for clause in _CLAUSE.findall(text):
        reader.read(clause)
    understood.asks = reader.asks
    understood.city = reader.city
    about = reader.consultation()
    understood.about = about if about != "self" else None
    for statement in reader.statements:
        if statement.subject in (None, about):
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
        understood.facts["birth_date"] = date(*map(int, match.groups())).isoformat()
    return _ID_NUMBER.sub(" ", text)


def _add(statement: _Statement, understood: Understood) -> None:
    for name, value in statement.facts.items():
        if statement.denied:
            if name not in understood.facts:
                understood.excluded.setdefault(name, []).append(value)  # type: ignore[arg-type]
            continue
        if name in AGE_FACTS:
            for other in AGE_FACTS:
                understood.facts.pop(other, None)
        understood.facts[name] = value
        understood.excluded.pop(name, None)


class _Reader:
    """Reads clause after clause; whom a clause is about carries over to the next."""

    def __init__(self, language: Language, as_of: date) -> None:
        self._language = language
        self._as_of = as_of
        self._subject: str | None = None
        self._named: list[str] = []
        self._asked_for: str | None = None
        self.statements: list[_Statement] = []
        self.asks = False
        self.city: str | None = None
        self._disability_named = False

    def consultation(self) -> str | None:
        """Whom the message is about: for whom it says it asks; else the elder it names; else the speaker."""
        if self._asked_for:
            return self._asked_for
        elders = [name for name in self._named if name not in ("self", "junior", "other")]
        if elders == ["您老伴"] and any(s.subject == "self" for s in self.statements):
            return "self"
        return elders[0] if elders else "self" if "self" in self._named else None

    def read(self, clause: str) -> None:
        asking = clause.endswith(("？", "?")) or bool(self._language.asking.search(clause))
        self.asks = self.asks or asking
        phrases = list(self._language.phrases.find(clause))
        people = list(self._people(clause, phrases))
        places = list(self._language.places.find(clause))
        if places:
            self.city = str(places[0].meaning[1])
        if self._language.supposing.search(clause):
            return
        self._read_ages(clause, people, asking)
        if not asking:
            self._read_places(clause, places, people)
            self._read_phrases(clause, phrases, people)
            self._read_disability(clause, people)
        if people:
            self._subject = self._role(people[-1])

    def _people(self, clause: str, phrases: list[Found]) -> Iterator[Found]:
        titled = [Found(m.start(), m.end(), ("elder", m.group())) for m in self._language.titled.finditer(clause)]
        named = [p for p in self._language.people.find(clause) if not any(t.start <= p.start < t.end for t in titled)]
        for person in sorted([*titled, *named], key=lambda found: found.start):
            inside = any(p.start <= person.start < p.end for p in phrases)
            if inside or (person.meaning[0] in ("junior", "elder") and _TOGETHER.search(clause[:person.start])):
                continue
            if self._language.dead.match(clause[person.end:]):
                yield Found(person.start, person.end, ("other", None))
                continue
            role = self._role(person)
            self._named.append(role)
            if _ON_BEHALF.search(clause[:person.start]) and role != "self":
                self._asked_for = role if person.meaning[0] == "elder" else None
            yield person

    @staticmethod
    def _role(person: Found) -> str:
        role, address = person.meaning
        return str(address) if role == "elder" else role

    def _who(self, at: int, people: list[Found]) -> str | None:
        before = [person for person in people if person.start <= at]
        return self._role(before[-1]) if before else self._subject

    def _state(self, at: int, people: list[Found], facts: dict[str, object], denied: bool = False) -> None:
        self.statements.append(_Statement(self._who(at, people), facts, denied))

    def _read_ages(self, clause: str, people: list[Found], asking: bool) -> None:
        for age in ages(clause, self._as_of):
            if not asking or people or clause[age.end:age.end + 1] in ("了", "岁"):
                self._state(age.start, people, age.facts)

    def _read_places(self, clause: str, places: list[Found], people: list[Found]) -> None:
        for place in places:
            before, after = clause[:place.start], clause[place.end:]
            lives = bool(_LIVES.search(before) or _LIVES_AFTER.search(after))
            fact = "residence" if lives and "户口" not in after[:3] else "hukou"
            name, city = place.meaning
            self._state(place.start, people, {fact: city}, denied=bool(_NOT_PLACE.search(before)))
            kind = self._language.counties.get(name)
            if kind and not _NOT_PLACE.search(before):
                self._state(place.start, people, {"county": kind[1]})

    def _read_phrases(self, clause: str, phrases: list[Found], people: list[Found]) -> None:
        if self._language.gone.search(clause):
            return
        for phrase in phrases:
            name, value = phrase.meaning
            before = clause[:phrase.start]
            if not self._language.negated.search(before) or self._language.undone.search(before):
                self._state(phrase.start, people, {name: value})
            elif isinstance(value, bool):
                self._state(phrase.start, people, {name: not value})
            else:
                self._state(phrase.start, people, {name: value}, denied=True)

    def _read_disability(self, clause: str, people: list[Found]) -> None:
        none, grade = _NO_CARD.search(clause), _GRADE.search(clause)
        if self._disability_named and not grade:
            grade = _GRADE_ALONE.match(clause)  # 有残疾证，二级
        self._disability_named = "残疾" in clause and not none
        if none and not self._language.undone.search(clause[:none.start() + 1]):
            self._state(none.start(), people, {"disability_grade": 0})
        elif grade:
            said = next(value for value in grade.groups() if value)
            self._state(grade.start(), people, {"disability_grade": number(said)})
