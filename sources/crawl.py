"""Crawl: web pages at addresses, asked for one by one; each is an Article or a rejection of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sources.article import Article
from sources.http.values import Fetched, FetchError
from sources.pages.reader import is_html, read_page
from sources.record import admit
from sources.source import Rejected, Site, SourceError, Visited
from sources.visits import UNCHANGED, Visits

FAILURES = 5  # in a row, before the rest of a source is left for another time
NOT_NOW = frozenset({429, 503})


@dataclass(frozen=True, slots=True)
class Lead:
    """An address that should hold an article, and what whoever named it says of it.

    url      absolute
    changed  when it changed last, in any words: while they stay the same, the page is not asked for
    record   fields, named as the Article's, that hold where the page itself says nothing
    """

    url: str
    changed: str = ""
    record: Mapping[str, Any] = field(default_factory=dict)


def read_leads(
    leads: Iterable[Lead], visits: Visits, site: Site, source: str
) -> Iterator[Article | Rejected | Visited]:
    """Yield what the pages hold that are new or have changed. One that can't be had is a rejection.

    Raises SourceError when the host asks to be left alone, or page after page can't be had.
    """
    failures = 0
    for lead in leads:
        if lead.changed and visits.note(lead.url).get("changed") == lead.changed:
            continue
        try:
            fetched, visited = visits.get(lead.url, changed=lead.changed)
            if fetched.status != UNCHANGED:
                yield read_answer(fetched, lead, visits, site, source)
            failures = 0
        except FetchError as error:
            failures = 0 if error.status in {404, 410} else failures + 1
            if error.status in NOT_NOW or failures == FAILURES:
                raise SourceError(
                    f"{source}: {error}; the pages after it are left for the next time"
                ) from error
            yield Rejected(source, lead.url, "", str(error))
            visited = visits.failed(lead.url, error)
        yield visited


def read_answer(fetched: Fetched, lead: Lead, visits: Visits, site: Site, source: str) -> Article | Rejected:
    """Read a page that was fetched, and the pages that an article on it goes on to."""
    if not is_html(fetched.body):
        return Rejected(source, lead.url, "", f"no web page but {fetched.media_type or 'something else'}")
    raw = read_page(fetched.body, fetched.url, site, fetched.charset)
    return admit({"fetched": fetched.at, **lead.record, **raw}, site, source, lead.url)
