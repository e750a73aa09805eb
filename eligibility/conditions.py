"""Conditions: the small typed expressions over facts that rules are made of.

A condition is written in a rule file as ``fact: value(s)``, as ``any`` / ``all`` / ``not`` of conditions, or as the name of a
term (``terms.yaml``). It answers for one complete person (:meth:`holds`), says itself in words (:meth:`text`) and becomes a
decision diagram (:mod:`eligibility.rules`); a rule has no other form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from eligibility.facts import Vocabulary
from eligibility.rulefile import TermEntry
from knowledge.data import Place

Value = int | str | bool
Facts = Mapping[str, Value | None]


class ConditionError(Exception):
    """A condition cannot be read: ``message`` says why, ``place`` where (below the condition)."""

    def __init__(self, message: str, place: Place = ()) -> None:
        super().__init__(message)
        self.message = message
        self.place = tuple(place)


@dataclass(frozen=True)
class Is:
    """The fact has one of the values; a ``guard`` is what must hold for the fact to mean anything."""

    fact: str
    values: frozenset[Value]
    label: str
    guard: Condition | None = None

    def holds(self, facts: Facts) -> bool:
        return facts.get(self.fact) in self.values and (self.guard is None or self.guard.holds(facts))

    def text(self) -> str:
        return self.label

    def parts(self) -> Iterator[Condition]:
        if self.guard is not None:
            yield self.guard


@dataclass(frozen=True)
class All:
    """Every part holds."""

    conditions: tuple[Condition, ...]

    def holds(self, facts: Facts) -> bool:
        return all(part.holds(facts) for part in self.conditions)

    def text(self) -> str:
        return "，并且".join(_bracketed(part) for part in self.conditions)

    def parts(self) -> Iterator[Condition]:
        yield from self.conditions


@dataclass(frozen=True)
class Any:
    """One part holds at least."""

    conditions: tuple[Condition, ...]

    def holds(self, facts: Facts) -> bool:
        return any(part.holds(facts) for part in self.conditions)

    def text(self) -> str:
        return "，或者".join(_bracketed(part) for part in self.conditions)

    def parts(self) -> Iterator[Condition]:
        yield from self.conditions


@dataclass(frozen=True)
class Not:
    """The part does not hold."""

    condition: Condition

    def holds(self, facts: Facts) -> bool:
        return not self.condition.holds(facts)

    def text(self) -> str:
        return f"不是：{self.condition.text()}"

    def parts(self) -> Iterator[Condition]:
        yield self.condition


@dataclass(frozen=True)
class Term:
    """A word of the documents, read as ``condition``; ``note`` says that the reading is ours."""

    name: str
    condition: Condition
    label: str | None = None
    note: str | None = None

    def holds(self, facts: Facts) -> bool:
        return self.condition.holds(facts)

    def text(self) -> str:
        return self.label or self.condition.text()

    def parts(self) -> Iterator[Condition]:
        yield self.condition


Condition = Is | All | Any | Not | Term


def walk(condition: Condition) -> Iterator[Condition]:
    """The condition and everything in it, outermost first."""
    yield condition
    for part in condition.parts():
        yield from walk(part)


def _bracketed(condition: Condition) -> str:
    return f"（{condition.text()}）" if isinstance(condition, All | Any) else condition.text()


class Reader:
    """Reads conditions as they stand in a rule file of one city.

    Args:
        vocabulary: the facts that a condition may name.
        terms: the content of ``terms.yaml``.
        city: what ``$city`` and ``$city_name`` stand for.
    """

    def __init__(self, vocabulary: Vocabulary, terms: Mapping[str, TermEntry], city: str) -> None:
        self._vocabulary = vocabulary
        self._raw = terms
        self._city = city
        self._terms: dict[str, Term] = {}

    def read(self, raw: object) -> Condition:
        """The condition that ``raw`` (a term's name, or a mapping) means.

        Raises:
            ConditionError: an unknown term, fact or value, with its place.
        """
        if isinstance(raw, str):
            return self.term(raw)
        if not isinstance(raw, dict) or not raw:
            raise ConditionError("条件要写成“事实: 值”，或者词语表里的一个词")
        parts = tuple(self._entry(str(key), value) for key, value in raw.items())
        return parts[0] if len(parts) == 1 else All(parts)

    def term(self, name: str) -> Term:
        """The term ``name``, read for this city; raises :class:`ConditionError` for an unknown one."""
        if name not in self._terms:
            if name not in self._raw:
                raise ConditionError(f"词语表里没有“{name}”")
            raw = self._raw[name]
            city_name = self._vocabulary.city_name(self._city)
            label = raw.label.replace("$city_name", city_name) if raw.label else None
            self._terms[name] = Term(name, self.read(raw.means), label, raw.note)
        return self._terms[name]

    def _entry(self, key: str, value: object) -> Condition:
        if key in ("any", "all"):
            if not isinstance(value, list) or not value:
                raise ConditionError(f"“{key}”下面要列出几个条件", (key,))
            parts = tuple(self._inner(part, (key, i)) for i, part in enumerate(value))
            return Any(parts) if key == "any" else All(parts)
        if key == "not":
            return Not(self._inner(value, (key,)))
        return self._test(key, value)

    def _inner(self, raw: object, place: Place) -> Condition:
        try:
            return self.read(raw)
        except ConditionError as error:
            raise ConditionError(error.message, (*place, *error.place)) from None

    def _test(self, name: str, raw: object) -> Is:
        fact = self._vocabulary.facts.get(name)
        if fact is None or fact.domain is None:
            raise ConditionError(f"没有“{name}”这个事实，不能写进条件", (name,))
        values = frozenset(
            value for one in (raw if isinstance(raw, list) else [raw]) for value in self._values(name, one)
        )
        guards: list[Condition] = [self._test(other, list(allowed)) for other, allowed in fact.needs.items()]
        guards += [Not(self._test(other, list(void))) for other, void in fact.void_when.items()]
        guard = guards[0] if len(guards) == 1 else All(tuple(guards)) if guards else None
        return Is(name, values, fact.describe(values), guard)

    def _values(self, name: str, raw: object) -> tuple[Value, ...]:
        fact = self._vocabulary.facts[name]
        assert fact.domain is not None  # noqa: S101 - tested by the caller
        if raw == "$city":
            raw = self._city
        if fact.type == "integer" and isinstance(raw, str):
            low, dash, high = raw.rstrip("+").partition("-")
            if low.isdigit() and (high.isdigit() if dash else raw.endswith("+")):
                last = int(high) if dash else int(fact.domain[-1])
                found = tuple(v for v in fact.domain if int(low) <= int(v) <= last)
                if found:
                    return found
        elif raw in fact.domain and any(type(raw) is type(v) and raw == v for v in fact.domain):
            return (raw,)
        raise ConditionError(f"“{name}”没有“{raw}”这个值", (name,))
