"""JSON Feed 1.1: what its readers find."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser

from feeds.archive.terms import THE_SITE
from feeds.build import build
from feeds.channel import Publisher, channel_for
from feeds.formats import FORMATS
from feeds.formats.rendering import Category, Rendering
from sources.article import Article
from sources.location import Location
from sources.source import Site

# Version 1.1's fields, and the type of each.
FEED: dict[str, type] = {
    **dict.fromkeys(("version", "title", "home_page_url", "feed_url", "description", "user_comment"), str),
    **dict.fromkeys(("next_url", "icon", "favicon", "language"), str),
    **dict.fromkeys(("authors", "hubs", "items"), list),
    "expired": bool,
}
ITEM: dict[str, type] = {
    **dict.fromkeys(("id", "url", "external_url", "title", "content_html", "content_text", "summary"), str),
    **dict.fromkeys(("image", "banner_image", "date_published", "date_modified", "language"), str),
    **dict.fromkeys(("authors", "tags", "attachments"), list),
}
AUTHOR = dict.fromkeys(("name", "url", "avatar"), str)
ATTACHMENT = {"url": str, "mime_type": str, "title": str, "size_in_bytes": int, "duration_in_seconds": int}


def test_a_feed_says_what_its_version_wants(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """Version, title, items; addresses of its own and of the page (F-50); the language."""
    newsroom.write(make_record(1))
    newsroom.build()
    feed = json.loads(newsroom.files()["tags/nelayan/feed.json"])
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"] == "nelayan – Kabar Teluk"
    assert feed["feed_url"] == "https://kabarteluk.example/tags/nelayan/feed.json"
    assert feed["home_page_url"] == "https://kabarteluk.example/tags/nelayan/"
    assert (feed["language"], len(feed["items"])) == ("id", 1)


def test_an_item_carries_all_of_its_article(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """Ids as in the other formats (A-03), authors without editors, dates with zone (F-51, F-53)."""
    newsroom.write(
        make_record(
            1,
            authors=["Ratna Dewi", {"name": "Budi", "role": "editor"}],
            tags=["nelayan", "日本"],
            images=[{"url": "https://kabarteluk.example/a.jpg"}],
            enclosures=[{"url": "/a.mp3", "media_type": "audio/mpeg", "length": 9, "duration": "1:05"}],
        )
    )
    newsroom.build()
    (item,) = json.loads(newsroom.files()["feed.json"])["items"]
    assert item == {
        "id": feedparser.parse(newsroom.files()["atom.xml"]).entries[0].id,
        "url": "https://kabarteluk.example/berita/1",
        "title": "Berita 1",
        "content_html": "<p>Isi berita nomor 1.</p>",
        "summary": "Ringkasan 1",
        "image": "https://kabarteluk.example/a.jpg",
        "date_published": "2024-10-01T01:00:00+07:00",
        "date_modified": "2024-10-01T01:00:00+07:00",
        "authors": [{"name": "Ratna Dewi"}],
        "tags": ["nelayan", "日本"],
        "language": "id",
        "attachments": [
            {
                "url": "https://kabarteluk.example/a.mp3",
                "mime_type": "audio/mpeg",
                "size_in_bytes": 9,
                "duration_in_seconds": 65,
            }
        ],
    }


def test_an_item_always_has_content(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """HTML or text: where there is no story its summary, where there is none its headline (F-52)."""
    newsroom.write(make_record(1, content=None), make_record(2, content=None, summary=None))
    newsroom.build()
    items = json.loads(newsroom.files()["feed.json"])["items"]
    assert [item["content_text"] for item in items] == ["Berita 2", "Ringkasan 1"]


def test_many_items_and_none_are_whole_json(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """Entries are joined as bytes: the document is JSON with none, one and many."""
    newsroom.write()
    newsroom.build()
    assert json.loads(newsroom.files()["feed.json"])["items"] == []
    newsroom.write(*(make_record(n, title='"Kutip" \\ dan \u2028 <b>') for n in range(3)))
    newsroom.build()
    assert len(json.loads(newsroom.files()["feed.json"])["items"]) == 3


def fits(value: Any, fields: Mapping[str, type], *required: str) -> None:
    """Hold an object against a table of fields: none unknown, none empty, each of its type."""
    assert set(required) <= set(value)
    for name, found in value.items():
        assert type(found) is fields[name], f"{name}: {found!r}"
        assert found or name == "items", f"{name} is empty"


def test_hostile_articles_keep_to_the_specification(site: Site, samples: Path) -> None:
    """Every field is one of version 1.1's and of its type, whatever the articles hold (F-50 to F-54)."""
    articles = [a for a in Location(str(samples / "hostile.jsonl")).read(site) if isinstance(a, Article)]
    publisher = Publisher(site.url, site.url, "Kabar Teluk", "Kabar Teluk", site.tagging_entity)
    entries = [
        FORMATS[2].entry(a, Rendering(publisher, tuple(Category(tag, site.url) for tag in a.tags)))
        for a in articles
    ]
    channel = channel_for(THE_SITE, publisher, datetime(2024, 10, 28, tzinfo=UTC))
    feed = json.loads(build(channel, FORMATS[2], entries, 0).body)
    fits(feed, FEED, "version", "title", "items")
    assert [item["id"] for item in feed["items"]] == [article.id for article in articles]
    for item in feed["items"]:
        fits(item, ITEM, "id", "date_published")
        assert ("content_html" in item) != ("content_text" in item)
        assert all(datetime.fromisoformat(item[name]).tzinfo for name in ("date_published", "date_modified"))
        assert all(type(tag) is str and tag for tag in item.get("tags", []))
        for author in item.get("authors", []):
            fits(author, AUTHOR, "name")
        for attachment in item.get("attachments", []):
            fits(attachment, ATTACHMENT, "url", "mime_type")
