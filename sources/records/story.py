"""Story: a record's text, told to be HTML or plain by what it says it is or by its look, and its summary."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sources.records.names import FIELDS, FORMAT
from sources.records.shapes import first, folded, members, text
from sources.text import ENTITY

MARKUP = re.compile(r"</[a-z][a-z0-9]*\s*>|<(?:p|br|img|hr)\b[^<>]*>", re.IGNORECASE)
PLAIN_NAMES = {"contenttext", "bodytext"}  # plain text whatever it looks like
LONG_LINE = 120  # characters; nobody wraps there


def story(given: Mapping[str, Any]) -> dict[str, str | None]:
    """Find a folded record's story as HTML (`content`) and as `text`, and its summary."""
    found: dict[str, str] = {}
    for name in filter(given.__contains__, FIELDS["content"]):
        for stated, version in _versions(given[name]):
            kind = "text" if name in PLAIN_NAMES else stated or _look_of(name, version)
            found.setdefault(kind, version if kind == "content" else _apart(version))
    summary = first(given, FIELDS["summary"], text)
    description = text(given.get("description")) or ""
    if not found and MARKUP.search(description):  # RSS without content:encoded (F-12)
        found["content"] = description
        summary = None if summary == description else summary
    return {"summary": summary, "content": found.get("content"), "text": found.get("text")}


def _versions(value: Any) -> list[tuple[str, str]]:
    """Give each form a story comes in: its kind, `content`, `text` or "" if it isn't said, and the words."""
    if isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
        value = "\n\n".join(value)
    versions = []
    for item in members(value):
        words = text(item)
        media_type = str(first(folded(item), FORMAT, text) or "").lower()
        if words and ("html" in media_type or "/" not in media_type or media_type.startswith("text/plain")):
            kind = "content" if "html" in media_type else "text" if media_type.startswith("text") else ""
            versions.append((kind, words))
    return versions


def _look_of(name: str, words: str) -> str:
    """Tell HTML from plain text by its look; our own `content` is HTML unless its lines say otherwise."""
    if MARKUP.search(words) or ENTITY.search(words) or (name == "content" and "\n" not in words.strip()):
        return "content"
    return "text"


def _apart(words: str) -> str:
    """Part paragraphs by blank lines where each stands on one long line."""
    lines = words.strip().splitlines()
    if "" in map(str.strip, lines) or not any(len(line) > LONG_LINE for line in lines):
        return words
    return "\n\n".join(lines)
