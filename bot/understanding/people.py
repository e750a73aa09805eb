"""People: who is named in a clause, and whether it speaks of them or only mentions them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.understanding.polarity import alternatives
from knowledge.data import Record
from knowledge.lexicon import Found, Lexicon, Meaning
from knowledge.phrases import spoken

ASKED_FOR = ("elder", "relative", "sibling")
"""The roles of those for whom one asks; their address is who they are. Other roles stand for themselves."""

SPOUSE = "您老伴"

_POSSESSIVES = (
    "我", "俺", "咱", "其", "我家", "俺家", "咱家", "我们家", "俺们家", "咱们家", "我那", "俺那", "我这", "俺这", "他", "她",
)
_SUFFICIENT = "妈爸爹娘"
"""Names of one character that are understood without a possessive."""

_ON_BEHALF = re.compile(
    r"(?:(?<![发打说送交嫁分留转寄借卖过托写])给|替|帮|为|代|(?:光|就|只|单|先|想|要|再|是|主要)问问?|^问问?|咨询"
    r"|(?:问|查|打听)的是)\s*(?:一下|下|[一这那]?[位个名])?$"
)
_SENT = re.compile(r"^(?:让|叫|托|请|打发)(?:我|俺)(?:来|给|帮)?(?:问|打听|查|咨询)")
_ASKING = re.compile("[问查填办]|咨询|打听|申请|登记")
_EVEN = re.compile("[都也][^，。]{0,2}[不没]")
"""连我都不认得."""
_OBJECT = re.compile(r"(?:放|在|搁|给|到|上|去|住|靠|指着?|归|随|等|找|见|想|骂|打|供|拉扯|剩|生|领|抱|奔|指望)$")
_TOGETHER = re.compile(
    r"(?:跟|和|与|同|有|没|无|让|叫|由|靠|被|把|得|离|管|养|伺候|带|看|问了|找了|告|说上|娶上|找着|讨上|讨着|瞅|瞧|打|从)"
    r"\s*(?:[一两二三四五六仨俩几]个?)?$"
)
_IN_A_ROLE = "(?:这个?|那个?)?(?:当|做)[^，。]{1,4}的"
_AS_KIN = re.compile(f"^{_IN_A_ROLE}")
"""我这当外甥的记不太准: the speaker, and not who is spoken of."""

_ADDRESSES = re.compile("^(?:就|想)?(?:跟|和|向|问)(?:你|您)(?:打听|问|说|唠|讲|咨询)")
"""大姨跟你打听打听: how the speaker is called."""

_TAKES_HER = re.compile("^(?:就|给|去年|今年)?把(?:他|她|老人家?)(?:老人家|老人)?给?(?:接|送|搬|弄|领|转)")
"""我把她接到佳木斯: it is she who lives there."""

_SPEAKER_AS = re.compile(f"[我俺]{_IN_A_ROLE}")
_A_CERTAIN = re.compile("(?:(?:[这那]么|有|一)个|(?:是|算)一?个[^，。]{0,3})$")
_BY_US = re.compile("[让叫被由归]$")
"""婆婆让我们送养老院去了."""

_SAME = re.compile(r"(?:那|这|也|就)*就是")
_PREDICATE = re.compile(r"(?:是|属于)$")
_INTRODUCTION = re.compile(r"(?:我|俺|咱)(?:就|也)?(?:是|叫|姓)")
_SAYS = re.compile(
    r"^(?:在(?:边上|旁边|跟前|一边))?(?:就|也|跟我|跟俺|老|总|还)?(?:说|讲|告诉|念叨|显摆|吹|喊|刚?回我|纠正|提醒|插话|插嘴)"
)
_OWN = re.compile(r"^(?:家|的|家的|那|他|她|家里|家那|屯|村)?$")
_DIED_LATER = re.compile(r"病故的|才走|走的(?=$|[，。时那])|去世|过世|不在世|死的|死了|咽气|牺牲的|没(?:能)?回来$|活到")
_THE_OLD_ONE = re.compile(r"(?:家里?|[这那该有一]?[这那该个位名]|女性|男性|孤寡)$")
_OUR_PLACE = re.compile(r"(?:社区|这|那|村|屯|单位|矿|班|队|科|校|连|工厂|厂|楼|院|当地|街道|小区)")
_INTO = ("搬", "住", "去", "上", "到", "回", "在", "搁", "接", "送", "回")
_WHEN = (
    "[0-9一二三四五六七八九〇零]{2,4}年|都|也|又|还|早|就|已经|前年|去年|今年|大前年|前几年|头几年|上个?月|刚|是|因公|因病|早年|光荣|得[^，。]{1,3}病?"
    "|在[^，。]{1,5}"
)
_LONG_AGO = "走了?[一二三四五六七八九十几好多半两]+(?:年|个月|天)"


_FEMALE = re.compile("母|婆|奶|姥姥|娘|婶|姑(?!父)|姨(?!夫)|舅妈|姐(?!夫)|妹|嫂|干妈|老太太")
_MALE = re.compile("父(?!母)|公|爷|叔|伯|舅(?!妈)|哥|弟|夫|干爹")


class PeopleWords(Record):
    """How people are called, and what tells how they figure in a clause: explained in ``language.yaml``."""

    elders: dict[str, tuple[str, ...]]
    relatives: dict[str, tuple[str, ...]]
    siblings: dict[str, tuple[str, ...]]
    juniors: tuple[str, ...]
    homes: tuple[str, ...]
    calls: tuple[str, ...]
    others: tuple[str, ...]
    self: tuple[str, ...]
    we: tuple[str, ...]
    pronouns: tuple[str, ...]
    speaking: tuple[str, ...]
    household: tuple[str, ...]
    dead: tuple[str, ...]
    titles: tuple[str, ...]
    surnames: str


class People:
    """Finds who is named. A role is elder, relative, sibling, junior, household, other, self, we or pronoun."""

    def __init__(self, words: PeopleWords) -> None:
        self._names = Lexicon(_names(words))
        self.siblings = frozenset(words.siblings)
        lately = "[也就都先再还又]|还真|真|前面|刚才|刚刚|上面|头先"
        self._speaking = re.compile(rf"^(?:{lately})?(?:{alternatives(words.speaking)})")
        family = alternatives(words.household)
        ours = "(?:我|俺|咱)们?(?:家|一家)"
        lives = r"住(?!院)|挤(?:一|在)|一块|一起|一堆|(?<![要当去干吃来走办见])过(?![饭来去年节])"
        self._household = re.compile(
            rf"(?:跟着?|和|与|同|随|搁|在)[^，。住起过]{{0,4}}?(?:{family}|{ours})(?:们|俩)?"
            rf"(?!屯|村|镇|街|家老[头伴太婆公])(?:[^，。]{{0,6}}?(?:{lives})|家(?:住(?!院)|里|呢|$))"
            rf"|住[^，。住起过]{{0,4}}?(?:{family})(?:们|俩)?家(?:里|呢|$)"
        )
        died = rf"(?:兄弟|姐妹|兄弟姐妹)?(?:{_WHEN})*(?:{alternatives(words.dead)}|{_LONG_AGO})(?!军人|军属|家属|遗属|证)"
        self._dead = re.compile(rf"^{died}|是烈士(?!的|家|子|遗|后)")
        surname = rf"[{words.surnames}]"
        self._acquaintance = re.compile(
            rf"(?:老|小){surname}(?:头子?|太太|婆子|家的?|师傅|大哥|大姐|大娘|大爷|他|她)?(?![0-9年岁亲历])"
            rf"|(?:楼[上下]|前院|隔壁|对门)老?{surname}?(?:家|头|太太)?"
        )
        begins = r"(?:(?<![\u4e00-\u9fff])|(?<=[的问给替帮是代和跟与、]))"
        self._titled = re.compile(f"{begins}{surname}(?:{alternatives(words.titles)})")

    def names(self) -> Iterator[str]:
        """Every name."""
        return self._names.phrases()

    def find(self, clause: str) -> Iterator[Found]:
        """Every name of anybody."""
        return self._names.find(clause)

    def household(self, clause: str) -> re.Match[str] | None:
        """Where the clause says that one lives with the family (跟儿子一块住, 在闺女家)."""
        return self._household.search(clause)

    def gone(self, person: Found, clause: str) -> bool:
        """Whether the clause tells of the person's death."""
        after = clause[person.end:]
        return person.meaning[0] != "self" and bool(self._dead.match(after) or _DIED_LATER.search(after))

    def mentioned(self, clause: str) -> list[Found]:
        """Who is named in the clause; 对门的赵奶奶 and 同事他爸 are one person each."""
        titled = [
            Found(m.start(), m.end(), ("other", None) if _SAYS.match(clause[m.end():]) else ("elder", m.group()))
            for m in self._titled.finditer(clause)
        ]
        acquainted = [] if _INTRODUCTION.search(clause) else [
            Found(m.start(), m.end(), ("other", None)) for m in self._acquaintance.finditer(clause)
        ]
        known = [*titled, *acquainted]
        speaker = next((kin.span() for kin in _SPEAKER_AS.finditer(clause)), (0, 0))
        named = [
            _some_old_one(person, clause) for person in self._names.find(clause)
            if person.meaning[0] != "call" and not any(t.start <= person.start < t.end for t in known)
            and not (person.meaning[0] == "junior" and speaker[0] < person.start < speaker[1])
            and not (clause[person.start] in "前后" and clause[:person.start].endswith("以"))  # 以后街道
        ]
        people: list[Found] = []
        for person in sorted([*known, *named], key=lambda found: found.start):
            first = people[-1] if people else None
            if first and (one := _one(first, person, clause)):
                people[-1] = one
            elif first and first.meaning[0] in ("elder", "relative") and person.meaning[1] == SPOUSE and _OWN.match(
                clause[first.end:person.start]
            ):
                people.append(Found(person.start, person.end, ("other", None)))  # 三姨老头
            else:
                people.append(person)
        return people

    def aside(self, person: Found, clause: str) -> bool:
        """Whether the clause only mentions the person: with whom one lives, whom one speaks to, what sort of people."""
        role, before, after = person.meaning[0], clause[:person.start], clause[person.end:]
        return (
            (role in ("self", "we") and self._speaking.match(_AS_KIN.sub("", after)) is not None)
            or (role in ("self", "we") and _TAKES_HER.match(after) is not None)
            or (role in ("elder", "relative") and _ADDRESSES.match(after) is not None)
            or (role == "we" and _OUR_PLACE.match(after) is not None)
            or (clause[person.start:person.end] == "老人" and bool(before) and not _THE_OLD_ONE.search(before))
            or (role in ASKED_FOR and before.endswith("问") and after.startswith("了"))
            or _is_object(role, before, after)
            or (before.endswith("连") and _EVEN.match(after) is not None)
            or self.lives_with(person, clause)
        )

    def lives_with(self, person: Found, clause: str) -> bool:
        """Whether the clause names the person as one of those with whom somebody lives."""
        household = self._household.search(clause)
        return household is not None and household.start() <= person.start < household.end()


