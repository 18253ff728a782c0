"""JSON Feed 1.1: what its readers find."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import feedparser


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
            enclosures=[{"url": "https://kabarteluk.example/a.mp3", "media_type": "audio/mpeg", "length": 9}],
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
            {"url": "https://kabarteluk.example/a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 9}
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
