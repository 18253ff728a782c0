"""Story: an entry's text among what a feed calls content, description and summary."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

from sources.pages.body import fragment, inner_html, resolve
from sources.records.story import MARKUP
from sources.text import ENTITY

HTML_TYPES = ("text/html", "application/xhtml+xml")
# End tags that feedparser writes for XHTML's empty elements; HTML takes `</br>` for one more `<br>`.
NO_END = re.compile(r"</(?:area|br|col|embed|hr|img|input|source|track|wbr)>")
RELATIVE = re.compile(
    r"\b(?:href|src|srcset|poster|cite)\s*=\s*[\"']?\s*(?!https?:|[\"'\s>#]|mailto:|tel:|data:)",
    re.IGNORECASE,
)


def story(entry: Mapping[str, Any], base: str | None, is_atom: bool) -> dict[str, str | None]:
    """Return an entry's `content` (HTML) or `text`, and its `summary`.

    entry    as feedparser gives it
    base     what addresses inside resolve against, unless an element states its own; None leaves them
    is_atom  texts say what they are; in RSS HTML is told by its look
    """
    summary = _described(entry)
    versions = sorted(_versions(entry, is_atom), key=lambda version: -len(version[1]))
    if not versions and not is_atom and summary and MARKUP.search(summary):
        return {"content": summary if base is None else absolute(summary, base)}  # F-12
    if not versions:
        return {"summary": _as_html(entry, summary, is_atom)}
    kind, value, own_base = versions[0]
    summary = None if summary == value else _as_html(entry, summary, is_atom)
    if kind == "content" and base is not None:
        value = absolute(value, own_base or base)
    return {kind: value, "summary": summary}


def _versions(entry: Mapping[str, Any], is_atom: bool) -> Iterator[tuple[str, str, str]]:
    """Give each content's kind, `content` or `text`; its words; and the base it states."""
    contents = entry.get("content")
    for content in contents if isinstance(contents, list) else []:
        value, media_type = content.get("value"), content.get("type")
        if not isinstance(value, str) or not value.strip() or content.get("src"):
            continue
        if media_type in HTML_TYPES:
            is_html = is_atom or "\n" not in value.strip() or MARKUP.search(value) or ENTITY.search(value)
            cleaned = NO_END.sub("", value) if media_type == HTML_TYPES[1] else value
            yield ("content" if is_html else "text"), cleaned, content.get("base") or ""
        elif str(media_type).startswith("text/") and media_type != "text/xml":
            yield "text", value, ""


def _described(entry: Mapping[str, Any]) -> str | None:
    value = entry.get("summary")
    if not isinstance(value, str) or not value.strip():
        return None
    return NO_END.sub("", value) if "</" in value else value


def _as_html(entry: Mapping[str, Any], summary: str | None, is_atom: bool) -> str | None:
    """Give a summary as HTML, which `admit` makes plain: Atom's plain text may speak of `<b>`."""
    detail = entry.get("summary_detail")
    plain = isinstance(detail, Mapping) and detail.get("type") == "text/plain"
    return html.escape(summary, quote=False) if summary and is_atom and plain else summary


def absolute(content: str, base: str) -> str:
    """Resolve the addresses in HTML; HTML without relative ones is returned as it stands."""
    if not base or not RELATIVE.search(content):
        return content
    body = fragment(content)
    if body is None:
        return content
    # A note's number leads to the note, wherever the text is.
    inside = [(item, href) for item in body.iter("a") if (href := item.get("href") or "").startswith("#")]
    resolve(body, base)
    for item, href in inside:
        item.set("href", href)
    return inner_html(body[0] if len(body) == 1 else body)  # the one element is the fragment's own wrapper
