"""Feeds: RSS 0.9x to 2.0, RSS 1.0, Atom 0.3 and 1.0 read into records for `sources.record.admit`.

A feed is cut into its entries, and each is read on its own: what is broken in one costs that one. Whoever
writes a feed may be hostile: no entity is expanded, nothing is fetched, and time grows with size alone.

    bytes ─decode─▶ text ─cut─▶ head, entries ─mend, parse─▶ tree ─feedparser─▶ record
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from sources.records.reader import Unreadable
from sources.xml.cut import Cut, cut
from sources.xml.entry import Head, base_of, read_entry, read_head
from sources.xml.parse import parse_feed
from sources.xml.text import decode_xml, without_prolog
from sources.xml.tree import parse_xml, trim

if TYPE_CHECKING:
    from lxml.etree import _Element

LONGEST_ENTRY = 8 * 1024 * 1024  # characters
SHOWN = 2_000  # characters of an unreadable entry that are kept to show
BEGINS = re.compile(r"<(?:[\w.-]{1,40}:)?(?:rss|feed|RDF)[\s>]", re.IGNORECASE)
ARCHIVE = "prev-archive"
OLDER = (ARCHIVE, "next")  # RFC 5005: an archive is whole, a page may have lost something (F-73)
BREAKS_OFF = "the feed breaks off here: fetch it again"


def is_feed(head: bytes) -> bool:
    """Do these first bytes begin as a feed does? A WordPress export does, too: ask for that first."""
    return BEGINS.match(without_prolog(decode_xml(head))) is not None


def read_feed(
    data: bytes, url: str | None, media_type: str | None = None
) -> Iterator[tuple[str, dict[str, Any] | Unreadable]]:
    """Yield (position, record) for each entry, from "entry 1" on; what can't be read is Unreadable.

    url         where the feed was found; None for a file that came without
    media_type  what HTTP says of it: its charset is used
    Records have the Article's field names; values stay as printed. Nothing raises.
    """
    pieces = cut(decode_xml(data, media_type))
    if pieces is None:
        yield "entry 1", Unreadable(_shown(data.decode("utf-8", "replace")), "neither RSS nor Atom")
        return
    head = _head(pieces, url)
    for number, entry in enumerate(pieces.entries, start=1):
        yield f"entry {number}", _entry(pieces, entry, head)
    if pieces.rest is not None:
        yield f"entry {len(pieces.entries) + 1}", Unreadable(_shown(pieces.rest), BREAKS_OFF)


def _document(text: str) -> _Element | None:
    document = parse_xml(text)
    if document is not None:
        trim(document)
    return document


def _head(pieces: Cut, url: str | None) -> Head:
    document = _document(pieces.head)
    try:
        if document is not None:
            return read_head(document, url, is_atom=pieces.is_atom)
    except ValueError:  # entries can do without
        pass
    return Head(url, pieces.is_atom)


def _entry(pieces: Cut, entry: str, head: Head) -> dict[str, Any] | Unreadable:
    if len(entry) > LONGEST_ENTRY:
        return Unreadable(_shown(entry), f"longer than {LONGEST_ENTRY >> 20} MB, so no single article")
    document = _document(pieces.opening + entry + pieces.closing)
    if document is None:
        return Unreadable(_shown(entry), "not XML, and too broken or nested too deep to be mended")
    try:
        return read_entry(document, head)
    except ValueError as error:
        return Unreadable(_shown(entry), str(error))


def older_document(data: bytes, url: str | None = None) -> tuple[str, bool] | None:
    """Return the address of the document with the entries before these (RFC 5005), and whether it is an
    archive, which never changes (F-72); None if none is named.

    url: where the feed was found; without it a relative address is none.
    """
    pieces = cut(decode_xml(data))
    document = _document(pieces.head) if pieces else None
    if document is None:
        return None
    try:
        links = parse_feed(document, base_of(document, url)).feed.get("links", [])
        found = {link.get("rel"): urljoin(url or "", link.get("href") or "") for link in reversed(links)}
    except ValueError:
        return None
    pages = [rel for rel in OLDER if found.get(rel, "").startswith(("http://", "https://"))]
    return (found[pages[0]], pages[0] == ARCHIVE) if pages else None


def _shown(text: str) -> str:
    return text[:SHOWN]
