"""Sources read again: rejections that stay, servers that are left alone, stories that two sources have."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import feedparser
import pytest

SETTINGS = '[site]\nurl = "https://kabarteluk.example/"\ntimezone = "Asia/Jakarta"\n'


def write_settings(newsroom: Any, *sources: str) -> None:
    """Write a publish.toml with these sources."""
    text = SETTINGS + "".join(f"[[source]]\n{source}\n" for source in sources)
    (newsroom.folder / "publish.toml").write_text(text)


def build(newsroom: Any, *arguments: str) -> dict[str, Any]:
    """Build by publish.toml; return the outcome."""
    _, out, err = newsroom.run("build", "--json", *arguments)
    assert out, err
    return dict(json.loads(out))


def status(newsroom: Any) -> dict[str, Any]:
    """Return what `status --json` says."""
    return dict(json.loads(newsroom.run("status", "--json")[1]))


def test_a_rejection_stays_while_its_page_is_unchanged(
    newsroom: Any, make_record: Callable[..., Any], server: tuple[str, Path]
) -> None:
    """A 304 mends nothing: what was set aside is still to be mended, until a new answer comes."""
    address, _ = server
    newsroom.write(make_record(1), {"title": "Tanpa tanggal"}, name="site/export.jsonl")
    write_settings(newsroom, f'path = "{address}/export.jsonl"')
    assert build(newsroom)["records"]["rejected"] == 1
    assert build(newsroom)["visits"] == {"304": 1}
    assert [r["position"] for r in status(newsroom)["rejected"]] == ["line 2"]
    newsroom.write(make_record(1), make_record(2), name="site/export.jsonl")
    assert build(newsroom)["records"]["new"] == 1
    assert status(newsroom)["rejected"] == []


def test_a_rejection_stays_while_its_source_fails(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """A file that is gone today takes no rejection with it."""
    newsroom.write(make_record(1), {"title": "Tanpa tanggal"})
    write_settings(newsroom, 'path = "articles.jsonl"')
    build(newsroom)
    (newsroom.folder / "articles.jsonl").unlink()
    assert build(newsroom)["failed"]
    assert [r["position"] for r in status(newsroom)["rejected"]] == ["line 2"]


def test_a_server_that_fails_is_left_alone_for_a_while(
    newsroom: Any, make_record: Callable[..., Any]
) -> None:
    """The next build passes it over and says until when; --now asks it all the same; files go on."""
    newsroom.write(make_record(1))
    write_settings(newsroom, 'path = "http://127.0.0.1:9/feed"', 'path = "articles.jsonl"')
    assert len(build(newsroom)["failed"]) == 1
    newsroom.write(make_record(1), make_record(2))
    outcome = build(newsroom)
    assert (outcome["failed"], outcome["records"]["new"]) == ([], 1)
    assert list(outcome["waiting"]) == ["http://127.0.0.1:9/feed"]
    assert len(build(newsroom, "--now")["failed"]) == 1
    failing = status(newsroom)["sources"][1]
    assert (failing["failures"], failing["next_at"] > failing["read_at"]) == (2, True)


def test_a_source_has_an_interval(
    newsroom: Any, make_record: Callable[..., Any], server: tuple[str, Path]
) -> None:
    """With `every`, a build within it asks nothing."""
    address, _ = server
    newsroom.write(make_record(1), name="site/export.jsonl")
    write_settings(newsroom, f'path = "{address}/export.jsonl"\nevery = "1h"')
    assert build(newsroom)["visits"] == {"200": 1}
    outcome = build(newsroom)
    assert (outcome["visits"], outcome["failed"]) == ({}, [])
    assert status(newsroom)["sources"][0]["next_at"]


@pytest.mark.parametrize(
    ("first", "second", "stays"),
    [
        ("", "", "Dari a"),
        ("", "priority = 1", "Dari b"),
        ("priority = 1", "", "Dari a"),
        ("priority = -1", "", "Dari b"),
    ],
)
def test_a_story_that_two_sources_have_is_one(
    newsroom: Any, make_record: Callable[..., Any], first: str, second: str, stays: str
) -> None:
    """Told by its address, whatever its ids; `priority` says whose version stays, in every later build."""
    newsroom.write(make_record(1, id="tag:a.example,2005:1", title="Dari a"), name="a.jsonl")
    newsroom.write(make_record(1, id="tag:b.example,2005:1", title="Dari b"), make_record(2), name="b.jsonl")
    write_settings(newsroom, f'path = "a.jsonl"\n{first}', f'path = "b.jsonl"\n{second}')
    outcome = build(newsroom)
    assert outcome["records"]["rejected"] == 0
    for _ in range(2):
        entries = feedparser.parse(newsroom.files()["atom.xml"]).entries
        assert [(e.id, e.title) for e in entries if e.title != "Berita 2"] == [
            ("tag:a.example,2005:1", stays)
        ]
        assert build(newsroom)["feeds"]["written"] == 0


def test_of_equal_sources_the_later_change_stays(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """A correction arrives by whichever source has it first."""
    later = "2024-10-30T00:00:00+07:00"
    newsroom.write(make_record(1, title="Lama"), name="a.jsonl")
    newsroom.write(make_record(1, title="Diralat", modified=later, updated=later), name="b.jsonl")
    write_settings(newsroom, 'path = "a.jsonl"', 'path = "b.jsonl"')
    build(newsroom)
    assert [e.title for e in feedparser.parse(newsroom.files()["rss.xml"]).entries] == ["Diralat"]
    assert build(newsroom)["feeds"]["written"] == 0


def test_a_source_that_is_read_no_longer_has_no_say(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """Who moves to another source gets that one's version."""
    newsroom.write(make_record(1, title="Dari a"), name="a.jsonl")
    newsroom.write(make_record(1, title="Dari b"), name="b.jsonl")
    write_settings(newsroom, 'path = "a.jsonl"\npriority = 5')
    build(newsroom)
    write_settings(newsroom, 'path = "b.jsonl"')
    build(newsroom)
    assert [e.title for e in feedparser.parse(newsroom.files()["rss.xml"]).entries] == ["Dari b"]


