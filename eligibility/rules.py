"""The rules of all cities, read from ``rules/*.yaml`` and compiled: each is written once and every answer comes from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from eligibility.conditions import All, Condition, ConditionError, Reader, Term
from eligibility.diagrams import Node
from eligibility.facts import Vocabulary
from eligibility.rulefile import (
    AmountEntry,
    Audience,
    CityEntry,
    EntitlementEntry,
    Kind,
    Period,
    RawCondition,
    RuleFile,
    TermFile,
    TierEntry,
)
from eligibility.space import Space
from knowledge.catalogue import Document, catalogue
from knowledge.data import DataError, Place, line_of, read_model

RULES = Path(__file__).parent / "rules"
TERMS_FILE = Path(__file__).parent / "terms.yaml"

INELIGIBLE, DISCRETIONARY, ELIGIBLE = "ineligible", "discretionary", "eligible"

ALWAYS = All(())

Json = dict[str, Any]


@dataclass(frozen=True)
class Tier:
    """One rate of one part of an amount."""

    when: Condition
    entry: TierEntry
    place: Place


@dataclass(frozen=True)
class Amount:
    """What is paid: parts that add up, each with its rates."""

    entry: AmountEntry
    parts: dict[str, tuple[Tier, ...]]

    def shown(self, chosen: Sequence[int]) -> Json | None:
        """The amount as the contract writes it, for the number of the tier of each part; None where one is -1, no tier."""
        if min(chosen) < 0:
            return None
        tiers = [tiers[i].entry for tiers, i in zip(self.parts.values(), chosen, strict=True)]
        if tiers[0].discount:
            return {"discount": tiers[0].discount}
        if tiers[0].percent is not None:
            return {"percent": tiers[0].percent, "of": self.entry.of, "per": self.entry.per}
        named = [{"name": name, "value": tier.value} for name, tier in zip(self.parts, tiers, strict=True) if name]
        value = sum(tier.value or 0 for tier in tiers)
        return {"value": value, "per": self.entry.per, "minimum": self.entry.minimum, "parts": named}


@dataclass(frozen=True)
class Open:
    """A case that the text leaves to others, or leaves open."""

    when: Condition
    because: str
    place: Place


@dataclass(frozen=True)
class Caveat:
    when: Condition
    text: str


Outcome = tuple[str, int]
"""A status, and the place of the amount in the rule's ``amounts`` (-1: none)."""


@dataclass
class Rule:
    """One entitlement with everything compiled that :mod:`eligibility.assessment` needs.

    ``status`` is a diagram of *eligible*, *discretionary*, *ineligible*; ``outcome`` one of :data:`Outcome`. ``reasons`` pairs
    the diagram of each required condition with what is said of it where it is met, not met or open, ``tier_nodes`` that of
    each rate with what is said where it is the one that is paid. ``amounts`` are the different amounts that can be paid.
    """

    entry: EntitlementEntry
    city: CityEntry
    document: Document
    file: Path
    place: Place
    requires: tuple[Condition, ...] = ()
    open: tuple[Open, ...] = ()
    amount: Amount | None = None
    caveats: tuple[Caveat, ...] = ()
    notes: tuple[str, ...] = ()
    status: Node = field(init=False)
    outcome: Node = field(init=False)
    reasons: tuple[tuple[Node, dict[bool | None, Json]], ...] = ()
    open_nodes: tuple[tuple[Node, Open], ...] = ()
    caveat_nodes: tuple[tuple[Node, Caveat], ...] = ()
    tier_nodes: tuple[tuple[Node, Json], ...] = ()
    amounts: tuple[Json, ...] = ()

    @property
    def id(self) -> str:
        return self.entry.id

    @property
    def name(self) -> str:
        return self.entry.name

    @property
    def kind(self) -> Kind:
        return self.entry.kind

    @property
    def audience(self) -> Audience:
        return self.entry.audience

    @property
    def per(self) -> Period | None:
        return self.amount.entry.per if self.amount else None

    def conditions(self) -> Iterator[Condition]:
        """Every condition of the rule."""
        yield from self.requires
        yield from (one.when for one in self.open)
        yield from (one.when for one in self.caveats)
        for tiers in self.amount.parts.values() if self.amount else ():
            yield from (tier.when for tier in tiers)

    def error(self, message: str, place: Place = ()) -> DataError:
        """A fault of this rule, at ``place`` below it."""
        return DataError(self.file, line_of(self.file, [*self.place, *place]), f"{self.id}：{message}")


