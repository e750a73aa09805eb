"""A rule: one entitlement as conditions, rates and remarks, and the diagrams that it becomes. Every answer comes from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eligibility.conditions import All, Condition
from eligibility.diagrams import Node, levels
from eligibility.rulefile import (
    AmountEntry,
    Audience,
    CityEntry,
    EntitlementEntry,
    Kind,
    Period,
    TierEntry,
)
from eligibility.space import Space
from knowledge.catalogue import Document
from knowledge.data import DataError, Place, line_of

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


@dataclass(eq=False)
class Rule:
    """One entitlement with everything compiled that :mod:`eligibility.assessment` needs.

    ``status`` is a diagram of *eligible*, *discretionary*, *ineligible*; ``outcome`` one of :data:`Outcome`. ``reasons`` pairs
    the diagram of each required condition with what is said of it where it is met, not met or open, ``tier_nodes`` that of
    each rate with what is said where it is the one that is paid. ``amounts`` are the different amounts that can be paid.
    ``levels`` are those of the facts that anything of it depends on: people alike in these have the same result.
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
    levels: tuple[int, ...] = ()

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


def compile_rule(rule: Rule, in_play: Condition, space: Space) -> None:
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
    said = (*rule.reasons, *rule.open_nodes, *rule.caveat_nodes, *rule.tier_nodes)
    rule.levels = tuple(sorted(levels([rule.status, rule.outcome, *(node for node, _ in said)])))


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

