"""Polarity: whether a phrase in a clause is stated there, denied, or only asked, supposed, wished for or past."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from enum import Enum

from knowledge.data import Record
from knowledge.lexicon import Found
from knowledge.phrases import DENIAL

_FILLER = (
    "(?:是|有|要|写|入|交|缴|买|续|上过|够|够得上|能算|吃|办|过|享受|领|评上|评|算|属于|被|住|在|啥|什么|任何|的|上|去|参加|那个|这个|那|这|个|国家|到|能|再|给我|给俺|给|往|按|正经|真正|咱|一个|半个|一天|一次|一点|半点|那种|跟谁|和谁|跟人|和人|跟别人|谁|人)*"
)
_INDEFINITE = re.compile(
    r"说啥|(?<![是干办领做管为给有])(?:啥|什么)的|没[人有]?(?:参加|办|得|享受|领|交|当|上|进)过?(?:啥|什么)|(?:没有?|不)(?:跟|和|有|让|给|是|靠)(?:谁|啥|什么|哪)|(?:没有?|无|不|有点儿?|干|凭|用不着|不用|甭|不管|不论)(?:啥|什么|多少|谁|哪儿?|几)|(?:啥|什么|谁|哪(?:儿|里|个|样)?|多少|咋|怎么|几[个样]?)[^，。？?]{0,3}?(?:都|也|全)|(?:多少|几)(?:年|回|辈子)[了的]|叫个?(?:啥|什么)(?=[^，。？?了的])"
)
"""Question words that ask nothing: 没啥病, 啥都能干, 谁也不管, 烈属啥的."""

_HOW_MANY = "(?<![好十没这那前头过来])几(?:级|岁|个钱|样|项|块钱|号|点钟)(?!了)"
_YES_NO = re.compile(
    r"(?<![啥都也从要])[不没][啊呀呢]?$|(?:吗|么|不|没有|没|嘛|呗|不是)?[啊呀]?[？?]$|吗$|(?<![什怎多这那要])么$"
)
_MEANWHILE = (
    "递了?|交了?|提交了?|报了?|写了?|申请|[前去今后]年|上个?月|早就|早|现在|到现在|到这会儿|至今|可|但|还|都|就|已经|给|让|被|我|俺|材料|申请书?|也|后来|结果|一直|正"
    "|人家|社区|民政|区里|县里|市里|街道|上头|上面|局里|镇里|村里|乡里"
)
_OVER = re.compile(r"(?:就|给|被|也)(?:退|停|撤|取消|注销)了?$")
_COPULA = re.compile(r"(?:是|有|吃|吃着|享受|享受着|领|领着|算|住|属于|评|办了)(?:个|的|了|着)*$")
_ADVERB = (
    "(?:也|都|还|又|倒是|倒|可|早就|早|就|全|压根儿?|从来|从|一直|根本|确实|真|目前|现在|眼下|今年|去年|始终|一天|一次|一样|一份|一个|一点|一分|更|到现在|至今|"
    "跟[我俺他她咱]|和[我俺他她咱]|啥的|那个|这个|那事|这事|那玩意儿?|这玩意儿?|我们|俺们|我|俺|他|她|咱|家里|家|全家|是|,)*"
)
_DENIED_AFTER = re.compile(
    rf"^(?:户|证|卡|本|的|补贴|待遇|钱|什么的|之类的|那种|那类)*{_ADVERB}(?:没有|没|未|不是|不算|不够|不在|木有|不沾|不占|不归)"
    r"(?:有|办|吃|领|享受|批|评|申请|申|报|交|缴|参加|上|入|住|得|弄|整|做|当|拿|边|份)*(?:上|成|下来|着|过|了|的|我|俺)*"
    r"(?:[啊呀呢嘛吧]|$|[我俺也还])"
)
_MISTAKEN = re.compile(
    r"误(?:记|写|填|报|录)(?:为|成|作)$|(?:记|写|算|当|打|填|听|说|看|弄|整|按)成了?(?:我|俺|他|她)?是?$|比$|管(?:(?!这)[^，。]){1,5}叫$|叫做$|给(?:我|他|她|俺)?(?:写|填|登记|记)(?:上|成)(?:了|个)?$"
)
_INQUIRED = re.compile(r"(?<!一)(?:咨询|询问|打听|了解|请教)(?:一下|下|的是|了)?(?:关于|有关)?$|^问$")
_APPLIED = re.compile(r"(?:申请|报)(?:的|了|过|着|上)?(?:一回|一次|几次|好几回|个)?$")
_ONLY = "就只光"
"""With these a new thought begins: 没人，就我自己; 老伴没了就他自己住."""

_ALONE = _ONLY + "自独单孤"
"""老伴没了自己过."""

_AND_THOSE = ("的呢", "的呢?", "的呢？")
"""五保户能领多少，残疾的呢."""

_DENIES = "没无不未"
"""A phrase that begins so denies already; a denial after it is of something else."""

_LACKS = "没无"
"""What is lacking does not end: 没孩子，爹妈也早没了."""

_WILL = "要得"
"""欠钱不给要打官司."""

MOST_BEFORE_SUPPOSING = 2
"""A clause that supposes from the start goes on supposing in the next."""

NEAR, FAR = 8, 16
"""Words so near after a phrase act on it; so far what somebody does to it (低保前年就让他们给停了)."""

_SEVERAL_PEOPLE = re.compile("(?:[两二三四五六七八九十百]|[2-9]|[0-9]{2}|好几|不少|一些|几十?)(?:多|来)?(?:个|位|名|户)$")
_PEOPLE = ("老人", "老年人", "户", "人员", "家庭", "人", "老头", "老太太", "的老人")

QUESTION_AFTER = 6
"""So far before a question's last word somebody's own circumstances are told, and not asked about."""

_LOOKS_UP = re.compile(r"等[我俺]?(?:去|再|先|给你|把[^，。]{1,6})?[看瞅翻瞧找想查问]")
"""等我看看: a pause, and no condition."""

_NONE_NOTED = re.compile(r"^(?:户|证)?(?:[:：]|已)?(?:无|×|[xX]|否|停)$")
"""How operators note that somebody has not got it."""

_NO_SUCH = re.compile(r"(?:没有?|不存在)(?:啥|什么|任何)?$")
_SUCH = re.compile(r"^的(?:事|情况|说法)")
_MUST = re.compile(r"[得要]|[^，。]{1,12}不[可行]")
_THAT = re.compile(r"(?:那个?|这个?)$")
_INTENDED = re.compile(
    r"(?:想|打算|准备|考虑|琢磨|寻思|商量|劝.{0,3})(?:以后|将来|往后|过几年|过两年)?"
    r"(?:着|要|去|来|上|到|把.{0,4}|给.{0,6}|让.{0,6})?$"
)
_WHAT_ABOUT = re.compile("呢[?？]?")
"""低保呢: is asked about."""

LONGEST_NOUN = 6

_NOUNS = ("hardship", "honor", "support_mode", "ability", "disability_grade")

_ALREADY = re.compile(r"已经?|从没|从来|没|不|就|现在|如今|后来|今年")
_V_NOT_V = re.compile(r"(?<![时动])(.)[不没]\1")
WRONG_AFTER = re.compile(
    r"^.{0,6}?(?:不对|错了|弄错|记错|说错|写错|听错|整错|按错|点错|选错|搞错|打错|弄混|说岔"
    r"|划掉|划了|去掉|删掉|作废|不算数)"
)


class Sense(Enum):
    """How a phrase is meant: it is so, it is not so, or nothing is said about it."""

    STATED = "stated"
    DENIED = "denied"
    UNSAID = "unsaid"


def alternatives(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "|".join(map(re.escape, sorted(words, key=lambda word: -len(word))))


class PolarityWords(Record):
    """What turns the sense of a word or takes it away: the lists of ``language.yaml``, explained there."""

    negations: tuple[str, ...]
    undone: tuple[str, ...]
    rhetorical: tuple[str, ...]
    whether: tuple[str, ...]
    allowed: tuple[str, ...]
    asking: tuple[str, ...]
    supposing: tuple[str, ...]
    hearsay: tuple[str, ...]
    past: tuple[str, ...]
    ended: tuple[str, ...]
    pending: tuple[str, ...]
    refused: tuple[str, ...]
    about_it: tuple[str, ...]


class Polarity:
    """What the words around a phrase do to it.

    Args:
        words: the words.
        lasting: the facts that stay so once they have been so (烈士遗属, 当过兵): for them nothing is past.
        intentions: the facts that hold already of whoever means to (要打官司, 想立遗嘱).
    """

    def __init__(self, words: PolarityWords, lasting: Collection[str] = (), intentions: Collection[str] = ()) -> None:
        self._lasting = frozenset(lasting)
        self._intentions = frozenset(intentions)
        negations = (
            rf"{alternatives(words.negations)}|(?<![类级性区特分个户识辨籍])别(?![的人家处])"
            r"|(?<![是非除])非(?!得|要|常|.{1,9}不可)"
        )
        self._negated = re.compile(rf"(?:{negations})[我俺他她咱]?{_FILLER}$")
        self._undone = re.compile(rf"(?:{alternatives(words.undone)})(?:是|有|吃|办|过)*$")
        self._rhetorical = re.compile(alternatives(words.rhetorical))
        self._whether_before = re.compile(rf"(?:{alternatives(words.whether)}){_FILLER}$")
        self._whether = re.compile(alternatives(words.whether))
        self._allowed = re.compile(alternatives(words.allowed))
        self._wh = re.compile(rf"{alternatives(words.asking)}|{_HOW_MANY}")
        self._supposing = re.compile(alternatives(words.supposing))
        self._hearsay = re.compile(rf"{alternatives(words.hearsay)}|听(?![我俺]说)[^，。]{{1,4}}[说讲]")
        self._past = re.compile(alternatives(words.past))
        self._ended = re.compile(alternatives(words.ended))
        self._taken = re.compile(rf"(?:[让被叫][^，。]{{1,6}}?|给)(?:{alternatives(words.ended)})")
        self._ended_before = re.compile(rf"(?:{alternatives(words.ended)})(?:了|过)?(?:的|那个|这个)?$")
        self._refused = re.compile(alternatives(words.refused))
        self._pending = re.compile(alternatives(words.pending))
        self._revoked = re.compile(
            rf"^(?:{_MEANWHILE})*(?:{alternatives((*words.ended, *words.pending))})"
        )
        self._about_it = re.compile(rf"^的?(?:{alternatives(words.about_it)})")

    def asks(self, clause: str) -> bool:
        """Whether the clause holds a question."""
        plain = self._plain(clause)
        return bool(
            plain.endswith(("？", "?")) or self._wh.search(plain) or self._whether.search(plain)
            or self._allowed.search(plain) or _V_NOT_V.search(plain) or _YES_NO.search(plain)
        ) and not self._rhetorical.search(plain)

    def supposes(self, clause: str) -> bool:
        """Whether the clause begins by supposing something."""
        found = self._supposing.search(clause)
        return bool(found and found.start() <= MOST_BEFORE_SUPPOSING and not _LOOKS_UP.match(clause, found.start()))

    def supposes_of_anybody(self, told: str, clause: str) -> bool:
        """Whether what was ``told`` only names whom the rest of the clause supposes something of (五保户要是没了)."""
        return len(told) < len(clause) and not self._hearsay.match(clause, len(told))

    def told(self, clause: str) -> str:
        """The clause up to where it begins to suppose something (要是, 等我) or to retell it (听说): what follows is not so."""
        supposed, told = self._supposing.search(clause), self._hearsay.search(clause)
        if supposed and _LOOKS_UP.match(clause, supposed.start()):
            supposed = None  # 等等我翻翻证
        return clause[:min((found.start() for found in (supposed, told) if found), default=None)]

    def wonders(self, before: str) -> bool:
        """Whether what follows ``before`` is what is asked (是不是搬铁东去了)."""
        return bool(self._whether.search(before))

    def tells_of_the_past(self, before: str) -> bool:
        """Whether what follows ``before`` was so: 以前吃过, but not 之前已经申请过."""
        return bool(self._past.search(before)) and not _ALREADY.search(before)

    def revokes(self, clause: str) -> bool:
        """Whether the clause only says that something is over, or has not come about yet (早停了, 到现在还没批)."""
        return bool(self._revoked.match(clause) or _OVER.search(clause))

    def sense(self, clause: str, found: Found, named: bool) -> Sense:
        """How the phrase ``found`` is meant.

        Args:
            clause: what it stands in.
            found: where it stands.
            named: somebody is named before it, of whom it can be said in a question too (我是低保户，能领啥).
        """
        before, after = clause[:found.start], clause[found.end:]
        fact = found.meaning[0]
        if _NONE_NOTED.match(after):
            return Sense.DENIED  # 低保无
        if _NO_SUCH.search(before) and _SUCH.match(after):
            return Sense.DENIED  # 没有要打官司的事
        if self._unsaid(clause, found) or self._hollow(found.inner, fact) or self._asked(clause, found, named):
            return Sense.UNSAID
        lacks = clause[found.start] in _DENIES  # 没医保，也没有养老保险
        denied = self._denied_before(clause, found.start) or bool(
            (_DENIED_AFTER.match(after) and not lacks) or WRONG_AFTER.match(after) or DENIAL.search(found.inner)
        )
        if self._rhetorical.search(before):
            denied = not denied
        return Sense.DENIED if denied else Sense.STATED

    def _denied_before(self, clause: str, start: int) -> bool:
        """Whether what stands before ``start`` denies it: 没办低保, but not 非得上法院."""
        before = clause[:start]
        return (
            bool(self._negated.search(before)) and not self._undone.search(before)
            and not _must(clause, start) and clause[start] not in _ONLY
            and not (before.endswith("这不") and clause[start] in "正刚")  # 我这不正上着课嘛
            and not (before.endswith("给") and clause[start] in _WILL)
        )

    def _asked(self, clause: str, found: Found, named: bool) -> bool:
        """Whether the phrase stands in a question, not as what is so of somebody."""
        return (
            self._asked_within(clause, found) or _straddles(clause, found.start) or self._in_question(clause, found, named)
        )

    def _asked_within(self, clause: str, found: Found) -> bool:
        """Whether a question word stands in the gap of the phrase (照护培训在哪儿报名)."""
        asked = self._wh.search(found.inner)
        return bool(asked and self._wh.search(self._plain(clause)[found.start:found.end]))

    def _unsaid(self, clause: str, found: Found) -> bool:
        """Whether the words around take the sense away: the talk is of the thing itself, or it is not so yet, or no longer."""
        before, after, fact = clause[:found.start], clause[found.end:], found.meaning[0]
        if (
            self._about_it.match(after) or _INQUIRED.search(before) or _MISTAKEN.search(before) or _APPLIED.search(before)
            or self._to_come(clause, found) or self._refused.search(after[:NEAR]) or _many(clause, found)
        ):
            return True
        over = clause[found.start] not in _ALONE and self._ended_before.search(before)
        ended = clause[found.start] not in _LACKS and (self._ended.search(after[:NEAR]) or self._taken.search(after[:FAR]))
        return fact not in self._lasting and bool(over or self.tells_of_the_past(before) or ended)

    def _to_come(self, clause: str, found: Found) -> bool:
        """Whether it is not so yet (想办低保, 证还没办下来); to mean to is enough for some facts."""
        before, after = clause[:found.start], clause[found.end:]
        meant = found.meaning[0] not in self._intentions and (self._pending.search(before) or _INTENDED.search(before))
        across = self._pending.search(clause, found.start)
        return bool(
            meant or self._pending.search(after[:NEAR]) or (across and across.start() < found.end < across.end())
        )

    def _hollow(self, inner: str, fact: str) -> bool:
        """Whether what stands in the gap of a phrase takes its sense away (当年差点就评上劳模)."""
        return bool(self._pending.search(inner)) or (fact not in self._lasting and self.tells_of_the_past(inner))

    def _in_question(self, clause: str, found: Found, named: bool) -> bool:
        """Whether the phrase is asked about, or only names whom a question is about (五保户能领啥)."""
        plain = self._plain(clause)
        if self._rhetorical.search(plain):
            return False
        before = plain[:found.start]
        if not named and plain.endswith(_AND_THOSE):
            return True
        if asks_after(plain, [found]):
            return True
        if self._whether_before.search(before):
            return True
        asked_after = (
            self._wh.search(plain, found.end) or self._allowed.search(plain, found.end)
            or self._whether.search(plain, found.end) or _V_NOT_V.search(plain, found.end)
        )
        if asked_after:
            return not (named or _COPULA.search(before)) or bool(_THAT.search(before))
        if _YES_NO.search(plain) and named and len(plain) - found.end > QUESTION_AFTER:
            return False
        return bool(self._wh.search(before) or self._allowed.search(before) or _YES_NO.search(plain))

    @staticmethod
    def _plain(clause: str) -> str:
        """The clause without the question words that ask nothing; its length stays."""
        return _INDEFINITE.sub(lambda found: "　" * len(found.group()), clause)


def asks_after(clause: str, phrases: list[Found]) -> bool:
    """Whether the clause is a noun with 呢 and nothing else (低保呢): it is asked about."""
    if len(phrases) != 1:
        return False
    found = phrases[0]
    noun = found.meaning[0] in _NOUNS and found.end - found.start <= LONGEST_NOUN
    return noun and _WHAT_ABOUT.fullmatch(clause[found.end:]) is not None and not clause[:found.start].strip("办个弄")


def _many(clause: str, found: Found) -> bool:
    """Whether the phrase is what several people are called, none of whom is asked for (管着四十二个独居老人)."""
    called = clause[found.start:found.end].endswith(_PEOPLE) or clause.startswith(_PEOPLE, found.end)
    return called and _SEVERAL_PEOPLE.search(clause[:found.start]) is not None


def _must(clause: str, start: int) -> bool:
    """Whether a phrase follows 非 as in 非得上法院, which denies nothing."""
    return clause[:start].endswith("非") and _MUST.match(clause, start) is not None


def _straddles(clause: str, start: int) -> bool:
    """Whether a phrase that begins with a denial is half of a question: 没有残疾证 in 有没有残疾证."""
    return 0 < start < len(clause) - 1 and clause[start] in "没不" and clause[start - 1] == clause[start + 1]
