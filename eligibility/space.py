"""The space of persons: every fact's values, gathered into the classes that the rules tell apart.

Ages from 60 to 64 are one class where no rule draws a line between them; a diagram then has one branch for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable

from eligibility.conditions import All, Any, Condition, Is, Not, Term, walk
from eligibility.diagrams import Diagrams, Node
from eligibility.facts import Scalar, Vocabulary


class Space:
    """The variables (facts with a finite domain) by level, and the classes of their values.

    Args:
        vocabulary: the facts.
        conditions: all that will ever be asked of a person here.
    """

    def __init__(self, vocabulary: Vocabulary, conditions: Iterable[Condition]) -> None:
        self.vocabulary = vocabulary
        self.names = tuple(vocabulary.variables())
        self.level = {name: level for level, name in enumerate(self.names)}
        told_apart: dict[str, set[frozenset[Scalar]]] = {name: set() for name in self.names}
        for condition in conditions:
            for part in walk(condition):
                if isinstance(part, Is):
                    told_apart[part.fact].add(part.values)
        self.classes = tuple(self._classes(name, told_apart[name]) for name in self.names)
        self.index: tuple[dict[Scalar, int], ...] = tuple(
            {value: i for i, members in enumerate(classes) for value in members} for classes in self.classes
        )
        self.types = tuple(type(classes[0][0]) for classes in self.classes)
        self.implied = tuple(
            (name, other, self.level[other], self.mask(other, values))
            for name, fact in vocabulary.facts.items() for other, values in fact.needs.items()
        )
        self.full = tuple((1 << len(classes)) - 1 for classes in self.classes)
        self.diagrams = Diagrams([len(classes) for classes in self.classes])
        self._nodes: dict[Condition, Node] = {}

    def _classes(self, name: str, tests: set[frozenset[Scalar]]) -> tuple[tuple[Scalar, ...], ...]:
        ordered = sorted(tests, key=lambda values: sorted(map(str, values)))
        classes: dict[tuple[bool, ...], list[Scalar]] = {}
        for value in self.vocabulary.facts[name].domain or ():
            classes.setdefault(tuple(value in test for test in ordered), []).append(value)
        return tuple(tuple(members) for members in classes.values())

    def mask(self, name: str, values: Iterable[Scalar]) -> int:
        """The classes that hold ``values`` of the fact."""
        index = self.index[self.level[name]]
        mask = 0
        for value in values:
            mask |= 1 << index[value]
        return mask

    def node(self, condition: Condition) -> Node:
        """The diagram of ``condition``."""
        found = self._nodes.get(condition)
        if found is None:
            found = self._nodes[condition] = self._build(condition)
        return found

    def _build(self, condition: Condition) -> Node:
        make = self.diagrams
        match condition:
            case Is(fact, values, _, guard):
                test = make.test(self.level[fact], self.mask(fact, values))
                return test if guard is None else make.both(self.node(guard), test)
            case All(parts):
                return make.all(self.node(part) for part in parts)
            case Any(parts):
                return make.any(self.node(part) for part in parts)
            case Not(part):
                return make.negation(self.node(part))
            case Term(_, part):
                return self.node(part)
