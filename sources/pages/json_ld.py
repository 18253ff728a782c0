"""Page JSON-LD: the article that a page's script blocks describe, however badly they are written."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from sources.pages.index import Index
from sources.pages.schema_org import article_fields, rank
from sources.pages.values import address_in

# All of these are linear in what they read: a block may be megabytes of one character.
OPENING = re.compile(r"\s*(?:(?://|/\*)?\s*<!(?:--|\[CDATA\[)(?:\*/)?\s*)+")
CLOSING = re.compile(r"(?:(?://|/\*)?\s*(?:-->|\]\]>)(?:\*/)?\s*)+$")
STRING_OR_COMMAS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|,[\s,]*+', re.DOTALL)
BAD_ESCAPE = re.compile(r'\\(?:u(?![0-9a-fA-F]{4})|([^"\\/bfnrtu]))')
# A line that holds one name and one string: whatever quotes are inside the string belong to it.
LINE_OF_TEXT = re.compile(
    r'^([ \t]*+"[@\w]+"[ \t]*+:[ \t]*+")(.{0,5000})("[ \t\r]*+,?[ \t\r]*+)$', re.MULTILINE
)
EDGE = 200  # characters at either end of a block that may be comment signs


def json_ld_fields(page: Index, address: str | None, base: str) -> dict[str, Any]:
    """Return what the page's own article in JSON-LD states; {} when there is none.

    address: the page's, which tells its article from others it describes.
    """
    nodes = [node for block in _blocks(page) for node in _nodes(block)]
    articles = [node for node in nodes if rank(node) is not None]
    if not articles:
        return {}
    article = min(articles, key=lambda node: (not _is_about(node, address, base), rank(node)))
    named = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    return article_fields({key: _resolved(value, named) for key, value in article.items()}, base)


def _is_about(node: Mapping[str, Any], page: str | None, base: str) -> bool:
    addresses = [address_in(node.get(name), base) for name in ("url", "mainEntityOfPage", "@id")]
    return page is not None and _place(page) in [_place(address) for address in addresses if address]


def _place(address: str) -> str:
    return address.partition("#")[0].partition("://")[2].rstrip("/")


def _resolved(value: Any, named: Mapping[str, Any]) -> Any:
    """Put in place what a reference `{"@id": ...}` stands for."""
    if isinstance(value, list):
        return [_referred(item, named) for item in value]
    return _referred(value, named)


def _referred(value: Any, named: Mapping[str, Any]) -> Any:
    if isinstance(value, Mapping) and isinstance(key := value.get("@id"), str):
        return {**named.get(key, {}), **value}
    return value


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Yield what a block describes as standing for the page: not lists of other stories, nor comments."""
    waiting = [value]
    for item in waiting:
        if isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, dict):
            yield item
            waiting.extend(item[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in item)


def _blocks(page: Index) -> Iterator[Any]:
    for script in page.tags["script"]:
        if (script.get("type") or "").strip().lower().startswith("application/ld+json"):
            yield from read_json(script.text or "")


def read_json(text: str) -> list[Any]:
    """Read a block of JSON, mended as far as needed; [] when nothing of it can be read.

    What is seen: comments or CDATA around it, commas before a bracket, line breaks and quotes inside
    strings, escapes that JSON does not have, the whole block escaped as HTML, several values in a row.
    """
    text = _unwrapped(text)
    values, whole = _values(text)
    if whole:
        return values
    return _mended(text, values)


def _mended(text: str, best: list[Any]) -> list[Any]:
    """Read a block that is no JSON as it stands; `best` is what could be read of it as it is."""
    commas = _without_last_commas(text)
    escapes = BAD_ESCAPE.sub(r"\1", commas)
    quotes = _without_last_commas(LINE_OF_TEXT.sub(_quoted, BAD_ESCAPE.sub(r"\1", text)))
    for candidate in (commas, escapes, quotes, html.unescape(escapes)):
        values, whole = _values(candidate)
        if whole:
            return values
        best = best or values
    return best


def _unwrapped(text: str) -> str:
    text = text.strip()
    text = OPENING.sub("", text[:EDGE], count=1) + text[EDGE:]
    return text[:-EDGE] + CLOSING.sub("", text[-EDGE:])


def _without_last_commas(text: str) -> str:
    def mended(match: re.Match[str]) -> str:
        is_last = match[0][0] == "," and text[match.end() : match.end() + 1] in {"}", "]"}
        return "" if is_last else match[0]

    return STRING_OR_COMMAS.sub(mended, text)


def _quoted(match: re.Match[str]) -> str:
    return match[1] + re.sub(r'(?<!\\)"', r"\"", match[2]) + match[3]


def _values(text: str) -> tuple[list[Any], bool]:
    """Read the values that stand in a row in a text, and say whether that was all of it."""
    decoder = json.JSONDecoder(strict=False)  # a line break inside a string is read as one
    values: list[Any] = []
    rest = text.strip()
    try:
        while rest:
            value, end = decoder.raw_decode(rest)
            values.append(value)
            rest = rest[end:].lstrip(" \t\r\n;,")
    except (ValueError, RecursionError):
        return values, False
    return values, True
