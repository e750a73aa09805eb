"""Pieces of a clause: what one of them says by itself."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from bot.understanding.ages import Age, age_between, ages
from bot.understanding.birthdays import LUNAR
from bot.understanding.disability import disability
from bot.understanding.language import Language
from bot.understanding.people import SPOUSE
from bot.understanding.places import place_fact
from bot.understanding.polarity import Sense
from bot.understanding.statements import AGE_FACTS, Statement, Statements
from bot.understanding.subjects import GONE, Subjects
from bot.understanding.topics import Topic
from knowledge.lexicon import Found

HOME_FACTS = ("hukou", "residence", "county", "area")
"""What a couple has in common."""

_OURS = re.compile(r"(?:咱们?|我们|俺们)(?:都|家)?[是在]?$")

NEAR_DEATH = 6
"""So near to 走的 or 没了 an age is that of somebody who has died."""

_SOLAR = re.compile("阳历|公历|新历|身份证")
_DIED = re.compile(r"没了|没的|去世|过世|走的|走那|牺牲")
_ANYBODY = re.compile(r"^(?:以上|以下|的?老人|的?老年人|的人(?!了)|这个岁数|能|可以|有啥|给|领|往上|朝上)")
_BY_NOW = re.compile(r"(?:的人)?了")
_INSTEAD = re.compile(r"^(?:现在|而|那|就|还|应该|其实)*[是在]?$")
_NOT_PLACE = re.compile(r"(?:不在|不是|没在|离开|不住|非|不归|没住|不搁)\s*$")
_BESIDE = re.compile(r"(?:的|户|人|这边|那边)*(?:跟|和|与|同|比|还是|或者?)")
_BOTH = re.compile(r"(?:户口|户籍)(?:所在地)?(?:和|跟|与|及|、)(?:住|人|家|居住|常住)[^，。]{0,5}?[都均全]?(?:在|是)$")
"""户口和住的地方都在鞍山."""

_WITHIN = ("", "市", "的", "那边")
"""Between two places of which the second lies in the first (搬到本溪溪湖)."""

_BAND = re.compile(r"(?:周岁|岁)?(?:及|和|或)?(?:以上|往上|以下|往下)")
"""八十岁以上 is an age limit, and nobody's age."""

_SAME_PLACE = re.compile(
    r"(?:(户口|户籍)本?|人|家)[也还就都]*(?:在|搁|是|住|落在)"
    r"(?:那儿?|这儿?|那边|这边|当地|本地|那疙瘩|那块儿?)(?:$|[的住没呢])"
)
_MYSELF = re.compile(r"[我俺咱](?![妈爸爹娘婆公奶爷姥叔姑姨舅])")
_WITH_ME = re.compile("[跟和与][我俺]")
_WITH_HER = re.compile("[跟和与][他她]")
_NOT_ALONE = re.compile(r"们|俩(?![屋间])|和|跟|老两口|老公母|爷俩|娘俩")
_NOT_ALONE_BEFORE = re.compile(r"(?:老两口|两口子|俩|俩人|两个人|公母俩|们)(?:就|都|在家)?$")
_CORRECTS = re.compile(
    r"不对|不是|[说记弄写看打发点按搞整]错|[看记听写瞅算说]差了|[瞅看]一眼|秃噜嘴|嘴瓢|秃噜|串行|弄串|看串|更正|核实|其实"
    r"|现在|如今|好了|改成|改为|哦.{0,8}(?:是|写)|一看|看了证|说岔|记性|说串|口误|弄混|应为|应是|翻了|为准|翻翻|查查|瞅瞅证|看看证"
)


THRESHOLDS = 5
"""Benefits begin at ages that are multiples of it."""


@dataclass(frozen=True)
class Piece:
    """A piece of a clause: its words, what facts and places they name, of whom they speak, and whether they ask.

    ``named``: the clause has named somebody, here or before the piece, of whom it can speak in a question too.
    """

    text: str
    phrases: list[Found]
    people: list[Found]
    places: list[Found]
    asks: bool
    named: bool


