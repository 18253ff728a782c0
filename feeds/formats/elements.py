"""Elements: the namespaces that our XML feeds use, and how an element of one is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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

# An entry, or an element of one: what stands before its story, the story, and what stands after. The story is
# most of it, and shared: by the formats, and by all feeds that hold the entry.
Parts = tuple[bytes, bytes, bytes]
NO_STORY: Parts = (b"", b"", b"")

# What no XML document may hold in any form (XML 1.0, production [2] Char; F-16). Surrogates are no UTF-8.
CONTROLS = bytes(code for code in range(0x20) if code not in b"\t\n\r")
FFFE, FFFF = "\ufffe".encode(), "\uffff".encode()


def escape(text: str) -> bytes:
    """Write text as it stands inside an element; a carriage return would be read as a line feed."""
    written = text.encode().replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")
    return written.replace(b"\r", b"&#13;")


@lru_cache(maxsize=1)  # RSS and Atom hold the same story
def _escaped_story(content: str) -> bytes:
    return checked(escape(content))


def story(margin: bytes, name: bytes, content: str, **attributes: str) -> Parts:
    """Write the element that holds an article's story, as `element` does. Raises ValueError as `checked`."""
    return (
        b"%b<%b>" % (margin, _with_attributes(name, attributes)),
        _escaped_story(content),
        b"</%b>\n" % name,
    )


def element(margin: bytes, name: bytes, text: str | None = None, **attributes: str | int | None) -> bytes:
    """Write an element by its prefixed name, `dc:creator`, on a line of its own.

    Attributes that are None are left out.
    """
    start = _with_attributes(name, attributes) if attributes else name
    if not text:
        return b"%b<%b/>\n" % (margin, start)
    return b"%b<%b>%b</%b>\n" % (margin, start, escape(text), name)


def _with_attributes(name: bytes, attributes: Mapping[str, str | int | None]) -> bytes:
    start = name
    for key, value in attributes.items():
        if value is not None:
            start += b' %b="%b"' % (key.encode(), quoted(str(value)))
    return start


def quoted(value: str) -> bytes:
    """Write a text as it stands inside an attribute."""
    if value.isalnum():
        return value.encode()
    return escape(value).replace(b'"', b"&quot;").replace(b"\n", b"&#10;").replace(b"\t", b"&#9;")


def around(start: bytes, children: Iterable[bytes]) -> bytes:
    """Write an element around others, which stand on lines of their own.

    start: the element as it would be without children. Raises ValueError as `checked` does.
    """
    first, last = _tags(start)
    return checked(b"".join([first, *children, last]))


def around_story(start: bytes, before: Iterable[bytes], told: Parts, after: Iterable[bytes]) -> Parts:
    """Write an element around others, of which one is a story's, or NO_STORY. See `around`."""
    first, last = _tags(start)
    before_it, text, after_it = told
    return checked(b"".join([first, *before, before_it])), text, checked(b"".join([after_it, *after, last]))


@lru_cache(maxsize=64)  # entries begin alike
def _tags(start: bytes) -> tuple[bytes, bytes]:
    margin, _, rest = start.removesuffix(b"/>\n").partition(b"<")
    return b"%b<%b>\n" % (margin, rest), b"%b</%b>\n" % (margin, rest.partition(b" ")[0])


def length_of(entry: Parts) -> int:
    """Return how many bytes an entry takes in a document."""
    return sum(map(len, entry))


def checked(text: bytes) -> bytes:
    """Return a part of a document. Raises ValueError for what XML can't hold: nothing of it may reach one,
    since one such character makes the whole of it unreadable.
    """
    if len(text.translate(None, CONTROLS)) != len(text) or FFFE in text or FFFF in text:
        raise ValueError("it holds a character that XML forbids")
    return text
