"""Reading clause after clause: cut into pieces, each about somebody, each with what it raises, answers and states."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from bot.understanding.amounts import dibao_standard, retracts_standard
from bot.understanding.disability import compares
from bot.understanding.language import Language
from bot.understanding.pieces import Piece, PieceReader
from bot.understanding.polarity import Sense, asks_after
from bot.understanding.scanning import Scanner
from bot.understanding.statements import DISABILITY_FACTS, Statement, Statements
from bot.understanding.subjects import NOT_MINE, SAID_OF, Subjects, alone
from bot.understanding.topics import Topic
from knowledge.lexicon import Found

LEAST_STANDARD = 100
"""No city's 低保标准 is less, in yuan a month."""

PATIENCE = 2
"""So many clauses later a topic that nobody settled is forgotten."""

_BY_NOW = re.compile("今年|现在|眼下|如今|目前")
"""Here what is so is told again (打算明年送我婆婆去养老院，她今年八十八)."""

_HIS_AGE = re.compile("[他她](?:都|已经)?[0-9一二三四五六七八九十]{2}")
_TAKES_BACK = re.compile(
    r"^(?:啊|哦|呃|哎|诶|噢|哎呀|那|嗯)*(?:不是|不对|不|错了|也不能这么说|不能这么说|也不全是)"
    r"(?:[啊呀的了]|不是|不对|不|错了)*$"
)
_DENIES_LAST = re.compile(
    r"^[我俺他她]?(?:[可也]|真的?|还真|确实|压根儿?)?(?:不是|没有)(?:的|那个)?[啊呀呢]?$|^(?:无|否|×|[xX])$"
)
_AND_NO = re.compile(r"(?:也|和|跟|又|还|、|都)*(?:没有?|无)?$")
"""What goes before the next noun is said of that one (没医保也没有养老保险)."""

_LOOKED_UP = re.compile(r"一看|看了|一瞅|一查|看了一眼|瞅了一眼|一翻|一瞧|写的|写着|哦是|其实|应该|才是|改")
_SAID_OF_HIM = re.compile("的?(?:也|才|就|可)?(?:是|的)(?!不是)")