class PieceReader:
    """Reads what a piece states, into ``statements``.

    Attributes:
        corrected: something was said to be wrong, or otherwise by now; from here on a fact may be stated otherwise than before.
    """

    def __init__(
        self, language: Language, as_of: date, asking: Collection[str], subjects: Subjects, statements: Statements,
    ) -> None:
        self._language = language
        self._as_of = as_of
        self._asking = asking
        self._subjects = subjects
        self._statements = statements
        self._place_denied: str | None = None
        self._lunar = False
        self.corrected = False

    def read(self, piece: Piece, topic: Topic | None) -> None:
        """Takes in what the piece says; ``topic`` is what was raised or stated before it."""
        self.notice_correction(piece.text)
        if self._read_ages(piece, topic):
            piece = replace(piece, named=True)  # 本溪户口八十六岁，高龄津贴咋领
        self._read_same_place(piece)
        self._read_places(piece, topic)
        self._read_phrases(piece)
        self._read_household(piece)
        self._read_disability(piece)

    def notice_correction(self, text: str) -> None:
        """Notices whether the text says that something is wrong (说错了), or otherwise by now."""
        self.corrected = self.corrected or bool(_CORRECTS.search(text))

    def sense(self, piece: Piece, found: Found) -> Sense:
        """How a word of the piece is meant."""
        named = piece.named or any(person.start < found.start and person.meaning[0] != "other" for person in piece.people)
        return self._language.polarity.sense(piece.text, found, named)

    def _state(self, piece: Piece, at: int, fact: str, value: object, denied: bool = False) -> None:
        subject = self._subjects.who(at, piece.people)
        if fact in HOME_FACTS and _OURS.search(piece.text[:at]):
            subject = None  # 太姥一百零一，咱岫岩的
        if subject == SPOUSE and not piece.people and (fact in HOME_FACTS or value == "empty_nest"):
            subject = "we"  # 我70岁，老伴69，饶河户口，就俺俩过
        if value == "alone" and subject == GONE:
            subject = None  # 老伴去世后一人居住
        self._statements.add(Statement(subject, fact, value, denied, self.corrected))

    def _read_ages(self, piece: Piece, topic: Topic | None) -> bool:
        """Takes in the ages; whether one of them can only be somebody's, of whom the rest is said, too."""
        text, somebodys = piece.text, False
        told = self.corrected and self._statements.tells(self._subjects.current, *AGE_FACTS)
        raised = {*self._asking, *(topic.facts if topic else ())}
        year_alone = told or not raised.isdisjoint(AGE_FACTS)
        words = (*piece.phrases, *piece.places, *piece.people, *self._language.innocent.find(text))
        self._lunar = bool(re.search(LUNAR, text)) or (self._lunar and not _SOLAR.search(text))
        found = list(ages(text, self._as_of, year_alone=year_alone, lunar=self._lunar))
        for age in found or age_between(text, [(word.start, word.end) for word in words]):
            around, after = text[max(age.start - NEAR_DEATH, 0):age.end + NEAR_DEATH], text[age.end:]
            if _DIED.search(around) or _BAND.match(after) or (not piece.people and not piece.named and _ANYBODY.match(after)):
                continue
            at = _whose(piece, age.start, age.end, "的")
            subject = self._subjects.who(at, piece.people)
            if age.weak and not self.corrected and self._statements.tells(subject, *AGE_FACTS):
                continue
            hers = _is_somebodys(age, text)
            somebodys = somebodys or hers
            if not piece.asks or hers or piece.people or piece.named or text[age.end - 1] == "了" or _BY_NOW.match(after):
                for fact, value in age.facts.items():
                    self._state(piece, at, fact, value)
        return somebodys

    def _read_places(self, piece: Piece, topic: Topic | None) -> None:
        if self._compared(piece, piece.places):
            return
        end, fact = -1, None
        for place in piece.places:
            before, after = piece.text[:place.start], piece.text[place.end:]
            there = place_fact(before, after)
            fact = fact if end >= 0 and fact and there is not None and piece.text[end:place.start] in _WITHIN else there
            end = place.end
            denied = bool(_NOT_PLACE.search(before))
            if fact is None or "低保标准" in after[:6] or (not denied and self.sense(piece, place) is Sense.UNSAID):
                continue
            somebody = piece.people or piece.named
            if piece.asks and not somebody and (not fact or self._language.polarity.wonders(before)):
                continue  # 鞍山有啥补贴
            fact = self._meant_place(fact, before, topic)
            self._place_denied = fact if denied else None
            if _BOTH.search(before) and not denied:
                self._state(piece, place.start, "residence" if fact == "hukou" else "hukou", place.meaning[1])
            name, city = place.meaning
            kind = self._language.counties.get(name)
            if kind and denied:
                continue  # 宝山区，非岭东区: the city may well be the same
            at = _whose(piece, place.start, place.end, "[市区县]?(?:农村|城镇)?(?:户口|户籍)的")
            self._state(piece, at, fact, city, denied)
            if kind:
                self._state(piece, at, "county", kind)

    def _meant_place(self, fact: str, before: str, topic: Topic | None) -> str:
        """Which place is meant, where the words beside it leave it open or the clause before has told."""
        if _INSTEAD.match(before):
            if self._place_denied:
                return self._place_denied
            if topic is not None and topic.loose and "hukou" in topic.facts:
                return "hukou"  # 户口倒没动，还在鞍山
        if not fact and self.corrected and (last := self._statements.last_place_fact()):
            return last  # 住千山区，写串行了，是立山区
        return fact or ("residence" if "residence" in self._asking and "hukou" not in self._asking else "hukou")

    @staticmethod
    def _compared(piece: Piece, words: list[Found]) -> bool:
        """Whether two of the words are set side by side, so that neither is said of anybody (双鸭山跟鞍山比)."""
        return any(
            _BESIDE.fullmatch(piece.text[first.end:second.start]) is not None and first.meaning[1] != second.meaning[1]
            for first, second in pairwise(words)
        )

    def _read_same_place(self, piece: Piece) -> None:
        """户口也在那儿: the place that was named last, for the other fact."""
        found = _SAME_PLACE.search(piece.text)
        place = self._statements.last_place()
        if found and place:
            self._state(piece, found.start(), "hukou" if found[1] else "residence", place)

    def _read_phrases(self, piece: Piece) -> None:
        if not piece.phrases and not piece.people and (alone := self._language.alone(piece.text)):
            self._state(piece, 0, *alone)
        denied_value: tuple[str, object] = ("", None)
        end = 0
        compared = self._compared(piece, [phrase for phrase in piece.phrases if not isinstance(phrase.meaning[1], bool)])
        for phrase in piece.phrases:
            fact, value = phrase.meaning
            sense = self.sense(piece, phrase)
            goes_on = fact == denied_value[0] and (value == denied_value[1] or not isinstance(value, bool))
            if sense is Sense.STATED and goes_on and "是" not in piece.text[end:phrase.start]:
                sense = Sense.DENIED  # 不是要饭的流浪的
            end = phrase.end
            if compared and sense is Sense.STATED and not piece.people:
                continue  # 特困人员集中供养与分散供养
            denied_value = phrase.meaning if sense is Sense.DENIED else ("", None)
            if phrase.meaning == ("care_home", False) and self._tells_living(piece, phrase):
                continue  # 一个人在家住
            if sense is Sense.UNSAID or (value == "alone" and self._with_others(piece.text, phrase)):
                continue
            if sense is Sense.DENIED:
                yes_or_no = isinstance(value, bool)
                self._state(piece, phrase.end - 1, fact, not value if yes_or_no else value, denied=not yes_or_no)
            elif value == "alone" and _MYSELF.search(piece.text[phrase.start:phrase.end]):
                self._statements.add(Statement("self", fact, value, corrects=self.corrected))  # 老伴走了以后就我一个人过
            elif value == "with_family" and self._with_somebody(piece, piece.text[phrase.start:phrase.end]):
                self._statements.add(Statement(None, fact, value, corrects=self.corrected))
            else:
                self._state(piece, phrase.end - 1, fact, value)

    @staticmethod
    def _with_somebody(piece: Piece, words: str) -> bool:
        """Whether it is said with whom the elder lives, and so of nobody who is named here (跟她一起过, 现在跟我一起住)."""
        return bool(_WITH_HER.search(words) or (not piece.people and _WITH_ME.search(words)))

    @staticmethod
    def _tells_living(piece: Piece, phrase: Found) -> bool:
        """Whether the phrase is part of one that tells with whom somebody lives."""
        living = (other for other in piece.phrases if other.meaning[0] == "living")
        return any(other.start < phrase.end and phrase.start < other.end for other in living)

    @staticmethod
    def _with_others(text: str, phrase: Found) -> bool:
        """Whether what looks like living alone is said of two (老两口自己过, 就剩俺们)."""
        return bool(_NOT_ALONE.match(text[phrase.end:]) or _NOT_ALONE_BEFORE.search(text[:phrase.start]))

    def _read_household(self, piece: Piece) -> None:
        """跟儿子一块住, 在闺女家: with whom somebody lives, where no phrase has said it."""
        found = self._language.people.household(piece.text)
        if found is None or {phrase.meaning[0] for phrase in piece.phrases} & {"living", "care_home"}:
            return
        if self.sense(piece, Found(*found.span(), ("living", None))) is Sense.STATED:
            first = [person for person in piece.people[:1] if person.start < found.start()]
            subject = self._subjects.who(found.start(), first)  # 跟我妈一块儿住 is not said of me
            if subject in ("self", "we") and self._with_somebody(piece, found.group()):
                subject = None  # 俺跟她一起过, 我把她接来了，现在跟我一起住
            self._statements.add(Statement(subject, "living", "with_family", corrects=self.corrected))

    def _read_disability(self, piece: Piece) -> None:
        for found, fact, value in disability(piece.text):
            past = self._language.polarity.tells_of_the_past(piece.text[:found.end])
            if not past and self.sense(piece, found) is Sense.STATED:
                self._state(piece, found.start, fact, value)


def _whose(piece: Piece, start: int, end: int, between: str) -> int:
    """Where somebody stands of whom a word is said: after it, where it is her attribute (给我八十五的老娘打听)."""
    after = (person.start for person in piece.people if person.start >= end)
    return next((place for place in after if re.fullmatch(between, piece.text[end:place])), start)


def _is_somebodys(age: Age, text: str) -> bool:
    """Whether so old is somebody, and no threshold: nobody asks what people of 86岁 are given."""
    years = age.facts.get("age")
    return not age.weak and text[age.end - 1] == "岁" and isinstance(years, int) and years % THRESHOLDS != 0
