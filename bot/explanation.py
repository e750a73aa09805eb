"""Explanation: why somebody has an entitlement, or has not, and what is the nearest step to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.items import amount, item, named, quote, source, step, unmet
from bot.wording import say
from eligibility.assessment import Assessment, Result
from eligibility.rules import ELIGIBLE, INELIGIBLE

_WHY = re.compile(
    r"为什么|为啥|为何|凭什么|凭啥|因为啥|因为什么|(?:咋|怎么)就?(?:没有|没|不|才|给|会有|有)|(?:咋|怎么)(?:算|来|得)的"
    r"|差在哪|差啥|差什么|(?:咋|怎么)(?:这么|就这|才)|(?:咋|怎么|怎样)(?:才能|能)多(?:领|拿|得)"
)

MOST_LISTED = 3
"""So many entitlements that somebody has not are explained when none is named."""


def asks_why(said: str) -> bool:
    """Whether the message asks why something is as it is (为啥我没有高龄津贴)."""
    return _WHY.search(said) is not None


def explained(assessment: Assessment, results: Sequence[Result], who: str) -> str:
    """Why the results are as they are, each in a few lines.

    Args:
        assessment: what they belong to.
        results: those that are asked about; when none is, the money that the person has not.
        who: how the person is addressed.
    """
    lacking = [r for r in assessment.results if r.status == INELIGIBLE and r.rule.kind == "cash"]
    chosen = list(results) or lacking[:MOST_LISTED]
    if not chosen:
        return say("explained_none", who=who)
    lines = (line for result in chosen for line in _explained(assessment, result, who, quoted=bool(results)))
    return "\n".join([*lines, *([] if results else [say("explained_name")])])


def _explained(assessment: Assessment, result: Result, who: str, quoted: bool) -> Iterator[str]:
    if result.status != INELIGIBLE:
        yield item(assessment, result, who)
        return
    lacks = unmet(result) or say("explained_limits")
    yield say("explained_not", name=named(assessment, result), who=who, unmet=lacks)
    yield from (f"    {line}" for line in step(assessment, result, who))
    yield from _instead(assessment, result)
    if quoted:
        yield f"    {say('sentence', quote=quote(result), source=source(result))}"


def _instead(assessment: Assessment, result: Result) -> Iterator[str]:
    """What the person has from the same place instead: who is past one band is in another."""
    place = (result.rule.document.id, result.rule.entry.section)
    for other in assessment.results:
        same_place = (other.rule.document.id, other.rule.entry.section) == place
        if same_place and other.status == ELIGIBLE and other.rule.kind == result.rule.kind == "cash":
            yield "    " + say("explained_instead", name=other.rule.name, amount=amount(assessment, other))
