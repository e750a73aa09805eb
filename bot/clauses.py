"""Reading clause after clause: who each is about, what it asks, supposes, denies, and the facts that it states."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from bot.ages import ages
from bot.language import Language
from bot.lexicon import Found
from bot.numerals import number

_GRADE = re.compile(
    r"残疾[^，。]{0,4}?([一二三四1-4])\s*级|([一二三四1-4])级\s*(?:肢体|视力|听力|言语|智力|精神|多重)?残"
    r"|(?:肢体|视力|听力|言语|智力|精神|多重)([一二三四1-4])\s*级"
)
_GRADE_ALONE = re.compile(r"^(?:是|肢体|视力|听力|言语|智力|精神|多重)?([一二三四1-4])\s*级(?:的)?$")
_NO_CARD = re.compile(r"(?:没有?|无|不|没办过?)\s*(?:残疾|残)证?")
_LIVES = re.compile(r"(?:住在?|居住在?|常住在?|家在|搬到|人在|在)\s*$")
_LIVES_AFTER = re.compile(r"^(?:市|这边|那边|那)?(?:住|居住|常住)")
_INSTEAD = re.compile(r"^(?:现在|而)?[是在]?$")
_NOT_PLACE = re.compile(r"(?:不在|不是|没在|离开|不住)\s*$")
_ON_BEHALF = re.compile(r"(?:给|替|帮|为)\s*$")
_TOGETHER = re.compile(r"(?:跟|和|与|有|没|无|俩)\s*$")
_REGISTERED = re.compile(r"(?:户口本?|户籍)[也就还都不没]?(?:在|是|搁|落|挂)?在?\s*$")
_DENIES_LAST = re.compile(r"^[我俺他她]?[可也都]?(?:不是|没有)(?:的|那个)?[啊呀呢]?$")
_KIND = re.compile(r"(肢体|视力|听力|言语|多重|智力|精神)(?:上|方面)?的?(?=残|[一二三四1-4]\s*级)")
_KINDS = {"智力": "intellectual", "精神": "psychiatric"}
_DENIED_AFTER = re.compile(
    r"^(?:户|证|卡|的)?(?:[也都还]?(?:没有|没办|没|不是|不算|不够|没吃|没领)(?:[啊呀呢了过]|$)|(?:那个)?.{0,4}(?:不对|错了|弄错|记错|说错|写错))"
)
MOST_BEFORE_SUBJECT = 3
"""A child named further into a clause is what is talked of, not who goes on being talked about (拉扯仨孩子)."""

_AWAY = re.compile(r"外地|在外|打工|不在|上班|国外|外头|南方|出去|走了|不管")
NEAR_DEATH = 6
"""So near to 走的 or 没了 an age is that of somebody who has died."""

_DIED = re.compile(r"没了|没的|去世|过世|走的|牺牲")
AGE_FACTS = ("age", "age_range", "birth_year", "birth_date")
_STREET = re.compile(r"^(?:大街|大路|路|街|道|小区|花园|广场|医院)")
_SUM = r"([0-9]{2,5}|[一二两三四五六七八九]千?[一二三四五六七八九零百十]*[百十][一二三四五六七八九零十]*)"
_STANDARD = re.compile(rf"低保标准[^0-9一二两三四五六七八九]{{0,6}}(?:一个月)?{_SUM}(?![0-9])")
_YUAN = re.compile(rf"^(?:每月|一个月|是)?\s*{_SUM}\s*(?:元|块|块钱)?$")


@dataclass(frozen=True)
class Statement:
    """A fact said of somebody: ``subject`` is an elder's address, "self", "junior", "other", or None where nobody was named."""

    subject: str | None
    facts: dict[str, object]
    denied: bool = False


