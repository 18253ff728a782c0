"""The formats a feed is published in. FORMATS is their only list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from feeds.archive.values import Withdrawal
from feeds.channel import Channel
from feeds.formats import atom, json_feed, rss
from feeds.formats.elements import Parts
from feeds.formats.rendering import Rendering
from feeds.formats.tombstones import deleted_entry
from sources.article import Article


@dataclass(frozen=True, slots=True)
class Format:
    """How articles and a channel become bytes.

    entry      one article, rendered once; its bytes are reused in every feed that holds it
    frame      the document around the entries: what comes before them, and what after
    separator  what stands between two entries
    tombstone  what is said of an article that was taken back; None: nothing can be
    """

    name: str
    file: str
    media_type: str
    entry: Callable[[Article, Rendering], Parts]
    frame: Callable[[Channel, str], tuple[bytes, bytes]]
    separator: bytes = b""
    tombstone: Callable[[Withdrawal], bytes] | None = None


FORMATS = (
    Format("rss", "rss.xml", "application/rss+xml; charset=utf-8", rss.entry, rss.frame),
    Format(
        "atom",
        "atom.xml",
        "application/atom+xml; charset=utf-8",
        atom.entry,
        atom.frame,
        tombstone=deleted_entry,
    ),
    # NewsBlur asks for JSON only where the address says so (F-56).
    Format(
        "json",
        "feed.json",
        "application/feed+json; charset=utf-8",
        json_feed.entry,
        json_feed.frame,
        b",\n",
    ),
)
