"""Ghost: a site's posts by its Content API, at first all of them, later those changed since."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from sources.apis.ghost_post import read_post
from sources.apis.paging import (
    OVERLAP,
    Page,
    Post,
    Reading,
    ask,
    last_change,
    moment,
    read_pages,
    without_queries,
)
from sources.http.client import Fetcher
from sources.http.values import FetchError
from sources.source import Item, Site, SourceError, reading_of
from sources.text import writable
from sources.visits import Visits, fetching

PER_PAGE = 100  # the most that Ghost 6 gives
KEY = re.compile(r"[0-9A-Za-z]{10,80}")
API = "/ghost/api/content/posts/"
CHANGED = "%Y-%m-%d %H:%M:%S"  # as Ghost keeps its dates, in UTC; it compares them as texts


@dataclass(frozen=True, slots=True)
class Ghost:
    """A site made with Ghost (3 or later).

    Of a post for members only what the API gives to everybody is taken: its summary. A post that is deleted
    or unpublished is not told of by the API, so it stays as it was.

    url      the site's address, or that which its administrators use: https://x.ghost.io/
    key      of the Content API, from Settings, Integrations; it stands in no message and no name
    fetcher  the run's HTTP client; None: one is made for this source alone
    """

    url: str
    key: str = field(repr=False)
    fetcher: Fetcher | None = None

    @property
    def name(self) -> str:
        """What it is called in reports and in the archive."""
        return writable(self.url)

    def read(self, site: Site, remembered: Mapping[str, str] | None = None) -> Iterator[Item]:
        """Yield every post, or those changed since the last reading that came to its end.

        See `sources.source.Source`. Raises SourceError.
        """
        if not KEY.fullmatch(self.key):
            raise SourceError(
                f"{self.name}: the key is none of Ghost's: copy the Content API key, 26 letters and digits"
            )
        api = re.split(r"/ghost(?:/|$)|[?#]", self.url)[0].rstrip("/") + API
        with fetching(self.fetcher) as fetcher:
            visits = Visits(self.url, fetcher, remembered or {}, reading_of(site))
            reading = Reading(self.name, api, _changed, read_post)
            try:
                yield from read_pages(_pages(api, self.key, visits), reading, visits, site)
            except FetchError as error:
                # Not `from error`: its message holds the key.
                raise SourceError(f"{self.name}: {_explained(error, self.key)}", error.retry_after) from None


def _pages(api: str, key: str, visits: Visits) -> Iterator[Page]:
    """Give page after page, without gaps. Raises FetchError.

    In the order of ids, which never change, and each page from the last id on: whatever is published,
    changed or deleted meanwhile moves no post to where it isn't met.
    """
    conditions = []
    if since := last_change(visits, api):
        conditions.append(f"updated_at:>'{(since - OVERLAP).astimezone(UTC).strftime(CHANGED)}'")
    last = ""
    while True:
        posts, has_more, at = _ask(api, key, [*conditions, f"id:>'{last}'"] if last else conditions, visits)
        yield posts, at
        if not has_more:
            return
        before, last = last, max((_id(post) for post in posts), default="")
        if last <= before:
            raise FetchError(f"{api}: it gives the same posts again; tell the site")


def _id(post: Any) -> str:
    return str(post.get("id") or "") if isinstance(post, Mapping) else ""


def _changed(post: Post) -> datetime | None:
    return moment(post.get("updated_at"))


def _ask(api: str, key: str, conditions: list[str], visits: Visits) -> tuple[list[Any], bool, datetime]:
    """Return the posts, whether there are more, and when they were given. Raises FetchError."""
    query = {"key": key, "include": "authors,tags", "formats": "html", "limit": PER_PAGE, "order": "id asc"}
    if conditions:
        query["filter"] = "+".join(conditions)
    # Ghost's own robots.txt keeps all robots out of /ghost/; who has the owner's key has leave.
    answer, at = ask(visits, f"{api}?{urlencode(query)}", invited=True)
    posts = answer.get("posts") if isinstance(answer, Mapping) else None
    if not isinstance(posts, list):
        raise FetchError(f"{api}: no list of posts; check the address", 200)
    meta = answer.get("meta")
    pagination = meta.get("pagination") if isinstance(meta, Mapping) else None
    return posts, bool(isinstance(pagination, Mapping) and pagination.get("next")), at


def _explained(error: FetchError, key: str) -> str:
    message = without_queries(str(error)).replace(key, "…")
    if error.status in (401, 403):
        return f"{message}; if it does not take the key, copy its Content API key once more"
    if error.status == 404:
        return f"{message}; where there is no Content API of Ghost, use the site's feed"
    return message
