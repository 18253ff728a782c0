"""A feed's history: sealed archive documents that lead to every article it ever had (RFC 5005)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit

import feedparser
import pytest

SETTINGS = '[site]\nurl = "https://kabarteluk.example/"\ntimezone = "Asia/Jakarta"\n'
SOURCE = '[[source]]\npath = "articles.jsonl"\n'


def build(newsroom: Any, settings: str = "[feeds]\nlimit = 4\n", *arguments: str) -> dict[str, Any]:
    """Build with these settings; return the outcome."""
    (newsroom.folder / "publish.toml").write_text(SETTINGS + settings + SOURCE)
    code, out, err = newsroom.run("build", "--json", *arguments)
    assert code == 0, err
    return dict(json.loads(out))


def followed(newsroom: Any, path: str) -> list[list[str]]:
    """Follow a feed into its past, as a reader does; return the headlines of each document."""
    documents: list[list[str]] = []
    files = newsroom.files()
    seen = set()
    while path:
        assert path not in seen
        seen.add(path)
        parsed = feedparser.parse(files[path])
        documents.append([entry.title for entry in parsed.entries])
        links = {link.rel: unquote(urlsplit(link.href).path).lstrip("/") for link in parsed.feed.links}
        assert links["self"] == path
        path = links.get("prev-archive", "")
    return documents


@pytest.mark.parametrize("name", ["atom.xml", "rss.xml"])
@pytest.mark.parametrize("folder", ["", "tags/nelayan/"])
def test_who_follows_the_links_gets_every_article(
    newsroom: Any, make_record: Callable[..., Any], name: str, folder: str
) -> None:
    """Of the site and of a tag, in both formats; pages are as long as the feed, oldest first."""
    newsroom.write(*(make_record(n) for n in range(10)))
    build(newsroom)
    documents = followed(newsroom, folder + name)
    assert documents == [
        ["Berita 9", "Berita 8", "Berita 7", "Berita 6"],
        ["Berita 7", "Berita 6", "Berita 5", "Berita 4"],
        ["Berita 3", "Berita 2", "Berita 1", "Berita 0"],
    ]


def test_json_feed_leads_on_as_well(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """By next_url (F-54)."""
    newsroom.write(*(make_record(n) for n in range(5)))
    build(newsroom)
    feed = json.loads(newsroom.files()["feed.json"])
    assert feed["next_url"] == "https://kabarteluk.example/archive/1/feed.json"
    assert "next_url" not in json.loads(newsroom.files()["archive/1/feed.json"])


def test_a_page_once_sealed_stays(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """New articles, typos, corrections: not a byte of it changes; the correction is in the feed itself."""
    records = [make_record(n) for n in range(6)]
    newsroom.write(*records)
    build(newsroom)
    page = newsroom.files()["archive/1/atom.xml"]
    assert b"archive" in page.partition(b"<entry>")[0]
    corrected = make_record(0, title="Ralat", updated="2024-10-30T00:00:00+07:00")
    typo = make_record(1, title="Berita  satu")
    newsroom.write(corrected, typo, *records[2:], make_record(6))
    build(newsroom)
    assert newsroom.files()["archive/1/atom.xml"] == page
    (first, *_) = followed(newsroom, "atom.xml")
    assert "Ralat" in first


def test_one_new_article_costs_one_document(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """However long the history, only what readers subscribe to is written."""
    records = [make_record(n, tags=[]) for n in range(21)]
    newsroom.write(*records)
    build(newsroom, '[feeds]\nlimit = 4\nformats = ["atom"]\n')
    newsroom.write(*records, make_record(21, tags=[]))
    assert build(newsroom, '[feeds]\nlimit = 4\nformats = ["atom"]\n')["written"] == ["atom.xml"]


def test_late_articles_are_not_lost(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """One with an old date arrives late: it is in the feed until it is on a page."""
    newsroom.write(*(make_record(n) for n in range(10, 18)))
    build(newsroom)
    newsroom.write(*(make_record(n) for n in range(10, 18)), make_record(1))
    build(newsroom)
    documents = followed(newsroom, "atom.xml")
    assert documents[0] == ["Berita 17", "Berita 16", "Berita 15", "Berita 14", "Berita 1"]
    assert {title for document in documents for title in document} == {
        "Berita 1", *(f"Berita {n}" for n in range(10, 18))
    }  # fmt: skip


def test_what_must_go_leaves_its_page(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """Withheld by its record, or no longer of that tag; its neighbours stay."""
    records = [make_record(n) for n in range(9)]
    newsroom.write(*records)
    build(newsroom)
    newsroom.write(make_record(0, status="withheld"), make_record(1, tags=["lain"]), *records[2:])
    build(newsroom)
    assert not [path for path, body in newsroom.files().items() if b"Berita 0" in body]
    assert followed(newsroom, "tags/nelayan/atom.xml")[-1] == ["Berita 3", "Berita 2"]
    first, *_, last = followed(newsroom, "atom.xml")
    assert (last, first[-1]) == (["Berita 3", "Berita 2"], "Berita 1")  # it changed: it is published anew


def test_lost_pages_come_back(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """A file that somebody deleted is made again, byte for byte."""
    newsroom.write(*(make_record(n) for n in range(9)))
    build(newsroom)
    before = newsroom.files()
    (newsroom.out / "archive/1/atom.xml").unlink()
    assert build(newsroom)["written"] == ["archive/1/atom.xml"]
    assert newsroom.files() == before


def test_a_feed_without_history(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """When the settings want none, there is none."""
    newsroom.write(*(make_record(n) for n in range(9)))
    build(newsroom, "[feeds]\nlimit = 4\nhistory = false\n")
    assert not [path for path in newsroom.files() if "archive" in path]
    assert len(followed(newsroom, "atom.xml")) == 1
