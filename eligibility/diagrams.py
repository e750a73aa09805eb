"""Decision diagrams over the facts: what makes every answer of this package exact.

A rule is a function of a few facts with few values each. Kept as a reduced ordered decision diagram (Bryant 1986, with
many-valued variables), it is in a canonical form: what a person may still get, which open facts can make a difference,
the least and the most of a sum and the smallest change that helps are each one walk over it, and each is what trying
every completion of the facts would give. Nothing has to be written in a special way for that.

A variable is known by its *level*, its place in the order. What is known of a person is one bit mask a level: the classes
of values that are still possible.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

TERMINAL = 1 << 30
"""The level of a leaf: below every variable."""


class Node:
    """A decision on one variable (``children``, one a class of values), or a leaf (no children, a ``value``)."""

    __slots__ = ("arms", "children", "level", "value")

    def __init__(self, level: int, children: tuple[Node, ...], value: Any = None) -> None:
        self.level = level
        self.children = children
        self.value = value
        arms: dict[Node, int] = {}
        for i, child in enumerate(children):
            arms[child] = arms.get(child, 0) | 1 << i
        self.arms = tuple(arms.items())

    def child(self, level: int, index: int) -> Node:
        """The node for class ``index`` of the variable at ``level``; a node that does not ask about it stays itself."""
        return self.children[index] if self.level == level else self


class Diagrams:
    """The one place where nodes are made: equal functions are the same node.

    Args:
        widths: the number of classes of each variable, by level.
    """

    def __init__(self, widths: Sequence[int]) -> None:
        self.widths = tuple(widths)
        self._leaves: dict[Hashable, Node] = {}
        self._nodes: dict[tuple[int, tuple[Node, ...]], Node] = {}
        self._chosen: dict[tuple[Node, Node, Node], Node] = {}
        self.true = self.leaf(True)
        self.false = self.leaf(False)

    def leaf(self, value: Hashable) -> Node:
        """The constant ``value``."""
        key = (type(value), value)
        found = self._leaves.get(key)
        if found is None:
            found = self._leaves[key] = Node(TERMINAL, (), value)
        return found

    def node(self, level: int, children: tuple[Node, ...]) -> Node:
        """A decision, or its only child where it decides nothing."""
        first = children[0]
        if all(child is first for child in children):
            return first
        key = (level, children)
        found = self._nodes.get(key)
        if found is None:
            found = self._nodes[key] = Node(level, children)
        return found

    def test(self, level: int, mask: int) -> Node:
        """True where the variable's class is in ``mask``."""
        width = self.widths[level]
        return self.node(level, tuple(self.true if mask >> i & 1 else self.false for i in range(width)))

    def choose(self, condition: Node, then: Node, otherwise: Node) -> Node:
        """``then`` where ``condition`` holds, else ``otherwise``."""
        if condition is self.true or then is otherwise:
            return then
        if condition is self.false:
            return otherwise
        key = (condition, then, otherwise)
        found = self._chosen.get(key)
        if found is None:
            level = min(condition.level, then.level, otherwise.level)
            found = self._chosen[key] = self.node(level, tuple(
                self.choose(condition.child(level, i), then.child(level, i), otherwise.child(level, i))
                for i in range(self.widths[level])
            ))
        return found

    def both(self, left: Node, right: Node) -> Node:
        """Conjunction."""
        return self.choose(left, right, self.false)

    def either(self, left: Node, right: Node) -> Node:
        """Disjunction."""
        return self.choose(left, self.true, right)

    def negation(self, node: Node) -> Node:
        """Negation."""
        return self.choose(node, self.false, self.true)

    def all(self, nodes: Iterable[Node]) -> Node:
        """True where every one is."""
        result = self.true
        for node in nodes:
            result = self.both(result, node)
        return result

    def any(self, nodes: Iterable[Node]) -> Node:
        """True where one is."""
        result = self.false
        for node in nodes:
            result = self.either(result, node)
        return result

    def combine(self, function: Callable[..., Hashable], *nodes: Node) -> Node:
        """``function`` of the values of several diagrams (a sum, a pair, a view of one)."""
        memo: dict[tuple[Node, ...], Node] = {}

        def walk(parts: tuple[Node, ...]) -> Node:
            level = min(part.level for part in parts)
            if level == TERMINAL:
                return self.leaf(function(*(part.value for part in parts)))
            found = memo.get(parts)
            if found is None:
                found = memo[parts] = self.node(level, tuple(
                    walk(tuple(part.child(level, i) for part in parts)) for i in range(self.widths[level])
                ))
            return found

        return walk(nodes)

    def restrict(self, node: Node, masks: Sequence[int]) -> Node:
        """The function that is left when only the classes in ``masks`` are possible.

        Where a class is ruled out and several remain, the first that remains stands in for it: the result is to be read
        on possible values only, and there it is canonical, so that a variable stands in it only if it can make a difference.
        """
        memo: dict[Node, Node] = {}

        def walk(node: Node) -> Node:
            if not node.children:
                return node
            found = memo.get(node)
            if found is None:
                mask = masks[node.level]
                first = (mask & -mask).bit_length() - 1
                if not mask & (mask - 1):
                    found = walk(node.children[first])
                else:
                    stand_in = walk(node.children[first])
                    found = self.node(node.level, tuple(
                        walk(child) if mask >> i & 1 else stand_in for i, child in enumerate(node.children)
                    ))
                memo[node] = found
            return found

        return walk(node)


