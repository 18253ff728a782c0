"""Walk: sitemaps asked for one by one, from an address down through indexes, the newest first."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from sources.compressed import open_plain
from sources.crawl import FAILURES, NOT_NOW
from sources.http.values import Fetched, FetchError
from sources.records.reader import Unreadable
from sources.sitemaps.entry import Entry, Listed, Nested
from sources.sitemaps.pages import Asked, Pages, host_of, moment_of, settled
from sources.sitemaps.reader import read_sitemap
from sources.source import Rejected, SourceError, Visited
from sources.visits import Visits

UNPACKED = 64 * 1024 * 1024  # bytes; the protocol allows 50 MB
DEPTH = 3  # sitemaps in indexes in indexes; the protocol allows no index in an index
MOST_SITEMAPS = 2_000  # asked for in one run
MOST_WAITING = 100_000  # named and not asked for yet
GONE = frozenset({404, 410})


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sitemap to ask for, how deep it is, and the one that names it."""

    url: str
    depth: int
    by: Asked
    changed: str
    rank: tuple[bool, float, int]


@dataclass(slots=True)
class Walk:
    """Where we are in a site's sitemaps.

    visits   how sitemaps are asked for; the pages' own may differ in what is remembered
    pages    what they list
    asked    all that answered, in order
    seen     the addresses of all that were asked for or are waiting
    failures in a row; a host that asks to be left alone counts as enough of them
    """

    source: str
    visits: Visits
    pages: Pages
    asked: list[Asked] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    failures: int = 0

    def begin(self, fetched: Fetched, visited: Visited) -> Iterator[Rejected]:
        """Read the first sitemap or index. Raises SourceError if it is none."""
        self.pages.hosts |= {host_of(visited.url), host_of(fetched.url)}
        self.seen.add(visited.url)
        try:
            yield from self._read(fetched, visited, 1, None)
        except SourceError as error:
            raise SourceError(f"{visited.url}: {error}") from error

    def begin_with(self, named: list[str], robots: Asked) -> Iterator[Rejected]:
        """Let these be the first ones, as a robots.txt names them."""
        # Whoever a site's robots.txt names may speak for the site.
        self.pages.hosts |= {host_of(name) for name in named}
        self.asked.append(robots)
        for name in named:
            yield from self._wait_for(Nested(name), 1, robots)
        self.waiting.sort(key=lambda one: one.rank)

    def go_on(self) -> Iterator[Rejected | Visited]:
        """Ask for all that waits, as long as there is reason to."""
        for _ in range(MOST_SITEMAPS):
            # Those with a date come last, the newest first: when there is enough to read, they can wait.
            if not self.waiting or (self.waiting[-1].rank[1] and self.pages.is_full()):
                break
            if self.failures == FAILURES:
                break
            yield from self._ask(self.waiting.pop())
        else:
            if self.waiting:
                yield self._unasked(self.waiting[-1].by.visited.url)
        for one in self.waiting:
            one.by.leave()

    def _ask(self, one: Waiting) -> Iterator[Rejected | Visited]:
        try:
            fetched, visited = self.visits.get(one.url, {"changed": one.changed})
            yield from self._read(fetched, visited, one.depth, one.by)
            self.failures = 0
        except SourceError as error:
            one.by.leave()
            status = error.status if isinstance(error, FetchError) else None
            if status not in GONE:
                self.failures = FAILURES if status in NOT_NOW else self.failures + 1
            rest = "; the sitemaps after it are left for the next time" if self.failures == FAILURES else ""
            yield Rejected(self.source, one.url, "", f"{error}{rest}")
            if isinstance(error, FetchError):
                yield self.visits.failed(one.url, error)

    def _read(self, fetched: Fetched, visited: Visited, depth: int, by: Asked | None) -> Iterator[Rejected]:
        asked = Asked(visited, by)
        self.asked.append(asked)
        if fetched.status == 304 or (fetched.url != visited.url and fetched.url in self.seen):
            return
        self.seen.add(fetched.url)
        for entry in _entries(fetched, asked):
            if isinstance(entry, Unreadable):
                asked.open = True
                yield Rejected(self.source, visited.url, "", entry.reason, entry.text)
            elif isinstance(entry, Listed):
                self.pages.add(entry, asked, fetched.at)
            else:
                yield from self._wait_for(entry, depth + 1, asked, settled(entry.lastmod, fetched.at))
        self.pages.prune()
        self.waiting.sort(key=lambda one: one.rank)

    def _wait_for(self, named: Nested, depth: int, by: Asked, changed: str = "") -> Iterator[Rejected]:
        """Put a sitemap into the line, unless it is there, or was read in full since it changed last."""
        by.open |= not changed
        if named.url in self.seen or (changed and self.visits.note(named.url).get("changed") == changed):
            return
        if depth > DEPTH or len(self.waiting) >= MOST_WAITING:
            if not by.left:  # say it once
                yield self._unasked(by.visited.url)
            by.leave()
            return
        self.seen.add(named.url)
        moment = moment_of(named.lastmod)
        # The last is taken first: those without a date as they come, then the newest.
        self.waiting.append(Waiting(named.url, depth, by, changed, (moment == 0.0, moment, -len(self.seen))))

    def _unasked(self, url: str) -> Rejected:
        reason = (
            f"not all of the sitemaps it names are asked for: they are more than {DEPTH} deep, or too many; "
            "name those you want as sources of their own"
        )
        return Rejected(self.source, url, "", reason)

    def visited(self) -> Iterator[Visited]:
        """Yield what to remember of the sitemaps, once their pages were read."""
        for asked in reversed(self.asked):  # an index comes before what it names
            if asked.open and asked.by:
                asked.by.open = True
        for asked in self.asked:
            yield asked.remembered()


def _entries(fetched: Fetched, asked: Asked) -> Iterator[Entry]:
    try:
        yield from read_sitemap(open_plain(io.BytesIO(fetched.body), UNPACKED), fetched.url)
    except SourceError:
        asked.open = True
        raise
