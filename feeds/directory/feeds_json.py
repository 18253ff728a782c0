"""feeds.json: the directory for programs, with every address of every feed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from feeds.channel import Publisher
from feeds.directory.listing import MEDIA_TYPES, ListedFeed, whole

PATH = "feeds.json"
MEDIA_TYPE = "application/json; charset=utf-8"
_json = json.JSONEncoder(ensure_ascii=False).encode


def feeds_json(feeds: Iterable[ListedFeed], publisher: Publisher) -> bytes:
    """Write the feeds as one JSON object, a line for each feed: a change shows as the lines that changed.

    feeds: in their order (feeds.directory.listing.place)
    """
    return whole(part.encode() for part in _parts(feeds, publisher))


def _parts(feeds: Iterable[ListedFeed], publisher: Publisher) -> Iterator[str]:
    yield f'{{\n"title": {_json(publisher.title)},\n"home_page_url": {_json(publisher.url)},\n"feeds": [\n'
    before = ""
    for feed in feeds:
        yield before + _json(_fields(feed))
        before = ",\n"
    yield "\n]\n}\n"


def _fields(feed: ListedFeed) -> dict[str, Any]:
    return {
        "kind": feed.kind,
        "title": feed.title,
        "slug": feed.slug,
        "id": feed.id,
        "page": feed.page,
        "description": feed.description,
        "language": feed.language,
        "addresses": [
            {"format": name, "media_type": MEDIA_TYPES[name], "url": url} for name, url in feed.formats
        ],
    }