@dataclass
class RuleBook:
    """All rules: of the cities, by id, and the space of persons that they tell apart."""

    vocabulary: Vocabulary
    space: Space
    packs: dict[str, tuple[Rule, ...]]

    @cached_property
    def personal_packs(self) -> dict[str, tuple[Rule, ...]]:
        """City → the rules that are addressed to a person."""
        return {city: tuple(rule for rule in pack if rule.audience == "person") for city, pack in self.packs.items()}

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        """The documents that the rules cite."""
        return tuple({rule.document.id: rule.document for rule in self.rules()}.values())

    def rules(self) -> Iterator[Rule]:
        """Every rule, city by city, in the order of the files."""
        for pack in self.packs.values():
            yield from pack

    def personal(self, city: str) -> tuple[Rule, ...]:
        """The rules of a city that are addressed to a person."""
        return self.personal_packs[city]


@cache
def rule_book() -> RuleBook:
    """The rules that ship; raises :class:`~knowledge.data.DataError` where a file is wrong."""
    return load_rules(sorted(RULES.glob("*.yaml")))


def load_rules(files: Sequence[Path], documents: dict[str, Document] | None = None) -> RuleBook:
    """Read and compile rule files.

    Args:
        files: one for each city.
        documents: the catalogue they cite; the one that ships when absent.

    Raises:
        DataError: the first fault, with its file and line.
    """
    documents = catalogue() if documents is None else documents
    read = {file: read_model(file, RuleFile) for file in files}
    _one_file_a_city(read)
    vocabulary = Vocabulary({content.city.id: content.city.name for content in read.values()})
    terms = read_model(TERMS_FILE, TermFile).root
    packs: dict[str, tuple[Rule, ...]] = {}
    for file, content in read.items():
        reader = Reader(vocabulary, terms, content.city.id)
        packs[content.city.id] = tuple(
            _read_rule(file, content, i, reader, documents) for i in range(len(content.entitlements))
        )
        _no_id_twice(packs[content.city.id])
    book_conditions = [condition for pack in packs.values() for rule in pack for condition in rule.conditions()]
    in_play = {city: Reader(vocabulary, terms, city).term("本市户籍或居住") for city in packs}
    space = Space(vocabulary, [*book_conditions, *in_play.values()])
    for city, pack in packs.items():
        for rule in pack:
            _compile(rule, in_play[city], space)
    return RuleBook(vocabulary, space, packs)


def _one_file_a_city(read: dict[Path, RuleFile]) -> None:
    seen: set[str] = set()
    for file, content in read.items():
        if content.city.id in seen:
            raise DataError(file, line_of(file, ["city", "id"]), f"城市“{content.city.id}”已经有一个规则文件了")
        seen.add(content.city.id)


def _no_id_twice(pack: Sequence[Rule]) -> None:
    seen: set[str] = set()
    for rule in pack:
        if rule.id in seen:
            raise rule.error("这个编号用了两次", ["id"])
        seen.add(rule.id)


