"""Crawl: web pages at addresses, asked for one by one; each is an Article or a rejection of its own."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sources.article import Article
from sources.http.values import Fetched, FetchError
from sources.pages.joined_pages import join
from sources.pages.reader import is_html, read_page
from sources.record import admit
from sources.source import Gone, Item, Rejected, Site, SourceError
from sources.visits import UNCHANGED, Visits

FAILURES = 5  # in a row, before the rest of a source is left for another time
GONE = frozenset({404, 410})
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


def read_leads(leads: Iterable[Lead], visits: Visits, site: Site, source: str) -> Iterator[Item]:
    """Yield what the pages hold that are new or have changed. One that can't be had is a rejection, or Gone.

    Raises SourceError when the host asks to be left alone, or page after page can't be had.
    """
    failures = 0
    for lead in leads:
        if lead.changed and visits.note(lead.url).get("changed") == lead.changed:
            continue
        try:
            fetched, visited = visits.get(lead.url, {"changed": lead.changed})
            if fetched.status != UNCHANGED:
                yield read_answer(fetched, lead.record, visits, site, source, lead.url)
            failures = 0
        except FetchError as error:
            failures = 0 if error.forbidden or error.status in GONE else failures + 1
            if error.status in NOT_NOW or failures == FAILURES:
                reason = f"{source}: {error}; the pages after it are left for the next time"
                raise SourceError(reason, error.retry_after) from error
            visited = visits.failed(lead.url, error)
            if error.status == 410:
                yield Gone(source, lead.url)
                visited = replace(visited, remembered="")  # should it come back, nothing of it is known
            else:
                yield Rejected(source, lead.url, "", str(error))
        yield visited


def read_answer(
    fetched: Fetched, record: Mapping[str, Any], visits: Visits, site: Site, source: str, position: str
) -> Article | Rejected:
    """Read a page that was fetched, and the pages that a story on it goes on to (I-04).

    record: what holds where the page says nothing.

    Raises FetchError when one of those can't be had: half a story is none.
    """
    if not is_html(fetched.body):
        return Rejected(source, position, "", f"no web page but {fetched.media_type or 'something else'}")
    raw = _whole(read_page(fetched.body, fetched.url, site, fetched.charset), visits, site)
    return admit({"fetched": fetched.at, **record, **raw}, site, source, position)


def _whole(raw: dict[str, Any], visits: Visits, site: Site) -> dict[str, Any]:
    """Return the record of a story with all its pages, from the one that has all of it, or one by one."""
    if not raw.get("more_pages"):
        return raw
    if raw.get("all_pages"):
        with contextlib.suppress(FetchError):
            everything = _page(raw["all_pages"], visits, site)
            if len(_story(everything)) > len(_story(raw)):
                return join([{**everything, "url": raw["url"]}])
    return join([raw, *(_page(url, visits, site) for url in raw["more_pages"])])


def _page(url: str, visits: Visits, site: Site) -> dict[str, Any]:
    fetched = visits.anew(url)
    return read_page(fetched.body, fetched.url, site, fetched.charset)


def _story(raw: Mapping[str, Any]) -> str:
    return str(raw.get("content") or raw.get("text") or "")
