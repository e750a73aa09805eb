"""The checks of ``yanglao lint``: rules and documents against each other, every fault with its file and line.

What a file must be like to be read at all is checked on load. Here stands what the text has to say to it (quotes,
numbers, list items), and what a diagram shows of a rule for every person at once (conditions, rates).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from eligibility.conditions import Is, Term, walk
from eligibility.diagrams import Node
from eligibility.facts import FACTS_FILE, Vocabulary
from eligibility.rules import ELIGIBLE, INELIGIBLE, RULES, TERMS_FILE, Rule, RuleBook, Tier, load_rules
from eligibility.space import Space
from knowledge.catalogue import DOCUMENTS, catalogue
from knowledge.data import DataError, Place, line_of, read_yaml
from knowledge.outline import Piece, outline

Faults = Iterator[DataError]
Outline = Sequence[Piece]

LABEL_AT_MOST = 14
"""Characters that fit a button on a phone."""

NEAR = 80
"""From this likeness on (of 100) a passage is taken for the one that was meant."""


def lint(files: Sequence[Path] | None = None, documents: Path | None = None) -> list[DataError]:
    """Every fault of the rules, by file and line; empty where all is well.

    Args:
        files: the rule files, each checked by itself; all that ship when absent, and the vocabulary with them.
        documents: the folder of the texts and their catalogue; the one that ships when absent.
    """
    try:
        known = catalogue(documents or DOCUMENTS)
    except DataError as error:
        return [error]
    faults: list[DataError] = []
    books: list[RuleBook] = []
    asked = sorted(RULES.glob("*.yaml")) if files is None else files
    for file in asked:
        try:
            books.append(load_rules([file], known))
        except DataError as error:
            faults.append(error)
    for book in books:
        faults += book_faults(book)
    if files is None and len(books) == len(asked):  # a term may be used by the very file that could not be read
        faults += [*unused_terms(books), *unfit_labels()]
    once = {str(fault): fault for fault in faults}
    return sorted(once.values(), key=lambda fault: (str(fault.file), fault.line, fault.message))


def book_faults(book: RuleBook) -> Faults:
    """What is wrong with the rules of a book."""
    cited = {rule.document.id: rule.document for rule in book.rules()}
    outlines = {name: outline(document.text()) for name, document in cited.items()}
    for rule in book.rules():
        yield from quotes(rule, outlines[rule.document.id])
        for check in TEXT_CHECKS:
            yield from check(rule)
        for prove in PROOFS:
            yield from prove(rule, book.space)
    for pack in book.packs.values():
        yield from items_without_rule(pack, outlines)


# --- the words of the text ---------------------------------------------------------------------------------


def quotes(rule: Rule, pieces: Outline) -> Faults:
    """The quoted sentences stand in the section that is cited, to the character but for white space."""
    cited = rule.entry.section
    if all(piece.section != cited for piece in pieces):
        yield rule.error(f"文件里没有“{cited}”这一处", ["section"])
    for place, quote in _quoted(rule):
        holding = dict.fromkeys(piece.section for piece in pieces if any(quote in words for words in _words(piece)))
        if not quote:
            yield rule.error("引文是空的", place)
        elif cited not in holding:
            where = f"不在“{cited}”，在{_listed(holding)}" if holding else _nearest(quote, cited, pieces)
            yield rule.error(f"引文“{quote[:12]}…”{where}", place)


def items_without_rule(pack: Sequence[Rule], outlines: Mapping[str, Outline]) -> Faults:
    """Every item of a list annexed to a cited document has a rule that cites it."""
    cited = {(rule.document.id, rule.entry.section) for rule in pack}
    for document in dict.fromkeys(rule.document.id for rule in pack):
        for piece in outlines[document]:
            if piece.row and (document, piece.section) not in cited:
                file = pack[0].file
                yield DataError(file, line_of(file, ["doc"]), f"{piece.section}“{piece.row.name}”没有规则")


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _quoted(rule: Rule) -> Iterator[tuple[Place, str]]:
    """The quoted sentences, without white space, and where they stand in the rule."""
    yield ("quote",), _squeezed(rule.entry.quote)
    for i, sentence in enumerate(rule.entry.also):
        yield ("also", i), _squeezed(sentence)


def _words(piece: Piece) -> Iterator[str]:
    """What may be quoted of a piece: its span, what it reads as (a blank cell repeats the one above), its headings."""
    return map(_squeezed, (piece.raw, piece.text, *piece.headings))


def _listed(sections: Iterable[str]) -> str:
    return "、".join(f"“{section or '正文以外'}”" for section in sections)


def _nearest(quote: str, cited: str, pieces: Outline) -> str:
    """What the document says instead: in the section cited, where it is like enough there, or anywhere."""
    here = [piece for piece in pieces if piece.section == cited]
    for among in (here, pieces):
        said = ((piece.section, words) for piece in among for words in _words(piece))
        # A few words that happen to stand in a long quote are not what was meant.
        meant = (one for one in said if len(one[1]) > len(quote) / 2)
        section, words = max(meant, key=lambda one: fuzz.partial_ratio(quote, one[1]), default=("", ""))
        if fuzz.partial_ratio(quote, words) >= NEAR:
            theirs, here_written = _difference(quote, words)
            return f"和文件不一样：“{section}”写的是“{theirs}”，这里写的是“{here_written}”"
    return "在文件里找不到"


def _difference(quote: str, words: str) -> tuple[str, str]:
    """Where the quote departs from ``words``, with a little around it: how it stands there, how in the quote."""
    found = fuzz.partial_ratio_alignment(quote, words)
    assert found is not None  # noqa: S101 - it is, only where a least score is asked for
    window = words[max(found.dest_start - 6, 0) : found.dest_end + 6]
    changed = [
        step for step in Levenshtein.opcodes(quote, window)
        # What the window has before and after the quote is no difference.
        if step.tag != "equal" and not (step.tag == "insert" and step.src_start in (0, len(quote)))
    ]
    first, last = changed[0], changed[-1]
    return (
        window[max(first.dest_start - 6, 0) : last.dest_end + 6],
        quote[max(first.src_start - 6, 0) : last.src_end + 6],
    )


# --- the numbers of the text -------------------------------------------------------------------------------

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_TO = "[-—–－~～至到]+"
_INCLUDED = r"(?:[（(]含[）)])?"
_MONEY = re.compile(rf"((?:{_NUMBER.pattern}(?:[、和或]|{_TO}))*{_NUMBER.pattern})元")
_PERCENT = re.compile(rf"({_NUMBER.pattern})[%％]")
_AGE = re.compile(
    rf"(?:(?P<first>\d+){_INCLUDED}(?:周?岁{_INCLUDED})?{_TO})?(?P<age>\d+){_INCLUDED}周?岁{_INCLUDED}(?P<below>及?以下)?"
)
_DISCOUNTS = {
    "free": ("免费", re.compile("(?<!避)免(?!疫)")),
    "half": ("减半", re.compile("半(?!失能|自理)")),
}
_PERIODS = {
    "month": ("每月", re.compile(r"(?<!\d)月")),
    "year": ("每年", re.compile("[每按/一]年|年度")),  # 老年人, 年龄 and 2022年 are no periods
}
_PERIOD_OF = {"dibao_standard": "month"}
"""A percentage is paid in the period of what it is taken of."""

_FLOOR = "不低于"


def numbers(rule: Rule) -> Faults:
    """Every amount and every age that the rule writes stands in its quotes, or is declared as ours, and rightly so."""
    unfounded = [*_unfounded_amounts(rule), *_unfounded_ages(rule)]
    for number, place, message in unfounded:
        if number not in rule.entry.ours:
            yield rule.error(f"{message}在引文里找不到", place)
    for i, number in enumerate(rule.entry.ours):
        if all(number != other for other, _, _ in unfounded):
            yield rule.error(f"ours 里的 {number:.9g} 用不着：引文里有这个数，或者规则里没有", ["ours", i])


def unused_amounts(rule: Rule) -> Faults:
    """Every sum and every percentage that the quotes state is paid by some rate."""
    tiers = [tier.entry for tier in _tiers(rule)]
    for pattern, unit, used in (
        (_MONEY, "元", {tier.value for tier in tiers}),
        (_PERCENT, "%", {tier.percent for tier in tiers}),
    ):
        for number, place in _stated(rule, pattern).items():
            if number not in used and (rule.kind == "cash" or rule.amount):
                yield rule.error(f"引文里的 {number:.9g} {unit}，规则没有用到", place)


def unused_ages(rule: Rule) -> Faults:
    """At every age that the quotes state, some condition draws a line."""
    parts = (part for one in rule.conditions() for part in walk(one))
    tests = [part.values for part in parts if isinstance(part, Is) and part.fact == "age"]
    begins, ends = _ages_stated(rule)
    for age, place in (begins | ends).items():
        drawn = any(len({age - 1 in test, age in test, age + 1 in test}) == 2 for test in tests)
        if rule.audience == "person" and not drawn:
            yield rule.error(f"引文里的 {age} 岁，条件没有用到", place)


def one_rate(rule: Rule) -> Faults:
    """A tier states one rate; two would be ambiguous, none would be paid as nothing."""
    for tier in _tiers(rule):
        if [tier.entry.value, tier.entry.percent, tier.entry.discount].count(None) != 2:
            yield rule.error("每一档要写 value、percent、discount 里的一个，而且只写一个", tier.place)


def discounts(rule: Rule) -> Faults:
    """The quotes speak of every discount that is given, and of no other."""
    given = {tier.entry.discount: tier.place for tier in _tiers(rule) if tier.entry.discount}
    for discount, (name, pattern) in _DISCOUNTS.items():
        stated = pattern.search(_text(rule))
        if discount in given and not stated:
            yield rule.error(f"引文里没有写“{name}”", [*given[discount], "discount"])
        if given and discount not in given and stated:
            yield rule.error(f"引文写了“{stated[0]}”，没有哪一档是 discount: {discount}", ["amount"])


def periods(rule: Rule) -> Faults:
    """The quotes name the period of an amount; a percentage has the period of its standard."""
    if rule.amount and rule.per:
        name, pattern = _PERIODS[rule.per]
        standard = rule.amount.entry.of
        if standard and rule.per != _PERIOD_OF[standard]:
            yield rule.error(f"低保标准按月算，per 不能是 {rule.per}", ["amount", "per"])
        if not standard and not pattern.search(_text(rule)):
            yield rule.error(f"per 是 {rule.per}，引文里没有写“{name}”", ["amount", "per"])


def floors(rule: Rule) -> Faults:
    """``minimum`` where the quotes say 不低于, and only there."""
    if rule.amount:
        stated, minimum = _FLOOR in _text(rule), rule.amount.entry.minimum
        if stated and not minimum:
            yield rule.error(f"引文写的是“{_FLOOR}”，要写 minimum: true", ["amount"])
        if minimum and not stated:
            yield rule.error(f"引文里没有“{_FLOOR}”，不能写 minimum: true", ["amount", "minimum"])


def ids(rule: Rule) -> Faults:
    """An id begins with its city."""
    if not rule.id.startswith(f"{rule.city.id}."):
        yield rule.error(f"编号要以“{rule.city.id}.”开头", ["id"])


TEXT_CHECKS: tuple[Callable[[Rule], Faults], ...] = (
    numbers, unused_amounts, unused_ages, one_rate, discounts, periods, floors, ids,
)


def _text(rule: Rule) -> str:
    return "\n".join(quote for _, quote in _quoted(rule))


def _stated(rule: Rule, pattern: re.Pattern[str]) -> dict[float, Place]:
    """The numbers that stand in the quotes in the form of ``pattern``, and where each stands first."""
    found: dict[float, Place] = {}
    for place, quote in _quoted(rule):
        for words in pattern.findall(quote):
            for number in _NUMBER.findall(words):
                found.setdefault(float(number), place)
    return found


def _ages_stated(rule: Rule) -> tuple[dict[int, Place], dict[int, Place]]:
    """The ages at which a group begins by the quotes, and those at which one ends, and where each stands first.

    A lone age begins one (90周岁及以上, 年满60周岁, and 不满70周岁 the next) unless it says 以下.
    """
    begins: dict[int, Place] = {}
    ends: dict[int, Place] = {}
    for place, quote in _quoted(rule):
        for found in _AGE.finditer(quote):
            if found["first"]:
                begins.setdefault(int(found["first"]), place)
            (ends if found["first"] or found["below"] else begins).setdefault(int(found["age"]), place)
    return begins, ends


def _tiers(rule: Rule) -> Iterator[Tier]:
    for tiers in rule.amount.parts.values() if rule.amount else ():
        yield from tiers


Unfounded = Iterator[tuple[float, Place, str]]
"""A number that the quotes do not hold, where the rule writes it, and what it is."""


def _unfounded_amounts(rule: Rule) -> Unfounded:
    money, percents = _stated(rule, _MONEY), _stated(rule, _PERCENT)
    for tier in _tiers(rule):
        value, percent = tier.entry.value, tier.entry.percent
        if value is not None and value not in money:
            yield value, (*tier.place, "value"), f"金额 {value:.9g} 元"
        if percent is not None and percent not in percents:
            yield percent, (*tier.place, "percent"), f"比例 {percent:.9g}% "


def _unfounded_ages(rule: Rule) -> Unfounded:
    begins, ends = _ages_stated(rule)
    for place, written in _ages_written(rule):
        low, dash, high = written.rstrip("+").partition("-")
        if int(low) not in begins:
            yield int(low), place, f"从 {low} 岁起"
        # A band may end a year before the next one begins: 60-69 beside 70周岁以上.
        if dash and int(high) not in ends and int(high) + 1 not in begins:
            yield int(high), place, f"到 {high} 岁为止"


def _ages_written(rule: Rule) -> Iterator[tuple[Place, str]]:
    """The ages in the rule's own conditions, as written (90+, 80-89, 90); not those inside terms."""
    entry = rule.entry
    conditions: list[tuple[Place, object]] = [(("requires", i), one) for i, one in enumerate(entry.requires)]
    conditions += [(("discretionary", i, "when"), one.when) for i, one in enumerate(entry.discretionary)]
    conditions += [((*tier.place, "when"), tier.entry.when) for tier in _tiers(rule)]

    def walk_raw(place: Place, raw: object) -> Iterator[tuple[Place, str]]:
        if isinstance(raw, dict):
            for key, value in raw.items():
                below = (*place, key)
                if key == "age":
                    yield from ((below, str(one)) for one in (value if isinstance(value, list) else [value]))
                else:
                    yield from walk_raw(below, value)
        elif isinstance(raw, list):
            for i, part in enumerate(raw):
                yield from walk_raw((*place, i), part)

    for place, raw in conditions:
        yield from walk_raw(place, raw)


