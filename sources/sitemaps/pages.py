"""Pages: what sitemaps list and this run is to read: new and changed ones first, the newest of them first."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zlib import crc32
from zoneinfo import ZoneInfo

from sources.crawl import Lead, read_leads
from sources.dates import parse_date
from sources.sitemaps.entry import Listed
from sources.source import Item, Site, Visited
from sources.visits import Visits

# A day without its time; software that knows no more writes midnight.
DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:T00:00(?::00(?:\.0+)?)?(?:Z|[+-]\d\d:?\d\d)?)?")
MOST_HOSTS = 1_000  # counted by name
DAYS = timedelta(days=2)  # until a day is over in every zone
# 404 and 410 are answers too: a page that comes back is listed anew.
ANSWERED = frozenset({200, 203, 304, 404, 410})

# Smaller comes first.
Rank = tuple[int, int, bool, float, int]


@dataclass(slots=True)
class Asked:
    """A sitemap that was asked for in this run, and what is to be remembered of it.

    by    the one that names it; None: the settings
    left  pages and sitemaps that it names and that come in a later run
    open  must it be asked in full again? So it must while something is left, or can change without a word
    """

    visited: Visited
    by: Asked | None = None
    left: int = 0
    open: bool = False

    def leave(self) -> None:
        """Something that it names comes in a later run."""
        self.left += 1
        self.open = True

    def remembered(self) -> Visited:
        """Return the visit; without validators if the sitemap must be asked in full again."""
        if not self.open:
            return self.visited
        kept = json.loads(self.visited.remembered)
        for name in ("etag", "last_modified", "changed"):
            kept.pop(name, None)
        return replace(self.visited, remembered=json.dumps(kept | {"left": self.left}))


@dataclass(slots=True)
class Due:
    """A page to read, how soon, and the sitemaps that list it."""

    lead: Lead
    rank: Rank
    listed: list[Asked]


@dataclass(slots=True)
class Pages:
    """The pages to read in this run, by URL.

    most     at most so many
    hosts    pages on others are passed over, and counted in `foreign` (sitemaps.org, "cross submits")
    include, exclude  searched in addresses
    """

    visits: Visits
    most: int
    include: tuple[re.Pattern[str], ...] = ()
    exclude: tuple[re.Pattern[str], ...] = ()
    hosts: set[str] = field(default_factory=set)
    foreign: Counter[str] = field(default_factory=Counter)
    due: dict[str, Due] = field(default_factory=dict)

    def add(self, page: Listed, asked: Asked, at: datetime) -> None:
        """Take a page in, unless it is not wanted, or was read since it changed last. at: of the sitemap."""
        if not self._is_wanted(page.url):
            return
        changed = settled(page.lastmod, at)
        asked.open |= not changed
        if changed and self.visits.note(page.url).get("changed") == changed:
            return
        before = self.due.get(page.url)
        if before is None:
            lead = Lead(page.url, changed, page.record)
            self.due[page.url] = Due(lead, self._rank(page, changed, at), [asked])
            return
        # A page in two sitemaps: a news sitemap tells the headline, another one when it changed.
        before.listed.append(asked)
        record = {**page.record, **before.lead.record}
        before.lead = Lead(page.url, before.lead.changed or changed, record)
        before.rank = min(before.rank, self._rank(page, changed, at))

    def _is_wanted(self, url: str) -> bool:
        if self.include and not any(pattern.search(url) for pattern in self.include):
            return False
        if any(pattern.search(url) for pattern in self.exclude):
            return False
        if (host := host_of(url)) not in self.hosts:
            self.foreign[host if len(self.foreign) < MOST_HOSTS else "others"] += 1
            return False
        return True

    def _rank(self, page: Listed, changed: str, at: datetime) -> Rank:
        known = page.url in self.visits.remembered
        if known and not (changed and self.visits.note(page.url).get("reading")):
            # Read before and never said to change, or asked in vain: after all others, and by turns.
            return 1, crc32(f"{page.url} {at}".encode()), known, 0.0, 0
        moment = moment_of(page.lastmod or str(page.record.get("published") or ""))
        # By days, and new before known: some software has all pages change at every moment.
        return 0, -int(moment // 86_400), known, -moment, len(self.due)

    def is_full(self) -> bool:
        """Are there as many new and changed pages as a run may read?"""
        return len(self.due) >= self.most and all(due.rank[0] == 0 for due in self.due.values())

    def prune(self) -> None:
        """Leave all but the first for a later run."""
        if len(self.due) <= self.most:
            return
        ranked = self._ranked()
        for due in ranked[self.most :]:
            for asked in due.listed:
                asked.leave()
        self.due = {due.lead.url: due for due in ranked[: self.most]}

    def _ranked(self) -> list[Due]:
        return sorted(self.due.values(), key=lambda due: due.rank)

    def read(self, site: Site, source: str) -> Iterator[Item]:
        """Yield what the pages hold; those that can't be had are left for a later run."""
        leads = [due.lead for due in self._ranked()]
        for item in read_leads(leads, self.visits, site, source):
            if isinstance(item, Visited) and item.status not in ANSWERED:
                for asked in self.due[item.url].listed:
                    asked.leave()
            yield item


def settled(lastmod: str, at: datetime) -> str:
    """Return what to remember a change by: while it stays the same, nothing changes. "" if there is nothing.

    A day without its time can't, until it is over: the page may change again on the same day. Nor can a
    month or a year.
    at  when the sitemap was fetched
    """
    day = DAY.fullmatch(lastmod)
    if day and moment_of(day[1]) > (at - DAYS).timestamp():
        return ""
    return lastmod if len(lastmod) >= len("2024-10-28") else ""


def moment_of(words: str) -> float:
    """Return a date as seconds since 1970, for sorting; 0.0 if it can't be read."""
    try:
        return parse_date(words, ZoneInfo("UTC"))[0].timestamp()
    except (ValueError, OverflowError):
        return 0.0


def host_of(url: str) -> str:
    """Return the host of an address, and its port where that is named; `www.` makes no other host."""
    return urlsplit(url).netloc.lower().removeprefix("www.")
