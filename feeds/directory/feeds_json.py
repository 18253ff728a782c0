"""feeds.json: the directory for programs, with every address of every feed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from feeds.channel import Publisher
from feeds.directory.listing import MEDIA_TYPES, ListedFeed, grouped

PATH = "feeds.json"
MEDIA_TYPE = "application/json; charset=utf-8"


def feeds_json(feeds: Iterable[ListedFeed], publisher: Publisher) -> bytes:
    """Write the feeds as one JSON object, a line for each feed: a change shows as the lines that changed."""
    head = f'{{\n"title": {_json(publisher.title)},\n"home_page_url": {_json(publisher.url)},\n"feeds": [\n'
    lines = [_json(_fields(feed)) for _, found in grouped(feeds) for feed in found]
    return (head + ",\n".join(lines) + "\n]\n}\n").encode()


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


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