# --- what holds of every person ----------------------------------------------------------------------------


def conditions(rule: Rule, space: Space) -> Faults:
    """The required conditions can be met together and none follows from the others; each case of the rule can occur."""
    make = space.diagrams
    met = _with_status(rule, space, lambda status: status != INELIGIBLE)
    if met is make.false:
        yield rule.error("这些条件不可能同时满足", ["requires"])
        return
    for i, (node, _) in enumerate(rule.open_nodes):
        if make.both(met, node) is make.false:
            yield rule.error("满足条件的人里，没有人属于这种情况", ["discretionary", i, "when"])
    for i, (node, _) in enumerate(rule.caveat_nodes):
        if make.both(met, node) is make.false:
            yield rule.error("满足条件的人里，没有人属于这种情况", ["caveats", i, "when"])
    required = [space.node(condition) for condition in rule.requires]
    for i, node in enumerate(required):
        others = make.all(required[:i] + required[i + 1 :])
        if make.both(others, make.negation(node)) is make.false:
            yield rule.error(f"“{rule.requires[i].text()}”是多余的：满足别的条件就一定满足它", ["requires", i])


def city(rule: Rule, space: Space) -> Faults:
    """What is a person's depends on the city: who meets the conditions is registered or lives there."""
    make = space.diagrams
    here = make.any(make.test(space.level[fact], space.mask(fact, [rule.city.id])) for fact in ("hukou", "residence"))
    required = make.all(space.node(condition) for condition in rule.requires)
    if rule.audience == "person" and make.both(required, make.negation(here)) is not make.false:
        yield rule.error(f"条件里没有写户籍或居住地在{rule.city.name}", ["requires"])


