"""Whatever a newsroom has lying about: a file, a folder, a URL, standard input."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from sources.article import Article
from sources.compressed import open_plain, plain_name
from sources.crawl import read_answer
from sources.file_marks import Marks, digest_of
from sources.http.client import Fetcher
from sources.http.values import Fetched
from sources.kinds import SNIFF, Found, read
from sources.pages.reader import is_html
from sources.sitemaps.reader import is_sitemap
from sources.sitemaps.source import Sitemap
from sources.source import Item, Rejected, Site, SourceError
from sources.text import writable
from sources.visits import UNCHANGED, Visits, fetching, reading_of

UNPACKED = 512 * 1024 * 1024  # bytes that a fetched file may unpack to
# Companions of articles, not articles: passed over without a word.
COMPANIONS = frozenset(
    ".jpg .jpeg .png .gif .webp .avif .svg .ico .mp3 .m4a .ogg .mp4 .webm .mov .pdf .css .js .map .woff "
    ".woff2 .ttf .toml .db .lock".split()
)


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
        if self.place == "-":
            yield from self._stream(open_plain(sys.stdin.buffer), "", site)
        elif self.place.startswith(("http://", "https://")):
            yield from self._address(site, remembered or {})
        else:
            yield from self._path(self.base / self.place, site, remembered or {})

    def _stream(self, stream: BinaryIO, position: str, site: Site) -> Iterator[Article | Rejected]:
        name = plain_name(position or self.place)
        return read(Found(self.name, position, name, stream, fields=self.fields, pages=self.pages), site)

    def _path(self, path: Path, site: Site, remembered: Mapping[str, str]) -> Iterator[Item]:
        if not path.exists():
            raise SourceError(f"{self.name}: there is no such file or folder; check the path")
        marks = Marks(remembered, reading_of(site, sorted(self.fields.items()), self.pages))
        met = set()
        for file in _files(path):
            position = "" if file == path else writable(file.relative_to(path).as_posix())
            met.add(position or self.name)
            try:
                with file.open("rb") as packed:
                    yield from self._file(packed, position, site, marks)
            except (OSError, SourceError) as error:
                reason = f"can't be read: {getattr(error, 'strerror', None) or error}"
                if not position:
                    raise SourceError(f"{self.name}: {reason}") from error
                yield Rejected(self.name, position, "", reason)
        yield from marks.gone(met)

    def _file(self, packed: io.BufferedReader, position: str, site: Site, marks: Marks) -> Iterator[Item]:
        """Yield what a file holds, if it is not as it was, and what to remember of it."""
        digest = digest_of(packed)
        known = marks.find(position or self.name, digest)
        if known is not None:
            yield known
            return
        articles = 0
        for item in self._stream(open_plain(packed), position, site):
            articles += isinstance(item, Article)
            yield item
        yield marks.of(position or self.name, digest, articles)

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


def _files(path: Path) -> Iterator[Path]:
    """List the files of a folder and its subfolders in one order on every machine; a file is itself."""
    if path.is_file():
        yield path
        return
    for folder, subfolders, names in os.walk(path):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and Path(name).suffix.lower() not in COMPANIONS:
                yield Path(folder, name)