def may_be(pronoun: str, address: str) -> bool:
    """Whether the pronoun fits who is addressed so: 她 does not mean 您父亲."""
    return not (_MALE if pronoun == "她" else _FEMALE).search(address)


def says(person: Found, clause: str) -> bool:
    """Whether the person is said to say something (我妈说……)."""
    return _SAYS.match(clause[person.end:]) is not None


def same_as_before(person: Found, clause: str) -> bool:
    """Whether the clause begins by saying that the person is the one spoken of (也就是俺公公)."""
    return _SAME.fullmatch(clause[:person.start]) is not None


def asked_about(person: Found, clause: str) -> bool:
    """Whether the clause says that it is asked for the person (替俺妈问, 问的是我自己)."""
    role, before, after = person.meaning[0], clause[:person.start], clause[person.end:]
    if before.endswith("问") and after.startswith(("了", "说")):
        return False  # 问我妈了
    if role == "self":
        own = before.endswith("问") and after.startswith(("自己", "自个"))
        return own or before.endswith(("问的是", "问的", "查的是")) or after.startswith("倒是")
    if role == "other" and not _ASKING.search(clause):
        return False
    whose = before.endswith(("问", "查")) and after.startswith("的")
    if role == "pronoun" and (before.endswith("问问") or (before.endswith("给") and after and not _ASKING.search(after))):
        return False  # 问问他那个咋办的, 社区给他送了桶油
    return role in (*ASKED_FOR, "other", "pronoun") and bool(whose or _ON_BEHALF.search(before) or _SENT.match(after))


