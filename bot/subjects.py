"""Subjects: whom each clause of a message is about, and whom the message as a whole is about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bot.lexicon import Found

if TYPE_CHECKING:
    from bot.language import Language

ASKED_FOR = ("elder", "relative", "sibling")
"""The roles of those for whom one asks; their address is who they are. Other roles stand for themselves."""

GONE = "gone"
"""Somebody who has died: what is said of them is nobody's fact any more."""

SPOUSE = "您老伴"

GENERIC = ("老太太", "老爷子", "老人家")
"""What an elder who was named before may be called afterwards."""

MOST_BEFORE_SUBJECT = 3
"""A child named further into a clause is what is talked of, not who goes on being talked about (拉扯仨孩子)."""

_ON_BEHALF = re.compile(r"(?:(?<![发打说送交嫁分留转寄借卖过托])给|替|帮|为|代|(?:光|就|只|单|先|想|要|再|是|主要)问问?|^问问?|咨询|(?:问|查|打听)的是)\s*(?:一下|下|[一这那]?[位个名])?$")
_OBJECT = re.compile(r"(?:放|在|搁|给|到|上|去|住|靠|指着?|归|随|等|找|见|想|骂|打|供|拉扯|剩|生|领|抱|奔|指望)$")
_TOGETHER = re.compile(r"(?:跟|和|与|同|有|没|无|让|叫|由|靠|被|把|离|管|养|伺候|带|看|问了|找了|告)\s*$")
_CARED_FOR = re.compile(r"(?:伺候|侍候|照顾|照看|护理|陪|接|送|养|带|管|看)\s*$")
_AWAY = re.compile(r"外地|在外|打工|不在|上班|国外|外头|南方|出去|走了|不管|没空|忙")
_SAME = re.compile(r"(?:那|这|也|就)*就是")
_PREDICATE = re.compile(r"(?:是|属于)$")
_INTRODUCTION = re.compile(r"(?:我|俺|咱)(?:就|也)?(?:是|叫|姓)")
_CALLER = re.compile(r"^.{0,4}(?:来电|代问|来问|转来|打来|代咨询|代查|来咨询)")
_SAYS = re.compile(r"^(?:就|也|跟我|跟俺|老|总|还)?(?:说|讲|告诉|念叨|显摆|吹)")
NOT_MINE = re.compile(r"(?:^|那个?|这个?|说的)(?:那个?|这个?|说的)?(?:人|条|个)?(?:可|就)?是$")
"""Before a person: what was said before is said of that one (那是我老伴)."""

SAID_OF = re.compile(r"(?<![问查说])的是$")
"""Before a person: what was said in the clause is said of that one (在双鸭山的是我)."""

_OWN = re.compile(r"^(?:家|的|家的|那|他|她|家里|家那|屯|村)?$")
_DIED_LATER = re.compile(r"病故的|才走|走的(?=$|[，。时那])|去世|过世|不在世|死的|死了|咽气|牺牲的")
_NOT_FOR_THEM = re.compile(r"[不没]是?(?:问|替|给|帮)(?:他|她)(?:问|的|$)|不问[他她]")
_BEGINS = re.compile(r"(?:呢|吧|啊|嘛|是这样|情况)$")
_SENT = re.compile(r"^(?:让|叫|托|请|打发)(?:我|俺)(?:来|给|帮)?(?:问|打听|查|咨询)")
_THE_OLD_ONE = re.compile(r"(?:家里?|[这那该有一]?[这那该个位名]|女性|男性|孤寡)$")
_OUR_PLACE = re.compile(r"(?:社区|这|那|村|屯|单位|矿|班|队|科|校|连|工厂|厂|楼|院|当地|街道|小区)")
_INTO = ("搬", "住", "去", "上", "到", "回", "在", "搁", "接", "送", "回")


