"""Pages: those behind a feed's entries, asked for when an entry is new or has changed."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sources.article import Article
from sources.crawl import FAILURES, NOT_NOW, read_answer
from sources.http.values import Fetched, FetchError
from sources.record import admit
from sources.source import Item, Rejected, Site, Visited
from sources.syndication.document import digest
from sources.syndication.full_text import completed, holds_more, is_front_page
from sources.visits import Visits

GONE = frozenset({404, 410})
KEPT = "the version kept stays as it is"

# Yields what an entry gave; returns whether nothing is left to ask for another time.
Given = Generator[Item, None, bool]


@dataclass(slots=True)
class Pages:
    """The pages of one run.

    met       the addresses met so far; a page that several entries name is the first one's
    failures  in a row
    stopped   what ended the asking for this run
    """

    name: str
    site: Site
    visits: Visits
    met: set[str] = field(default_factory=set)
    failures: int = 0
    stopped: FetchError | None = None

    def read(self, entry: Article | Rejected, raw: Mapping[str, Any], url: str) -> Given:
        """Yield an entry with the text of its page, if that was not had before for this very entry.

        entry  as the feed alone gives it: it goes out when the page can't be had, or says no more. But
               one that had its full text once never goes back to less: then nothing goes out
        raw    its record
        """
        self.met.add(url)
        # A page is read together with its entry: if either way of reading is another, it is asked for anew.
        visits = replace(self.visits, reading=digest([self.visits.reading, raw]))
        if visits.note(url).get("reading"):
            return True
        was_full = bool(json.loads(visits.remembered.get(url) or "{}").get("full"))
        if self.stopped:
            if not was_full:
                yield entry
            return False
        try:
            fetched, visited = visits.get(url)
            page = self._page(raw, url, fetched)
        except FetchError as error:
            yield Rejected(self.name, url, "", f"{error}; {KEPT}") if was_full else entry
            yield visits.failed(url, error)
            return self._is_settled(error)
        self.failures = 0
        yield from self._answer(entry, raw, page, visited, was_full)
        return True

    def _answer(
        self,
        entry: Article | Rejected,
        raw: Mapping[str, Any],
        page: Article | None,
        visited: Visited,
        was_full: bool,
    ) -> Iterator[Item]:
        if page and isinstance(entry, Rejected):  # perhaps for want of a date, which the page has
            dates = {name: getattr(page, name).isoformat() for name in ("published", "updated", "modified")}
            entry = admit({**raw, **dates}, self.site, self.name, entry.position)
        is_more = page is not None and holds_more(page, entry)
        if was_full and not is_more:
            yield Rejected(self.name, visited.url, "", f"the page no longer holds the story; {KEPT}")
            yield replace(visited, remembered=self.visits.remembered[visited.url])
            return
        yield completed(entry, page, raw) if page and isinstance(entry, Article) else entry
        yield remembering(visited, full=is_more)

    def _page(self, raw: Mapping[str, Any], url: str, fetched: Fetched) -> Article | None:
        """Return what a page holds, and its entry's record where it is silent; None if it holds no story.

        Raises FetchError when the story goes on to a page that can't be had.
        """
        if is_front_page(fetched.url):
            return None
        page = read_answer(fetched, raw, self.visits, self.site, self.name, url)
        return page if isinstance(page, Article) else None

    def _is_settled(self, error: FetchError) -> bool:
        """Count a failure. Say whether it is for good; if the host wants rest, ask for no more pages."""
        if error.status in GONE:
            self.failures = 0
            return True
        self.failures += 1
        if error.status in NOT_NOW or self.failures == FAILURES:
            self.stopped = error
        return False


def remembering(visited: Visited, **more: Any) -> Visited:
    """Return a visit that is remembered with more (what came of the answer), or without what is None."""
    kept = {**json.loads(visited.remembered), **more}
    return replace(visited, remembered=json.dumps({name: value for name, value in kept.items() if value}))
