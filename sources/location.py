"""Whatever a newsroom has lying about: a file, a folder, a URL, standard input."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from sources.article import Article
from sources.compressed import open_plain, plain_name
from sources.crawl import read_answer
from sources.files import Reader
from sources.http.client import Fetcher
from sources.http.values import Fetched
from sources.kinds import SNIFF, Found, read
from sources.pages.reader import is_html
from sources.pieces import Piece
from sources.sitemaps.reader import is_sitemap
from sources.sitemaps.source import Sitemap
from sources.source import Item, Rejected, Site, SourceError
from sources.text import writable
from sources.visits import UNCHANGED, Visits, fetching, reading_of

UNPACKED = 512 * 1024 * 1024  # bytes that a fetched file may unpack to


@dataclass(frozen=True, slots=True)
class Location:
    """A source at a path, at a URL, or `-`.

    place    as the user wrote it
    base     where paths start
    fields   a content system's own field names -> those of the Article
    pages    the address that a folder of Markdown has on the site, with a slash at its end
    fetcher  the run's HTTP client; None: one is made for this source alone
    """

    place: str
    base: Path = Path()
    fields: Mapping[str, str] = field(default_factory=dict)
    fetcher: Fetcher | None = None
    pages: str | None = None

    @property
    def name(self) -> str:
        """What it is called in reports and in the archive."""
        return writable(self.place)

    def read(self, site: Site, remembered: Mapping[str, str] | None = None) -> Iterator[Item]:
        """Yield every article found there. See `sources.source.Source`."""
        for found in self.pieces(site, remembered or {}):
            yield from found.read(site) if isinstance(found, Piece) else (found,)

    def pieces(self, site: Site, remembered: Mapping[str, str]) -> Iterator[Item | Piece]:
        """Yield what lies there in parts that are still to be read. See `sources.pieces.Parted`."""
        if self.place == "-":
            yield from self._reader.stream(open_plain(sys.stdin.buffer), "", site)
        elif self.place.startswith(("http://", "https://")):
            yield from self._address(site, remembered)
        else:
            yield from self._reader.path(self.base / self.place, site, remembered)

    @property
    def _reader(self) -> Reader:
        return Reader(self.name, self.fields, self.pages)

    def _address(self, site: Site, remembered: Mapping[str, str]) -> Iterator[Item]:
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

    def _body(self, fetched: Fetched, visits: Visits, site: Site) -> Iterator[Article | Rejected]:
        if is_html(fetched.body):
            yield read_answer(fetched, {}, visits, site, self.name, "")
            return
        name = urlsplit(fetched.url).path.rpartition("/")[2]
        stream = open_plain(io.BytesIO(fetched.body), UNPACKED)
        found = Found(
            self.name,
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
            yield from read(found, site)
        except SourceError as error:
            raise SourceError(f"{self.name}: {error}") from error


def _head(fetched: Fetched) -> bytes:
    """Return how an answer begins, unpacked; nothing of what can't be."""
    try:
        return open_plain(io.BytesIO(fetched.body), UNPACKED).read(SNIFF)
    except (OSError, SourceError):  # the reader of its kind will say so
        return b""
