"""How long `check` takes for one person, beside two rule engines: ``python -m benchmarks.check``; see README.md."""

from __future__ import annotations

import argparse
import json
import platform
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib import import_module
from importlib.metadata import version
from statistics import median
from time import perf_counter_ns
from typing import Any

from eligibility.assessment import answered, assess
from eligibility.change import full_json
from eligibility.rulebook import RuleBook, rule_book
from eligibility.rules import ELIGIBLE

AS_OF = date(2026, 3, 1)
UNKNOWN_SHARES = {"complete": 0.0, "30 % unknown": 0.3, "60 % unknown": 0.6}
TWO_RULES = ("anshan.longevity_allowance", "anshan.elder_service_subsidy")
THEIR_FACTS = ("age", "hukou", "residence", "hardship", "ability")
COLUMN = 10_000

Facts = dict[str, Any]
Case = tuple[str, Facts]
"""The group that a person is in (a key of UNKNOWN_SHARES), and the facts."""

Amounts = tuple[float, float]
"""Yuan a month by the two rules, 0 where nothing is paid."""

Peer = Callable[[Facts], Amounts]

Times = dict[str, list[float]]
"""Microseconds of each call, by group."""


# The persons

def person(book: RuleBook, city: str, unknown: float, dice: random.Random) -> Facts:
    """A coherent person of ``city`` with each fact but the two cities left out with probability ``unknown``."""
    facts = {name: dice.choice(fact.domain) for name, fact in book.vocabulary.facts.items() if fact.domain}
    facts["age"] = dice.randint(55, 104)
    # Never two cities with rules, or some persons would be answered by twice as many rules.
    facts["hukou"], facts["residence"] = dice.choice([(city, city), (city, city), (city, "other"), ("other", city)])
    for name, fact in book.vocabulary.facts.items():
        if any(facts.get(other) not in allowed for other, allowed in fact.needs.items()):
            del facts[name]
    return {name: value for name, value in facts.items() if name in ("hukou", "residence") or dice.random() >= unknown}


def population(book: RuleBook, city: str, each: int, dice: random.Random) -> list[Case]:
    """``each`` persons of every group, in random order."""
    cases = [
        (group, person(book, city, unknown, dice)) for group, unknown in UNKNOWN_SHARES.items() for _ in range(each)
    ]
    dice.shuffle(cases)
    return cases


# The peers, each with the two rules of TWO_RULES written in its own language

ZEN_RULES = {
    "longevity": "hukou == 'anshan' ? (age >= 100 ? 500 : age >= 90 ? 200 : 0) : 0",
    "service": (
        "(hukou == 'anshan' or residence == 'anshan') and hardship in ['dibao', 'dibao_edge'] and "
        "(age >= 80 or (age >= 60 and ability in ['partial', 'dependent'])) ? 50 : 0"
    ),
}


def zen_engine() -> Peer:
    """One decision graph (input, the two expressions, output), read once."""
    expressions = [{"id": name, "key": name, "value": value} for name, value in ZEN_RULES.items()]
    graph = {
        "nodes": [
            {"id": "in", "name": "in", "type": "inputNode"},
            {"id": "rules", "name": "rules", "type": "expressionNode", "content": {"expressions": expressions}},
            {"id": "out", "name": "out", "type": "outputNode"},
        ],
        "edges": [
            {"id": "1", "type": "edge", "sourceId": "in", "targetId": "rules"},
            {"id": "2", "type": "edge", "sourceId": "rules", "targetId": "out"},
        ],
    }
    decision = import_module("zen").ZenEngine().create_decision(json.dumps(graph))

    def amounts(facts: Facts) -> Amounts:
        result = decision.evaluate(facts)["result"]
        return result["longevity"], result["service"]

    return amounts


