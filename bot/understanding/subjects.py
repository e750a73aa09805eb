"""Subjects: whom each clause of a message is about, and whom the message as a whole is about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bot.understanding.people import ASKED_FOR, SPOUSE, asked_about, may_be, same_as_before, says
from knowledge.lexicon import Found

if TYPE_CHECKING:
    from bot.understanding.language import Language

GONE = "gone"
"""Somebody who has died: what is said of them is nobody's fact any more."""

GENERIC = ("老太太", "老爷子", "老人家")
"""What an elder who was named before may be called afterwards."""

CHILDREN_AT_LARGE = ("子女", "儿女", "孩子")
"""Nobody in particular: what follows is not said of them."""

MOST_BEFORE_SUBJECT = 3
"""A child named further into a clause is what is talked of, not who goes on being talked about (拉扯仨孩子)."""

NOT_MINE = re.compile(r"(?:^|那个?|这个?|说的)(?:那个?|这个?|说的)?(?:人|条|个)?(?:可|就)?是$")
"""Before a person: what was said before is said of that one (那是我老伴)."""

SAID_OF = re.compile(r"(?<![问查说])的是$")
"""Before a person: what was said in the clause is said of that one (在双鸭山的是我)."""

_ONCE = re.compile(r"(?:当年|早年|从前|以前|年轻时|年轻那|那时|原先)")
_LIVES_HERE = re.compile(r"^[^，。]{0,3}(?:跟|和|与|同|陪着?|在)(?:我|俺|我们|俺们|老人)[^，。]{0,5}(?:住|过|一起|一块)")
_IN_HIS_LIFE = re.compile("活着|在世|生前")
_IS_MY = re.compile(r"是(?:我|俺|咱)?(?:的|家|远房|亲|堂|一个)*$")
_CARED_FOR = re.compile(r"(?:伺候|侍候|照顾|照看|护理|陪|接|送|养|带|管|看)\s*$")
_AWAY = re.compile(r"外地|在外|打工|不在|上班|国外|外头|南方|出去|走了|不管|不给|不养|没空|忙")
_PREDICATE = re.compile(r"(?:是|属于)$")
_CALLER = re.compile(r"^.{0,4}(?:来电|代问|来问|转来|打来|代咨询|代查|来咨询)")
_CALLER_SELF = re.compile("本人|岁")
_NOT_FOR_THEM = re.compile(r"(?<!给)[不没]是?(?:问|替|给|帮)(?:他|她)(?:问|的|$)|不问[他她]")
_BEGINS = re.compile(r"(?:呢|吧|啊|嘛|是这样|情况)$")


