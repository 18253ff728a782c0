"""Whatever a newsroom has lying about: a file, a folder, a URL, standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sources.compressed import open_plain
from sources.files import Reader
from sources.pieces import Piece, read_all
from sources.source import Item, Site
from sources.text import writable

if TYPE_CHECKING:
    from sources.http.client import Fetcher


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
        yield from read_all(self.pieces(site, remembered or {}), site)

    def pieces(self, site: Site, remembered: Mapping[str, str]) -> Iterator[Item | Piece]:
        """Yield what lies there in parts that are still to be read. See `sources.pieces.Parted`."""
        if self.place == "-":
            yield from self._reader.stream(open_plain(sys.stdin.buffer), "", site)
        elif self.place.startswith(("http://", "https://")):
            from sources.address import Address  # the client takes longer to load than a look at files

            yield from Address(self.place, self.fields, self.fetcher).pieces(site, remembered)
        else:
            yield from self._reader.path(self.base / self.place, site, remembered)

    @property
    def _reader(self) -> Reader:
        return Reader(self.name, self.fields, self.pages)
