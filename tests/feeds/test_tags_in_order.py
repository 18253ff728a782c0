"""Tags put in order: aliases, merges, renames; the directory of feeds; feeds that are held."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import feedparser
import pytest

SETTINGS = '[site]\nurl = "https://kabarteluk.example/"\ntitle = "Kabar Teluk"\n'
SOURCE = '[[source]]\npath = "articles.jsonl"\n'


def run(newsroom: Any, *arguments: str, code: int = 0) -> dict[str, Any]:
    """Run a command; return its outcome."""
    found, out, err = newsroom.run(*arguments, "--json")
    assert found == code, err
    return dict(json.loads(out)) if out else {"stderr": err}


@pytest.fixture
def built(newsroom: Any, make_record: Callable[..., Any]) -> Any:
    """A newsroom whose country has two names."""
    (newsroom.folder / "publish.toml").write_text(SETTINGS + SOURCE)
    newsroom.write(
        make_record(1, tags=["AS"]),
        make_record(2, tags=["Amerika Serikat"]),
        make_record(3, tags=["AS", "Rusia"]),
    )
    run(newsroom, "build")
    return newsroom


def titles(newsroom: Any, path: str) -> list[str]:
    """Return the headlines of a feed."""
    return [entry.title for entry in feedparser.parse(newsroom.files()[path]).entries]


def feed_id(newsroom: Any, path: str) -> str:
    """Return the permanent id of a feed."""
    return str(feedparser.parse(newsroom.files()[path]).feed.id)


def test_a_merged_tag_leads_to_the_other(built: Any, make_record: Callable[..., Any]) -> None:
    """Its articles are there, also those to come; its old address is gone, with a rule that leads on."""
    kept = feed_id(built, "tags/amerika-serikat/atom.xml")
    run(built, "tags", "merge", "AS", "Amerika Serikat")
    assert "tags/as/atom.xml" not in built.files()
    assert titles(built, "tags/amerika-serikat/rss.xml") == ["Berita 3", "Berita 2", "Berita 1"]
    assert feed_id(built, "tags/amerika-serikat/atom.xml") == kept
    rules = built.everything()["redirects.nginx.conf"].decode()
    assert "tags/as/" in rules
    assert "https://kabarteluk.example/tags/amerika-serikat/" in rules
    built.write(make_record(4, tags=["AS", "Amerika Serikat"]))
    run(built, "build")
    assert titles(built, "tags/amerika-serikat/rss.xml")[0] == "Berita 4"
    terms = [tag.term for tag in feedparser.parse(built.files()["rss.xml"]).entries[0].tags]
    assert terms == ["Amerika Serikat"]


def test_a_renamed_tag_keeps_its_feed(built: Any) -> None:
    """Another name and address, the same id, the same entries; the old name and address lead there."""
    before, kept = titles(built, "tags/as/rss.xml"), feed_id(built, "tags/as/atom.xml")
    run(built, "tags", "rename", "AS", "Paman Sam")
    assert (titles(built, "tags/paman-sam/rss.xml"), feed_id(built, "tags/paman-sam/atom.xml")) == (
        before,
        kept,
    )
    assert "tags/as/rss.xml" not in built.files()
    run(built, "build")
    assert titles(built, "tags/paman-sam/rss.xml") == before
    assert "tags/as/rss.xml" not in built.files()
    code, _, err = built.run("tags", "rename", "Rusia", "Lain", "--slug", "as")
    assert (code, "address of another" in err) == (2, True)


def test_settings_give_aliases_and_names(built: Any) -> None:
    """As the command does; the second build finds nothing to do."""
    extra = '[[feed]]\ntag = "Amerika Serikat"\naliases = ["AS", "USA"]\ntitle = "Negeri Paman Sam"\n'
    (built.folder / "publish.toml").write_text(SETTINGS + extra + SOURCE)
    run(built, "build")
    assert titles(built, "tags/amerika-serikat/rss.xml") == ["Berita 3", "Berita 2", "Berita 1"]
    outcome = run(built, "build")
    assert (outcome["written"], outcome["signposts"]) == ([], [])


def test_tags_are_listed_and_merges_suggested(built: Any, make_record: Callable[..., Any]) -> None:
    """Nothing is changed by that."""
    built.write(make_record(5, tags=["Korea Utara"]), make_record(6, tags=["korea-utara"]))
    run(built, "build")
    before = built.everything()
    assert run(built, "tags", "list")["tags"][0]["name"] == "AS"
    (suggestion,) = [s for s in run(built, "tags", "suggest")["suggestions"] if "orea" in s["merge"]]
    assert {suggestion["merge"], suggestion["keep"]} == {"Korea Utara", "korea-utara"}
    assert built.everything() == before


def test_the_directory_names_every_feed(built: Any) -> None:
    """As OPML, also where strangers look for it (F-92), and as JSON; it changes when a feed begins."""
    files = built.everything()
    assert files["feeds.opml"] == files[".well-known/feeds"]
    assert files["feeds.opml"].count(b'type="rss"') == 4
    addresses = {a["url"] for feed in json.loads(files["feeds.json"])["feeds"] for a in feed["addresses"]}
    assert {url.removeprefix("https://kabarteluk.example/") for url in addresses} == set(built.files())
    assert b"application/atom+xml" in files["feeds-autodiscovery.txt"]
    assert ".well-known/feed-menu.json" not in files


def test_an_accident_is_held_until_it_is_accepted(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """All dates jump: the old bytes stay, exit code and `status` say so, --accept lets it through."""
    (newsroom.folder / "publish.toml").write_text(SETTINGS + SOURCE)
    newsroom.write(*(make_record(n, tags=[]) for n in range(10)))
    run(newsroom, "build")
    before = newsroom.files()
    newsroom.write(*(make_record(n, tags=[], published=f"2025-01-{n + 1:02}T00:00:00Z") for n in range(10)))
    outcome = run(newsroom, "build", code=1)
    assert list(outcome["held"]) == [""]
    assert newsroom.files() == before
    assert run(newsroom, "build", code=1)["held"] == outcome["held"]
    assert "dates jumped" in newsroom.run("status")[1]
    assert run(newsroom, "build", "--accept", "site")["held"] == {}
    assert newsroom.files() != before
    assert run(newsroom, "build")["written"] == []


def test_check_says_whether_a_page_leads_to_its_feeds(built: Any, server: Any) -> None:
    """F-90: a page without the links is told what to paste; one with them is fine."""
    address, folder = server
    (folder / "index.html").write_text("<html><head><title>x</title></head><body></body></html>")
    code, out, _ = built.run("check", f"{address}/")
    assert (code, "rss.xml" in out) == (1, True)
    kinds = {"rss.xml": "rss+xml", "atom.xml": "atom+xml", "feed.json": "feed+json"}
    links = "".join(
        f'<link rel="alternate" type="application/{kind}" href="https://kabarteluk.example/{name}">'
        for name, kind in kinds.items()
    )
    (folder / "index.html").write_text(f"<html><head>{links}</head><body></body></html>")
    assert built.run("check", f"{address}/")[0] == 0
