"""Versions of a rule: a short name for what it decides, the same as long as it decides the same, however it is written."""

from __future__ import annotations

from hashlib import sha256

from eligibility.diagrams import Node
from eligibility.rules import Rule
from eligibility.space import Space

LENGTH = 12


def version(rule: Rule, space: Space) -> str:
    """The name of what the rule decides: its diagram in values, which other rules' classes do not touch."""
    names: dict[Node, str] = {}

    def named(node: Node) -> str:
        if node not in names:
            if node.children:
                fact = space.names[node.level]
                arms = sorted((_values(node.level, classes, space), named(child)) for child, classes in node.arms)
                names[node] = _digest(f"{fact} {arms}")
            else:
                status, amount = node.value
                names[node] = _digest(f"{status} {rule.amounts[amount] if amount >= 0 else None}")
        return names[node]

    return named(rule.outcome)


def _values(level: int, classes: int, space: Space) -> list[str]:
    return sorted(str(value) for i, members in enumerate(space.classes[level]) if classes >> i & 1 for value in members)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:LENGTH]