class ClauseReader:
    """Reads clause after clause; whom a clause is about, and what it raised, carry over to the next.

    Attributes:
        statements: what was stated.
        asks: whether anything was asked.
        city: the city that was named last.
    """

    def __init__(self, language: Language, as_of: date, asking: Collection[str] = ()) -> None:
        self._language = language
        self._asking = tuple(asking)
        self._subjects = Subjects(language)
        self._asked = Topic(tuple(asking), None, loose=True) if asking else None
        self._topic: Topic | None = None
        self._idle = 0
        self._supposed = False
        self._scanner = Scanner(language)
        self.statements = Statements()
        self._pieces = PieceReader(language, as_of, asking, self._subjects, self.statements)
        self.asks = False
        self.city: str | None = None

    def consultation(self) -> str | None:
        """Whom the message is about."""
        vocabulary = self._language.vocabulary
        stated = [statement.subject for statement in self.statements if statement.kin(vocabulary) is None]
        return self._subjects.consultation(stated, bool(self._asking))

    def correct(self) -> None:
        """What was said in an earlier message is wrong: what follows corrects it."""
        self._pieces.corrected = True

    def new_sentence(self) -> None:
        """A sentence ends."""
        self._supposed = False
        self._subjects.new_sentence()

    def read(self, clause: str) -> None:
        """Takes in the next clause, piece by piece: who neither stops nor points begins anew at each person."""
        clause = self._scanner.repaired(clause)
        self._read_standard(clause)
        if self._still_supposed(clause):
            return
        if _BY_NOW.search(clause):
            self._subjects.come_back()
        told = self._language.polarity.told(clause)
        if self._scanner.names_only(told) and self._language.polarity.supposes_of_anybody(told, clause):
            told = ""
        self._subjects.hear(clause[len(told):])
        clause = told
        start, named = 0, False
        for cut in [*self._scanner.cuts(clause), len(clause)]:
            if clause[start:cut]:
                past = self._language.polarity.tells_of_the_past(clause[:start])
                asked = clause[-1] in "?？" and cut < len(clause) and not named and self._subjects.current is None
                named = self._read(clause[start:cut] + "?" * asked, past, named)
            start = cut

    def _still_supposed(self, clause: str) -> bool:
        """Whether a clause goes on with what the one before supposed (要是瘫了，吃低保): it names nobody anew."""
        polarity = self._language.polarity
        self._supposed = polarity.supposes(clause) or (
            self._supposed and not _BY_NOW.search(clause) and not _HIS_AGE.match(clause)
            and all(person.meaning[0] == "pronoun" for person in self._language.people.find(clause))
        )
        if self._supposed:
            self._subjects.hear(clause)
        self.asks = self.asks or (self._supposed and polarity.asks(clause))
        return self._supposed

    def _read(self, text: str, past: bool, named: bool) -> bool:
        """Takes in a piece; whether somebody has been ``named`` in the clause by its end."""
        self._pieces.notice_correction(text)
        phrases = self._scanner.phrases(text)
        if self._takes_back(text) or self._answers(text, phrases):
            return named
        before, topic = len(self.statements), self._topic
        people = self._subjects.people(text, phrases, past)
        piece = Piece(text, phrases, people, list(self._language.places.find(text)), self._language.polarity.asks(text), named)
        self.asks = self.asks or piece.asks
        if piece.places:
            self.city = str(piece.places[0].meaning[1])
        self._pieces.read(piece, self._topic)
        self._read_topics(piece, before)
        for person in people:
            before_person = text[:person.start]
            if SAID_OF.search(before_person) or (person.meaning[0] != "self" and NOT_MINE.search(before_person)):
                self.statements.attribute(before, self._subjects.who(person.start, [person]))
        self.statements.deny_all(text)
        if len(self.statements) == before and not phrases:
            self._read_remainder(piece, topic)
        self._close(piece, before)
        return named or any(person.meaning[0] not in ("other", "junior") for person in people)

    def _close(self, piece: Piece, before: int) -> None:
        """What the piece leaves to the next: whether the question was answered, and whom it goes on about."""
        stated = self.statements.since(before)
        if self._asked and any(statement.fact in self._asked.facts for statement in stated):
            self._asked = None
        own = [statement.subject for statement in stated if statement.kin(self._language.vocabulary) is None]
        for person in piece.people:
            self._subjects.carry(person, piece.text, own)
        if self._topic and any(alone(person, piece.text) for person in piece.people):
            self._topic = replace(self._topic, subject=self._subjects.current)  # 我，76；我老伴，80

    # -- what was said or raised before

    def _takes_back(self, text: str) -> bool:
        """不是不是, 我不是: whether the piece takes back what was stated before."""
        last = self.statements.last()
        if last is None or (self._topic and self._topic.loose):
            return False
        if _TAKES_BACK.match(text):
            self._pieces.corrected = True
            self.statements.take_back()
            self._raise(_standing(last, loose=True))
            return True
        return bool(_DENIES_LAST.match(text)) and self.statements.deny_last()

    def _answers(self, text: str, phrases: list[Found]) -> bool:
        """Whether the piece is the answer to what was raised or asked, and nothing else."""
        person = next(self._language.people.find(text), None)
        loose = self._topic is not None and self._topic.loose
        if loose and person and person.start == 0 and text[person.end:] and self._answered(text[person.end:], phrases):
            return True  # 抚恤补助俺公公没有
        said = _SAID_OF_HIM.match(text[person.end:]) if person and person.start == 0 and self._topic else None
        if person and said:
            whose = self._subjects.who(person.end, [person])
            if self._answered(text[person.end + said.end():], phrases, whose):
                self._subjects.mention(person, text)
                return True  # 人家是一级，我是三级
        return self._answered(text, phrases)

    def _answered(self, text: str, phrases: list[Found], subject: str | None = None) -> bool:
        if asks_after(text, phrases):
            return False
        somebody = next(self._language.people.find(text), None) is not None
        for topic in filter(None, (self._topic, self._asked)):
            if topic is self._asked and len(topic.facts) > 1 and self._language.answers.bare(text):
                continue  # 嗯 to several things says not which
            turned = topic.subject in ("other", "junior") and self._subjects.current not in (None, "self", topic.subject)
            own = bool(phrases) and turned  # 他亲哥有烈士证，俺爷现在就是烈属
            elsewhere = own or any(phrase.meaning[0] not in topic.facts for phrase in phrases)
            shown = len(self._asking) == 1 and self._asking[0] in topic.facts  # a button for several has its own number
            settled = None if elsewhere or (somebody and not topic.loose) else self._language.topics.answer(text, topic, shown)
            if settled:
                for fact, value in settled.items():
                    statement = Statement(subject or topic.subject, fact, value, corrects=self._pieces.corrected)
                    self.statements.add(statement)
                    self._raise(_standing(statement))
                self._asked = None if topic is self._asked else self._asked
                return len(settled) == len(topic.facts)  # 肢体二级 tells the kind, and the grade besides
        return False

    def _read_topics(self, piece: Piece, before: int) -> None:
        """医保年年交着: what is said of a noun that raises a fact; what stays open may be settled by the next piece."""
        topics, text = self._language.topics, piece.text
        said = {phrase.meaning[0] for phrase in piece.phrases} | {s.fact for s in self.statements.since(before)}
        nouns = self._scanner.free(topics.nouns.find(text), text)
        unsettled: Topic | None = None
        for i, noun in enumerate(nouns):
            facts = topics.raised_by(noun, text)
            opened = [fact for fact in facts if fact not in said and not (fact in DISABILITY_FACTS and compares(text))]
            end = len(_AND_NO.sub("", text[:nouns[i + 1].start])) if i + 1 < len(nouns) else len(text)
            end = max(end, noun.end)
            subject = self._subjects.who(len(text), piece.people)
            named = piece.named or any(person.start < noun.start for person in piece.people)
            for fact in opened:
                value = topics.settled(text, noun, end, fact, named, piece.places)
                if value is not None:
                    self.statements.add(Statement(subject, fact, value, corrects=self._pieces.corrected))
                    said.add(fact)
            if not opened or said.intersection(facts):
                continue
            if not piece.asks and self._pieces.sense(piece, noun) is not Sense.UNSAID:
                unsettled = Topic(facts, subject, loose=True)
            elif _echoes(noun, text) or (piece.asks and self._situations(facts)):
                unsettled = Topic(facts, subject, loose=True)  # 遗嘱公证收费不？第一次办
        last = self.statements.last()
        if unsettled:
            self._raise(unsettled)
        elif last and len(self.statements) > before:
            self._raise(_standing(last))

    def _situations(self, facts: Sequence[str]) -> bool:
        """Whether one of the facts is a situation somebody is in, or is not."""
        return any(self._language.vocabulary.facts[fact].group == "situation" for fact in facts)

    def _read_remainder(self, piece: Piece, topic: Topic | None) -> None:
        """A piece that states nothing itself: it may call off what was said, or settle, among other words, what was raised."""
        if self._language.polarity.revokes(piece.text):
            self.statements.revoke()
        elif not piece.asks and not self._settles(piece, topic):
            self._idle += topic is self._topic
            if self._idle >= PATIENCE and self._topic and self._topic.loose:
                self._topic = None

    def _settles(self, piece: Piece, raised: Topic | None) -> bool:
        """Whether the piece settles, among other words, what was ``raised`` before it, or asked."""
        for topic in filter(None, (raised, self._asked)):
            subject = self._subjects.who(len(piece.text), piece.people) if piece.people else topic.subject
            for fact in topic.facts if topic.loose or _LOOKED_UP.search(piece.text) else ():
                if fact == "living" and subject in ("junior", "other"):
                    continue  # 俩儿子都有家
                value = self._language.topics.verdict(piece.text, 0, len(piece.text), fact, named=True)
                if value is not None:
                    self.statements.add(Statement(subject, fact, value, corrects=self._pieces.corrected))
                    self._raise(Topic(topic.facts, subject))
                    return True
        return False

    def _raise(self, topic: Topic) -> None:
        self._topic, self._idle = topic, 0

    def _read_standard(self, clause: str) -> None:
        last = self.statements.last()
        told = last is not None and last.value == "dibao" and "标准" in clause  # 俺吃低保，这疙瘩标准一个月680
        raised = told or (self._topic is not None and "dibao_standard" in self._topic.facts)
        standard = dibao_standard(clause, alone=raised or "dibao_standard" in self._asking)
        again = last is not None and last.fact == "dibao_standard"  # 低保标准700 82 双鸭山
        if standard is not None and not (again and standard < LEAST_STANDARD):
            statement = Statement(None, "dibao_standard", standard)
            self.statements.add(statement)
            self._raise(_standing(statement))
        elif retracts_standard(clause):
            self._raise(_standing(Statement(None, "dibao_standard", 0)))


def _echoes(noun: Found, text: str) -> bool:
    """Whether the piece is a noun with a question mark and nothing else: the answer follows (无障碍改造？没申请过)."""
    return (noun.start, text[noun.end:]) in ((0, "?"), (0, "？"))


def _standing(statement: Statement, loose: bool = False) -> Topic:
    """What was just stated, as the topic of what may follow: a bare answer corrects or completes it."""
    facts = DISABILITY_FACTS if statement.fact in DISABILITY_FACTS else (statement.fact,)
    return Topic(facts, statement.subject, loose)