class OpenFisca:
    """A tax-benefit system of one entity; a simulation is built for every call."""

    def __init__(self) -> None:
        names = ("entities", "periods", "taxbenefitsystems", "variables")
        entities, periods, systems, variables = (import_module(f"openfisca_core.{name}") for name in names)
        self._numpy = np = import_module("numpy")
        self._builder = import_module("openfisca_core.simulation_builder").SimulationBuilder
        self._month = periods.period("2026-03")
        entity = entities.build_entity(key="person", plural="persons", label="person", is_person=True)
        self._system = systems.TaxBenefitSystem([entity])

        def longevity(one: Any, month: Any) -> Any:
            age = one("age", month)
            return (one("hukou", month) == "anshan") * np.select([age >= 100, age >= 90], [500, 200], 0)

        def service(one: Any, month: Any) -> Any:
            age, hardship, ability = (one(name, month) for name in ("age", "hardship", "ability"))
            here = (one("hukou", month) == "anshan") | (one("residence", month) == "anshan")
            poor = (hardship == "dibao") | (hardship == "dibao_edge")
            frail = (age >= 60) & ((ability == "partial") | (ability == "dependent"))
            return here * poor * ((age >= 80) | frail) * 50

        shared = {"entity": entity, "definition_period": periods.MONTH}
        for name in THEIR_FACTS:
            kind = int if name == "age" else str
            self._system.add_variable(type(name, (variables.Variable,), {**shared, "value_type": kind}))
        for formula in (longevity, service):
            attributes = {**shared, "value_type": float, "formula": formula}
            self._system.add_variable(type(formula.__name__, (variables.Variable,), attributes))

    def columns(self, persons: Sequence[Facts]) -> tuple[Any, Any]:
        """The two amounts of all ``persons``, an array each."""
        simulation = self._builder().build_default_simulation(self._system, len(persons))
        for name in THEIR_FACTS:
            simulation.set_input(name, self._month, self._numpy.array([facts[name] for facts in persons]))
        return simulation.calculate("longevity", self._month), simulation.calculate("service", self._month)

    def amounts(self, facts: Facts) -> Amounts:
        longevity, service = self.columns([facts])
        return float(longevity[0]), float(service[0])


def installed_peers() -> dict[str, Peer]:
    """The peers that can be imported, by name and version; says which cannot."""
    makers: dict[str, Callable[[], Peer]] = {"zen-engine": zen_engine, "OpenFisca-Core": lambda: OpenFisca().amounts}
    peers = {}
    for name, make in makers.items():
        try:
            peers[f"{name} {version(name)}"] = make()
        except ImportError:
            print(f"{name} is not installed: left out (pip install {name})")
    return peers


# Measuring

@dataclass(frozen=True)
class Run:
    """One row of a table: ``call`` for each of ``cases``."""

    call: Callable[[Facts], object]
    cases: Sequence[Case]

    def times(self) -> Times:
        """One pass, which begins with nobody remembered."""
        answered.cache_clear()
        found: Times = {}
        for group, facts in self.cases:
            start = perf_counter_ns()
            self.call(facts)
            found.setdefault(group, []).append((perf_counter_ns() - start) / 1000)
        return found


def in_turn(runs: dict[str, Run], passes: int) -> dict[str, Times]:
    """The times of all passes of each run; the runs take turns, so that a slow spell of the machine meets all alike."""
    found: dict[str, Times] = {name: {} for name in runs}
    for _ in range(passes):
        for name, run in runs.items():
            for group, values in run.times().items():
                found[name].setdefault(group, []).extend(values)
    return found


