"""The shape of a city's rule file (``rules/<city>.yaml``), checked on load. A README lies beside the files."""

from __future__ import annotations

from typing import Literal

from pydantic import RootModel, model_validator

from knowledge.data import Record

Kind = Literal["cash", "service", "insurance", "discount", "priority", "admission"]
Audience = Literal["person", "operator", "worker"]
Status = Literal["eligible", "ineligible", "unknown", "discretionary"]
Period = Literal["month", "year"]

RawCondition = str | dict[str, object]
"""A condition as it stands in the file; :class:`eligibility.conditions.Reader` reads it."""


class TermEntry(Record):
    """A word of the documents and how it is read (``terms.yaml``)."""

    means: RawCondition
    label: str | None = None
    note: str | None = None


class TermFile(RootModel[dict[str, TermEntry]]):
    """The terms by name."""


class TierEntry(Record):
    """One rate: for whom (``when``; absent: everybody) and how much."""

    when: RawCondition | None = None
    value: int | float | None = None
    percent: int | float | None = None
    discount: Literal["free", "half"] | None = None

    @model_validator(mode="after")
    def _one_rate(self) -> TierEntry:
        if [self.value, self.percent, self.discount].count(None) != 2:
            raise ValueError("每一档要写 value、percent、discount 里的一个，而且只写一个")
        return self


class AmountEntry(Record):
    """What is paid: one rate, several ``tiers``, or several ``parts`` of tiers that add up.

    ``unrated`` says in words for whom the text gives no rate; without it every person must have one.
    """

    per: Period | None = None
    minimum: bool = False
    value: int | float | None = None
    percent: int | float | None = None
    of: Literal["dibao_standard"] | None = None
    discount: Literal["free", "half"] | None = None
    tiers: tuple[TierEntry, ...] = ()
    parts: dict[str, tuple[TierEntry, ...]] = {}
    unrated: str | None = None

    @model_validator(mode="after")
    def _one_shape(self) -> AmountEntry:
        plain = (self.value is not None, self.percent is not None, self.discount is not None)
        if sum((*plain, bool(self.tiers), bool(self.parts))) != 1:
            raise ValueError("value、percent、discount、tiers、parts 里要有而且只有一个")
        if (self.percent is None) != (self.of is None):
            raise ValueError("percent 和 of 要一起写")
        if self.discount is None and self.per is None and not any(tier.discount for tier in self.tiers):
            raise ValueError("要写 per: month 或者 per: year")
        return self

    def all_parts(self) -> dict[str, tuple[TierEntry, ...]]:
        """Every shape as parts; the only part of a plain amount has no name."""
        if self.parts:
            return self.parts
        if self.tiers:
            return {"": self.tiers}
        return {"": (TierEntry(value=self.value, percent=self.percent, discount=self.discount),)}


class OpenEntry(Record):
    """What the text leaves to others: who meets ``when`` (absent: everybody) is *discretionary*, ``because`` says why."""

    when: RawCondition | None = None
    because: str


class CaveatEntry(Record):
    """Something a person has to know beside the result; ``when`` says of whom it is true."""

    when: RawCondition | None = None
    text: str


class EntitlementEntry(Record):
    """One entitlement of the catalogue and its rule.

    ``ours`` lists the numbers in it that do not stand in the text but are a reading of ours; lint lets no others pass.
    """

    id: str
    name: str
    kind: Kind
    audience: Audience = "person"
    section: str
    doc: str | None = None
    quote: str
    also: tuple[str, ...] = ()
    requires: tuple[RawCondition, ...] = ()
    discretionary: tuple[OpenEntry, ...] = ()
    amount: AmountEntry | None = None
    ours: tuple[int | float, ...] = ()
    caveats: tuple[CaveatEntry | str, ...] = ()

    @model_validator(mode="after")
    def _persons_have_conditions(self) -> EntitlementEntry:
        if self.audience == "person" and not self.requires:
            raise ValueError("给个人的待遇要写 requires（条件）")
        return self


class CityEntry(Record):
    """The city that the file is about."""

    id: str
    name: str


class RuleFile(Record):
    """A city's rule file. ``doc`` is the document of every entitlement that names no other."""

    city: CityEntry
    doc: str
    entitlements: tuple[EntitlementEntry, ...]
