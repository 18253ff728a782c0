"""Feed menu (draft-nottingham-feed-menu-01, F-91): what a browser offers to subscribe to.

A draft, and one that asks software not to publish menus unless the publisher means to.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from feeds.channel import Publisher
from feeds.directory.listing import HEADINGS, ListedFeed, grouped
from sources.text import one_line, shorten

PATH = ".well-known/feed-menu.json"
MEDIA_TYPE = "application/json; charset=utf-8"
TITLE = 50  # characters
DESCRIPTION = 140  # characters
KNOWN = ("rss", "atom")  # the draft has no word for JSON Feed


def menu(feeds: Iterable[ListedFeed], publisher: Publisher) -> bytes:
    """Write the menu: the site's feed, then a menu for each kind. Feeds in JSON only have no place in it."""
    shown = [feed for feed in feeds if any(name in feed.addresses for name in KNOWN)]
    items: list[dict[str, Any]] = []
    for kind, found in grouped(shown):
        entries = [_item(feed) for feed in found]
        items += entries if kind == "site" else [{"feed-menu": HEADINGS[kind], "items": entries}]
    document = {"feed-menu": _short(publisher.title, TITLE), "items": items}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _item(feed: ListedFeed) -> dict[str, str]:
    described = {"description": _short(feed.description, DESCRIPTION)} if feed.description else {}
    addresses = {name: feed.addresses[name] for name in KNOWN if name in feed.addresses}
    return {"feed-title": _short(feed.title, TITLE), **described, **addresses}


def _short(text: str, limit: int) -> str:
    line = one_line(text)
    return line if len(line) <= limit else shorten(line, limit - 1)  # the ellipsis counts too
