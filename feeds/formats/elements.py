"""Elements: the namespaces that our XML feeds use, and how an element of one is written."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from lxml import etree

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"

# What any entry may hold. A document declares them on its root, since it doesn't know its entries.
IN_ENTRIES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",  # with the closing slash (F-60)
}
IN_RSS_ITEMS = {**IN_ENTRIES, "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd"}

# What only a feed's head holds, and only where it is asked for: no other document's bytes change.
IN_HEADS = {
    "fh": "http://purl.org/syndication/history/1.0",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "webfeeds": "http://webfeeds.org/rss/1.0",
}
NAMESPACES = {"atom": ATOM, **IN_RSS_ITEMS, **IN_HEADS}

# What no XML document may hold in any form (XML 1.0, production [2] Char; F-16). Surrogates are no UTF-8.
CONTROLS = bytes(code for code in range(0x20) if code not in b"\t\n\r")
NONCHARACTERS = ("\ufffe".encode(), "\uffff".encode())


def escape(text: str) -> bytes:
    """Write text as it stands inside an element; a carriage return would be read as a line feed."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\r", "&#13;").encode()


@lru_cache(maxsize=1)  # RSS and Atom hold the same story
def escaped_story(content: str) -> bytes:
    """Write the longest text of an entry, as `escape` does."""
    return escape(content)


def element(name: str, text: str | bytes | None = None, **attributes: str | int | None) -> bytes:
    """Write an element by its prefixed name, `dc:creator`. Attributes that are None are left out.

    text: as bytes if it is escaped already.
    """
    written = name.encode()
    start = written
    for key, value in attributes.items():
        if value is not None:
            start += b' %b="%b"' % (key.encode(), _quoted(str(value)))
    if not text:
        return b"<%b/>" % start
    return b"<%b>%b</%b>" % (start, text if isinstance(text, bytes) else escape(text), written)


def _quoted(value: str) -> bytes:
    if value.isalnum():
        return value.encode()
    return escape(value).replace(b'"', b"&quot;").replace(b"\n", b"&#10;").replace(b"\t", b"&#9;")


def around(start: bytes, children: Iterable[bytes]) -> list[bytes]:
    """Write an element around others, one to a line. start: its own, without children: `<author/>`."""
    name = start[1:-2].partition(b" ")[0]
    return [start[:-2] + b">", *(b"  " + child for child in children), b"</%b>" % name]


def lines(elements: Iterable[bytes], margin: bytes) -> bytes:
    """Put elements on lines of their own, as they stand in a document.

    Raises ValueError for what XML can't hold: nothing of it may reach a document, since one such character
    makes the whole of it unreadable.
    """
    text = b"".join(b"%b%b\n" % (margin, element) for element in elements)
    if len(text.translate(None, CONTROLS)) != len(text) or any(n in text for n in NONCHARACTERS):
        raise ValueError("it holds a character that XML forbids")
    return text


def add(
    parent: etree._Element, name: str, text: str | None = None, **attributes: str | int | None
) -> etree._Element:
    """Add an element to a tree, of a head that feedgen makes; otherwise as `element`."""
    prefix, _, local = name.rpartition(":")
    element = etree.SubElement(parent, f"{{{NAMESPACES[prefix]}}}{local}" if prefix else local)
    for key, value in attributes.items():
        if value is not None:
            element.set(key, str(value))
    element.text = text
    return element
