"""OPML 2.0 (opml.org/spec2.opml; F-92 to F-94): the list that feed readers import."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from email.utils import format_datetime

from feeds.channel import Publisher
from feeds.directory.listing import HEADINGS, ListedFeed, grouped, whole
from feeds.formats.elements import quoted
from sources.text import one_line, strip_forbidden

PATHS = ("feeds.opml", ".well-known/feeds")  # the same bytes in both (F-92)
MEDIA_TYPE = "text/x-opml; charset=utf-8"
VERSIONS = {"atom": b"ATOM1", "rss": b"RSS2"}


def opml(feeds: Iterable[ListedFeed], publisher: Publisher, modified: datetime | None = None) -> bytes:
    """Write the feeds as OPML, grouped by kind.

    Each feed stands there once, in its preferred format: readers subscribe to every outline they import,
    and would show each article once for each format.
    feeds: in their order (feeds.directory.listing.place)
    modified: when the list last changed, with its zone; None leaves it out. The clock is never asked.
    """
    return whole(_parts(feeds, publisher, modified))


def _parts(feeds: Iterable[ListedFeed], publisher: Publisher, modified: datetime | None) -> Iterator[bytes]:
    # Line by line, as lxml would write them: its tree of 200,000 feeds takes half a gigabyte.
    before, body, after = _frame(publisher, modified).partition(b"  <body/>\n")
    yield before
    for kind, found in grouped(feeds):
        yield b"  <body>\n" if body else b"    </outline>\n"
        yield f'    <outline text="{HEADINGS[kind]}">\n'.encode()
        yield from map(_outline, found)
        body = b""
    yield body or b"    </outline>\n  </body>\n"
    yield after


def _frame(publisher: Publisher, modified: datetime | None) -> bytes:
    from lxml import etree

    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = _clean(publisher.title)
    if modified:
        etree.SubElement(head, "dateModified").text = format_datetime(modified)
    etree.SubElement(root, "body")
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)


def _outline(feed: ListedFeed) -> bytes:
    name, address = feed.formats[0]
    title = _attribute(feed.title)
    fields = {
        b"text": title,
        b"title": title,
        b"type": b"rss",  # OPML's word for every feed, Atom's too
        b"version": VERSIONS.get(name),
        b"xmlUrl": _attribute(address),
        b"htmlUrl": _attribute(feed.page),
        b"description": _attribute(feed.description),
        b"language": _attribute(feed.language or ""),
    }
    return b"      <outline%b/>\n" % b"".join(
        b' %b="%b"' % (key, value) for key, value in fields.items() if value
    )


def _attribute(value: str) -> bytes:
    return quoted(_clean(value))


def _clean(text: str) -> str:
    return one_line(strip_forbidden(text)[0])
