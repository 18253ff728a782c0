"""Paging: the pages of an API's list of posts made Articles, and from where the next visit goes on."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sources.http.values import FetchError
from sources.record import admit
from sources.records.values import clean, parse
from sources.source import Item, Rejected, Site, Visited
from sources.visits import Visits

# Asked for once more: a change may show some seconds after its time, and WordPress compares local times, of
# which an hour comes twice when clocks go back.
OVERLAP = timedelta(hours=1)
QUERY = re.compile(r"\?[^\s;]*[^\s;:]")
BLANK = b"\xef\xbb\xbf \t\r\n"

Post = Mapping[str, Any]
Page = tuple[list[Any], datetime]  # the posts, and when the server gave them


@dataclass(frozen=True, slots=True)
class Reading:
    """How the posts of one list are read.

    source   the source's name
    api      the list's address, without what is asked of it; what is remembered is remembered of it
    changed  when a post was changed last; None if it doesn't say
    record   a post as a record for `admit`; raises nothing
    """

    source: str
    api: str
    changed: Callable[[Post], datetime | None]
    record: Callable[[Post], dict[str, Any]]


def read_pages(pages: Iterable[Page], reading: Reading, visits: Visits, site: Site) -> Iterator[Item]:
    """Yield what the posts are; in the end, what to remember: the last change that was seen.

    A post that stands on two pages is given once, or again if it was changed in between.
    """
    latest, started = last_change(visits, reading.api), None
    seen: dict[str, datetime | None] = {}
    for posts, at in pages:
        started = started or at
        for post in posts:
            changed = reading.changed(post) if isinstance(post, Mapping) else None
            position = _position(post, len(seen) + 1)
            if position in seen and seen[position] == changed:
                continue
            seen[position] = changed
            # Not later than the first page: its posts may have changed since, as may any until a date in
            # the future.
            latest = max(filter(None, (latest, changed and min(changed, started))), default=None)
            yield from _read(post, position, reading, visits, site)
    keep = {"reading": visits.reading, "changed": latest.isoformat() if latest else ""}
    yield Visited(reading.api, 200, json.dumps(keep))


def _position(post: Any, number: int) -> str:
    given = post.get("id") if isinstance(post, Mapping) else None
    return f"post {given}" if given else f"item {number}"


def _read(post: Any, position: str, reading: Reading, visits: Visits, site: Site) -> Iterator[Item]:
    if isinstance(post, Mapping):
        item = admit(reading.record(post), site, reading.source, position)
    else:
        item = Rejected(reading.source, position, "", "not a JSON object: a post is {…}", post)
    yield item
    # A post is not given again until it changes, so a rejection is kept under an address of its own: it
    # stays until this one post is read again, not only until the list is.
    address = f"{reading.api.rstrip('/')}/{position.partition(' ')[2]}"
    if isinstance(item, Rejected) or address in visits.remembered:
        yield Visited(address, 200, "{}")


def last_change(visits: Visits, api: str) -> datetime | None:
    """Return the last change that the last whole reading of a list saw; None if all is to be read."""
    return moment(visits.note(api).get("changed"))


def moment(value: object) -> datetime | None:
    """Read an API's date (ISO 8601), in UTC where it names no zone; None where it is none."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found and found.tzinfo is None else found


def ask(visits: Visits, url: str, invited: bool = False) -> tuple[Any, datetime]:
    """Return the JSON at an address, and when it was given. invited: with a key of its owner's.

    Raises FetchError, with status 200 where something else than JSON came.
    """
    fetched, _ = visits.get(url, invited=invited)
    try:
        return clean(parse(fetched.body.decode("utf-8-sig", "replace"))), fetched.at
    except ValueError as error:
        reason = f"{error}; tell the site"
        if fetched.body.lstrip(BLANK).startswith(b"<"):
            reason = (
                "a web page came where the API's JSON should be: no API there, a check for robots, or "
                "maintenance; open the address in a browser, or try later"
            )
        raise FetchError(f"{url}: {reason}", 200) from error


def without_queries(message: str) -> str:
    """Return a message without what is asked of the addresses in it: long, and sometimes secret."""
    return QUERY.sub("", message)
