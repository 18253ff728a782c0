"""What lies on disk after a build, and what a second build leaves alone."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import feedparser
import pytest

FILES = ("rss.xml", "atom.xml", "feed.json")
GOLDEN = Path(__file__).parent.parent / "golden"


def stamps(newsroom: Any) -> dict[str, tuple[int, int]]:
    """Return inode and time of each feed: both change when it is written, whatever is in it."""
    return {
        str(path): (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in newsroom.out.rglob("*")
        if path.name in FILES
    }


def entry_ids(body: bytes) -> list[str]:
    """Return the ids in a feed, as a reader finds them."""
    return [entry.id for entry in feedparser.parse(body).entries]


def test_the_site_and_every_tag_have_every_format(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """Three files at the root, three for each tag, and nothing else."""
    newsroom.write(make_record(1, tags=["Nelayan", "Korea Utara"]), make_record(2, tags=["nelayan"]))
    newsroom.build()
    assert sorted(newsroom.files()) == [
        "atom.xml",
        "feed.json",
        "rss.xml",
        "tags/korea-utara/atom.xml",
        "tags/korea-utara/feed.json",
        "tags/korea-utara/rss.xml",
        "tags/nelayan/atom.xml",
        "tags/nelayan/feed.json",
        "tags/nelayan/rss.xml",
    ]
    assert len(entry_ids(newsroom.files()["tags/nelayan/rss.xml"])) == 2
    assert len(entry_ids(newsroom.files()["tags/korea-utara/atom.xml"])) == 1


@pytest.mark.parametrize("name", FILES)
def test_the_bytes_are_these(newsroom: Any, name: str) -> None:
    """Whole documents, byte by byte: a change here reaches every subscriber (raise ENTRY_BYTES with it)."""
    full = {
        "url": "https://kabarteluk.example/berita/ombak?utm_source=x",
        "title": "Ombak & angin <3",
        "summary": "Nelayan diminta berhati-hati: AT&T < 5 knot.",
        "content": '<p>Ombak "tinggi" &amp; angin.</p><p><img src="/foto/ombak.jpg" alt="Ombak"></p>',
        "published": "2024-10-28T12:40:00+07:00",
        "updated": "2024-10-29T08:00:00+07:00",
        "authors": [
            {"name": "Siti Rahma", "url": "/penulis/siti"},
            {"name": "Budi Santoso", "role": "editor"},
        ],
        "tags": ["Cuaca", "Nelayan"],
        "language": "ms",
        "credit": "Kantor Berita Pesisir",
        "rights": "© Kabar Teluk",
        "images": [
            {"url": "/foto/ombak.jpg", "width": 1200, "height": 675, "caption": "Ombak", "credit": "Ani"}
        ],
        "enclosures": [{"url": "/audio/ombak.mp3", "length": 4096}, "/audio/kedua.ogg"],
    }
    bare = {
        "title": "Kabar singkat",
        "text": "Satu paragraf.\n\nDua paragraf.",
        "published": "28 Oktober 2024 07:00",
    }
    newsroom.write(full, bare)
    newsroom.build()
    assert newsroom.files()[name].decode() == (GOLDEN / name).read_text("utf-8")


def test_a_second_build_writes_nothing(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """Unchanged input: no file is touched, not even with its own bytes."""
    newsroom.write(*(make_record(n, tags=["a", "b"]) for n in range(5)))
    newsroom.build()
    before = stamps(newsroom)
    outcome = newsroom.build()
    assert outcome["feeds"] == {"written": 0, "unchanged": 9}
    assert outcome["records"]["unchanged"] == 5
    assert stamps(newsroom) == before


def test_one_new_article_rewrites_its_tags_and_the_site(
    newsroom: Any, make_record: Callable[..., Any]
) -> None:
    """And no other file."""
    records = [make_record(1, tags=["a"]), make_record(2, tags=["b"])]
    newsroom.write(*records)
    newsroom.build()
    before = stamps(newsroom)
    newsroom.write(*records, make_record(3, tags=["b", "c"]))
    outcome = newsroom.build()
    assert sorted(outcome["written"]) == sorted(
        f"{folder}{name}" for folder in ("", "tags/b/", "tags/c/") for name in FILES
    )
    after = stamps(newsroom)
    assert {path for path in before if after[path] == before[path]} == {
        str(newsroom.out / "tags/a" / name) for name in FILES
    }


def test_a_tag_an_article_leaves_is_rewritten(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """Its feed stays, valid and empty (S-43), with the article gone."""
    newsroom.write(make_record(1, tags=["a", "b"]))
    newsroom.build()
    newsroom.write(make_record(1, tags=["a"]))
    newsroom.build()
    assert entry_ids(newsroom.files()["tags/b/atom.xml"]) == []
    assert entry_ids(newsroom.files()["tags/a/atom.xml"]) != []


def test_newest_first_fifty_at_most_ties_by_id(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """The order does not depend on the order of the input."""
    records = [make_record(n, published="2024-10-28T07:00:00+07:00") for n in range(60)]
    records += [make_record(99, published="2024-10-29T07:00:00+07:00")]
    newsroom.write(*records)
    newsroom.build()
    found = entry_ids(newsroom.files()["tags/nelayan/rss.xml"])
    ties = sorted((r["url"] for r in records[:-1]), reverse=True)
    assert found == [records[-1]["url"], *ties[:49]]
    first = newsroom.files()
    newsroom.write(*reversed(records))
    newsroom.build("--archive", "second.db", "--out", "second")
    assert (newsroom.folder / "second/rss.xml").read_bytes() == first["rss.xml"]


def test_a_removed_or_damaged_file_is_written_again(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """The folder is brought back to what was published, whatever happened to it."""
    newsroom.write(make_record(1), make_record(2, tags=["x"]))
    newsroom.build()
    whole = newsroom.files()
    (newsroom.out / "rss.xml").unlink()
    (newsroom.out / "tags/x/atom.xml").write_bytes(b"<half")
    assert sorted(newsroom.build()["written"]) == ["rss.xml", "tags/x/atom.xml"]
    assert newsroom.files() == whole


def test_files_are_readable_as_the_umask_allows(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """A web server under another name can read them: 0644 under the usual umask, not 0600."""
    newsroom.write(make_record(1))
    before = os.umask(0o022)
    try:
        newsroom.build()
    finally:
        os.umask(before)
    assert {stat.S_IMODE(path.stat().st_mode) for path in newsroom.out.rglob("*.xml")} == {0o644}


def test_no_temporary_file_stays(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """Only feeds lie in the folder, also when an earlier build was killed while writing."""
    (newsroom.out / ".tagwire").mkdir(parents=True)
    (newsroom.out / ".tagwire" / "7").write_bytes(b"half a feed")
    newsroom.write(make_record(1))
    newsroom.build()
    assert all(
        re.fullmatch(r"(tags/[^/]+/)?(rss\.xml|atom\.xml|feed\.json)", path) for path in newsroom.files()
    )
    assert not (newsroom.out / ".tagwire").exists()


def test_the_file_time_tells_when_the_content_changed(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """Each change moves it forward by a second at least, though builds follow each other at once (S-24)."""
    times = []
    for number in range(1, 4):
        newsroom.write(*(make_record(n) for n in range(number)))
        newsroom.build()
        times.append((newsroom.out / "rss.xml").stat().st_mtime)
    assert times[1] >= times[0] + 1
    assert times[2] >= times[1] + 1


def test_a_folder_that_cannot_be_written_is_named(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """A file stands where the folder should be: exit code 1, the place in the message, the archive kept."""
    newsroom.write(make_record(1))
    newsroom.out.write_text("in the way")
    code, _, err = newsroom.run("build", "articles.jsonl", "--site-url", "https://kabarteluk.example/")
    assert code == 1
    assert "public" in err
    newsroom.out.unlink()
    assert newsroom.build()["feeds"]["written"] == 6


def test_feeds_say_where_they_live(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """Each format's self link is its own address; the alternate is the page; ids differ between feeds."""
    newsroom.write(make_record(1, tags=["日本"]))
    newsroom.build()
    ids = set()
    for path, body in newsroom.files().items():
        if path.endswith(".json"):
            continue  # tests/feeds/test_json_feed.py
        feed = feedparser.parse(body).feed
        (self_link,) = [link.href for link in feed.links if link.rel == "self"]
        expected = path.replace("日本", "%E6%97%A5%E6%9C%AC")
        assert self_link == f"https://kabarteluk.example/{expected}"
        assert feed.link == "https://kabarteluk.example/" + (
            expected.rpartition("/")[0] + "/" if "/" in path else ""
        )
        assert feed.language == "id"
        if path.endswith("atom.xml"):
            ids.add(feed.id)
            assert feed.updated == "2024-09-30T18:00:00+00:00"
    assert len(ids) == 2
