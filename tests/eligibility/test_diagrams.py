"""Decision diagrams against truth tables: every operation, on small functions written out in full."""

from __future__ import annotations

import random
from collections.abc import Hashable, Sequence
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility.diagrams import TERMINAL, Diagrams, Node, Settled, deciding, values

WIDTHS = (2, 3, 2, 4)
POINTS = list(product(*map(range, WIDTHS)))

Table = tuple[Hashable, ...]
"""The value of a function at each of :data:`POINTS`."""

thorough = settings(max_examples=100, deadline=None)


@st.composite
def tables(draw: st.DrawFn, leaves: Sequence[Hashable] = (False, True)) -> Table:
    """Functions that do not depend on every variable, as those of rules don't."""
    asked = draw(st.sets(st.integers(0, len(WIDTHS) - 1)))
    seen: dict[tuple[int, ...], Hashable] = {}
    rng = random.Random(draw(st.integers(0, 2**32)))
    return tuple(seen.setdefault(tuple(point[i] for i in asked), rng.choice(leaves)) for point in POINTS)


def built(make: Diagrams, table: Table, order: Sequence[int] = range(len(POINTS))) -> Node:
    """The diagram of ``table``, put together point by point in any ``order``."""
    result = make.leaf(table[order[0]])
    for i in order:
        here = make.all(make.test(level, 1 << index) for level, index in enumerate(POINTS[i]))
        result = make.choose(here, make.leaf(table[i]), result)
    return result


def table_of(node: Node) -> Table:
    """The values of the diagram at all points, found by walking down."""
    found = []
    for point in POINTS:
        here = node
        while here.children:
            here = here.child(here.level, point[here.level])
        found.append(here.value)
    return tuple(found)


def masks_strategy() -> st.SearchStrategy[tuple[int, ...]]:
    return st.tuples(*(st.integers(1, (1 << width) - 1) for width in WIDTHS))


def possible(point: Sequence[int], masks: Sequence[int]) -> bool:
    return all(mask >> index & 1 for index, mask in zip(point, masks, strict=True))


def depends_on(table: Table, masks: Sequence[int]) -> set[int]:
    """The variables of which two possible values make a difference somewhere."""
    at = dict(zip(POINTS, table, strict=True))
    inside = [point for point in POINTS if possible(point, masks)]
    return {
        level for level in range(len(WIDTHS)) for point in inside for index in range(WIDTHS[level])
        if masks[level] >> index & 1 and at[(*point[:level], index, *point[level + 1:])] != at[point]
    }


FULL = tuple((1 << width) - 1 for width in WIDTHS)


@thorough
@given(tables(leaves="abc"), st.randoms(use_true_random=False))
def test_equal_functions_are_the_same_node(table: Table, rng: random.Random) -> None:
    make = Diagrams(WIDTHS)
    order = list(range(len(POINTS)))
    rng.shuffle(order)
    node = built(make, table)
    assert node is built(make, table, order)
    assert table_of(node) == table
    assert deciding(node, FULL) == depends_on(table, FULL)


@thorough
@given(tables(leaves="abc"), tables(leaves="abc"))
def test_different_functions_are_different_nodes(one: Table, other: Table) -> None:
    make = Diagrams(WIDTHS)
    assert (built(make, one) is built(make, other)) == (one == other)


@thorough
@given(tables(), tables(), tables())
def test_logic(a: Table, b: Table, c: Table) -> None:
    make = Diagrams(WIDTHS)
    x, y, z = built(make, a), built(make, b), built(make, c)
    assert table_of(make.both(x, y)) == tuple(p and q for p, q in zip(a, b, strict=True))
    assert table_of(make.either(x, y)) == tuple(p or q for p, q in zip(a, b, strict=True))
    assert table_of(make.negation(x)) == tuple(not p for p in a)
    assert table_of(make.choose(x, y, z)) == tuple(q if p else r for p, q, r in zip(a, b, c, strict=True))
    assert table_of(make.all([x, y, z])) == tuple(all(row) for row in zip(a, b, c, strict=True))
    assert table_of(make.any([x, y, z])) == tuple(any(row) for row in zip(a, b, c, strict=True))


