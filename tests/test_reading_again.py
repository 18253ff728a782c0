"""Sources read again: rejections that stay, servers that are left alone, stories that two sources have."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import feedparser
import pytest

from sources import file_marks, files

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


class Unread:
    """Articles in the archive changed behind its back: one that is read again becomes what it was."""

    def __init__(self, newsroom: Any) -> None:
        self._path = newsroom.folder / "tagwire.db"
        with contextlib.closing(sqlite3.connect(self._path)) as database, database:
            database.execute("UPDATE article SET digest = x'00', data = replace(data, 'Berita', 'Lain')")

    def count(self) -> int:
        """Return how many articles were not read since."""
        with contextlib.closing(sqlite3.connect(self._path)) as database:
            found = database.execute("SELECT count(*) FROM article WHERE data LIKE '%Lain%'").fetchone()
            return int(found[0])


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
    unread = Unread(newsroom)
    again = build(newsroom)
    assert again["records"] == {**first["records"], "new": 0, "unchanged": 2}
    assert again["rejected"] == first["rejected"]
    assert again["feeds"]["written"] == 0
    assert unread.count() == 2


def test_a_file_that_was_not_written_to_is_not_even_opened(
    newsroom: Any, make_record: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system's word on when it was written counts before its bytes; another version is looked at."""
    monkeypatch.setattr(file_marks, "SETTLED", -1)  # this file is to be old enough
    newsroom.write(make_record(1), make_record(2))
    write_settings(newsroom, 'path = "articles.jsonl"')
    build(newsroom)
    with contextlib.closing(sqlite3.connect(newsroom.folder / "tagwire.db")) as database, database:
        (kept,) = database.execute("SELECT remembered FROM visit").fetchone()
        wrong = json.dumps({**json.loads(kept), "digest": "of other bytes", "records": 7})
        database.execute("UPDATE visit SET remembered = ?", (wrong,))
    assert build(newsroom)["records"]["unchanged"] == 7
    (newsroom.folder / "articles.jsonl").touch()
    assert build(newsroom)["records"]["unchanged"] == 2


