"""Elements: the namespaces that our XML feeds use, and how an element of one is written."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

SHARED = 20_000  # elements that are kept, of those that many articles share: tags, bylines
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
FFFE, FFFF = "\ufffe".encode(), "\uffff".encode()


def escape(text: str) -> bytes:
    """Write text as it stands inside an element; a carriage return would be read as a line feed."""
    written = text.encode().replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")
    return written.replace(b"\r", b"&#13;")


@lru_cache(maxsize=1)  # RSS and Atom hold the same story
def escaped_story(content: str) -> bytes:
    """Write the longest text of an entry, as `escape` does."""
    return escape(content)


def element(
    margin: bytes, name: bytes, text: str | bytes | None = None, **attributes: str | int | None
) -> bytes:
    """Write an element by its prefixed name, `dc:creator`, on a line of its own.

    text: as bytes if it is escaped already. Attributes that are None are left out.
    """
    start = name
    for key, value in attributes.items():
        if value is not None:
            start += b' %b="%b"' % (key.encode(), quoted(str(value)))
    if not text:
        return b"%b<%b/>\n" % (margin, start)
    return b"%b<%b>%b</%b>\n" % (margin, start, text if isinstance(text, bytes) else escape(text), name)


def quoted(value: str) -> bytes:
    """Write a text as it stands inside an attribute."""
    if value.isalnum():
        return value.encode()
    return escape(value).replace(b'"', b"&quot;").replace(b"\n", b"&#10;").replace(b"\t", b"&#9;")


def around(start: bytes, children: Iterable[bytes]) -> bytes:
    """Write an element around others, which stand on lines of their own.

    start: the element as it would be without children. Raises ValueError as `checked` does.
    """
    margin, _, rest = start.removesuffix(b"/>\n").partition(b"<")
    name = rest.partition(b" ")[0]
    return checked(b"".join([b"%b<%b>\n" % (margin, rest), *children, b"%b</%b>\n" % (margin, name)]))


def checked(text: bytes) -> bytes:
    """Return a part of a document. Raises ValueError for what XML can't hold: nothing of it may reach one,
    since one such character makes the whole of it unreadable.
    """
    if len(text.translate(None, CONTROLS)) != len(text) or FFFE in text or FFFF in text:
        raise ValueError("it holds a character that XML forbids")
    return text
