"""A URL as a source, against a real server on loopback."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest


def test_pages_and_records_are_fetched_and_published(
    newsroom: Any, make_record: Callable[..., Any], server: tuple[str, Path], samples: Path
) -> None:
    """Each URL's kind is found by looking, as a file's is."""
    address, folder = server
    page = sorted((samples / "pages").glob("*.html"))[0]
    (folder / "story").write_bytes(page.read_bytes())
    newsroom.write(make_record(1))
    (folder / "export").write_bytes((newsroom.folder / "articles.jsonl").read_bytes())
    outcome = newsroom.build(f"{address}/export", source=f"{address}/story")
    assert (outcome["failed"], outcome["records"]["new"]) == ([], 2)
    assert len(feedparser.parse(newsroom.files()["rss.xml"]).entries) == 2


def test_an_address_that_answers_nothing_good_is_a_failed_source(
    newsroom: Any, make_record: Callable[..., Any], server: tuple[str, Path]
) -> None:
    """404 or nobody there: exit code 1, the address and the mend, the other sources published."""
    address, _ = server
    newsroom.write(make_record(1))
    outcome = newsroom.build(f"{address}/gone", "http://127.0.0.1:9/")
    assert outcome["code"] == 1
    assert f"{address}/gone: the server answered 404; check the address" in outcome["stderr"]
    assert "http://127.0.0.1:9/: " in outcome["stderr"]
    assert "stamina" not in outcome["stderr"]
    assert "rss.xml" in newsroom.files()


def test_a_source_that_fails_today_takes_nothing_away(
    newsroom: Any, make_record: Callable[..., Any], server: tuple[str, Path]
) -> None:
    """What it gave before stays published."""
    address, folder = server
    newsroom.write(make_record(1))
    (folder / "export").write_bytes((newsroom.folder / "articles.jsonl").read_bytes())
    newsroom.build(source=f"{address}/export")
    before = newsroom.files()
    (folder / "export").unlink()
    assert newsroom.build(source=f"{address}/export")["code"] == 1
    assert newsroom.files() == before


def test_what_has_not_changed_is_not_sent_again(
    newsroom: Any, make_record: Callable[..., Any], server: tuple[str, Path]
) -> None:
    """The second visit carries the validators of the first, kept in the archive; the answer is a 304."""
    address, folder = server
    newsroom.write(make_record(1))
    (folder / "export").write_bytes((newsroom.folder / "articles.jsonl").read_bytes())
    assert newsroom.build(source=f"{address}/export")["visits"] == {"200": 1}
    outcome = newsroom.build(source=f"{address}/export")
    assert outcome["visits"] == {"304": 1}
    assert len(feedparser.parse(newsroom.files()["rss.xml"]).entries) == 1
    # Settings that read the same bytes in another way have them sent again.
    assert newsroom.build("--timezone", "Asia/Makassar", source=f"{address}/export")["visits"] == {"200": 1}
    fresh = newsroom.run("preview", f"{address}/export", "--site-url", "https://kabarteluk.example/")
    assert "1 articles, 0 rejected" in fresh[1]


def test_a_site_that_wants_no_robots_is_left_alone(
    newsroom: Any, make_record: Callable[..., Any], server: tuple[str, Path]
) -> None:
    """robots.txt is obeyed, the message says so, and a site of one's own can be excepted in the settings."""
    address, folder = server
    newsroom.write(make_record(1))
    (folder / "export").write_bytes((newsroom.folder / "articles.jsonl").read_bytes())
    (folder / "robots.txt").write_text("User-agent: *\nDisallow: /export\n")
    outcome = newsroom.build(source=f"{address}/export")
    assert outcome["code"] == 1
    assert "robots.txt" in outcome["stderr"]
    (newsroom.folder / "publish.toml").write_text(
        f'[site]\nurl = "https://kabarteluk.example/"\n[fetch]\nrespect_robots = false\n'
        f'[[source]]\npath = "{address}/export"\n'
    )
    assert newsroom.run("build")[0] == 0


@pytest.mark.parametrize("printed", ["2 jam yang lalu", "2 hours ago"])
def test_a_relative_date_counts_from_the_fetch(newsroom: Any, server: tuple[str, Path], printed: str) -> None:
    """A page that says `2 jam yang lalu` is dated by when it was fetched; met again, it keeps that date."""
    address, folder = server
    story = "<p>Nelayan di Teluk Serindit menunda melaut karena gelombang setinggi dua meter hari ini.</p>"
    (folder / "berita").write_text(
        f"<!doctype html><html><head><title>Ombak tinggi</title></head><body><article><h1>Ombak tinggi</h1>"
        f'<time>{printed}</time><div itemprop="articleBody">{story * 3}</div></article></body></html>'
    )
    before = datetime.now(UTC)
    assert newsroom.build(source=f"{address}/berita")["records"]["new"] == 1
    (entry,) = feedparser.parse(newsroom.files()["atom.xml"]).entries
    dated = datetime.fromisoformat(entry.published)
    assert timedelta(hours=1, minutes=59) < before - dated < timedelta(hours=2, minutes=1)
    feeds = newsroom.files()
    (folder / "berita").touch()
    assert newsroom.build("--timezone", "Asia/Makassar", source=f"{address}/berita")["written"] == []
    assert newsroom.files() == feeds


def test_a_page_that_is_gone_for_good_is_withdrawn(newsroom: Any, server: tuple[str, Path]) -> None:
    """A 410 takes the story out of every feed, once; what answers again is back. A 404 takes nothing away."""
    address, folder = server
    for name in ("satu", "dua"):
        (folder / name).write_text(
            f"<!doctype html><title>{name} ombak</title><body><article><h1>{name} ombak tinggi</h1>"
            '<time datetime="2024-10-28T12:40:00+07:00">28/10/2024</time>'
            f'<div itemprop="articleBody"><p>Cerita {name} tentang ombak tinggi di teluk.</p></div></article>'
        )
    links = "".join(f"<url><loc>{address}/{name}</loc></url>" for name in ("satu", "dua"))
    (folder / "sitemap.xml").write_text(f"<urlset>{links}</urlset>")
    (newsroom.folder / "publish.toml").write_text(
        '[site]\nurl = "https://kabarteluk.example/"\n[fetch]\npause = 0\n'
        f'[[source]]\nsitemap = "{address}/sitemap.xml"\n'
    )

    def titles() -> list[str]:
        code, _, err = newsroom.run("build", "--now")
        assert code == 0, err
        return sorted(e.title.split()[0] for e in feedparser.parse(newsroom.files()["atom.xml"]).entries)

    assert titles() == ["dua", "satu"]
    (folder / "satu").rename(folder / "satu.gone")
    assert titles() == ["dua", "satu"]
    (folder / "satu.410").touch()
    assert titles() == ["dua"]
    before = newsroom.files()
    assert titles() == ["dua"]
    assert newsroom.files() == before
    assert b"deleted-entry" in before["atom.xml"]
    (folder / "satu.gone").rename(folder / "satu")
    assert titles() == ["dua", "satu"]