def test_a_file_of_the_same_length_and_date_is_looked_at(
    newsroom: Any, make_record: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever puts a file back with its old date is not taken for one who changed nothing."""
    monkeypatch.setattr(file_marks, "SETTLED", -1)
    newsroom.write(make_record(1, title="Satu"))
    write_settings(newsroom, 'path = "articles.jsonl"')
    build(newsroom)
    path = newsroom.folder / "articles.jsonl"
    before = path.stat()
    newsroom.write(make_record(1, title="Sato"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert build(newsroom)["records"]["changed"] == 1


def test_a_file_that_was_just_written_is_known_by_its_bytes(
    newsroom: Any, make_record: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be written to again within a tick of its file system's clock."""
    monkeypatch.setattr(file_marks, "SETTLED", 3600)
    newsroom.write(make_record(1))
    write_settings(newsroom, 'path = "articles.jsonl"')

    def mark() -> Any:
        with contextlib.closing(sqlite3.connect(newsroom.folder / "tagwire.db")) as database:
            return json.loads(database.execute("SELECT remembered FROM visit").fetchone()[0])

    build(newsroom)
    assert "version" not in mark()
    monkeypatch.setattr(file_marks, "SETTLED", -1)
    assert build(newsroom)["records"]["unchanged"] == 1
    assert mark()["version"]


def place_of(newsroom: Any, server: tuple[str, Path], kind: str) -> tuple[str, str]:
    """Return the name of a file to be written, and its place as settings have it."""
    if kind == "address":
        return "site/export.jsonl", f'path = "{server[0]}/export.jsonl"'
    if kind == "folder":
        (newsroom.folder / "articles").mkdir()
        return "articles/export.jsonl", 'path = "articles/"'
    return "export.jsonl", 'path = "export.jsonl"'


@pytest.mark.parametrize("kind", ["file", "folder", "address"])
def test_of_a_file_that_grew_only_what_is_new_is_read(
    newsroom: Any,
    make_record: Callable[..., Any],
    server: tuple[str, Path],
    kind: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Wherever the new record stands; what was set aside is reported from where it stands now."""
    monkeypatch.setattr(files, "SMALL", 100)  # of a file this large, records are known one by one
    name, place = place_of(newsroom, server, kind)
    newsroom.write(make_record(1), {"title": "Tanpa tanggal"}, make_record(2), name=name)
    write_settings(newsroom, place)
    assert build(newsroom)["records"]["new"] == 2
    unread = Unread(newsroom)
    newsroom.write(make_record(3), make_record(1), {"title": "Tanpa tanggal"}, make_record(2), name=name)
    again = build(newsroom)
    found = {name: again["records"][name] for name in ("new", "changed", "unchanged", "rejected")}
    assert found == {"new": 1, "changed": 0, "unchanged": 2, "rejected": 1}
    assert unread.count() == 2
    assert [r["position"].rpartition(", ")[2] for r in status(newsroom)["rejected"]] == ["line 3"]
    newsroom.write(make_record(1, title="Diralat"), make_record(2), name=name)
    third = build(newsroom)["records"]
    assert (third["changed"], third["unchanged"], third["rejected"]) == (1, 1, 0)
    assert unread.count() == 1


def test_records_are_read_again_where_they_are_read_in_another_way(
    newsroom: Any, make_record: Callable[..., Any]
) -> None:
    """Other settings of the source, or of the site: what was known of its records is void."""
    newsroom.write(*(make_record(number, judul=f"Judul {number}") for number in (1, 2)))
    write_settings(newsroom, 'path = "articles.jsonl"')
    build(newsroom)
    newsroom.write(*(make_record(number, judul=f"Judul {number}") for number in (1, 2, 3)))
    write_settings(newsroom, 'path = "articles.jsonl"\nfields = {judul = "title"}')
    found = build(newsroom)["records"]
    assert (found["new"], found["changed"]) == (1, 2)


def test_all_is_read_anew_when_told_to(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """As after an upgrade that reads better: files and records that are as they were are read again."""
    newsroom.write(make_record(1), make_record(2))
    write_settings(newsroom, 'path = "articles.jsonl"')
    build(newsroom)
    unread = Unread(newsroom)
    assert build(newsroom)["records"]["unchanged"] == 2
    assert unread.count() == 2
    found = build(newsroom, "--anew")["records"]
    assert (found["changed"], unread.count()) == (2, 0)


def test_a_record_with_an_id_that_stands_above_is_the_second(
    newsroom: Any, make_record: Callable[..., Any]
) -> None:
    """Whether the file was read before or not: of two records with one id and one date, the first stays."""
    newsroom.write(make_record(1), make_record(2))
    write_settings(newsroom, 'path = "articles.jsonl"')
    build(newsroom)
    newsroom.write(make_record(1), make_record(2), make_record(1, title="Dua kali"))
    for _ in range(2):
        outcome = build(newsroom)
        assert (outcome["records"]["changed"], outcome["records"]["rejected"]) == (0, 1)
        assert "another record has its id" in outcome["rejected"][0]["reason"]


def test_what_comes_on_standard_input_is_known_by_its_records(
    newsroom: Any, make_record: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A system that sends all it has each time costs what is new."""

    def send(*numbers: int) -> dict[str, Any]:
        lines = "".join(json.dumps(make_record(number)) + "\n" for number in numbers)
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(lines.encode())))
        return dict(newsroom.build(source="-")["records"])

    send(1, 2)
    unread = Unread(newsroom)
    found = send(1, 2, 3)
    assert (found["new"], found["unchanged"], unread.count()) == (1, 2, 2)


def test_a_file_that_broke_off_is_read_anew(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """Records read before the fault are told of; once it is whole, all its records are there."""
    lines = "".join(json.dumps(make_record(number)) + "\n" for number in range(1, 700)).encode()
    packed = gzip.compress(lines, mtime=0)
    path = newsroom.folder / "articles.jsonl.gz"
    write_settings(newsroom, 'path = "articles.jsonl.gz"')
    path.write_bytes(packed[: len(packed) // 2])
    first = build(newsroom)
    assert first["failed"]
    assert 0 < first["records"]["new"] < 699
    path.write_bytes(packed)
    second = build(newsroom)["records"]
    assert second["new"] + first["records"]["new"] == 699


def test_a_broken_file_has_nothing_to_do_with_its_neighbour(
    newsroom: Any, make_record: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it gave, and that it broke off, is its own: told of once in each build, and forgotten with it."""
    monkeypatch.setattr(file_marks, "SETTLED", -1)
    (newsroom.folder / "in").mkdir()
    newsroom.write(make_record(100), make_record(101), name="in/b.jsonl")
    lines = "".join(json.dumps(make_record(number)) + "\n" for number in range(20)).encode()
    broken = newsroom.folder / "in/a.jsonl.gz"
    broken.write_bytes(gzip.compress(lines)[:-30])
    write_settings(newsroom, 'path = "in"')
    first = build(newsroom)["records"]
    for _ in range(2):
        again = build(newsroom)
        assert [r["position"] for r in again["rejected"]] == ["a.jsonl.gz"]
        assert (again["records"]["unchanged"], again["records"]["rejected"]) == (first["new"], 1)
    broken.unlink()
    last = build(newsroom)
    assert (last["records"]["unchanged"], last["rejected"], status(newsroom)["rejected"]) == (2, [], [])


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
