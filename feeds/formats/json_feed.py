"""JSON Feed 1.1 (jsonfeed.org/version/1.1; F-50 to F-56)."""

from __future__ import annotations

import json
from typing import Any

from feeds.channel import Channel
from feeds.formats.elements import Parts
from feeds.formats.rendering import Rendering, lead
from sources.article import Article, Media, Person


def entry(article: Article, rendering: Rendering) -> Parts:
    """Render an article as an item, in one part: other formats write its story otherwise."""
    images = article.images if rendering.images else ()
    fields = {
        "id": article.id,
        "url": article.url,
        "title": article.title,
        **_content(article, rendering),
        "summary": article.summary,
        "image": images[0].url if images else None,
        "date_published": article.published.isoformat(),
        "date_modified": article.updated.isoformat(),
        "authors": [_author(person) for person in article.authors if person.role == "author"],
        "tags": [category.name for category in rendering.categories],
        "language": article.language,
        "attachments": [_attachment(media) for media in article.enclosures],
    }
    return _indented(_present(fields), "    "), b"", b""


def _content(article: Article, rendering: Rendering) -> dict[str, str]:
    """An item has its story as HTML, or some text (F-52)."""
    if article.content and rendering.content:
        return {"content_html": article.content}
    text = article.summary or lead(article.content or "") or article.title
    return {"content_text": text}


def _author(person: Person) -> dict[str, str]:
    return {"name": person.name, **({"url": person.url} if person.url else {})}


def _attachment(media: Media) -> dict[str, Any]:
    fields = {
        "url": media.url,
        "mime_type": media.media_type or "application/octet-stream",
        "title": media.caption,
        "size_in_bytes": media.length,
        "duration_in_seconds": media.duration,
    }
    return _present(fields)


def frame(channel: Channel, file: str) -> tuple[bytes, bytes]:
    """Render the feed: all that stands before the items, and all that stands after."""
    publisher = channel.publisher
    fields = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": channel.alternate,
        "feed_url": channel.self_base + file,
        "description": channel.description,
        "icon": channel.icon,
        "authors": [{"name": publisher.name, "url": publisher.url}],
        "language": channel.language,
        "next_url": channel.previous + file if channel.previous else None,
    }
    head = _indented(_present(fields), "").rstrip()[:-1].rstrip()
    return head + b',\n  "items": [\n', b"\n  ]\n}\n"


def _present(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, "", [])}


def _indented(value: dict[str, Any], margin: str) -> bytes:
    # Not splitlines: a text may hold U+2028, where a line of JSON doesn't end.
    lines = json.dumps(value, ensure_ascii=False, indent=2).split("\n")
    return "\n".join(margin + line for line in lines).encode()