def rates(rule: Rule, space: Space) -> Faults:
    """Of every part each person has one rate: no two hold at once, none is for nobody, and none is wanting.

    ``unrated`` opens a gap only for those whom the text leaves to others; who is *eligible* always has a rate.
    """
    if rule.amount is None:
        return
    make = space.diagrams
    met = _with_status(rule, space, lambda status: status != INELIGIBLE)
    unrated = make.false
    for name, tiers in rule.amount.parts.items():
        nodes = [make.both(met, space.node(tier.when)) for tier in tiers]
        for i, (tier, node) in enumerate(zip(tiers, nodes, strict=True)):
            if node is make.false and met is not make.false:
                yield rule.error(f"没有人能领到{_named(tier)}这一档", tier.place)
            for other, above in zip(tiers[:i], nodes, strict=False):
                if (common := make.both(node, above)) is not make.false:
                    message = f"{_named(tier)}和{_named(other)}两档重叠，比如：{example(common, space)}"
                    yield rule.error(message, tier.place)
        left = make.both(met, make.negation(make.any(nodes)))
        unrated = make.either(unrated, left)
        if rule.amount.entry.unrated:
            left = make.both(left, _with_status(rule, space, lambda status: status == ELIGIBLE))
        if left is not make.false:
            place = ["amount", "parts", name] if name else ["amount", "tiers"]
            yield rule.error(f"有人满足条件，却没有一档标准，比如：{example(left, space)}", place)
    if rule.amount.entry.unrated and unrated is make.false:
        yield rule.error("人人都有标准，unrated 用不着", ["amount", "unrated"])