def _read_rule(file: Path, content: RuleFile, position: int, reader: Reader, documents: dict[str, Document]) -> Rule:
    entry = content.entitlements[position]
    doc = entry.doc or content.doc
    place: tuple[str | int, ...] = ("entitlements", position)
    if doc not in documents:
        raise DataError(file, line_of(file, [*place, "doc"] if entry.doc else ["doc"]), f"文件目录里没有“{doc}”")
    rule = Rule(entry, content.city, documents[doc], file, place)

    def condition(raw: RawCondition | None, *below: str | int) -> Condition:
        if raw is None:
            return ALWAYS
        try:
            return reader.read(raw)
        except ConditionError as error:
            raise rule.error(error.message, [*below, *error.place]) from None

    rule.requires = tuple(condition(raw, "requires", i) for i, raw in enumerate(entry.requires))
    rule.open = tuple(
        Open(condition(one.when, "discretionary", i, "when"), one.because, ("discretionary", i))
        for i, one in enumerate(entry.discretionary)
    )
    rule.amount = _read_amount(entry.amount, condition)
    rule.caveats = tuple(
        Caveat(ALWAYS, one) if isinstance(one, str) else Caveat(condition(one.when, "caveats", i, "when"), one.text)
        for i, one in enumerate(entry.caveats)
    )
    rule.notes = _notes(rule)
    return rule


def _read_amount(entry: AmountEntry | None, condition: Callable[..., Condition]) -> Amount | None:
    if entry is None:
        return None

    def place(name: str, i: int) -> tuple[str | int, ...]:
        return ("amount", "parts", name, i) if name else ("amount", "tiers", i) if entry.tiers else ("amount",)

    return Amount(entry, {
        name: tuple(Tier(condition(tier.when, *place(name, i), "when"), tier, place(name, i)) for i, tier in enumerate(tiers))
        for name, tiers in entry.all_parts().items()
    })


def _notes(rule: Rule) -> tuple[str, ...]:
    """The readings of ours that the rule rests on, in the order in which it uses them.

    Only the outermost term speaks: a term that is made of others has said itself what it means.
    """
    found: dict[str, None] = {}

    def collect(condition: Condition) -> None:
        if isinstance(condition, Term) and condition.note:
            found[condition.note] = None
        elif not isinstance(condition, Term):
            for part in condition.parts():
                collect(part)

    for condition in [*rule.requires, *(one.when for one in rule.open)]:
        collect(condition)
    return tuple(found)


def _compile(rule: Rule, in_play: Condition, space: Space) -> None:
    make = space.diagrams
    granted = make.leaf(ELIGIBLE)
    if rule.open:
        granted = make.choose(make.any(space.node(one.when) for one in rule.open), make.leaf(DISCRETIONARY), granted)
    met = make.all(space.node(condition) for condition in (in_play, *rule.requires))
    rule.status = make.choose(met, granted, make.leaf(INELIGIBLE))
    rule.reasons = tuple(
        (space.node(condition), {met: {"condition": condition.text(), "met": met} for met in (True, False, None)})
        for condition in rule.requires
    )
    rule.open_nodes = tuple((space.node(one.when), one) for one in rule.open)
    rule.caveat_nodes = tuple((space.node(one.when), one) for one in rule.caveats)
    tiers = [tier for part in rule.amount.parts.values() for tier in part] if rule.amount else []
    rule.tier_nodes = tuple(
        (space.node(tier.when), {"condition": tier.when.text(), "met": True}) for tier in tiers if tier.when is not ALWAYS
    )
    rule.outcome = _outcome(rule, space)


def _outcome(rule: Rule, space: Space) -> Node:
    """Status and amount as one diagram; rates that come to the same amount are one outcome."""
    make = space.diagrams
    amounts: list[Json] = []

    def pair(status: str, *chosen: int) -> Outcome:
        shown = rule.amount.shown(chosen) if rule.amount and status != INELIGIBLE else None
        if shown is None:
            return status, -1
        if shown not in amounts:
            amounts.append(shown)
        return status, amounts.index(shown)

    parts = rule.amount.parts.values() if rule.amount else ()
    outcome = make.combine(pair, rule.status, *(_chosen(tiers, space) for tiers in parts))
    rule.amounts = tuple(amounts)
    return outcome


def _chosen(tiers: Sequence[Tier], space: Space) -> Node:
    """The number of the first tier whose condition holds; -1 for none."""
    make = space.diagrams
    result = make.leaf(-1)
    for i in reversed(range(len(tiers))):
        result = make.choose(space.node(tiers[i].when), make.leaf(i), result)
    return result

