"""The API described for machines (OpenAPI 3.1), made from the vocabulary, so that a new fact describes itself."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from eligibility.rulebook import RuleBook
from eligibility.schema import fact_schema

Json = dict[str, Any]

KINDS = ("cash", "service", "insurance", "discount", "priority", "admission")
STATUSES = ("eligible", "ineligible", "unknown", "discretionary")


def document(book: RuleBook) -> Json:
    """The description.

    Args:
        book: the rules, whose cities and facts it names.
    """
    facts = {name: value for name, value in fact_schema(book.vocabulary).items() if name not in ("$schema", "title")}
    facts["additionalProperties"] = {"type": "null"}  # what is null is absent, whatever it is called
    return {
        "openapi": "3.1.0",
        "info": {"title": "yanglao", "version": version("yanglao"), "description": "养老：只按政策文件回答。"},
        "security": [{"key": []}],
        "paths": {
            "/api/ask": _path("查文件", {
                "query": {"type": "string"}, "city": {"type": ["string", "null"], "enum": [*book.packs, None]},
                "top": {"type": ["integer", "null"]},
            }, ["query"], "Answer"),
            "/api/understand": _path("听懂一句话", {
                "text": {"type": "string"},
                "asking": {
                    "type": ["array", "null"], "items": {}, "description": "正在问的事实的名字；不认得的不算",
                    "examples": [[name] for name in book.vocabulary.facts],
                },
            }, ["text"], "Understood"),
            "/api/check": _path("算一个人能领什么", {
                "facts": {"$ref": "#/components/schemas/Facts"}, "as_of": {"type": ["string", "null"], "format": "date"},
            }, ["facts"], "Check"),
            "/api/chat": _path("一问一答，chat_id 相同的接着谈", {
                "chat_id": {"type": "string", "minLength": 1, "maxLength": 40, "pattern": "^[ -~]+$"},
                "text": {"type": "string"},
            }, ["chat_id", "text"], "Reply"),
        },
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Facts": facts, **_answers()},
        },
    }


def _path(summary: str, properties: Json, required: list[str], answer: str) -> Json:
    body = {"type": "object", "properties": properties, "required": required}
    refusals = {
        400: "请求不对", 401: "没有钥匙", 408: "来得太慢", 413: "太长", 415: "不是 JSON", 429: "太快，过 Retry-After 秒再来",
        500: "程序出了毛病", 503: "正忙，过一会儿再来",
    }
    headers = {401: {"WWW-Authenticate": {"schema": {"const": "Bearer"}, "required": True}},
               429: {"Retry-After": {"schema": {"type": "integer", "minimum": 1}, "required": True}}}
    return {"post": {
        "summary": summary,
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {
            "200": {"description": "答案", **_json(answer)},
            **{
                str(status): {"description": why, "headers": headers.get(status, {}), **_json("Error")}
                for status, why in refusals.items()
            },
        },
    }}


def _json(schema: str) -> Json:
    return {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}}


def _object(required: Json, **optional: Json) -> Json:
    return {"type": "object", "properties": {**required, **optional}, "required": list(required)}


def _list(items: Json) -> Json:
    return {"type": "array", "items": items}


def _or_null(schema: Json) -> Json:
    return {**schema, "type": [schema["type"], "null"]}


def _answers() -> Json:
    text, flag, number = {"type": "string"}, {"type": "boolean"}, {"type": "number"}
    amount = {"type": ["object", "null"]}
    sums = _object({"month": number, "year": number})
    ranges = _object({"month": _list(number), "year": _list(number)})
    hit = _object({
        "doc": text, "number": text, "title": text, "section": text, "text": text, "score": number,
        "status": {"enum": ["in_force", "draft"]},
    })
    citation = _object({"doc": text, "number": text, "section": text, "quote": text, "status": {"enum": ["in_force", "draft"]}})
    reason = _object({"condition": text, "met": {"type": ["boolean", "null"]}})
    result = _object({
        "id": text, "name": text, "kind": {"enum": list(KINDS)}, "status": {"enum": list(STATUSES)}, "amount": amount,
        "missing": _list(text), "reasons": _list(reason), "caveats": _list(text), "citation": citation,
    }, why_not=_or_null(_list(_object({"fact": text, "value": {}}))))
    coming = _object({"id": text, "at_age": {"type": "integer"}, "date": {"type": ["string", "null"]}, "amount": amount})
    option = _object({"label": text})
    return {
        "Error": _object({"error": _object({"code": text, "message": text}, fact={"type": ["string", "null"]})}),
        "Answer": _object({
            "answered": flag, "answer": text, "city": {"type": ["string", "null"]}, "benefits": _list(text), "hits": _list(hit),
            "clarify": _or_null(_object({"question": text, "options": _list(text)})),
        }),
        "Understood": _object({"facts": {"type": "object"}}, **{"not": {"type": "object"}}),
        "Check": _object({
            "as_of": text, "results": _list(result), "cash_total": sums, "cash_range": ranges, "upcoming": _list(coming),
            "next_questions": _list(text),
        }),
        "Reply": _object({
            "text": text, "options": _list(option), "multiple": flag, "asking": _list(text), "facts": {"type": "object"},
            "done": flag, "results": _or_null(_list(result)), "hits": _list(hit),
        }),
    }