class Subjects:
    """Follows whom the talk is about, clause after clause.

    A subject is an elder's address ("您母亲"), "self", "we", "junior", "other", "pronoun", "gone", or None where nobody was
    named.

    Attributes:
        current: whom a clause is about that names nobody.
    """

    def __init__(self, language: Language) -> None:
        self._language = language
        self.current: str | None = None
        self._named: list[tuple[str, str]] = []
        self._remarked: list[tuple[str, str]] = []
        self._asked_for: str | None = None
        self._third: str | None = None
        self._same: dict[str, str] = {}

    def consultation(self, stated: Sequence[str | None], answering: bool = False) -> str | None:
        """Whom the message is about: for whom it says it asks; else the elder it names; else the speaker.

        Args:
            stated: of whom something was stated; whoever speaks of himself first, and then of a spouse, asks for himself.
            answering: a question was asked of the person.
        """
        if self._asked_for and not (self._asked_for == "other" and self._addresses("elder")):
            return self._asked_for  # 单位小刘让我问的，她婆婆……
        if {None, "self"} & set(stated):
            self._remarked.clear()  # 本溪的那是我姐
        order = [address for _, address in (*self._named, *self._remarked)]
        elders = self._addresses("elder") or self._addresses("relative")
        if set(elders) == {SPOUSE} and "self" in stated and (
            answering or SPOUSE not in stated or "self" not in order or order.index("self") < order.index(SPOUSE)
        ):
            return "self"
        if "self" in stated:
            elders = [name for name in elders if name != GENERIC[-1]]  # 老人 may be anybody
        siblings = [name for name in self._addresses("sibling") if (name in stated or not stated) and "self" not in stated]
        elders = [name for name in elders if name in stated] or elders
        pronouns = [name for name in self._addresses("pronoun") if name not in ("junior", GONE)]
        named = [*elders, *siblings, *self._addresses("self"), *pronouns]
        return named[0] if named else "self" if "self" in stated else None

    def people(self, clause: str, phrases: list[Found], past: bool = False) -> list[Found]:
        """The people of whom the clause says something, from left to right; who figures in the ``past`` is not asked for."""
        return list(self._people(clause, phrases, past))

    def who(self, at: int, people: list[Found]) -> str | None:
        """Of whom something at ``at`` of the clause is said."""
        before = [person for person in people if person.start <= at]
        return self._subject(before[-1]) if before else self.current

    def carry(self, person: Found, clause: str, stated: Sequence[str | None]) -> None:
        """Whom the next clause is about when it names nobody.

        Args:
            person: who was named last.
            clause: where.
            stated: of whom the clause stated something; a relative who was only mentioned does not become the subject.
        """
        role, subject = person.meaning[0], self._subject(person)
        if asked_about(person, clause):
            self.current = subject
            return
        aside = (
            role in ("junior", "sibling", "other") or (subject == SPOUSE and bool(self._addresses("self")))
            or (role == "relative" and self.current in self._addresses("elder"))
        )
        begins = alone(person, clause) or _BEGINS.search(clause)
        if aside and self.current is not None and subject not in stated and not begins:
            return
        if role == GONE and _IN_HIS_LIFE.search(clause):
            self.current = GONE  # 老伴活着那阵儿是退伍军人，残疾四级
            return
        if role == "junior" and _LIVES_HERE.match(clause[person.end:]):
            return  # 儿子一家跟我一起过
        if GONE in (role, subject) or role == "household" or (role == "we" and self.current not in (None, "self")):
            return
        if role != "junior" or _PREDICATE.search(clause[:person.start]):
            self.current = subject
        elif _AWAY.search(clause):
            self.current = None
        elif person.start <= MOST_BEFORE_SUBJECT and clause[person.start:person.end] not in CHILDREN_AT_LARGE:
            self.current = "junior"

    def mention(self, person: Found, clause: str) -> None:
        """Somebody is named in an answer: what follows is said of that one."""
        self._note(person, clause)
        self.carry(person, clause, [self._subject(person)])

    def hear(self, supposed: str) -> None:
        """Who is named in what is only supposed or retold: 他 may mean her afterwards (往后把我爸送养老院，他今年87)."""
        for person in self._language.people.mentioned(supposed):
            spouse = person.meaning[1] == SPOUSE and self._language.people.aside(person, supposed)  # 一辈子没说上媳妇
            aside = says(person, supposed) or spouse
            if person.meaning[0] == "elder" and self._third is None and not aside:
                self._third = self._subject(person)
                self._remarked.append(("elder", str(self._third)))

    def come_back(self) -> None:
        """What is so by now is not told of the dead."""
        self.current = None if self.current == GONE else self.current

    def new_sentence(self) -> None:
        """A sentence ends: somebody else's affairs do not go on into the next."""
        if self.current in ("junior", "other", GONE):
            self.current = None

    def _addresses(self, role: str) -> list[str]:
        return [address for named, address in (*self._named, *self._remarked) if named == role]

    def _people(self, clause: str, phrases: list[Found], past: bool) -> Iterator[Found]:
        if _CALLER.match(clause):
            self.current = "self" if _CALLER_SELF.search(clause) else None
            return
        if _NOT_FOR_THEM.search(clause):
            self._asked_for = "self"
            return
        for person in self._language.people.mentioned(clause):
            if _within(person, phrases, clause) or self._aside(person, clause):
                continue
            if self._language.people.gone(person, clause):
                person = Found(person.start, person.end, (GONE, None))
            if not past and not self._language.polarity.tells_of_the_past(clause[:person.start]):
                self._note(person, clause)
            yield person

    def _aside(self, person: Found, clause: str) -> bool:
        """Whether the clause only mentions the person; who is cared for, or owned to, may be spoken of afterwards."""
        if asked_about(person, clause):
            return False
        role, address = person.meaning
        before = clause[:person.start]
        if role in ("elder", "relative") and _CARED_FOR.search(before) and address != GENERIC[-1]:
            self._named.append((role, str(address)))
            self._third = str(address)
            return True
        if role == "junior" and before.endswith(("有", "没", "无")):
            self._named.append((role, role))  # 有儿子也白搭，他自个儿……
        if role == "junior" and self._language.people.lives_with(person, clause):
            self._named.append((role, role))  # 跟大闺女住，她五十九
        known = (self._third or self.current) if role in ASKED_FOR else self.current
        told = role in (*ASKED_FOR, "junior") and known is not None and says(person, clause)
        place = next((found for found in self._language.places.find(clause) if found.start == person.end), None)
        if role in ("self", "we") and place is not None and person.start > 0 and known not in (None, "self"):
            return True  # 户口还是咱本溪溪湖的
        return told or self._language.people.aside(person, clause)

    def _note(self, person: Found, clause: str) -> None:
        """Remembers who was named, and for whom it is asked."""
        role, address = person.meaning
        if role in ASKED_FOR and self._third in GENERIC and _IS_MY.search(clause[:person.start]):
            self._same[str(address)] = str(self._third)  # 那老太太是我远房表姑
        if role == "elder" and same_as_before(person, clause) and self.current in self._addresses("elder"):
            self._same[str(address)] = str(self.current)
        if role == "elder" and address not in GENERIC and self._third in GENERIC[:-1] and _alike(str(address), self._third):
            self._same[str(address)] = self._third  # 老爷子让人糊弄了，俺爹交不起诉讼费
        title = clause[person.start:person.end]
        titled = [name for name in self._addresses("elder") if len(name) == len(title) + 1 and name.endswith(title)]
        if role in ("elder", "relative") and titled:
            self._same[str(address)] = titled[-1]  # 张大爷和张大娘，大爷92
        subject = self._subject(person)
        noted = (subject if role == "pronoun" and subject in ("pronoun", "other") else role, subject or "")
        remarked = NOT_MINE.search(clause[:person.start]) or _ONCE.match(clause, person.end)
        known = self._remarked if remarked else self._named
        if known[-1:] != [noted]:
            known.append(noted)
        if role == "elder" or (role in ASKED_FOR and self._third not in self._addresses("elder")):
            self._third = subject
        if asked_about(person, clause):
            self._asked_for = subject

    def _subject(self, person: Found) -> str | None:
        """Whose affairs follow; 他 and 她 are who was named last, and somebody else beside the speaker."""
        role, address = person.meaning
        if role in ASKED_FOR:
            if address in GENERIC and (known := self._asked_for or self._third):
                return known  # 给我妈打听，老太太82
            return self._same.get(str(address), str(address))
        if role == "household":
            return None
        if role != "pronoun":
            return role
        named = [name for name in (self._asked_for, self._third, *reversed(self._addresses("elder"))) if name]
        if named:
            return next((name for name in named if may_be(str(address), name)), self._third or self._asked_for)
        absent = (GONE,) if address == "他" else ()  # 老伴活着的时候是劳模，他走以后
        known = next((role for role in ("junior", "other", *absent, "self") if self._addresses(role)), "pronoun")
        return "other" if known == "self" else known


def _alike(one: str, other: str) -> bool:
    """Whether two addresses may be of one person: both are his, or both hers."""
    return any(may_be(pronoun, one) and may_be(pronoun, other) for pronoun in ("他", "她"))


def alone(person: Found, clause: str) -> bool:
    """Whether the clause is a name and nothing else: what follows is said of that one (我，76；我老伴，80)."""
    return person.meaning[0] in ("elder", "relative", "self") and (person.start, person.end) == (0, len(clause))


def _within(person: Found, phrases: list[Found], clause: str) -> bool:
    """Whether a person is only part of a phrase (儿子跟我住), and not who it is said of (我跟儿子住, 状子我都递了)."""
    inside = next((phrase for phrase in phrases if phrase.start <= person.start < phrase.end), None)
    if inside is None or clause[person.start:person.end] in inside.inner:
        return False
    return inside.start < person.start or person.meaning[0] not in ("self", "we", "pronoun")