def values(node: Node, masks: Sequence[int]) -> set[Any]:
    """The values that the function can take when only the classes in ``masks`` are possible."""
    found: set[Any] = set()
    seen: set[Node] = set()
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if not node.children:
            found.add(node.value)
        elif node not in seen:
            seen.add(node)
            mask = masks[node.level]
            waiting.extend(child for i, child in enumerate(node.children) if mask >> i & 1)
    return found


def levels(nodes: Iterable[Node]) -> set[int]:
    """The levels of the variables that stand in any of the functions."""
    found: set[int] = set()
    waiting, seen = list(nodes), set[Node]()
    while waiting:
        node = waiting.pop()
        if node.children and node not in seen:
            seen.add(node)
            found.add(node.level)
            waiting += node.children
    return found


def deciding(node: Node, masks: Sequence[int]) -> set[int]:
    """The levels of the open variables that can make a difference when only the classes in ``masks`` are possible.

    What is left of the function is made canonical on the way up (see :meth:`Diagrams.node`): a node whose possible children
    are the same function is that function, and of equal ones the first speaks for all.
    """
    levels: set[int] = set()
    first: dict[tuple[object, ...], Node] = {}
    memo: dict[Node, Node] = {}

    def walk(node: Node) -> Node:
        found = memo.get(node)
        if found is None:
            found = node
            if node.children:
                mask = masks[node.level]
                below: dict[Node, int] = {}
                for child, classes in node.arms:
                    if mask & classes:
                        part = walk(child)
                        below[part] = below.get(part, 0) | mask & classes
                if len(below) == 1:
                    found = part
                else:
                    levels.add(node.level)
                    found = first.setdefault((node.level, frozenset(below.items())), node)
            memo[node] = found
        return found

    walk(node)
    return levels


class Settled(dict[Node, Any]):
    """The value of a function for one person, None where the open variables decide; each node is worked out once.

    Args:
        indices: the class of each variable, by level; -1 where several are possible.
        masks: the classes of each variable that are possible.
    """

    def __init__(self, indices: Sequence[int], masks: Sequence[int]) -> None:
        super().__init__()
        self._indices = indices
        self.masks = masks

    def __missing__(self, node: Node) -> Any:
        below = node
        while below.children:
            index = self._indices[below.level]
            if index < 0:
                value = self._open(below)
                break
            below = below.children[index]
        else:
            value = below.value
        self[node] = value
        return value

    def _open(self, node: Node) -> Any:
        mask = self.masks[node.level]
        value = None
        for child, classes in node.arms:
            if mask & classes:
                found = self[child]
                if found is None or (value is not None and found != value):
                    return None
                value = found
        return value