def p99(times: Sequence[float]) -> float:
    return sorted(times)[len(times) * 99 // 100]


def print_row(name: str, times: Times) -> None:
    cells = (f"{median(times[group]):8.0f} {p99(times[group]):8.0f}" for group in UNKNOWN_SHARES if group in times)
    print(f"  {name:<46}" + "  ".join(cells))


# The tables

def print_city(book: RuleBook, city: str, cases: Sequence[Case], passes: int) -> None:
    """The product alone: all rules of a city."""
    def check(facts: Facts) -> object:
        return assess(facts, book, AS_OF)

    def full(facts: Facts) -> object:
        return full_json(assess(facts, book, AS_OF), [])

    different = len({repr(facts) for _, facts in cases})
    print(f"\n{city}: {len(book.personal(city))} rules, {different} different persons; µs a person, median and p99")
    print(" " * 48 + "  ".join(f"{group:>17}" for group in UNKNOWN_SHARES))
    print_row("check, first pass", Run(check, cases).times())
    only_city = [("complete", {"hukou": city})] * 100
    runs = in_turn({
        "check": Run(check, cases), "only the city known": Run(check, only_city), "full JSON (with change)": Run(full, cases),
    }, passes)
    for name, times in runs.items():
        print_row(name, times)


def same_amounts(mine: Peer, peers: dict[str, Peer], people: Sequence[Facts]) -> None:
    """The comparison is worthless unless all give every person the same money, and the persons are of all kinds."""
    expected = [mine(facts) for facts in people]
    assert {paid for paid, _ in expected} == {0, 200, 500}
    assert {paid for _, paid in expected} == {0, 50}
    for name, peer in peers.items():
        for facts, amounts in zip(people, expected, strict=True):
            theirs = peer({fact: facts[fact] for fact in THEIR_FACTS})
            assert theirs == amounts, f"{name} gives {theirs}, not {amounts}: {facts}"


def print_peers(book: RuleBook, cases: Sequence[Case], passes: int) -> None:
    """Complete persons of Anshan: the two rules alone, all rules, and each peer."""
    two = replace(book, packs={"anshan": tuple(rule for rule in book.packs["anshan"] if rule.id in TWO_RULES)})

    def amounts(facts: Facts) -> Amounts:
        paid = {
            result.rule.id: result.amount["value"] if result.status == ELIGIBLE and result.amount else 0
            for result in assess(facts, two, AS_OF).results
        }
        return paid[TWO_RULES[0]], paid[TWO_RULES[1]]

    peers = installed_peers()
    complete = [case for case in cases if case[0] == "complete"]
    same_amounts(amounts, peers, [facts for _, facts in complete])
    their_cases = [(group, {name: facts[name] for name in THEIR_FACTS}) for group, facts in complete]
    runs = {
        "check, the two rules": Run(lambda facts: assess(facts, two, AS_OF), complete),
        f"check, all {len(book.personal('anshan'))} rules": Run(lambda facts: assess(facts, book, AS_OF), complete),
    }
    ours = list(runs)
    runs.update({f"{name}, the two rules": Run(peer, their_cases) for name, peer in peers.items()})
    for run in runs.values():
        run.times()
    warm = {name: times["complete"] for name, times in in_turn(runs, passes).items()}
    print(f"\n{', '.join(['check', *peers])}: same amounts for {len(complete)} complete persons of anshan")
    print(f"  {'µs a person, warm':<46}{'median':>8} {'p99':>8}  times {ours[0]} / {ours[1]}")
    for name, times in warm.items():
        ratios = "  ".join(f"{median(times) / median(warm[one]):6.1f}" for one in ours)
        print(f"  {name:<46}{median(times):8.0f} {p99(times):8.0f}  {ratios}")
    if any(name.startswith("OpenFisca") for name in peers):
        print_columns([facts for _, facts in their_cases])


def print_columns(people: Sequence[Facts]) -> None:
    """What OpenFisca is made for: many persons in one simulation."""
    many = [people[i % len(people)] for i in range(COLUMN)]
    fisca = OpenFisca()
    ms = median(Run(lambda _: fisca.columns(many), [("", {})] * 10).times()[""]) / 1000
    print(f"  OpenFisca-Core, {COLUMN} persons in one simulation: {ms:.1f} ms, {1000 * ms / COLUMN:.2f} µs each")


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m benchmarks.check", description=__doc__)
    options.add_argument("--persons", type=int, default=300, help="persons of each group (default 300)")
    options.add_argument("--passes", type=int, default=5, help="warm passes (default 5)")
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    print(f"Python {platform.python_version()}, seed {chosen.seed}, warm figures over {chosen.passes} passes")
    start = perf_counter_ns()
    book = rule_book()
    print(f"rules loaded in {(perf_counter_ns() - start) / 1e6:.0f} ms")
    dice = random.Random(chosen.seed)
    cases = {city: population(book, city, chosen.persons, dice) for city in ("anshan", "benxi")}
    for city in cases:
        print_city(book, city, cases[city], chosen.passes)
    print_peers(book, cases["anshan"], chosen.passes)


if __name__ == "__main__":
    main()