class Subjects:
    """Follows whom the talk is about, clause after clause.

    ``current`` is whom a clause is about that names nobody. A subject is an elder's address ("您母亲"), "self", "junior", "other", "pronoun", "gone", or None where nobody was named.
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
        if self._asked_for:
            return self._asked_for
        order = [address for _, address in (*self._named, *self._remarked)]
        elders = self._addresses("elder") or self._addresses("relative")
        if elders and set(elders) == {SPOUSE} and "self" in stated and (
            answering or SPOUSE not in stated or "self" not in order or order.index("self") < order.index(SPOUSE)
        ):
            return "self"
        siblings = [name for name in self._addresses("sibling") if name in stated and "self" not in stated]
        weak = [name for name in elders if name == GENERIC[-1]] if "self" in stated else []
        elders = [name for name in elders if name not in weak]
        elders = [name for name in elders if name in stated] or elders
        named = [*elders, *siblings, *self._addresses("self"), *self._addresses("pronoun")]
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
        role = person.meaning[0]
        subject = self._subject(person)
        if self._asked_about(person, clause):
            self.current = subject
            return
        aside = role in ("junior", "sibling", "other") or (subject == SPOUSE and bool(self._addresses("self")))
        if aside and self.current is not None and subject not in stated and not _BEGINS.search(clause):
            return
        if role in (GONE, "household") or (role == "we" and self.current not in (None, "self")):
            return
        if role != "junior" or _PREDICATE.search(clause[:person.start]):
            self.current = self._subject(person)
        elif _AWAY.search(clause):
            self.current = None
        elif person.start <= MOST_BEFORE_SUBJECT:
            self.current = "junior"

    def new_sentence(self) -> None:
        """A sentence ends: somebody else's affairs do not go on into the next."""
        if self.current in ("junior", "other"):
            self.current = None

    def _addresses(self, role: str) -> list[str]:
        return [address for named, address in (*self._named, *self._remarked) if named == role]

    def _people(self, clause: str, phrases: list[Found], past: bool) -> Iterator[Found]:
        if _CALLER.match(clause):
            self.current = "self" if re.search("本人|岁", clause) else None
            return
        if _NOT_FOR_THEM.search(clause):
            self._asked_for = "self"
            return
        for person in self._mentioned(clause):
            if _within(person, phrases, clause) or self._aside(person, clause):
                continue
            person = self._alive(person, clause)
            if not past and not self._language.polarity.tells_of_the_past(clause[:person.start]):
                self._note(person, clause)
            yield person

    def _mentioned(self, clause: str) -> list[Found]:
        """Who is named in the clause; 对门的赵奶奶 and 同事他爸 are one person each."""
        language = self._language
        titled = [
            Found(m.start(), m.end(), ("other", None) if _SAYS.match(clause[m.end():]) else ("elder", m.group()))
            for m in language.titled.finditer(clause)
        ]
        acquainted = [] if _INTRODUCTION.search(clause) else [
            Found(m.start(), m.end(), ("other", None)) for m in language.acquaintance.finditer(clause)
        ]
        known = [*titled, *acquainted]
        named = [
            person for person in language.people.find(clause)
            if person.meaning[0] != "call" and not any(t.start <= person.start < t.end for t in known)
        ]
        people: list[Found] = []
        for person in sorted([*known, *named], key=lambda found: found.start):
            if people and (one := self._one(people[-1], person, clause)):
                people[-1] = one
            elif people and person.meaning[1] == SPOUSE and people[-1].meaning[0] in ("elder", "relative") and _OWN.match(
                clause[people[-1].end:person.start]
            ):
                people.append(Found(person.start, person.end, ("other", None)))  # 三姨老头
            else:
                people.append(person)
        return people

    @staticmethod
    def _one(first: Found, second: Found, clause: str) -> Found | None:
        """Two names of one person, as that person: the first tells whose the second is, unless it is asked for the second."""
        between = clause[first.end:second.start]
        role = second.meaning[0]
        if first.meaning[0] in ASKED_FOR and role in ASKED_FOR and _SAME.fullmatch(between):
            return Found(first.start, second.end, second.meaning)  # 老爷子也就是俺老公公
        if first.meaning[0] in ASKED_FOR and role in ASKED_FOR and (
            between in ("他", "她") or (not between and clause[second.start] in "他她")
        ):
            return Found(first.start, second.end, ("other", None))  # 俺姐她老公公
        if first.meaning[0] in ("other", "junior") and role not in ("self", "pronoun", "household") and _OWN.match(between):
            meaning = second.meaning if _ON_BEHALF.search(clause[:first.start]) else first.meaning
            return Found(first.start, second.end, meaning)
        if first.meaning[0] in ("other", "junior") and role == "pronoun" and not between and _OWN.match(clause[second.end:]):
            return Found(first.start, second.end, first.meaning)
        if first.meaning[0] == "other" and role == "pronoun" and _SAYS.fullmatch(between):
            return Found(first.start, second.end, first.meaning)  # 王婶说她一个人过
        if first.meaning[0] in (*ASKED_FOR, "junior") and role == "self" and not between:
            return Found(first.start, second.end, second.meaning)  # 奶奶我
        return None

    def _aside(self, person: Found, clause: str) -> bool:
        """Whether the clause only mentions the person: with whom one lives, whom one speaks to, what sort of people."""
        role, before, after = person.meaning[0], clause[:person.start], clause[person.end:]
        if self._asked_about(person, clause):
            return False
        if clause[person.start:person.end] == "老人" and before and not _THE_OLD_ONE.search(before):
            return True
        if before.endswith(_INTO) and after.startswith("家"):
            return True  # 搬我小姑子家去了
        if (role == "junior" and _OBJECT.search(before)) or (role in ("elder", "relative") and before.endswith("的") and not after):
            return True
        if role in ("elder", "relative") and _CARED_FOR.search(before):
            self._named.append((role, str(person.meaning[1])))
            self._third = str(person.meaning[1])
            return True
        if role in (*ASKED_FOR, "junior", "other", "self", "pronoun") and _TOGETHER.search(before):
            if role == "junior" and before.endswith(("有", "没", "无")):
                self._named.append((role, role))  # 有儿子也白搭，他自个儿……
            return True
        if role in ASKED_FOR and (before.endswith("问") and after.startswith("了") or (self._third and _SAYS.match(after))):
            return True
        if role in ("self", "we") and self._language.speaking.match(after):
            return True
        if role == "we" and _OUR_PLACE.match(after):
            return True
        if role in ("junior", "sibling", "other") and before and not after and not _PREDICATE.search(before) and not _ON_BEHALF.search(before):
            return True  # 要起诉儿子
        if role == "pronoun" and before and not after and not _PREDICATE.search(before):
            return True  # 我要起诉他
        together = self._language.together.search(clause)
        return together is not None and together.start() <= person.start < together.end()

    @staticmethod
    def _asked_about(person: Found, clause: str) -> bool:
        """Whether the clause says that it is asked for the person (替俺妈问, 问的是我自己)."""
        role, before, after = person.meaning[0], clause[:person.start], clause[person.end:]
        if before.endswith("问") and after.startswith(("了", "说")):
            return False  # 问我妈了
        if role == "self":
            own = before.endswith("问") and after.startswith(("自己", "自个"))
            return own or before.endswith(("问的是", "问的", "查的是")) or after.startswith("倒是")
        whose = before.endswith(("问", "查")) and after.startswith("的")
        if role == "other" and not re.search("[问查]|咨询|打听", clause):
            return False
        return role in (*ASKED_FOR, "other", "pronoun") and bool(whose or _ON_BEHALF.search(before) or _SENT.match(after))

    def _alive(self, person: Found, clause: str) -> Found:
        """The person, or one who is gone where the clause tells of her death."""
        after = clause[person.end:]
        dead = person.meaning[0] != "self" and (self._language.dead.match(after) or _DIED_LATER.search(after))
        return Found(person.start, person.end, (GONE, None)) if dead else person

    def _note(self, person: Found, clause: str) -> None:
        """Remembers who was named, and for whom it is asked."""
        role = person.meaning[0]
        before = clause[:person.start]
        if role == "elder" and _SAME.fullmatch(before) and self.current in self._addresses("elder"):
            self._same[str(person.meaning[1])] = str(self.current)  # 老爷子也就是俺老公公
        subject = self._subject(person)
        noted = (subject if role == "pronoun" and subject in ("pronoun", "other") else role, subject or "")
        (self._remarked if NOT_MINE.search(before) else self._named).append(noted)
        if role == "elder" or (role in ASKED_FOR and self._third not in self._addresses("elder")):
            self._third = subject
        if self._asked_about(person, clause):
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
        if self._third or self._asked_for:
            return self._third or self._asked_for
        return next((role for role in ("junior", "other", "self") if self._addresses(role)), "pronoun").replace("self", "other")



def _within(person: Found, phrases: list[Found], clause: str) -> bool:
    """Whether a person is only part of a phrase (儿子跟我住), and not who it is said of (我跟儿子住)."""
    inside = next((phrase for phrase in phrases if phrase.start <= person.start < phrase.end), None)
    if inside is not None and clause[person.start:person.end] in inside.inner:
        return False  # 状子我都递上去了
    return inside is not None and (inside.start < person.start or person.meaning[0] not in ("self", "we", "pronoun"))