def _is_object(role: str, before: str, after: str) -> bool:
    """Whether something is done to the person or with her (跟儿子, 把我, 搬我小姑子家, 要起诉儿子)."""
    ends = bool(before) and not after and not _PREDICATE.search(before)
    return (
        (before.endswith(_INTO) and after.startswith("家"))
        or (role == "junior" and bool(before or after) and after in ("家", "家里"))
        or (role == "junior" and bool(_OBJECT.search(before)))
        or (role in ("elder", "relative") and before.endswith("的") and not after)
        or (role in (*ASKED_FOR, "junior", "other", "self", "pronoun") and bool(_TOGETHER.search(before)))
        or (role == "we" and bool(_BY_US.search(before)))
        or (role in ("junior", "sibling", "other") and ends and not _ON_BEHALF.search(before))
        or (role == "pronoun" and ends)
    )


def _one(first: Found, second: Found, clause: str) -> Found | None:
    """Two names of one person, as that person: the first tells whose the second is, unless it is asked for the second."""
    between, role, other = clause[first.end:second.start], second.meaning[0], ("other", None)
    if first.meaning[0] in ASKED_FOR and clause[second.start:second.end] == "本人" and not between:
        return Found(first.start, second.end, first.meaning)  # 老人本人
    if first.meaning[0] in (*ASKED_FOR, "junior") and role == "self" and not between:
        return Found(first.start, second.end, second.meaning)  # 奶奶我
    if first.meaning[0] == "self" and role == "elder" and between in ("一个", "这个", "这", "一"):
        return Found(first.start, second.end, first.meaning)  # 我一个老太太
    if first.meaning[1] == SPOUSE and role in ASKED_FOR and between in ("的", "家", "家的"):
        return Found(first.start, second.end, second.meaning)  # 我爱人的姑姑
    if first.meaning[0] in ASKED_FOR and role in ASKED_FOR:
        if _SAME.fullmatch(between):
            return Found(first.start, second.end, second.meaning)  # 老爷子也就是俺老公公
        theirs = between in ("他", "她") or (not between and clause[second.start] in "他她")
        return Found(first.start, second.end, other) if theirs else None  # 俺姐她老公公
    if first.meaning[0] not in ("other", "junior"):
        return None
    if role not in ("self", "pronoun", "household") and _OWN.match(between):
        meaning = second.meaning if _ON_BEHALF.search(clause[:first.start]) else first.meaning
        return Found(first.start, second.end, meaning)
    told = first.meaning[0] == "other" and _SAYS.fullmatch(between)  # 王婶说她一个人过
    if role == "pronoun" and (told or (not between and _OWN.match(clause[second.end:]))):
        return Found(first.start, second.end, first.meaning)
    return None


def _some_old_one(person: Found, clause: str) -> Found:
    """有这么个老头儿 is not the speaker's husband."""
    if person.meaning[1] != SPOUSE or not _A_CERTAIN.search(clause[:person.start]):
        return person
    return Found(person.start, person.end, ("elder", "老太太" if "婆" in clause[person.start:person.end] else "老爷子"))


def _names(words: PeopleWords) -> Iterator[tuple[str, Meaning]]:
    addressed = {"elder": words.elders, "relative": words.relatives, "sibling": words.siblings}
    meanings: list[tuple[Meaning, tuple[str, ...]]] = [
        ((role, address), names) for role, addresses in addressed.items() for address, names in addresses.items()
    ]
    for meaning, names in [*meanings, (("junior", None), words.juniors)]:
        for name in spoken(names):
            yield from ((possessive + name, meaning) for possessive in _POSSESSIVES)
            if len(name) > 1 or name in _SUFFICIENT:
                yield name, meaning
    bare = {
        "household": words.homes, "call": words.calls, "other": words.others,
        "self": words.self, "we": words.we,
    }
    for role, names in bare.items():
        yield from ((name, (role, None)) for name in spoken(names))
    yield from ((name, ("pronoun", name)) for name in words.pronouns)
