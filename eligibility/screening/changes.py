"""What is new, gone or another sum since an earlier result, and why: age, facts, rule, or the roster itself.

An answer that comes out as it was before when only the age of that day is put back has changed by age. Else, where the rule
decides what it decided then, the facts have changed; where it does not, the rule has, and nothing is said of the facts. Who
cannot be read this time, or is not known to belong anywhere, has lost nothing: it is not known any more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import ibis
import pyarrow as pa
from ibis.expr.types import BooleanValue, Table

from eligibility.assessment import UNKNOWN
from eligibility.rules import ELIGIBLE, INELIGIBLE
from eligibility.screening.columns import ID, RosterError
from eligibility.screening.engines import Engine
from eligibility.screening.people import AGE

COMPARED = ("status", "amount", "percent", "discount")
NEEDED = (ID, AGE, "entitlement", *COMPARED, "as_of", "version")

WAS, AGED = "was_", "aged_"
"""Before the columns of the earlier answer, and of the present one at the earlier age."""

BY_AGE, BY_FACTS, BY_RULE, BY_ROSTER, BY_READING = "age", "facts", "rule", "roster", "unread"

Aged = Callable[[Table], Table]
"""The answers of some people (id, and the age to put back): id, entitlement and :data:`COMPARED`."""


def earlier(engine: Engine, file: Path) -> Table:
    """An earlier result.

    Raises:
        RosterError: it is none, or one of several days.
    """
    old = engine.read_result(file)
    for name in NEEDED:
        if name not in old.columns:
            raise RosterError(f"上次的结果里没有“{name}”这一列，不是筛出来的结果")
    if len(old.select("as_of").distinct().limit(2).to_pyarrow()) > 1:
        raise RosterError("上次的结果不是同一天的")
    texts = {name: old[name].cast("string") for name in (ID, AGE)}
    return old.mutate(**texts, **{name: old[name].cast("float64") for name in ("amount", "percent")})


def changed(
    engine: Engine, new: Table, old: Table, versions: Mapping[str, str], aged: Aged, roster: tuple[Table, Table],
) -> Table:
    """Each answer that differs from the earlier one, with both, what kind of change it is, and why.

    Args:
        engine: where it is computed.
        new: the answers, with :data:`COMPARED`.
        old: an earlier result, of :func:`earlier`.
        versions: what each rule decides now (:func:`eligibility.screening.versions.version`).
        aged: see :data:`Aged`.
        roster: the ids of everybody who was read, and of those who were not.
    """
    differing = engine.hold(_differing(_had(new), _had(old)), "differing")
    before = aged(old.semi_join(differing, ID).select(ID, AGE).distinct())
    rules = engine.known(pa.table({"entitlement": list(versions), "version_now": list(versions.values())}), "versions")
    then = old.select("entitlement", "version").distinct()
    read, unread = roster
    known = [
        new.select(ID).distinct().mutate(here=True), old.select(ID).distinct().mutate(there=True),
        read.select(ID).distinct().mutate(listed=True), unread.select(ID).distinct().mutate(unread=True),
    ]
    return _told(_joined(differing, before, rules, then, known))


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


def _joined(differing: Table, before: Table, rules: Table, then: Table, known: Sequence[Table]) -> Table:
    """The differing answers with what is known of the rule, and of the person: ``known`` are ids, each with a mark."""
    before = _had(before)
    before = before.select(aged_id=before[ID], aged_entitlement=before["entitlement"], **{
        AGED + name: before[name] for name in COMPARED
    })
    table = differing.left_join(before, [(ID, "aged_id"), ("entitlement", "aged_entitlement")])
    table = table.left_join(rules.rename(rule_now="entitlement"), [("entitlement", "rule_now")])
    table = table.left_join(then.rename(rule_then="entitlement"), [("entitlement", "rule_then")])
    for marked in known:
        mark = marked.columns[1]
        table = table.left_join(marked.rename({f"id_{mark}": ID}), [(ID, f"id_{mark}")])
    return table


def _told(table: Table) -> Table:
    """The kind of each change, and the reason."""
    here, there = table["here"].notnull(), table["there"].notnull()
    listed, unread = table["listed"].notnull(), table["unread"].notnull()
    # Who was answered and has no answer here was ineligible; who was not answered is open, if in the roster, or else gone.
    nothing = ibis.null("string")
    unanswered = ibis.ifelse(listed | unread, UNKNOWN, nothing)
    status = ibis.ifelse(here, ibis.coalesce(table["status"], INELIGIBLE), unanswered)
    was = ibis.ifelse(there, ibis.coalesce(table[WAS + "status"], INELIGIBLE), nothing)
    owed, had = (status == ELIGIBLE).fill_null(False), (was == ELIGIBLE).fill_null(False)
    lost = status.isnull() | (status == INELIGIBLE)
    same_rule = table["version_now"].identical_to(table["version"])
    return table.select(
        ID, "entitlement",
        change=ibis.cases(
            (owed & ~had, "new"), (had & lost, "gone"), (had & ~owed, "open"), (had & owed, "amount"), else_="status",
        ),
        why=ibis.cases(
            (unread, BY_READING), (~here & listed, BY_FACTS), (~(here & there), BY_ROSTER), (_same(table, AGED, WAS), BY_AGE),
            (same_rule, BY_FACTS), else_=BY_RULE,
        ),
        **{WAS + "status": was}, **{WAS + name: table[WAS + name] for name in COMPARED[1:]},
        status=status, **{name: table[name] for name in COMPARED[1:]},
    )
