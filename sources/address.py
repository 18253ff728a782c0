"""Address: whatever lies at a URL that an operator typed."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from sources.compressed import open_plain, plain_name
from sources.crawl import read_answer
from sources.http.client import Fetcher
from sources.http.values import Fetched
from sources.kinds import SNIFF, Found, pieces
from sources.pages.reader import is_html
from sources.pieces import Piece
from sources.sitemaps.reader import is_sitemap
from sources.sitemaps.source import Sitemap
from sources.source import Item, Site, SourceError, reading_of
from sources.text import writable
from sources.visits import UNCHANGED, Visits, fetching

UNPACKED = 512 * 1024 * 1024  # bytes that a fetched file may unpack to


@dataclass(frozen=True, slots=True)
class Address:
    """A source at a URL.

    fields   a content system's own field names -> those of the Article
    fetcher  the run's HTTP client; None: one is made for this source alone
    """

    place: str
    fields: Mapping[str, str] = field(default_factory=dict)
    fetcher: Fetcher | None = None

    def pieces(self, site: Site, remembered: Mapping[str, str]) -> Iterator[Item | Piece]:
        """Yield what it holds: a page's story, what a sitemap leads to, the records of any kind of file."""
        with fetching(self.fetcher) as fetcher:
            visits = Visits(self.place, fetcher, remembered, reading_of(site, sorted(self.fields.items())))
            fetched, visited = visits.get(self.place)
            if fetched.status == UNCHANGED:
                yield visited
            elif is_sitemap(_head(fetched)):
                yield from Sitemap(self.place).read_fetched(fetched, visited, visits, site)
            else:
                yield from self._body(fetched, visits, site)
                yield visited

    def _body(self, fetched: Fetched, visits: Visits, site: Site) -> Iterator[Item | Piece]:
        if is_html(fetched.body):
            yield read_answer(fetched, {}, visits, site, writable(self.place), "")
            return
        name = urlsplit(fetched.url).path.rpartition("/")[2]
        stream = open_plain(io.BytesIO(fetched.body), UNPACKED)
        found = Found(
            writable(self.place),
            "",
            plain_name(name),
            stream,
            url=fetched.url,
            media_type=fetched.media_type,
            charset=fetched.charset,
            at=fetched.at,
            fields=self.fields,
        )
        try:
            yield from pieces(found, site)
        except SourceError as error:
            raise SourceError(f"{writable(self.place)}: {error}") from error


def _head(fetched: Fetched) -> bytes:
    """Return how an answer begins, unpacked; nothing of what can't be."""
    try:
        return open_plain(io.BytesIO(fetched.body), UNPACKED).read(SNIFF)
    except (OSError, SourceError):  # the reader of its kind will say so
        return b""