@thorough
@given(tables(), tables(leaves="abc"), tables(leaves="abc"))
def test_choosing_between_values(condition: Table, then: Table, otherwise: Table) -> None:
    make = Diagrams(WIDTHS)
    node = make.choose(built(make, condition), built(make, then), built(make, otherwise))
    assert table_of(node) == tuple(q if p else r for p, q, r in zip(condition, then, otherwise, strict=True))


@thorough
@given(tables(leaves=(0, 1, 2)), tables(leaves=(0, 10)), tables(leaves="ab"))
def test_combining_values(a: Table, b: Table, c: Table) -> None:
    make = Diagrams(WIDTHS)
    node = make.combine(lambda p, q, r: (p + q, r), built(make, a), built(make, b), built(make, c))
    expected = tuple((p + q, r) for p, q, r in zip(a, b, c, strict=True))  # type: ignore[operator]
    assert table_of(node) == expected
    assert node is built(make, expected)


@thorough
@given(tables(leaves="abc"), masks_strategy())
def test_the_values_that_are_still_possible(table: Table, masks: tuple[int, ...]) -> None:
    node = built(Diagrams(WIDTHS), table)
    assert values(node, masks) == {value for point, value in zip(POINTS, table, strict=True) if possible(point, masks)}


@thorough
@given(tables(leaves="ab"), masks_strategy())
def test_a_restricted_function_asks_only_what_makes_a_difference(table: Table, masks: tuple[int, ...]) -> None:
    make = Diagrams(WIDTHS)
    left = make.restrict(built(make, table), masks)
    assert deciding(left, FULL) == depends_on(table, masks)
    assert all(
        value == kept for point, value, kept in zip(POINTS, table, table_of(left), strict=True)
        if possible(point, masks)
    )


@thorough
@given(tables(leaves="ab"), tables(leaves="ab"), masks_strategy())
def test_functions_that_agree_on_what_is_possible_become_one(
    one: Table, other: Table, masks: tuple[int, ...],
) -> None:
    make = Diagrams(WIDTHS)
    agreeing = tuple(q if not possible(point, masks) else p for point, p, q in zip(POINTS, one, other, strict=True))
    left = make.restrict(built(make, one), masks)
    assert make.restrict(built(make, agreeing), masks) is left
    differs = any(p != q for point, p, q in zip(POINTS, one, other, strict=True) if possible(point, masks))
    assert (make.restrict(built(make, other), masks) is left) == (not differs)


@thorough
@given(tables(leaves="abc"), masks_strategy())
def test_what_decides_is_what_makes_a_difference(table: Table, masks: tuple[int, ...]) -> None:
    assert deciding(built(Diagrams(WIDTHS), table), masks) == depends_on(table, masks)


@thorough
@given(st.lists(tables(leaves="ab"), min_size=1, max_size=3), masks_strategy())
def test_a_function_is_settled_if_all_that_is_possible_agrees(functions: list[Table], masks: tuple[int, ...]) -> None:
    make = Diagrams(WIDTHS)
    indices = [mask.bit_length() - 1 if mask.bit_count() == 1 else -1 for mask in masks]
    settled = Settled(indices, masks)
    for table in functions:
        agreeing = {value for point, value in zip(POINTS, table, strict=True) if possible(point, masks)}
        assert settled[built(make, table)] == (agreeing.pop() if len(agreeing) == 1 else None)


def test_leaves_of_different_types_are_different_values() -> None:
    make = Diagrams(WIDTHS)
    assert make.leaf(1) is not make.true
    assert make.leaf(0.0) is not make.leaf(0)
    assert make.leaf(0.0) is make.leaf(0.0)
    assert (make.true.level, make.true.children) == (TERMINAL, ())


def test_a_test_that_asks_nothing_is_a_leaf() -> None:
    make = Diagrams(WIDTHS)
    assert make.test(1, 0b111) is make.true
    assert make.test(1, 0) is make.false
    assert make.all([]) is make.true
    assert make.any([]) is make.false
