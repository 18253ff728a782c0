"""WordPress: a site's posts by its REST API, at first all of them, later those changed since."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

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
from sources.apis.wordpress_post import read_post
from sources.http.client import Fetcher
from sources.http.values import FetchError
from sources.records.shapes import text
from sources.source import Item, Site, SourceError, reading_of
from sources.text import writable
from sources.visits import Visits, fetching

PER_PAGE = 100  # the most that WordPress gives
SHARED = 5  # posts that a page shares with the one before: so many may vanish between the two
EMBED = "author,wp:featuredmedia,wp:term"  # before WordPress 5.4 this means everything
PLACE = re.compile(r"/wp-json(?:/|$)|/?\?|/?#")  # where a site's front address ends
CLOSED = (401, 403)
NOT_THERE = (200, 404)  # 200: a web page instead


@dataclass(frozen=True, slots=True)
class WordPress:
    """A WordPress site (4.7 or later) whose REST API is open to readers.

    A post that is deleted or unpublished is not told of by the API, so it stays as it was; one that gets a
    password is withheld.

    url      the site's front address, or that of its REST API: https://x/wp-json/, https://x/?rest_route=/
    fetcher  the run's HTTP client; None: one is made for this source alone
    types    what to read, by its name in the API: "posts", "pages", a type of the site's own
    """

    url: str
    fetcher: Fetcher | None = None
    types: tuple[str, ...] = ("posts",)

    @property
    def name(self) -> str:
        """What it is called in reports and in the archive."""
        return writable(self.url)

    def read(self, site: Site, remembered: Mapping[str, str] | None = None) -> Iterator[Item]:
        """Yield every post, or those changed since the last reading that came to its end.

        See `sources.source.Source`. Raises SourceError.
        """
        with fetching(self.fetcher) as fetcher:
            visits = Visits(self.url, fetcher, remembered or {}, reading_of(site))
            try:
                for type_ in self.types:
                    yield from self._read(type_, visits, site)
            except FetchError as error:
                raise SourceError(f"{self.name}: {_explained(error)}", error.retry_after) from error

    def _read(self, type_: str, visits: Visits, site: Site) -> Iterator[Item]:
        api, first = _open(addresses(self.url, type_), visits)
        home = PLACE.split(api)[0]
        reading = Reading(self.name, api, _changed, partial(read_post, home=home))
        yield from read_pages(_pages(api, first, visits), reading, visits, site)


def addresses(url: str, type_: str) -> list[str]:
    """Return where the list of a type of posts may be: with pretty addresses, and on a site without them."""
    if "/wp/v2" in url:
        return [f"{url.rstrip('/').removesuffix(f'/{type_}')}/{type_}"]
    home = PLACE.split(url)[0].rstrip("/")
    return [f"{home}/wp-json/wp/v2/{type_}", f"{home}/?rest_route=/wp/v2/{type_}"]


def _open(apis: list[str], visits: Visits) -> tuple[str, Page]:
    """Find the address that answers, the one that did so before first; return it and its first page."""
    failures = []
    for api in sorted(apis, key=lambda api: api not in visits.remembered):
        try:
            return api, _ask(api, visits, 0)
        except FetchError as error:
            if error.status not in NOT_THERE:
                raise
            failures.append(error)
    raise failures[0]


def _pages(api: str, first: Page, visits: Visits) -> Iterator[Page]:
    """Give page after page, without gaps. Raises FetchError.

    Newer posts come first, so what is published or changed meanwhile only pushes posts to where they
    are met again; what is deleted pulls some over the edge of a page, hence pages share a few.
    """
    since = last_change(visits, api)
    (posts, at), seen, offset = first, set[str](), 0
    while True:
        fresh = [post for post in posts if not _is_before(post, since)]
        yield fresh, at
        # WordPress before 5.7 knows no `modified_after`, and goes on with what is long known.
        if len(posts) < PER_PAGE or len(fresh) < len(posts):
            return
        seen |= _ids(posts)
        offset += PER_PAGE - SHARED
        posts, at = _ask(api, visits, offset)
        new = _ids(posts) - seen
        if len(new) == len(posts) or (not new and len(posts) == PER_PAGE):
            raise FetchError(f"{api}: its list of posts changes while it is read; read it again later")


def _ids(posts: list[Any]) -> set[str]:
    return {str(post.get("id")) for post in posts if isinstance(post, Mapping)}


def _is_before(post: Any, since: datetime | None) -> bool:
    changed = _changed(post) if isinstance(post, Mapping) else None
    return since is not None and changed is not None and changed < since - OVERLAP


def _changed(post: Post) -> datetime | None:
    return moment(post.get("modified_gmt"))


def _ask(api: str, visits: Visits, offset: int) -> Page:
    """Return the posts from a place in the list on. Raises FetchError."""
    query: dict[str, Any] = {"_embed": EMBED, "per_page": PER_PAGE, "orderby": "id", "order": "desc"}
    if since := last_change(visits, api):
        # With its zone, or WordPress takes it for local time.
        after = (since - OVERLAP).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        query |= {"orderby": "modified", "modified_after": after}
    if offset:
        # Not `page`: several thousand posts may have one date, and pages could not share some.
        query["offset"] = offset
    posts, at = ask(visits, f"{api}{'&' if '?' in api else '?'}{urlencode(query)}")
    if not isinstance(posts, list):
        said = text(posts.get("message")) if isinstance(posts, Mapping) else None
        raise FetchError(f"{api}: no list of posts but {said or 'something else'!r}; check the address", 200)
    return posts, at


def _explained(error: FetchError) -> str:
    message = without_queries(str(error)).removesuffix("; check the address")
    if error.status in CLOSED:
        return f"{message}; this site's REST API is closed: use its feed or an export"
    if error.status in NOT_THERE:
        return f"{message}; where there is no REST API of WordPress, use the site's feed or an export"
    return message
