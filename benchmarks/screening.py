"""Screening a city beside hand-written SQL, numpy, OpenFisca-Core and zen-engine, all with 鞍山's sixteen rules.

The others know no unknown facts, no missing ones and no rejects; where they write, they write the same rows. Each runs in a
process of its own, which tells its peak of memory.

    python -m benchmarks.screening [PEOPLE] [--grow]
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Any

import pyarrow.parquet as pq

from benchmarks.rosters import write_roster
from eligibility.rulebook import rule_book
from eligibility.screening.orders import Order
from eligibility.screening.screening import screen

CITY = "anshan"
AS_OF = date(2026, 3, 1)
GROWING = (100_000, 1_000_000, 2_000_000, 10_000_000)
SAMPLES = {"OpenFisca-Core": 10_000, "… from arrays": 200_000, "zen-engine": 4_000}

HERE = "(hukou = 'anshan' or residence = 'anshan')"
OLD = f"{HERE} and age >= 60"
POOR = "hardship in ('tekun', 'dibao', 'dibao_edge', 'low_income')"
FRAIL = "ability in ('partial', 'dependent')"
KINDRED = (
    f"({POOR} or age >= 80 or {FRAIL} or disability_grade >= 1 or chronically_ill = true"
    " or (care_home = false and living in ('alone', 'empty_nest', 'left_behind')) or family_planning_special = true)"
)
NOTARY = "(disability_grade >= 1 or chronically_ill = true or hardship = 'tekun')"
CALLED_ON = (
    "((care_home = false and living in ('empty_nest', 'left_behind')) or ability = 'dependent'"
    " or disability_grade in (1, 2) or family_planning_special = true)"
)
CENTRALIZED = "(hardship = 'tekun' and support_mode = 'centralized')"

RULES: dict[str, tuple[str, str, str]] = {
    "longevity_allowance": ("hukou = 'anshan' and age >= 90", "", "age < 100 ? 200 : 500"),
    "old_age_allowance": (f"{HERE} and age >= 80 and age < 90 and hardship = 'dibao'", "", "50"),
    "elder_service_subsidy": (
        f"{HERE} and hardship in ('dibao', 'dibao_edge') and (age >= 80 or (age >= 60 and {FRAIL}))", "", "50",
    ),
    "home_care_subsidy": (
        f"{HERE} and area = 'urban' and care_home = false and ((hardship = 'tekun' and age >= 60)"
        f" or (hardship = 'dibao' and {FRAIL} and age >= 60) or (hardship = 'tekun' and ability = 'dependent'))",
        "age < 60", "400",
    ),
    "accident_insurance": (
        f"{OLD} and ((hardship = 'tekun' and support_mode = 'dispersed') or hardship in ('dibao', 'dibao_edge'))", "", "",
    ),
    "family_planning_support": (f"{HERE} and family_planning_special = true", "age < 60", ""),
    "legal_service": (f"{OLD} and legal_dispute = true", f"not ({POOR})", ""),
    "door_notary": (f"{OLD} and ({NOTARY} or {KINDRED})", f"not ({NOTARY} and {FRAIL} and {POOR})", ""),
    "home_adaptation": (
        f"{OLD} and care_home = false and ({POOR} or age >= 80 or ability = 'dependent' or {KINDRED})", "age >= 0", "",
    ),
    "basic_service": (
        f"{OLD} and (family_planning_special = true or {POOR}"
        " or (care_home = false and living in ('alone', 'empty_nest')))",
        "", "",
    ),
    "public_care_home": (
        f"{OLD} and ((({POOR} or family_planning_special = true) and (age >= 80 or ability = 'dependent')) or {CENTRALIZED})",
        "age >= 0", "",
    ),
    "visits": (f"{OLD} and care_home = false and ({CALLED_ON} or {KINDRED})", f"not {CALLED_ON}", ""),
    "home_care_bed": (
        f"{OLD} and care_home = false and (ability = 'dependent' or living in ('alone', 'empty_nest') or {KINDRED})",
        "age >= 0", "",
    ),
    "respite_care": (f"{OLD} and ability = 'dependent'", "age >= 0", ""),
    "family_care_training": (
        f"{OLD} and ability = 'dependent' and care_home = false and family_care_training = true", "", "",
    ),
    "elder_adviser": (f"{OLD} and care_home = false", "", ""),
}
"""What each requires, where it is left to others, and yuan a month."""

FACTS = tuple(sorted({*re.findall(r"(\w+) (?:=|>=|<|in) ", " ".join(sum(RULES.values(), ())))}))

_ATOM = re.compile(r"(\w+) (=|>=|<|in) (\([^)]*\)|'\w+'|\w+)")


# The peers


def ours(roster: Path, folder: Path) -> Any:
    """The product: reads, checks every cell, answers with unknowns, writes, counts, and finds what to ask."""
    order = Order(roster, folder / "ours.parquet", AS_OF)
    screened = screen(order, rule_book(), lambda _fact, _text: {})
    found: dict[str, int] = defaultdict(int)
    for count in screened.counts:
        found[f"{count.answer.rule.id} {count.answer.status}"] += count.people
    return found


def sql(roster: Path, folder: Path) -> Any:
    """Rules as SQL, the same rows written by DuckDB."""
    return _by_sql(roster, folder, enumerated=False)


def sql_enumerated(roster: Path, folder: Path) -> Any:
    """The same by somebody who knows that DuckDB writes enumerations faster than texts."""
    return _by_sql(roster, folder, enumerated=True)


def _by_sql(roster: Path, folder: Path, enumerated: bool) -> Any:
    rules, statuses, amounts = list(rule_book().personal(CITY)), [], []
    for rule in rules:
        required, left, paid = RULES[rule.id.partition(".")[2]]
        left = f"when {left} then 1" if left else ""
        yuan = re.sub(r"(.*) \? (.*) : (.*)", r"case when \1 then \2 else \3 end", paid)
        statuses.append(f"case when not coalesce({required}, false) then 0 {left} else 2 end")
        amounts.append(f"case when {required} then {yuan} end::double" if paid else "null::double")
    connection = import_module("duckdb").connect(config={"memory_limit": "3GB"})
    texts = ("entitlement", "name", "document", "section")
    connection.execute(f"create temp table rules (n int, {', '.join(f'{name} varchar' for name in texts)})")
    rows = [(i, rule.id, rule.name, rule.document.id, rule.entry.section) for i, rule in enumerate(rules)]
    connection.executemany("insert into rules values (?, ?, ?, ?, ?)", rows)
    connection.execute("create temp table statuses (k int, status varchar)")
    connection.execute("insert into statuses values (0, 'ineligible'), (1, 'discretionary'), (2, 'eligible')")
    for table, name in [*(("rules", name) for name in texts), ("statuses", "status")] if enumerated else ():
        connection.execute(f"create type {name}_enum as enum (select distinct {name} from {table})")  # noqa: S608
        connection.execute(f"alter table {table} alter {name} type {name}_enum")
    target = folder / "sql.parquet"
    rows_of_each = (
        f"select id, unnest(range({len(rules)}))::int as n, unnest([{', '.join(statuses)}]) as k,"  # noqa: S608
        f" unnest([{', '.join(amounts)}]) as amount from '{roster}'"
    )
    connection.execute(
        "copy (select id, entitlement, name, status, amount, case when amount is not null then 'month' end as per,"  # noqa: S608
        " case when amount is not null then false end as minimum, null::double as percent, null::varchar as discount,"
        f" '' as missing, document, section from ({rows_of_each}) join rules using (n) join statuses using (k))"
        f" to '{target}' (format parquet)"
    )
    counted = f"select entitlement || ' ' || status, count(*) from '{target}' group by all"  # noqa: S608
    return dict(connection.execute(counted).fetchall())


def numpy(roster: Path, _folder: Path) -> Any:
    """Rules over arrays in memory; nothing is written."""
    columns = _arrays(roster, None)
    return {name: int(found.sum()) for name, found in _by_numpy(columns).items()}


def openfisca(roster: Path, _folder: Path) -> Any:
    """A system of sixteen variables: a simulation is built of what is said of each person, and all calculated."""
    columns = _arrays(roster, SAMPLES["OpenFisca-Core"])
    system, month = _system(columns)
    people = {
        str(i): {name: {str(month): values[i].item()} for name, values in columns.items()} for i in range(len(columns["age"]))
    }
    begin = perf_counter()
    simulation = import_module("openfisca_core.simulation_builder").SimulationBuilder().build_from_entities(
        system, {"persons": people},
    )
    counts = {name: int(simulation.calculate(f"{name}_", month).sum()) for name in RULES}
    return {"seconds": perf_counter() - begin, **counts}


def openfisca_arrays(roster: Path, _folder: Path) -> Any:
    """The same system given arrays; nothing is read and nothing written."""
    columns = _arrays(roster, SAMPLES["… from arrays"])
    system, month = _system(columns)
    builder = import_module("openfisca_core.simulation_builder").SimulationBuilder
    begin = perf_counter()
    simulation = builder().build_default_simulation(system, len(columns["age"]))
    for name, values in columns.items():
        simulation.set_input(name, month, values)
    counts = {name: int(simulation.calculate(f"{name}_", month).sum()) for name in RULES}
    return {"seconds": perf_counter() - begin, **counts}


def _system(columns: Mapping[str, Any]) -> tuple[Any, Any]:
    """The rules as variables of OpenFisca, and the month of the answer."""
    names = ("entities", "periods", "taxbenefitsystems", "variables")
    entities, periods, systems, variables = (import_module(f"openfisca_core.{name}") for name in names)
    entity = entities.build_entity(key="person", plural="persons", label="person", is_person=True)
    system = systems.TaxBenefitSystem([entity])
    shared = {"entity": entity, "definition_period": periods.MONTH}
    for name, values in columns.items():
        kind = {"b": bool, "i": int}.get(values.dtype.kind, str)
        system.add_variable(type(name, (variables.Variable,), {**shared, "value_type": kind}))
    for name in RULES:
        attributes = {**shared, "value_type": bool, "formula": _formula(name)}
        system.add_variable(type(f"{name}_", (variables.Variable,), attributes))
    return system, periods.period("2026-03")


def _formula(name: str) -> Callable[[Any, Any], Any]:
    return lambda person, period: _eligible(name, {fact: person(fact, period) for fact in FACTS})


def zen(roster: Path, _folder: Path) -> Any:
    """A decision graph of sixteen expressions, person by person."""
    def written(condition: str) -> str:
        return _ATOM.sub(lambda atom: f"{atom[1]} {'==' if atom[2] == '=' else atom[2]} {_list(atom[3])}", condition)

    expressions = []
    for name, (required, left, paid) in RULES.items():
        granted = f"(({written(left)}) ? 'discretionary' : 'eligible')" if left else "'eligible'"
        expressions.append({"id": name, "key": name, "value": f"({written(required)}) ? {granted} : 'ineligible'"})
        if paid:
            expressions.append({"id": f"{name}_", "key": f"{name}_", "value": f"({written(required)}) ? ({paid}) : null"})
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode"}, {"id": "out", "name": "out", "type": "outputNode"},
        {"id": "rules", "name": "rules", "type": "expressionNode", "content": {"expressions": expressions}},
    ]
    edges = [{"id": f"{a}{b}", "type": "edge", "sourceId": a, "targetId": b} for a, b in (("in", "rules"), ("rules", "out"))]
    decision = import_module("zen").ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))
    people = pq.read_table(roster, columns=list(FACTS)).slice(0, SAMPLES["zen-engine"]).to_pylist()
    begin = perf_counter()
    results = [decision.evaluate(person)["result"] for person in people]
    return {"seconds": perf_counter() - begin, **{
        name: sum(result[name] != "ineligible" for result in results) for name in RULES
    }}


def _list(written: str) -> str:
    return f"[{written[1:-1]}]" if written.startswith("(") else written


def _arrays(roster: Path, people: int | None) -> Mapping[str, Any]:
    """The facts of a roster as arrays; what is void is an empty text."""
    table = pq.read_table(roster, columns=list(FACTS))
    table = table if people is None else table.slice(0, people)
    return {
        name: column.combine_chunks().fill_null("").to_numpy(zero_copy_only=False).astype("U13")
        if str(column.type) == "string" else column.to_numpy()
        for name, column in zip(table.column_names, table.columns, strict=True)
    }


def _by_numpy(columns: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _eligible(name, columns) for name in RULES}


def _eligible(name: str, columns: Mapping[str, Any]) -> Any:
    """Whether what the rule requires is met, over arrays."""
    def array(atom: re.Match[str]) -> str:
        value = atom[3].replace("true", "True").replace("false", "False")
        if atom[2] == "in":
            return f"isin({atom[1]}, {_list(value)})"
        return f"({atom[1]} {'==' if atom[2] == '=' else atom[2]} {value})"

    text = _ATOM.sub(array, RULES[name][0]).replace(" and ", " & ").replace(" or ", " | ")
    return eval(text, {"isin": import_module("numpy").isin}, dict(columns))  # noqa: S307 - the benchmark's own rules


PEERS: dict[str, Callable[[Path, Path], Any]] = {
    "yanglao screen": ours, "SQL in DuckDB": sql, "… with enumerations": sql_enumerated, "numpy": numpy,
    "OpenFisca-Core": openfisca, "… from arrays": openfisca_arrays, "zen-engine": zen,
}


# Measuring


def measured(peer: str, roster: Path, folder: Path) -> tuple[float, float, dict[str, int]]:
    """Seconds, peak MiB and counts of a peer, in a process of its own."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.screening", "--peer", peer, str(roster), str(folder)]
    told = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)  # noqa: S603
    return told["seconds"], told["mib"], told["counts"]


