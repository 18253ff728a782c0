"""Schemas: the JSON of the API's bodies, for /openapi.json."""

from __future__ import annotations

from typing import Any

from feeds.server.fields import Record
from sources.article import Article

REFERENCE = "#/components/schemas/{model}"

Json = dict[str, Any]


def ref(name: str, kind: str = "schemas") -> Json:
    """Point to a part of the document."""
    return {"$ref": f"#/components/{kind}/{name}"}


def schemas(undated: bool) -> Json:
    """Return every schema by name. undated: does the site take records without a date?"""
    record = Record.model_json_schema(ref_template=REFERENCE)
    article = Article.model_json_schema(mode="serialization", ref_template=REFERENCE)
    article["properties"]["withdrawn"] = ref("Withdrawn")
    if undated:  # the site takes such records for published when they are first seen
        record["allOf"] = record["allOf"][:1]
    parts = {**record.pop("$defs"), **article.pop("$defs")}
    return {"Record": record, "Article": article, **parts, **_ANSWERS}


_STRING: Json = {"type": "string"}
_MAYBE: Json = {"type": ["string", "null"]}
_ERROR = {"position": _STRING, "field": _STRING, "reason": _STRING}
_ANSWERS: Json = {
    "Withdrawn": {
        "type": "object",
        "required": ["at", "by", "reason", "replacement", "notice"],
        "properties": {
            "at": {"type": "string", "format": "date-time"},
            "by": {"enum": ["api", "command", "record", "gone"]},
            "reason": _STRING,
            "replacement": _MAYBE,
            "notice": _MAYBE,
        },
    },
    "Result": {
        "description": "What became of a record; `field` and `reason` for a rejected one.",
        "type": "object",
        "required": ["result"],
        "properties": {
            **_ERROR,
            "result": {"enum": ["new", "changed", "unchanged", "rejected"]},
            "id": _STRING,
            "url": _MAYBE,
            "title": _STRING,
            "status": {"enum": ["usable", "withheld", "canceled"]},
            "withdrawn": ref("Withdrawn"),
        },
        "additionalProperties": False,
    },
    "Results": {
        "type": "object",
        "required": ["counts", "results"],
        "properties": {
            "counts": {
                "type": "object",
                "required": ["new", "changed", "unchanged", "rejected"],
                "additionalProperties": {"type": "integer", "minimum": 0},
            },
            "results": {"type": "array", "items": ref("Result")},
        },
        "additionalProperties": False,
    },
    "Problem": {
        "description": "RFC 9457; its `type` is about:blank.",
        "type": "object",
        "required": ["title", "status", "detail"],
        "properties": {
            "title": _STRING,
            "status": {"type": "integer"},
            "detail": _STRING,
            "errors": {
                "type": "array",
                "items": {"type": "object", "required": list(_ERROR), "properties": _ERROR},
            },
            "withdrawn": ref("Withdrawn"),
        },
    },
}
