"""Listing: a tag or section page of a news site as a source, and the articles it lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sources.crawl import Lead, read_leads
from sources.http.client import Fetcher
from sources.http.values import Fetched, FetchError
from sources.listings.links import Listed, article_links
from sources.listings.paging import next_listing
from sources.pages.reader import is_html
from sources.pages.tree import decode, parse
from sources.source import Item, Rejected, Site, SourceError, Visited, reading_of
from sources.visits import Visits, fetching

PAGES = 3


@dataclass(frozen=True, slots=True)
class _Page:
    """A page of a listing: what to remember of it, what it lists, and where the next one is."""

    visited: Visited
    listed: tuple[Listed, ...]
    onward: str | None


@dataclass(frozen=True, slots=True)
class Listing:
    """A page that lists articles, and the numbered pages after it.

    url      the first page, as the user wrote it
    pages    how many pages are read, at most; a page that lists nothing new is the last
    links    a regular expression that is found in articles' addresses, where the guess fails
    fetcher  the run's HTTP client; None: one is made for this source alone

    An article that is met for the first time is always asked for. One that was read before is asked
    again, with its validators, only while it is on the first page: newsrooms correct what is new, the
    further pages need no request for each of their links, and a section where nothing happens costs
    one listing page and one short answer for each article on it.
    """

    url: str
    pages: int = PAGES
    links: str | None = None
    fetcher: Fetcher | None = None

    def __post_init__(self) -> None:
        if self.pages < 1:
            raise ValueError(f"{self.url}: pages = {self.pages} must be 1 or more")
        try:
            re.compile(self.links or "")
        except re.error as error:
            raise ValueError(
                f"{self.url}: links = {self.links!r} is no regular expression: {error}"
            ) from error

    @property
    def name(self) -> str:
        """What it is called in reports and in the archive."""
        return self.url

    def read(self, site: Site, remembered: Mapping[str, str] | None = None) -> Iterator[Item]:
        """Yield the articles that the listing lists. See `sources.source.Source`."""
        with fetching(self.fetcher) as fetcher:
            visits = Visits(self.url, fetcher, remembered or {}, reading_of(site, self.links))
            pages = []
            for page in self._pages(visits):
                if isinstance(page, _Page):
                    pages.append(page)
                else:
                    yield page
            # The oldest first: after a run that was broken off, what is missing is on the first page,
            # and the next run does not stop there.
            yield from read_leads(reversed(_leads(pages, visits)), visits, site, self.name)
            yield from (page.visited for page in pages)

    def _pages(self, visits: Visits) -> Iterator[_Page | Rejected | Visited]:
        """Yield the listing's pages, up to the first that lists nothing new."""
        url: str | None = self.url
        asked: set[str] = set()
        for number in range(1, self.pages + 1):
            if url is None or url in asked:
                return
            asked.add(url)
            try:
                page = self._page(url, number, visits)
            except FetchError as error:
                if number == 1:
                    raise
                yield Rejected(self.name, url, "", str(error))
                yield visits.failed(url, error)
                return
            yield page
            if not any(_is_new(listed, visits) for listed in page.listed):
                return
            url = page.onward

    def _page(self, url: str, number: int, visits: Visits) -> _Page:
        # Always asked for whole: were it unchanged, there would be no telling what it lists.
        fetched, visited = Visits(self.url, visits.fetcher, {}).get(url)
        root = parse(decode(fetched.body, fetched.charset)) if is_html(fetched.body) else None
        links = re.compile(self.links) if self.links else None
        listed = article_links(root, fetched.url, links) if root is not None else []
        if number == 1 and not listed:
            raise SourceError(f"{self.name}: {_nothing(fetched, self.links)}")
        onward = next_listing(root, fetched.url, number + 1) if root is not None else None
        return _Page(visited, tuple(listed), onward)


def _nothing(fetched: Fetched, links: str | None) -> str:
    if not is_html(fetched.body):
        return f"no web page but {fetched.media_type or 'something else'}; check the address"
    if links:
        return f"no link on the page matches links = {links!r}; correct the expression"
    return (
        "no links to articles were found on the page; set links to a regular expression that the articles' "
        "addresses match, or, if the page shows its list by JavaScript only, name the site's feed or sitemap"
    )


def _is_new(listed: Listed, visits: Visits) -> bool:
    return "reading" not in visits.note(listed.url)


def _leads(pages: list[_Page], visits: Visits) -> list[Lead]:
    """Return what is to be asked for, in the listing's order: the newest first."""
    leads = {
        listed.url: Lead(listed.url, record=listed.hints)
        for number, page in enumerate(pages)
        for listed in page.listed
        if number == 0 or _is_new(listed, visits)
    }
    return list(leads.values())