def run_peer(peer: str, roster: Path, folder: Path) -> None:
    begin = perf_counter()
    counts = PEERS[peer](roster, folder)
    seconds = counts.pop("seconds", perf_counter() - begin)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "mib": peak, "counts": counts}))


def side_by_side(people: int, folder: Path) -> None:
    """All peers over people of whom everything is known, ours also where a fifth is not."""
    complete, partial = folder / "complete.parquet", folder / "partial.parquet"
    write_roster(complete, people)
    write_roster(partial, people, unknown=0.2)
    counts, rates = {}, {}
    for peer in PEERS:
        runs = [measured(peer, complete, folder) for _ in range(2)]
        seconds, mib, counts[peer] = min(runs, key=lambda run: run[0])
        done = min(SAMPLES.get(peer, people), people)
        rates[peer] = done / seconds
        print(f"{peer:28} {done:>10,} people {seconds:8.2f} s {rates[peer]:>12,.0f} a second {mib:8,.0f} MiB", flush=True)
    seconds, mib, _ = measured("yanglao screen", partial, folder)
    print(f"{'… a fifth unknown':28} {people:>10,} people {seconds:8.2f} s {people / seconds:>12,.0f} a second {mib:8,.0f} MiB")
    same = {key: people for key, people in counts["yanglao screen"].items() if key.startswith(CITY)}
    theirs = counts["SQL in DuckDB"]
    assert same == theirs, [(key, same.get(key), theirs.get(key)) for key in same | theirs if same.get(key) != theirs.get(key)]
    for peer in list(PEERS)[1:]:
        print(f"yanglao : {peer} = {rates['yanglao screen'] / rates[peer]:.2f}")


def growing(folder: Path) -> None:
    """Time and memory against the number of people, a fifth unknown."""
    for people in GROWING:
        roster = folder / "growing.parquet"
        write_roster(roster, people, unknown=0.2)
        seconds, mib, _ = measured("yanglao screen", roster, folder)
        print(f"{people:>12,} people {seconds:8.1f} s {people / seconds:>12,.0f} a second {mib:8,.0f} MiB", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("people", nargs="?", type=int, default=2_000_000)
    parser.add_argument("--grow", action="store_true", help="time and memory against the number of people")
    parser.add_argument("--peer", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.peer:
        return run_peer(asked.peer[0], Path(asked.peer[1]), Path(asked.peer[2]))
    with tempfile.TemporaryDirectory() as folder:
        return growing(Path(folder)) if asked.grow else side_by_side(asked.people, Path(folder))


if __name__ == "__main__":
    main()
