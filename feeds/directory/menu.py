"""Feed menu (draft-nottingham-feed-menu-01, F-91): what a browser offers to subscribe to.

A draft, and one that asks software not to publish menus unless the publisher means to.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import chain

from feeds.channel import Publisher
from feeds.directory.listing import HEADINGS, ListedFeed, grouped, whole
from sources.text import one_line, shorten

PATH = ".well-known/feed-menu.json"
MEDIA_TYPE = "application/json; charset=utf-8"
TITLE = 50  # characters
DESCRIPTION = 140  # characters
_json = json.JSONEncoder(ensure_ascii=False).encode
KNOWN = ("rss", "atom")  # the draft has no word for JSON Feed


def menu(feeds: Iterable[ListedFeed], publisher: Publisher) -> bytes:
    """Write the menu: the site's feed, then a menu for each kind. Feeds in JSON only have no place in it.

    feeds: in their order (feeds.directory.listing.place)
    """
    shown = (feed for feed in feeds if any(name in feed.addresses for name in KNOWN))
    return whole(part.encode() for part in chain(_menu(publisher.title, _items(shown), 0), "\n"))


def _items(feeds: Iterable[ListedFeed]) -> Iterator[Iterator[str]]:
    for kind, found in grouped(feeds):
        if kind == "site":
            yield from (_written(_item(feed), 2) for feed in found)
        else:
            yield _menu(HEADINGS[kind], (_written(_item(feed), 4) for feed in found), 2)


def _menu(title: str, items: Iterable[Iterable[str]], depth: int) -> Iterator[str]:
    """Yield a menu in parts, indented as `json.dumps` would, which needs all of its items at once."""
    line = "\n" + " " * depth
    yield f'{{{line} "feed-menu": {_json(_short(title, TITLE))},{line} "items": ['
    before = ""
    for item in items:
        yield f"{before}{line}  "
        yield from item
        before = ","
    yield f"{line} ]{line}}}" if before else f"]{line}}}"


def _written(fields: dict[str, str], depth: int) -> Iterator[str]:
    line = "\n" + " " * depth
    yield (
        "{" + ",".join(f"{line} {_json(name)}: {_json(value)}" for name, value in fields.items()) + line + "}"
    )


def _item(feed: ListedFeed) -> dict[str, str]:
    described = {"description": _short(feed.description, DESCRIPTION)} if feed.description else {}
    addresses = {name: feed.addresses[name] for name in KNOWN if name in feed.addresses}
    return {"feed-title": _short(feed.title, TITLE), **described, **addresses}


def _short(text: str, limit: int) -> str:
    line = one_line(text)
    return line if len(line) <= limit else shorten(line, limit - 1)  # the ellipsis counts too
