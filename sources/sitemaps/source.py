"""Sitemap: a whole site as a source, its pages found by its sitemaps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sources.http.client import Fetcher
from sources.http.values import Fetched
from sources.sitemaps.pages import Pages
from sources.sitemaps.start import follow
from sources.sitemaps.walk import Walk
from sources.source import Item, Rejected, Site, Visited, reading_of
from sources.visits import Visits, fetching

MOST_PAGES = 200_000  # read in a run where no number is set
FOREIGN_SHOWN = 3  # hosts named in a report


@dataclass(frozen=True, slots=True)
class Sitemap:
    """The pages that a site's sitemaps list.

    url      of a sitemap, an index of sitemaps, a robots.txt that names some, or a site's front page: then
             its robots.txt is asked for them, and the usual addresses if it names none
    include  regular expressions searched in a page's address; one must be found. None given: all pages
    exclude  likewise; none may be found
    newest   at most so many pages a run, the newest first; the others come in later runs, for what was read
             is not read again. At a page a second, 1,000 take 17 minutes. None: all, up to 200,000
    fetcher  the run's HTTP client; None: one is made for this source alone

    A page is read again when its `lastmod` changes. One without is asked each time whether it has changed,
    once the new ones are read, and so is one that could not be had.
    """

    url: str
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    newest: int | None = 1_000
    fetcher: Fetcher | None = None

    def __post_init__(self) -> None:
        for name in ("include", "exclude"):
            given: str | tuple[str, ...] = getattr(self, name)
            object.__setattr__(self, name, (given,) if isinstance(given, str) else tuple(given))
            _compiled(name, getattr(self, name))
        if self.newest is not None and self.newest < 1:
            raise ValueError(f"newest = {self.newest}: give the number of pages to read in a run, 1 or more")

    @property
    def name(self) -> str:
        """What it is called in reports: the address as the user wrote it."""
        return self.url

    def read(self, site: Site, remembered: Mapping[str, str] | None = None) -> Iterator[Item]:
        """Yield what the site's new and changed pages hold. See `sources.source.Source`.

        What it remembers of a sitemap says as `left` how many pages and sitemaps it leaves for later runs.
        """
        with fetching(self.fetcher) as fetcher:
            walk = self._walk(Visits(self.url, fetcher, remembered or {}, reading_of(site)))
            yield from follow(self.url, walk)
            yield from self._pages(walk, site)

    def read_fetched(self, fetched: Fetched, visited: Visited, visits: Visits, site: Site) -> Iterator[Item]:
        """Do as `read` does with a sitemap that was fetched already, as `visits.get` gave it.

        `visited` is among what comes, at the end.
        """
        walk = self._walk(visits)
        yield from walk.begin(fetched, visited)
        yield from walk.go_on()
        yield from self._pages(walk, site)

    def _walk(self, visits: Visits) -> Walk:
        # Other pages may be wanted of an unchanged sitemap; a page is read in the same way as before.
        reading = f"{visits.reading} {self.include} {self.exclude}"
        include, exclude = _compiled("include", self.include), _compiled("exclude", self.exclude)
        pages = Pages(visits, self.newest or MOST_PAGES, include, exclude)
        return Walk(self.name, replace(visits, reading=reading), pages)

    def _pages(self, walk: Walk, site: Site) -> Iterator[Item]:
        if foreign := walk.pages.foreign:
            hosts = ", ".join(host for host, _ in foreign.most_common(FOREIGN_SHOWN))
            reason = (
                f"{foreign.total():,} pages are on other hosts ({hosts}), for which this one can't speak; "
                "name the sitemap of each host, or its robots.txt if that names this sitemap"
            )
            yield Rejected(self.name, self.url, "", reason)
        yield from walk.pages.read(site, self.name)
        yield from walk.visited()


def _compiled(name: str, expressions: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    found = []
    for expression in expressions:
        try:
            found.append(re.compile(expression))
        except re.error as error:
            raise ValueError(
                f"{name}: {expression!r} is no regular expression ({error}); "
                r"escape what is meant literally with \, as in '\?id='"
            ) from error
    return tuple(found)