PROOFS: tuple[Callable[[Rule, Space], Faults], ...] = (conditions, city, rates)


def example(node: Node, space: Space) -> str:
    """Somebody for whom ``node`` holds, in words; it must hold for somebody."""
    said = []
    while node.children:
        index = next(i for i, child in enumerate(node.children) if child is not space.diagrams.false)
        fact, value = space.vocabulary.facts[space.names[node.level]], space.classes[node.level][index][0]
        said.append(fact.describe([value]) if fact.options else f"{fact.title}{value}")
        node = node.children[index]
    return "、".join(said) or "所有人"


def _named(tier: Tier) -> str:
    return f"“{tier.when.text() or '所有人'}”"


def _with_status(rule: Rule, space: Space, wanted: Callable[[str], bool]) -> Node:
    """True for everybody whose status is ``wanted``."""
    return space.diagrams.combine(wanted, rule.status)


# --- the vocabulary ----------------------------------------------------------------------------------------


def unused_terms(books: Iterable[RuleBook]) -> Faults:
    """Every term stands in a rule, or in a term that does."""
    conditions = (one for book in books for rule in book.rules() for one in rule.conditions())
    used = {part.name for one in conditions for part in walk(one) if isinstance(part, Term)}
    for name in read_yaml(TERMS_FILE):
        if name not in used:
            yield DataError(TERMS_FILE, line_of(TERMS_FILE, [name]), f"没有规则用到“{name}”这个词")


def unfit_labels(file: Path = FACTS_FILE) -> Faults:
    """A label fits its button, and holds no 、, which parts several labels in one answer."""
    for name, fact in Vocabulary({}, file).facts.items():
        for value, option in fact.options.items():
            if len(option.label) > LABEL_AT_MOST or "、" in option.label:
                key = str(value).lower() if isinstance(value, bool) else value
                place = [name, "options", key, "label"]
                yield DataError(file, line_of(file, place), f"“{option.label}”不能带顿号，最多 {LABEL_AT_MOST} 个字")
