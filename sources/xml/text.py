"""XML text: a document's bytes as text without DTD, in which nothing is left that a parser would stop at."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from html.entities import html5

from sources.pages.tree import decode
from sources.text import forbidden, strip_forbidden

SNIFFED = 4096
# How wide characters begin, without a byte-order mark or with one that is easily taken for another.
WIDE = (
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})[\"']")
CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
WIDE_NAMES = ("utf-16", "utf16", "utf-32", "utf32", "ucs", "iso-10646")
ESCAPED = ("iso-2022", "hz")  # their bytes are all ASCII, so they pass for UTF-8
# Possessive throughout: a prolog made to be read in many ways is read in one. A DOCTYPE is passed over
# with all it declares, and its entities are never an XML parser's (F-27): see `entities`.
DOCTYPE = (
    r"<!DOCTYPE(?:[^\[<>\"']|\"[^\"]*\"|'[^']*')*+"
    r"(?:\[(?:<!--(?s:.*?-->|.*)|\"[^\"]*\"|'[^']*'|[^\]\"'])*+\]\s*+)?+>"
)
PROLOG = re.compile(rf"(?>[\s\ufeff]+|<\?(?s:.*?)\?>|<!--(?s:.*?)-->|{DOCTYPE})*+", re.IGNORECASE)
ENTITY = re.compile(r"<!ENTITY\s+([A-Za-z]\w{0,30})\s+(?:\"([^\"&%<]{0,40})\"|'([^'&%<]{0,40})')\s*>")
LONGEST_WITH_ENTITIES = 1024 * 1024  # characters; each name in it makes at most 40 of them
# What stands in CDATA and comments is left as it is; one that never ends takes all that follows.
APART = r"(?s:<!\[CDATA\[(?:.*?\]\]>|.*)|<!--(?:.*?-->|.*))"
STRAY = re.compile(
    rf"{APART}"
    r"|&(?!(?:amp|lt|gt|quot|apos);)(?:#(?:[xX](?P<hex>[0-9a-fA-F]{1,6})|(?P<dec>\d{1,7}));"
    r"|(?P<name>[A-Za-z][A-Za-z0-9]{1,31});)?"
    r"|<(?![A-Za-z_/!?])"
)


def decode_xml(data: bytes, media_type: str | None = None) -> str:
    """Return the text of an XML document: by BOM, else as UTF-8 if it is that, else as it is declared.

    media_type  what HTTP says of it, with or without a charset
    Bytes that fit no declaration are read as windows-1252.
    """
    for start, name in WIDE:
        if data.startswith(start):
            return data.decode(name, "replace").removeprefix("\ufeff")
    told = CHARSET.search(media_type or "")
    return decode_part(data, told[1] if told else declared_charset(data))


def declared_charset(data: bytes) -> str | None:
    """Return the charset that a document's XML declaration names."""
    declared = DECLARED.search(data[:SNIFFED])
    return declared[1].decode("ascii", "replace") if declared else None


def decode_part(data: bytes, charset: str | None) -> str:
    """Return the text of bytes out of a document in an ASCII-like charset.

    Text that is valid UTF-8 by accident does not occur; what no charset fits is read as windows-1252.
    """
    label = (charset or "utf-8").lower()
    # A declaration that can be read as ASCII stands in no document of wide characters.
    if label.startswith(WIDE_NAMES) or (_is_utf8(data) and not label.startswith(ESCAPED)):
        label = "utf-8"
    return decode(data, label)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def entities(text: str) -> dict[str, str]:
    """Return what a document declares as short names for plain text, as old blog software does.

    Nothing that names another entity, a file or an address is among them; in a long document, none.
    """
    prolog = PROLOG.match(text)
    if prolog is None or len(text) > LONGEST_WITH_ENTITIES:
        return {}
    return {name: f"{one}{other}" for name, one, other in ENTITY.findall(prolog[0])}


def without_prolog(text: str) -> str:
    """Return a document from its root element on: without declaration, comments and DTD before it."""
    prolog = PROLOG.match(text)
    return text[prolog.end() :] if prolog else text


def mend(text: str, own: Mapping[str, str] | None = None) -> str:
    """Make text one that an XML parser takes: no forbidden characters, no loose `&` and `<`.

    own  the document's own entities
    HTML's names for characters (`&nbsp;`) become the characters; names that nobody knows become text.
    """
    clean, _ = strip_forbidden(text)
    return STRAY.sub(lambda match: _mended(match, own or {}), clean)


def _mended(match: re.Match[str], own: Mapping[str, str]) -> str:
    found = match[0]
    if found == "<":
        return "&lt;"
    if not found.startswith("&"):
        return found
    if number := match["hex"] or match["dec"]:
        code = int(number, 16 if match["hex"] else 10)
        return f"&#{code};" if code <= 0x10FFFF and not forbidden().match(chr(code)) else ""
    known = own.get(match["name"] or "") or html5.get(f"{match['name']};")
    return html.escape(known) if known else "&amp;" + found[1:]
