"""OPML 2.0 (opml.org/spec2.opml; F-92 to F-94): the list that feed readers import."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime

from feeds.channel import Publisher
from feeds.directory.listing import HEADINGS, ListedFeed, grouped
from sources.text import one_line, strip_forbidden

PATHS = ("feeds.opml", ".well-known/feeds")  # the same bytes in both (F-92)
MEDIA_TYPE = "text/x-opml; charset=utf-8"
VERSIONS = {"atom": "ATOM1", "rss": "RSS2"}


def opml(feeds: Iterable[ListedFeed], publisher: Publisher, modified: datetime | None = None) -> bytes:
    """Write the feeds as OPML, grouped by kind.

    Each feed stands there once, in its preferred format: readers subscribe to every outline they import,
    and would show each article once for each format.
    modified: when the list last changed, with its zone; None leaves it out. The clock is never asked.
    """
    from lxml import etree

    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = _clean(publisher.title)
    if modified:
        etree.SubElement(head, "dateModified").text = format_datetime(modified)
    body = etree.SubElement(root, "body")
    for kind, found in grouped(feeds):
        group = etree.SubElement(body, "outline", text=HEADINGS[kind])
        for feed in found:
            etree.SubElement(group, "outline", _attributes(feed))
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)


def _attributes(feed: ListedFeed) -> dict[str, str]:
    name, address = feed.formats[0]
    fields = {
        "text": feed.title,
        "title": feed.title,
        "type": "rss",  # OPML's word for every feed, Atom's too
        "version": VERSIONS.get(name),
        "xmlUrl": address,
        "htmlUrl": feed.page,
        "description": feed.description,
        "language": feed.language,
    }
    return {key: _clean(value) for key, value in fields.items() if value}


def _clean(text: str) -> str:
    return one_line(strip_forbidden(text)[0])
