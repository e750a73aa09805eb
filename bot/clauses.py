"""Reading clause after clause: who each is about, and the facts that it states."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from bot.ages import age_between, ages
from bot.amounts import dibao_standard
from bot.disability import disability
from bot.language import Language
from bot.lexicon import Found
from bot.places import place_fact
from bot.polarity import Sense
from bot.subjects import NOT_MINE, Subjects
from bot.topics import Topic
from eligibility.facts import Scalar

AGE_FACTS = ("age", "age_range", "birth_year", "birth_date")
DISABILITY_FACTS = ("disability_grade", "disability_kind")
SHORTEST_PIECE = 2
"""A piece of a clause has at least so many characters."""

NEAR_DEATH = 6
"""So near to 走的 or 没了 an age is that of somebody who has died."""

PATIENCE = 2
"""So many clauses later a topic that nobody settled is forgotten."""

_TAKES_BACK = re.compile(r"^(?:啊|哦|呃|哎|诶|噢|哎呀|那|嗯)*(?:不是|不对|不|错了|也不能这么说|不能这么说|也不全是)(?:[啊呀的了]|不是|不对|不|错了)*$")
_CORRECTS = re.compile(r"不对|不是|[说记弄写看打发点按搞整]错|更正|核实|其实|现在|如今|好了|改成|改为")
_DENIES_LAST = re.compile(r"^[我俺他她]?[可也]?(?:不是|没有)(?:的|那个)?[啊呀呢]?$")
_GOVERNS = re.compile(
    r"(?:说|讲|告诉|以为|知道|要是|如果|假如|假设|是|的|不|没|听|看|等|让|叫|问|查|咨询|打听|光|代|把|向|管|替|给|跟|和|(?:再过|还差|差|再有|下个?月|明年|过|虚岁|周岁).{0,4})$"
)
"""After these a person is what is spoken of, and does not begin anew."""

_DIED = re.compile(r"没了|没的|去世|过世|走的|走那|牺牲")
_ANYBODY = re.compile(r"^(?:以上|以下|的?老人|的?老年人|的人(?!了)|这个岁数|能|可以|有啥|给|领|往上|朝上)")
_INSTEAD = re.compile(r"^(?:现在|而|那|就|还|应该|其实)*[是在]?$")
_NOT_PLACE = re.compile(r"(?:不在|不是|没在|离开|不住|非|不归|没住|不搁)\s*$")
_ALL_DENIED = re.compile(
    r"(?:(?P<all>啥|哪样|哪个|哪种|一样|一个|样样|通通|统统|全)(?:都|也)?|都)(?:没有?|不)(?:是|有|沾|占|出过|办过|办|够|摊|贴|挨|算|当过|领|吃)?(?:边|上|过|着)*[啊呀呢的]?$"
)
_MYSELF = re.compile(r"[我俺咱](?![妈爸爹娘婆公奶爷姥叔姑姨舅])")
_NOT_ALONE = re.compile(r"们|俩|和|跟|老两口|老公母|爷俩|娘俩")
_SEVERAL = ("hardship", "honor")


@dataclass(frozen=True)
class Statement:
    """Facts said of somebody.

    Attributes:
        subject: an elder's address, "self", "junior", "other", "gone", or None where nobody was named.
        facts: fact → value.
        denied: the values are excluded, and none is settled.
        corrects: something before was said to be wrong, or to be otherwise by now.
    """

    subject: str | None
    facts: dict[str, object]
    denied: bool = False
    corrects: bool = False


class ClauseReader:
    """Reads clause after clause; whom a clause is about, and what it raised, carry over to the next."""

    def __init__(self, language: Language, as_of: date, asking: Collection[str] = ()) -> None:
        self._language = language
        self._as_of = as_of
        self._asking = asking
        self._subjects = Subjects(language)
        self._asked = Topic(tuple(asking), None, loose=True) if asking else None
        self._topic: Topic | None = None
        self._idle = 0
        self._place_denied: str | None = None
        self._corrected = False
        self.statements: list[Statement] = []
        self.asks = False
        self.city: str | None = None

    def consultation(self) -> str | None:
        """Whom the message is about."""
        stated = [statement.subject for statement in self.statements if kin(statement, self._language) is None]
        return self._subjects.consultation(stated, bool(self._asking))

    def new_sentence(self) -> None:
        """A sentence ends."""
        self._subjects.new_sentence()

    def read(self, clause: str) -> None:
        """Takes in the next clause, piece by piece: who neither stops nor points begins anew at each person."""
        clause = self._repaired(clause)
        self._read_standard(clause)
        clause = self._language.polarity.without_supposition(clause)
        start = 0
        for cut in [*self._cuts(clause), len(clause)]:
            if clause[start:cut]:
                self._read(clause[start:cut], past=self._language.polarity.tells_of_the_past(clause[:start]))
            start = cut

    def _cuts(self, clause: str) -> Iterator[int]:
        phrases = self._phrases(clause)
        named = Subjects(self._language).people(clause, phrases)
        ends = {person.end for person in named}
        people = [person.start for person in named if person.start not in ends]
        turns = [found.start() for found in self._language.turns.finditer(clause)]
        for cut in sorted({*people, *turns}):
            inside = any(phrase.start < cut < phrase.end for phrase in phrases)
            if cut >= SHORTEST_PIECE and not inside and not _GOVERNS.search(clause[:cut]):
                yield cut

    def _read(self, clause: str, past: bool = False) -> None:
        self._corrected = self._corrected or bool(_CORRECTS.search(clause))
        phrases = self._phrases(clause)
        if self._takes_back(clause) or self._answers(clause, phrases):
            return
        polarity = self._language.polarity
        asking = polarity.asks(clause)
        self.asks = self.asks or asking
        before = len(self.statements)
        people = self._subjects.people(clause, phrases, past)
        places = list(self._language.places.find(clause))
        if places:
            self.city = str(places[0].meaning[1])
        self._read_ages(clause, people, [*phrases, *places, *people], asking)
        self._read_places(clause, places, people)
        self._read_phrases(clause, phrases, people)
        self._read_household(clause, phrases, people)
        self._read_disability(clause, people)
        self._read_topics(clause, phrases, people, asking, before)
        self._attribute(clause, people, before)
        self._deny_all(clause)
        if len(self.statements) == before and not phrases:
            if polarity.revokes(clause):
                self._revoke()
            elif not asking:
                self._read_verdict(clause, people)
        stated = [statement.subject for statement in self.statements[before:]]
        for person in people:
            self._subjects.carry(person, clause, stated)

    # -- what was said before

    def _takes_back(self, clause: str) -> bool:
        """不是不是, 我不是: whether the clause takes back what the one before stated."""
        if not self.statements or (self._topic and self._topic.loose):
            return False
        last = self.statements[-1]
        if _TAKES_BACK.match(clause):
            if not any(name in AGE_FACTS for name in last.facts):
                self.statements.pop()
                self._raise(replace(_standing(tuple(last.facts), last.subject), loose=True))
            return True
        boolean = any(isinstance(value, bool) or name in AGE_FACTS for name, value in last.facts.items())
        if _DENIES_LAST.match(clause) and not boolean:
            if set(last.facts.values()) & {0, "none"}:
                return True  # 没办过残疾证，没有
            self.statements[-1] = replace(last, denied=True)
            return True
        return False

    def _revoke(self) -> None:
        """到现在还没批: what the clause before named is not so, or not so yet."""
        if self.statements and any(name in ("hardship", *DISABILITY_FACTS, "support_mode") for name in self.statements[-1].facts):
            self.statements.pop()

    def _attribute(self, clause: str, people: list[Found], before: int) -> None:
        """那是我老伴: what was just said, here or in the clause before, is said of somebody else."""
        for person in people:
            if self.statements and person.meaning[0] != "self" and NOT_MINE.search(clause[:person.start]):
                subject = self._subjects.who(person.start, [person])
                for i in range(min(before, len(self.statements) - 1), len(self.statements)):
                    self.statements[i] = replace(self.statements[i], subject=subject)

    def _deny_all(self, clause: str) -> None:
        """低保五保啥都不是, or 这些我一样不沾 after a list: none of those that were named."""
        found = _ALL_DENIED.search(clause)
        if not found or not self.statements:
            return
        name = next(iter(self.statements[-1].facts))
        if name not in _SEVERAL or self.statements[-1].facts[name] == "none":
            return
        named: list[Statement] = []
        while self.statements and name in self.statements[-1].facts:
            named.append(self.statements.pop())
        if found["all"] and len(named) > 1:
            self.statements.append(Statement(named[0].subject, {name: "none"}))
        else:
            self.statements.extend(replace(statement, denied=True) for statement in reversed(named))

    # -- answers

    def _answers(self, clause: str, phrases: list[Found]) -> bool:
        """Whether the clause is the answer to what was raised or asked, and nothing else."""
        person = next(self._language.people.find(clause), None)
        loose = self._topic is not None and self._topic.loose
        if loose and person and person.start == 0 and clause[person.end:] and self._answered(clause[person.end:], phrases):
            return True  # 抚恤补助俺公公没有
        return self._answered(clause, phrases)

    def _answered(self, clause: str, phrases: list[Found]) -> bool:
        person = next(self._language.people.find(clause), None)
        for topic in filter(None, (self._topic, self._asked)):
            if person and not topic.loose:
                continue
            if any(phrase.meaning[0] not in topic.facts for phrase in phrases):
                continue
            settled = self._language.topics.answer(clause, topic)
            if settled:
                for name, value in settled.items():
                    self.statements.append(Statement(topic.subject, {name: value}))
                self._raise(_standing(tuple(settled), topic.subject))
                return len(settled) == len(topic.facts)  # 肢体二级 tells the kind, and the grade besides
        return False

    def _raise(self, topic: Topic) -> None:
        self._topic, self._idle = topic, 0

    def _read_verdict(self, clause: str, people: list[Found]) -> None:
        """A clause that settles, among other words, what was raised or asked."""
        for topic in filter(None, (self._topic, self._asked)):
            subject = self._subjects.who(len(clause), people) if people else topic.subject
            for name in topic.facts if topic.loose else ():
                value = self._language.topics.verdict(clause, 0, len(clause), name, named=True)
                if value is not None:
                    self.statements.append(Statement(subject, {name: value}))
                    self._raise(Topic(topic.facts, subject))
                    return
        self._idle += 1
        if self._idle >= PATIENCE and self._topic and self._topic.loose:
            self._topic = None

    def _read_topics(self, clause: str, phrases: list[Found], people: list[Found], asking: bool, before: int) -> None:
        """医保年年交着: what is said of a noun that raises a fact; what stays open may be settled by the next clause."""
        said = {phrase.meaning[0] for phrase in phrases} | {name for s in self.statements[before:] for name in s.facts}
        raised = [(noun, self._language.topics.raised_by(noun, clause)) for noun in self._standing_free(self._language.topics.nouns.find(clause), clause)]
        unsettled: Topic | None = None
        for i, (noun, names) in enumerate(raised):
            end = raised[i + 1][0].start if i + 1 < len(raised) else len(clause)
            subject = self._subjects.who(noun.start, people)
            opened = [name for name in names if name not in said]
            named = any(person.start < noun.start for person in people)
            for name in opened:
                value = self._language.topics.settled(clause, noun, end, name, named)
                if value is not None:
                    self.statements.append(Statement(subject, {name: value}))
                    said.add(name)
            unsaid = self._sense(clause, noun, people) is Sense.UNSAID
            if opened and not said.intersection(names) and not asking and not unsaid:
                unsettled = Topic(names, subject, loose=True)
        if unsettled:
            self._raise(unsettled)
        elif len(self.statements) > before:
            last = self.statements[-1]
            self._raise(_standing(tuple(last.facts), last.subject))

    # -- what the clause itself says

    def _phrases(self, clause: str) -> list[Found]:
        """What facts the clause names."""
        return self._standing_free(self._language.phrases.find_each(clause), clause)

    def _standing_free(self, words: Iterable[Found], clause: str) -> list[Found]:
        """The words but for those that are part of another word (城镇 in 城镇职工, 养老 in 养老院)."""
        others = list(self._language.innocent.find(clause))
        return [
            word for word in words
            if all(o.end <= word.start or word.end <= o.start or (word.start <= o.start and o.end <= word.end) for o in others)
        ]

    def _repaired(self, clause: str) -> str:
        language = self._language
        understood = [found for words in (language.places, language.people) for found in words.find(clause)]
        understood += self._phrases(clause)
        parts = [found for words in (language.innocent, language.topics.nouns) for found in words.find(clause)]
        return language.repair.repaired(
            clause, [(found.start, found.end) for found in understood], [(found.start, found.end) for found in parts],
        )

    def _state(self, at: int, people: list[Found], facts: dict[str, object], denied: bool = False) -> None:
        self.statements.append(Statement(self._subjects.who(at, people), facts, denied, self._corrected))

    def _sense(self, clause: str, found: Found, people: list[Found]) -> Sense:
        named = any(person.start < found.start and person.meaning[0] != "other" for person in people)
        return self._language.polarity.sense(clause, found, named)

    def _read_ages(self, clause: str, people: list[Found], words: list[Found], asking: bool) -> None:
        year_alone = "age" in self._asking or any(self._standing(name) for name in AGE_FACTS)
        found = list(ages(clause, self._as_of, year_alone=year_alone))
        spans = [(word.start, word.end) for word in (*words, *self._language.innocent.find(clause))]
        for age in found or age_between(clause, spans):
            around = clause[max(age.start - NEAR_DEATH, 0):age.end + NEAR_DEATH]
            if _DIED.search(around) or (not people and _ANYBODY.match(clause[age.end:])):
                continue
            if age.weak and any(name in AGE_FACTS for statement in self.statements for name in statement.facts):
                continue
            if not asking or people or "了" in clause[age.end - 1:age.end + 1]:
                self._state(age.start, people, age.facts)

    def _read_places(self, clause: str, places: list[Found], people: list[Found]) -> None:
        end, fact = -1, None
        for place in places:
            before, after = clause[:place.start], clause[place.end:]
            same = end >= 0 and clause[end:place.start] in ("", "市", "的", "那边")  # 搬到本溪溪湖
            there = place_fact(before, after)
            fact = fact if same and fact and there is not None else there
            end = place.end
            denied = bool(_NOT_PLACE.search(before))
            if fact is None or "低保标准" in after[:6] or (not denied and self._sense(clause, place, people) is Sense.UNSAID):
                continue
            if self._place_denied and _INSTEAD.match(before):
                fact = self._place_denied
            elif fact != "hukou" and self._standing("hukou") and self._topic and self._topic.loose and _INSTEAD.match(before):
                fact = "hukou"  # 户口倒没动，还在鞍山
            fact = fact or ("residence" if "residence" in self._asking and "hukou" not in self._asking else "hukou")
            self._place_denied = fact if denied else None
            name, city = place.meaning
            self._state(place.start, people, {fact: city}, denied=denied)
            kind = self._language.counties.get(str(name))
            if kind and not denied:
                self._state(place.start, people, {"county": kind[1]})

    def _read_phrases(self, clause: str, phrases: list[Found], people: list[Found]) -> None:
        if not phrases and not people and (alone := self._language.alone(clause)):
            self._state(0, people, dict([alone]))
        denied_fact, end = "", 0
        for phrase in phrases:
            name, value = phrase.meaning
            sense = self._sense(clause, phrase, people)
            if sense is Sense.STATED and name == denied_fact and "是" not in clause[end:phrase.start]:
                sense = Sense.DENIED  # 不是要饭的流浪的
            end = phrase.end
            if sense is Sense.UNSAID or (value == "alone" and _NOT_ALONE.match(clause[phrase.end:])):
                continue
            denied_fact = name if sense is Sense.DENIED else ""
            if sense is Sense.STATED and value == "alone" and _MYSELF.search(clause[phrase.start:phrase.end]):
                self.statements.append(Statement("self", {name: value}, corrects=self._corrected))  # 老伴走了以后就我一个人过
            elif sense is Sense.STATED:
                self._state(phrase.start, people, {name: value})
            elif isinstance(value, bool):
                self._state(phrase.start, people, {name: not value})
            else:
                self._state(phrase.start, people, {name: value}, denied=True)

    def _read_household(self, clause: str, phrases: list[Found], people: list[Found]) -> None:
        """跟儿子一块住, 在闺女家: with whom somebody lives, where no phrase has said it."""
        found = self._language.together.search(clause)
        said = {phrase.meaning[0] for phrase in phrases}
        if found is None or said & {"living", "care_home"}:
            return
        if self._sense(clause, Found(*found.span(), ("living", None)), people) is Sense.STATED:
            self._state(found.start(), people[:1], {"living": "with_family"})

    def _read_disability(self, clause: str, people: list[Found]) -> None:
        for found, name, value in disability(clause):
            past = self._language.polarity.tells_of_the_past(clause[:found.end])
            if not past and self._sense(clause, found, people) is Sense.STATED:
                self._state(found.start, people, {name: value})

    def _read_standard(self, clause: str) -> None:
        standard = dibao_standard(clause, alone="dibao_standard" in self._asking or self._standing("dibao_standard"))
        if standard is not None:
            self.statements.append(Statement(None, {"dibao_standard": standard}))
            self._raise(Topic(("dibao_standard",), None))

    def _standing(self, name: str) -> bool:
        return self._topic is not None and name in self._topic.facts


def _standing(names: tuple[str, ...], subject: str | None) -> Topic:
    """What was just stated, as the topic of what may follow: a bare answer corrects or completes it."""
    return Topic(DISABILITY_FACTS if set(names) & set(DISABILITY_FACTS) else names, subject)


def kin(statement: Statement, language: Language) -> str | None:
    """Whose words count for the person too: "children", "family", or None where a fact is hers alone."""
    name, value = next(iter(statement.facts.items()))
    options = language.vocabulary.facts[name].options
    return options[value].kin if isinstance(value, Scalar) and value in options else None
