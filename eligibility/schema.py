"""The fact vocabulary as JSON Schema, for other systems."""

from __future__ import annotations

from typing import Any

from eligibility.facts import Fact, Vocabulary

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def fact_schema(vocabulary: Vocabulary) -> dict[str, Any]:
    """A schema of the object of facts that ``check`` takes; null and absent both mean unknown."""
    return {
        "$schema": DIALECT,
        "title": "yanglao facts",
        "type": "object",
        "properties": {name: _property(fact) for name, fact in vocabulary.facts.items()},
        "additionalProperties": False,
    }


def _property(fact: Fact) -> dict[str, Any]:
    shape = _shape(fact)
    kind = shape.pop("type")
    described: dict[str, Any] = {"title": fact.title, "type": [kind, "null"], **shape}
    if fact.help:
        described["description"] = fact.help
    if fact.options:
        labels = {str(value).lower() if isinstance(value, bool) else str(value): option.plain
                  for value, option in fact.options.items()}
        described["x-labels"] = labels
    return described


def _shape(fact: Fact) -> dict[str, Any]:
    bounds = {"minimum": fact.range[0], "maximum": fact.range[1]} if fact.range else {}
    match fact.type:
        case "city" | "choice":
            return {"type": "string", "enum": [*fact.options, None]}
        case "boolean":
            return {"type": "boolean"}
        case "date":
            return {"type": "string", "format": "date"}
        case "range":
            return {"type": "array", "items": {"type": "integer", **bounds}, "minItems": 2, "maxItems": 2}
        case "number":
            return {"type": "number", **bounds}
        case "integer" | "year":
            return {"type": "integer", **bounds}
