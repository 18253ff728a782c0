"""Listing: what the directory tells of each feed, and the order it tells it in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby

from feeds.formats import FORMATS

# Site first: who subscribes to one feed only wants that one. The order of the rest is the newsroom's own.
HEADINGS = {
    "site": "Site",
    "tag": "Tags",
    "section": "Sections",
    "author": "Authors",
    "language": "Languages",
    "set": "Combinations",
}
KINDS_IN_ORDER = tuple(HEADINGS)
MEDIA_TYPES = {format_.name: format_.media_type.partition(";")[0] for format_ in FORMATS}
# Atom first, wherever one format must do for all: it alone says when an entry was changed, and names the
# feed by an id that outlives its address (F-21). RSS next, since a few readers take no JSON Feed.
PREFERRED = ("atom", "rss", "json")


@dataclass(frozen=True, slots=True)
class ListedFeed:
    """One feed, in all its formats.

    kind       `site`, `tag`, `section`, `author`, `language` or `set`
    title      as the feed itself has it           slug      empty for the site
    page       the page that shows the same        id        the feed's permanent id
    addresses  name of a format -> absolute URL

    How many articles there are is not told: the directory would change with each.
    """

    kind: str
    title: str
    slug: str
    id: str
    page: str
    addresses: Mapping[str, str]
    description: str = ""
    language: str | None = None

    @property
    def formats(self) -> list[tuple[str, str]]:
        """(name of the format, address), the preferred first."""
        return [(name, self.addresses[name]) for name in PREFERRED if name in self.addresses]


def place(kind: str, title: str, slug: str) -> tuple[int, str, str]:
    """Return what feeds are put in order by: their kind, then their title as people sort it."""
    return KINDS_IN_ORDER.index(kind), title.casefold(), slug


def grouped(feeds: Iterable[ListedFeed]) -> Iterator[tuple[str, Iterator[ListedFeed]]]:
    """Yield (kind, its feeds) of feeds that come in their order."""
    return groupby(feeds, key=lambda feed: feed.kind)


def whole(parts: Iterable[bytes]) -> bytes:
    """Put a document together from parts that come one after the other.

    `b"".join` would keep them all until the last has come: of 200,000 feeds twice the document.
    """
    document = BytesIO()
    document.writelines(parts)
    return document.getvalue()
