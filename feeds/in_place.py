"""In place: what readers have of a feed whose file the archive knows nothing of, from the file itself.

The archive was lost, or another program wrote there before: readers have those entries all the same.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from feeds.guard import Snapshot

if TYPE_CHECKING:
    from lxml.etree import _Element

NAMES = ("id", "published", "updated")
ATOM = "{http://www.w3.org/2005/Atom}"


def snapshot_of(body: bytes) -> Snapshot | None:
    """Return the entries of an Atom feed; None for what is none, or can't be read."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        return None
    entries = [_entry(entry) for entry in root.iterfind(f"{ATOM}entry")]
    return Snapshot(tuple(entries), len(body)) if entries else None


def _entry(entry: _Element) -> tuple[str, int, int]:
    """Return id, published and updated of an entry; 1970 where a date can't be read."""
    id_, published, updated = (entry.findtext(f"{ATOM}{name}") or "" for name in NAMES)
    return id_.strip(), _seconds(published or updated), _seconds(updated)


def _seconds(date: str) -> int:
    try:
        moment = datetime.fromisoformat(date.strip())
    except ValueError:
        return 0
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