def test_dropped_tags_are_in_no_feed(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """`drop_tags` names what is no subject; case and spaces do not matter."""
    newsroom.write(make_record(1, tags=["Berita", "nelayan"]))
    path = newsroom.folder / "publish.toml"
    path.write_text(SETTINGS + 'drop_tags = ["berita"]\n[[source]]\npath = "articles.jsonl"\n')
    build(newsroom)
    assert {name.split("/")[1] for name in newsroom.files() if name.startswith("tags/")} == {"nelayan"}


def test_an_archive_of_the_first_version_goes_on(
    newsroom: Any, make_record: Callable[..., Any], samples: Path
) -> None:
    """The next build brings it up to date: ids and addresses stay; sections and authors have feeds now."""
    db = sqlite3.connect(newsroom.folder / "tagwire.db")
    db.executescript((samples / "archives" / "version-1.sql").read_text("utf-8"))
    db.close()
    code, _, err = newsroom.run("status")
    assert (code, "run build" in err) == (1, True)
    newsroom.write(make_record(3))
    write_settings(newsroom, 'path = "articles.jsonl"')
    assert build(newsroom)["records"]["new"] == 1
    feeds = {
        path: feedparser.parse(body) for path, body in newsroom.files().items() if path.endswith("atom.xml")
    }
    assert [e.id for e in feeds["tags/a-b/atom.xml"].entries] == ["tag:kabarteluk.example,2005:berita-1"]
    assert feeds["tags/a-b-2/atom.xml"].feed.id == "tag:kabarteluk.example,2005:feeds/tags/a-b-2"
    assert len(feeds["tags/nelayan/atom.xml"].entries) == 3
    assert [e.title for e in feeds["sections/cuaca/atom.xml"].entries] == ["Ombak tinggi"]
    assert [e.title for e in feeds["authors/ratna-dewi/atom.xml"].entries] == ["Ombak tinggi"]
    assert newsroom.run("status")[0] == 0


def test_a_file_that_is_as_it_was_is_not_read_again(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """It counts what it holds, and tells again of what was set aside; nothing is stored a second time."""
    newsroom.write(make_record(1), {"title": "Tanpa tanggal"}, make_record(2))
    write_settings(newsroom, 'path = "articles.jsonl"')
    first = build(newsroom)
    database = sqlite3.connect(newsroom.folder / "tagwire.db")
    database.execute("UPDATE article SET digest = x'00'")  # so that reading one would be seen
    database.commit()
    again = build(newsroom)
    assert again["records"] == {**first["records"], "new": 0, "unchanged": 2}
    assert again["rejected"] == first["rejected"]
    assert again["feeds"]["written"] == 0
    assert database.execute("SELECT count(*) FROM article WHERE digest = x'00'").fetchone() == (2,)
    database.close()


def test_a_file_is_read_again_where_its_word_counts_more_now(
    newsroom: Any, make_record: Callable[..., Any]
) -> None:
    """Of a story that two files have, the right version stays, though neither file changed."""
    newsroom.write(make_record(1, title="Dari redaksi"), name="a.jsonl")
    newsroom.write(make_record(1, title="Dari kantor berita"), name="b.jsonl")
    ahead = 'path = "{}"\npriority = 2'

    def title(*sources: str) -> str:
        write_settings(newsroom, *sources)
        build(newsroom)
        return str(feedparser.parse(newsroom.files()["rss.xml"]).entries[0].title)

    assert title(ahead.format("a.jsonl"), 'path = "b.jsonl"') == "Dari redaksi"
    assert title('path = "a.jsonl"', ahead.format("b.jsonl")) == "Dari kantor berita"
    assert title('path = "a.jsonl"') == "Dari redaksi"


def test_other_settings_of_the_site_read_files_again(newsroom: Any) -> None:
    """What was rejected for want of a date is taken once first-seen dates are allowed."""
    newsroom.write({"title": "Tanpa tanggal", "content": "Isi."})
    write_settings(newsroom, 'path = "articles.jsonl"')
    assert build(newsroom)["records"]["rejected"] == 1
    settings = newsroom.folder / "publish.toml"
    settings.write_text(settings.read_text().replace("[[source]]", 'undated = "first-seen"\n[[source]]', 1))
    assert build(newsroom)["records"]["new"] == 1


def test_what_was_set_aside_of_a_file_is_forgotten_with_the_file(
    newsroom: Any, make_record: Callable[..., Any]
) -> None:
    """In a folder, one file goes and the other stays as it was."""
    folder = newsroom.folder / "articles"
    folder.mkdir()
    newsroom.write(make_record(1), {"title": "Tanpa tanggal"}, name="articles/a.jsonl")
    newsroom.write(make_record(2), {"title": "Juga tanpa"}, name="articles/b.jsonl")
    write_settings(newsroom, 'path = "articles/"')
    assert build(newsroom)["records"]["rejected"] == 2
    (folder / "a.jsonl").unlink()
    again = build(newsroom)
    assert (again["records"]["rejected"], again["records"]["unchanged"]) == (1, 1)
    assert [r["position"] for r in status(newsroom)["rejected"]] == ["b.jsonl, line 2"]
