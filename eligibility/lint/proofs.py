"""What holds of every person at once: conditions that can be met, rates without overlap, gap or dead tier."""

from __future__ import annotations

from collections.abc import Callable

from eligibility.diagrams import Node
from eligibility.lint.quotations import Faults
from eligibility.rules import ELIGIBLE, INELIGIBLE, Rule, Tier
from eligibility.space import Space


def conditions(rule: Rule, space: Space) -> Faults:
    """The required conditions can be met together and none follows from the others; each case of the rule can occur."""
    make = space.diagrams
    met = _with_status(rule, space, lambda status: status != INELIGIBLE)
    if met is make.false:
        yield rule.error("这些条件不可能同时满足", ["requires"])
        return
    for i, (node, _) in enumerate(rule.open_nodes):
        if make.both(met, node) is make.false:
            yield rule.error("满足条件的人里，没有人属于这种情况", ["discretionary", i, "when"])
    for i, (node, _) in enumerate(rule.caveat_nodes):
        if make.both(met, node) is make.false:
            yield rule.error("满足条件的人里，没有人属于这种情况", ["caveats", i, "when"])
    required = [space.node(condition) for condition in rule.requires]
    for i, node in enumerate(required):
        others = make.all(required[:i] + required[i + 1 :])
        if make.both(others, make.negation(node)) is make.false:
            yield rule.error(f"“{rule.requires[i].text()}”是多余的：满足别的条件就一定满足它", ["requires", i])


def city(rule: Rule, space: Space) -> Faults:
    """What is a person's depends on the city: who meets the conditions is registered or lives there."""
    make = space.diagrams
    here = make.any(make.test(space.level[fact], space.mask(fact, [rule.city.id])) for fact in ("hukou", "residence"))
    required = make.all(space.node(condition) for condition in rule.requires)
    if rule.audience == "person" and make.both(required, make.negation(here)) is not make.false:
        yield rule.error(f"条件里没有写户籍或居住地在{rule.city.name}", ["requires"])


def rates(rule: Rule, space: Space) -> Faults:
    """Of every part each person has one rate: no two hold at once, none is for nobody, and none is wanting.

    ``unrated`` opens a gap only for those whom the text leaves to others; who is *eligible* always has a rate.
    """
    if rule.amount is None:
        return
    make = space.diagrams
    met = _with_status(rule, space, lambda status: status != INELIGIBLE)
    unrated = make.false
    for name, tiers in rule.amount.parts.items():
        nodes = [make.both(met, space.node(tier.when)) for tier in tiers]
        for i, (tier, node) in enumerate(zip(tiers, nodes, strict=True)):
            if node is make.false and met is not make.false:
                yield rule.error(f"没有人能领到{_named(tier)}这一档", tier.place)
            for other, above in zip(tiers[:i], nodes, strict=False):
                if (common := make.both(node, above)) is not make.false:
                    message = f"{_named(tier)}和{_named(other)}两档重叠，比如：{example(common, space)}"
                    yield rule.error(message, tier.place)
        left = make.both(met, make.negation(make.any(nodes)))
        unrated = make.either(unrated, left)
        if rule.amount.entry.unrated:
            left = make.both(left, _with_status(rule, space, lambda status: status == ELIGIBLE))
        if left is not make.false:
            place = ["amount", "parts", name] if name else ["amount", "tiers"]
            yield rule.error(f"有人满足条件，却没有一档标准，比如：{example(left, space)}", place)
    if rule.amount.entry.unrated and unrated is make.false:
        yield rule.error("人人都有标准，unrated 用不着", ["amount", "unrated"])


PROOFS: tuple[Callable[[Rule, Space], Faults], ...] = (conditions, city, rates)


def example(node: Node, space: Space) -> str:
    """Somebody for whom ``node`` holds, in words; it must hold for somebody."""
    said = []
    while node.children:
        index = next(i for i, child in enumerate(node.children) if child is not space.diagrams.false)
        fact, value = space.vocabulary.facts[space.names[node.level]], space.classes[node.level][index][0]
        said.append(fact.describe([value]) if fact.options else f"{fact.title}{value}")
        node = node.children[index]
    return "、".join(said) or "所有人"


def _named(tier: Tier) -> str:
    return f"“{tier.when.text() or '所有人'}”"


def _with_status(rule: Rule, space: Space, wanted: Callable[[str], bool]) -> Node:
    """True for everybody whose status is ``wanted``."""
    return space.diagrams.combine(wanted, rule.status)
