"""What is new, gone or another sum since an earlier result, and why: age, facts, rule, or the roster itself.

An answer that comes out as it was before when only the age of that day is put back has changed by age. Else, where the rule
decides what it decided then, the facts have changed; where it does not, the rule has, and nothing is said of the facts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import ibis
import pyarrow as pa
from ibis.expr.types import BooleanValue, Table

from eligibility.rules import ELIGIBLE, INELIGIBLE
from eligibility.screening.columns import ID, RosterError
from eligibility.screening.engines import Engine

COMPARED = ("status", "amount", "percent", "discount")
NEEDED = (ID, "entitlement", *COMPARED, "as_of", "version")

WAS, AGED = "was_", "aged_"
"""Before the columns of the earlier answer, and of the present one at the earlier age."""

BY_AGE, BY_FACTS, BY_RULE, BY_ROSTER = "age", "facts", "rule", "roster"

Aged = Callable[[Table, date], Table]
"""The answers of some people (their ids) at the age that they had on a day: id, entitlement and :data:`COMPARED`."""


def changed(engine: Engine, new: Table, old: Table, versions: Mapping[str, str], aged: Aged) -> Table:
    """Each answer that differs from the earlier one, with both, what kind of change it is, and why.

    Args:
        engine: where it is computed.
        new: the answers, with :data:`COMPARED`.
        old: an earlier result.
        versions: what each rule decides now (:func:`eligibility.screening.versions.version`).
        aged: see :data:`Aged`.

    Raises:
        RosterError: ``old`` is no result, or one of several days.
    """
    for name in NEEDED:
        if name not in old.columns:
            raise RosterError(f"上次的结果里没有“{name}”这一列，不是筛出来的结果")
    old = old.mutate(**{ID: old[ID].cast("string"), **{name: old[name].cast("float64") for name in ("amount", "percent")}})
    differing = engine.hold(_differing(_had(new), _had(old)), "differing")
    days = old.select(day=old["as_of"].cast("string")).distinct().limit(2).to_pyarrow()["day"].to_pylist()
    if len(days) != 1:
        raise RosterError("上次的结果不是同一天的")
    before = aged(differing.select(ID).distinct(), date.fromisoformat(days[0][:10]))
    rules = engine.known(pa.table({"entitlement": list(versions), "version_now": list(versions.values())}), "versions")
    then = old.select("entitlement", "version").distinct()
    known, knew = new.select(ID).distinct().mutate(here=True), old.select(ID).distinct().mutate(there=True)
    joined = _joined(differing, [before, rules, then, known, knew])
    return _told(joined)


def _had(rows: Table) -> Table:
    """The answers that are not *ineligible*: most are, and say nothing here."""
    texts = {name: rows[name].cast("string") for name in ("status", "discount", "entitlement")}
    rows = rows.mutate(**texts)
    return rows.filter(rows["status"] != INELIGIBLE).select(ID, "entitlement", *COMPARED)


def _differing(new: Table, old: Table) -> Table:
    """The answers that differ; one that is not there is *ineligible*."""
    before = old.select(was_id=old[ID], was_entitlement=old["entitlement"], **{WAS + name: old[name] for name in COMPARED})
    both = new.outer_join(before, [(ID, "was_id"), ("entitlement", "was_entitlement")])
    both = both.filter(~_same(both, "", WAS))
    return both.select(
        **{ID: ibis.coalesce(both[ID], both["was_id"])},
        entitlement=ibis.coalesce(both["entitlement"], both["was_entitlement"]),
        **{name: both[name] for name in COMPARED}, **{WAS + name: both[WAS + name] for name in COMPARED},
    )


def _same(table: Table, one: str, other: str) -> BooleanValue:
    same = table[one + COMPARED[0]].identical_to(table[other + COMPARED[0]])
    for name in COMPARED[1:]:
        same = same & table[one + name].identical_to(table[other + name])
    return same


def _joined(differing: Table, others: list[Table]) -> Table:
    """The differing answers with what is known of the person and of the rule."""
    before, rules, then, known, knew = others
    before = _had(before)
    before = before.select(aged_id=before[ID], aged_entitlement=before["entitlement"], **{
        AGED + name: before[name] for name in COMPARED
    })
    table = differing.left_join(before, [(ID, "aged_id"), ("entitlement", "aged_entitlement")])
    table = table.left_join(rules.rename(rule_now="entitlement"), [("entitlement", "rule_now")])
    table = table.left_join(then.rename(rule_then="entitlement"), [("entitlement", "rule_then")])
    table = table.left_join(known.rename(id_now=ID), [(ID, "id_now")])
    return table.left_join(knew.rename(id_then=ID), [(ID, "id_then")])


def _told(table: Table) -> Table:
    """The kind of each change, and the reason."""
    now, was = table["status"] == ELIGIBLE, table[WAS + "status"] == ELIGIBLE
    now, was = now.fill_null(False), was.fill_null(False)
    same_rule = table["version_now"].identical_to(table["version"])
    both = table["here"].notnull() & table["there"].notnull()
    return table.select(
        ID, "entitlement",
        change=ibis.cases((now & ~was, "new"), (was & ~now, "gone"), (now & was, "amount"), else_="status"),
        why=ibis.cases((~both, BY_ROSTER), (_same(table, AGED, WAS), BY_AGE), (same_rule, BY_FACTS), else_=BY_RULE),
        **{
            name: ibis.coalesce(table[name], INELIGIBLE) if name.endswith("status") else table[name]
            for name in (*(WAS + name for name in COMPARED), *COMPARED)
        },
    )