class ClauseReader:
    """Reads clause after clause; whom a clause is about carries over to the next."""

    def __init__(self, language: Language, as_of: date, asking: Collection[str] = ()) -> None:
        self._language = language
        self._as_of = as_of
        self._asking = asking
        self._subject: str | None = None
        self._named: list[str] = []
        self._asked_for: str | None = None
        self.statements: list[Statement] = []
        self.asks = False
        self.city: str | None = None
        self._disability_named = False
        self._place_denied: str | None = None

    def consultation(self) -> str | None:
        """Whom the message is about: for whom it says it asks; else the elder it names; else the speaker."""
        if self._asked_for:
            return self._asked_for
        elders = [name for name in self._named if name not in ("self", "junior", "other", "pronoun")]
        if elders == ["您老伴"] and any(s.subject == "self" for s in self.statements):
            return "self"
        return elders[0] if elders else "self" if "self" in self._named else "pronoun" if "pronoun" in self._named else None

    def read(self, clause: str) -> None:
        clause = self._repaired(clause)
        if _DENIES_LAST.match(clause) and self.statements:
            self._deny_last()
            return
        asking = clause.endswith(("？", "?")) or bool(self._language.asking.search(clause))
        self.asks = self.asks or asking
        phrases = self._phrases(clause)
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
            self._read_household(clause, phrases, people)
            self._read_disability(clause, people)
            self._read_standard(clause, people)
        if people:
            self._carry(people[-1], clause)

    def _deny_last(self) -> None:
        """别给我写五保，我不是: what the clause before stated is denied."""
        last = self.statements[-1]
        if not last.denied and not any(isinstance(value, bool) or name in AGE_FACTS for name, value in last.facts.items()):
            self.statements[-1] = Statement(last.subject, last.facts, denied=True)

    def _phrases(self, clause: str) -> list[Found]:
        """What facts the clause names, but for a word that is part of another (城镇 in 城镇职工)."""
        words = list(self._language.innocent.find(clause))

        def stands(phrase: Found) -> bool:
            return all(
                word.end <= phrase.start or phrase.end <= word.start or (phrase.start <= word.start and word.end <= phrase.end)
                for word in words
            )

        return [phrase for phrase in self._language.phrases.find(clause) if stands(phrase)]

    def _repaired(self, clause: str) -> str:
        language = self._language
        known = [
            found for words in (language.phrases, language.places, language.people, language.innocent)
            for found in words.find(clause)
        ]
        return language.repair.repaired(clause, [(found.start, found.end) for found in known])

    def _carry(self, person: Found, clause: str) -> None:
        """Whom the next clause is about when it names nobody."""
        if person.meaning[0] != "junior":
            self._subject = self._role(person)
        elif _AWAY.search(clause):
            self._subject = None
        elif person.start <= MOST_BEFORE_SUBJECT:
            self._subject = "junior"

    def _people(self, clause: str, phrases: list[Found]) -> Iterator[Found]:
        together = self._language.together.search(clause)
        titled = [Found(m.start(), m.end(), ("elder", m.group())) for m in self._language.titled.finditer(clause)]
        named = [p for p in self._language.people.find(clause) if not any(t.start <= p.start < t.end for t in titled)]
        for person in sorted([*titled, *named], key=lambda found: found.start):
            inside = any(p.start <= person.start < p.end for p in phrases) or (
                together is not None and together.start() <= person.start < together.end()
            )
            if inside or (person.meaning[0] in ("junior", "elder") and _TOGETHER.search(clause[:person.start])):
                continue
            if self._language.dead.match(clause[person.end:]):
                yield Found(person.start, person.end, ("other", None))
                continue
            if person.meaning[0] == "self" and self._language.speaking.match(clause[person.end:]):
                continue
            role = self._role(person)
            self._named.append(role)
            if _ON_BEHALF.search(clause[:person.start]) and role != "self":
                self._asked_for = role if person.meaning[0] == "elder" else None
            yield person

    @staticmethod
    def _own(person: Found) -> str:
        role, address = person.meaning
        return str(address) if role == "elder" else role

    def _role(self, person: Found) -> str:
        """Whose affairs follow; 他 and 她 are the elder who was named, and somebody else beside the speaker."""
        role = self._own(person)
        if role != "pronoun":
            return role
        elders = [name for name in self._named if name not in ("self", "junior", "other", "pronoun")]
        return elders[-1] if elders else self._asked_for or ("other" if "self" in self._named else "pronoun")

    def _who(self, at: int, people: list[Found]) -> str | None:
        before = [person for person in people if person.start <= at]
        return self._role(before[-1]) if before else self._subject

    def _state(self, at: int, people: list[Found], facts: dict[str, object], denied: bool = False) -> None:
        self.statements.append(Statement(self._who(at, people), facts, denied))

    def _read_ages(self, clause: str, people: list[Found], asking: bool) -> None:
        for age in ages(clause, self._as_of, year_alone="age" in self._asking):
            around = clause[max(age.start - NEAR_DEATH, 0):age.end + NEAR_DEATH]
            if _DIED.search(around):
                continue
            if not asking or people or clause[age.end:age.end + 1] in ("了", "岁"):
                self._state(age.start, people, age.facts)

    def _read_places(self, clause: str, places: list[Found], people: list[Found]) -> None:
        if self._language.gone.search(clause) or "低保标准" in clause:
            return
        for place in places:
            before, after = clause[:place.start], clause[place.end:]
            if _STREET.match(after):
                continue
            denied = bool(_NOT_PLACE.search(before))
            fact = self._place_fact(before, after)
            if self._place_denied and _INSTEAD.match(before):
                fact = self._place_denied
            self._place_denied = fact if denied else None
            name, city = place.meaning
            self._state(place.start, people, {fact: city}, denied=denied)
            kind = self._language.counties.get(name)
            if kind and not denied:
                self._state(place.start, people, {"county": kind[1]})

    def _place_fact(self, before: str, after: str) -> str:
        """Whether a place is where somebody is registered or where she lives; a bare one is what was asked for, else 户籍."""
        if _REGISTERED.search(before) or "户口" in after[:3] or "户籍" in after[:3]:
            return "hukou"
        if _LIVES.search(before) or _LIVES_AFTER.search(after):
            return "residence"
        return "residence" if "residence" in self._asking and "hukou" not in self._asking else "hukou"

    def _read_phrases(self, clause: str, phrases: list[Found], people: list[Found]) -> None:
        if self._language.gone.search(clause):
            return
        if not phrases and (alone := self._language.bare.get(clause)):
            self._state(0, people, dict([alone]))
        denied_fact: str | None = None
        for phrase in phrases:
            name, value = phrase.meaning
            before = clause[:phrase.start]
            after = clause[phrase.end:]
            if self._language.about_it.match(after):
                continue
            denied = bool(self._language.negated.search(before)) and not self._language.undone.search(before)
            denied = denied or name == denied_fact or bool(_DENIED_AFTER.match(after))  # 不是要饭的流浪的
            denied_fact = name if denied else None
            if not denied:
                self._state(phrase.start, people, {name: value})
            elif isinstance(value, bool):
                self._state(phrase.start, people, {name: not value})
            else:
                self._state(phrase.start, people, {name: value}, denied=True)

    def _read_household(self, clause: str, phrases: list[Found], people: list[Found]) -> None:
        """跟儿子一块住, 在闺女家: with whom somebody lives, where no phrase has said it."""
        found = self._language.together.search(clause)
        said = {phrase.meaning[0] for phrase in phrases}
        if found is None or said & {"living", "care_home"} or self._language.gone.search(clause):
            return
        if not self._language.negated.search(clause[:found.start()]):
            self._state(found.start(), people[:1], {"living": "with_family"})

    def _read_disability(self, clause: str, people: list[Found]) -> None:
        if self._language.gone.search(clause):
            self._disability_named = "残疾" in clause
            return
        none, grade = _NO_CARD.search(clause), _GRADE.search(clause)
        if self._disability_named and not grade:
            grade = _GRADE_ALONE.match(clause)  # 有残疾证，二级
        self._disability_named = "残疾" in clause and not none
        if none and not self._language.undone.search(clause[:none.start() + 1]):
            self._state(none.start(), people, {"disability_grade": 0})
        elif grade:
            said = next(value for value in grade.groups() if value)
            self._state(grade.start(), people, {"disability_grade": number(said)})
        kind = _KIND.search(clause)
        if kind and not none:
            self._state(kind.start(), people, {"disability_kind": _KINDS.get(kind[1], "other")})

    def _read_standard(self, clause: str, people: list[Found]) -> None:
        found = _STANDARD.search(clause)
        if found is None and "dibao_standard" in self._asking:
            found = _YUAN.match(clause)
        if found:
            self._state(found.start(), people, {"dibao_standard": number(found[1])})
