"""The formats a feed is published in. FORMATS is their only list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from feeds.channel import Channel, Publisher
from feeds.formats import atom, rss
from sources.article import Article


@dataclass(frozen=True, slots=True)
class Format:
    """How articles and a channel become bytes.

    entry   one article, rendered once; its bytes are reused in every feed that holds it
    frame   the document around the entries: what comes before them, and what after
    """

    name: str
    file: str
    media_type: str
    entry: Callable[[Article, Publisher, Mapping[str, str]], bytes]
    frame: Callable[[Channel, str], tuple[bytes, bytes]]


FORMATS = (
    Format("rss", "rss.xml", "application/rss+xml; charset=utf-8", rss.entry, rss.frame),
    Format("atom", "atom.xml", "application/atom+xml; charset=utf-8", atom.entry, atom.frame),
)
