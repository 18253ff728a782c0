"""A feed at an address: its newest document, the older ones behind it, and the pages behind its entries."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sources.http.values import FetchError
from sources.source import Item, Rejected, Site, SourceError, reading_of
from sources.syndication.pages import Pages
from sources.syndication.reading import Read, Reading, noting
from sources.text import writable
from sources.visits import Visits, fetching

if TYPE_CHECKING:
    from sources.http.client import Fetcher

KNOWN = 1000  # of the newest entries are remembered; pages longer than half of that are followed to the end


@dataclass(frozen=True, slots=True)
class Feed:
    """RSS, RDF, Atom or JSON Feed at an address.

    url        as the user wrote it
    history    follow the feed to its older documents (RFC 5005; JSON Feed's `next_url`). An archive never
               changes: once it was read whole, it is not asked for again. Pages are followed until one
               brings nothing new. Of an entry in several documents, the newest document's is taken.
    full_text  where an entry is a mere summary, take the story from the page behind its link; see
               `sources.syndication.full_text.is_full` for what counts as one
    fetcher    the run's HTTP client; None: one is made for this source alone
    longest    how many older documents are followed
    """

    url: str
    history: bool = False
    full_text: bool = False
    fetcher: Fetcher | None = None
    longest: int = 10_000

    @property
    def name(self) -> str:
        """What it is called in reports and in the archive."""
        return writable(self.url)

    def read(self, site: Site, remembered: Mapping[str, str] | None = None) -> Iterator[Item]:
        """Yield every entry that is new or changed. See `sources.source.Source`."""
        with fetching(self.fetcher) as fetcher:
            way = reading_of(site, self.history, self.full_text)
            visits = Visits(self.url, fetcher, remembered or {}, way)
            pages = Pages(self.name, site, visits) if self.full_text else None
            known = dict.fromkeys(visits.note(self.url).get("known", ()))
            yield from self._read(Reading(self.name, site, visits, known, pages))

    def _read(self, reading: Reading) -> Iterator[Item]:
        fetched, visited = reading.visits.get(self.url, {"known": list(reading.known)})
        if fetched.status == 304:  # what is behind it was read, too: else there would be no validators
            yield visited
            return
        newest = yield from reading.document(fetched, "")
        is_done = (yield from self._older(newest, reading)) if self.history else True
        # Last of all: if this run is cut short, the next one finds the way to older entries again.
        yield from newest.rejected
        known = list(dict.fromkeys([*reading.met, *reading.known]))[:KNOWN]
        yield noting(visited, newest.is_whole and is_done, known=known if self.history and is_done else None)
        if reading.pages and (stopped := reading.pages.stopped):
            reason = f"{self.name}: {stopped}; the pages after it are left for the next time"
            raise SourceError(reason, stopped.retry_after)

    def _older(self, newest: Read, reading: Reading) -> Generator[Item, None, bool]:
        """Yield what older documents hold. Return whether there is nothing left to ask for next time."""
        read, asked, is_whole = newest, {self.url}, True
        while (link := read.older) and link.url not in asked and (link.is_archive or read.is_new):
            if reading.pages and reading.pages.stopped:
                return False
            if len(asked) > self.longest:
                reason = f"more than {self.longest} documents in a row; this and what lies behind is left out"
                yield Rejected(self.name, link.url, "", reason)
                break
            asked.add(link.url)
            try:
                read = yield from reading.older(link)
            except FetchError as error:
                yield Rejected(self.name, link.url, "", f"{error}; the entries there and behind are missing")
                yield reading.visits.failed(link.url, error)
                return False
            is_whole &= read.is_whole
        return is_whole
