"""The archive itself: quick where it must be, durable, one file."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from feeds.archive.sqlite import SqliteArchive
from feeds.archive.terms import Term
from feeds.archive.values import ArchiveError

NOW = datetime(2024, 11, 1, tzinfo=UTC)


@pytest.fixture
def archive(tmp_path: Path) -> Any:
    """An archive that has begun."""
    found = SqliteArchive(tmp_path / "tagwire.db")
    with found.transaction():
        found.set_meta("tagging_entity", "kabarteluk.example,2005")
    yield found
    found.close()


def test_the_newest_of_a_tag_are_neighbours_in_an_index(archive: Any) -> None:
    """The query reads the tag's index in its order and sorts ties alone, however many articles there are."""
    statements: list[str] = []
    archive._db.set_trace_callback(statements.append)
    archive.newest(Term(1, "tag", "a", "a", "tag:a"), 50, NOW)
    archive._db.set_trace_callback(None)
    (statement,) = statements
    plan = " ".join(row[3] for row in archive._db.execute(f"EXPLAIN QUERY PLAN {statement}"))
    assert "SEARCH t USING PRIMARY KEY (term_id=?)" in plan
    assert "TEMP B-TREE FOR ORDER BY" not in plan


def test_what_was_not_committed_is_as_if_it_never_was(archive: Any, make_article: Any) -> None:
    """An error inside a transaction takes all of it back."""

    def fail_half_way() -> None:
        with archive.transaction():
            archive.store(make_article(), NOW, {})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert archive.status()["article"] == 0
    assert archive.touched.feeds() == []


def test_it_is_durable_and_says_which_sqlite_it_is(archive: Any) -> None:
    """WAL, synchronous=FULL (2), and the version, since some have a bug that the lock guards against."""
    assert archive._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert archive._db.execute("PRAGMA synchronous").fetchone() == (2,)
    assert archive.status()["sqlite_version"] == sqlite3.sqlite_version


def test_an_archive_of_another_version_is_left_alone(tmp_path: Path) -> None:
    """It is named, and not touched."""
    path = tmp_path / "tagwire.db"
    SqliteArchive(path).close()
    database = sqlite3.connect(path)
    database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(ArchiveError, match="another version"):
        SqliteArchive(path)


def test_an_embargo_that_ends_between_builds_touches_its_feeds(
    archive: Any, make_article: Callable[..., Any]
) -> None:
    """Nothing else changed, yet the article must appear."""
    with archive.transaction():
        archive.store(make_article(tags=["a"], embargoed_until="2024-11-02T00:00:00Z"), NOW, {})
        (site, tag, language) = archive.touched.feeds()
        for term in (site, tag, language):
            archive.documents.finish(term)
    assert archive.newest(tag, 50, NOW) == []
    assert archive.next_change(NOW, tag) == archive.next_change(NOW) == datetime(2024, 11, 2, tzinfo=UTC)
    assert archive.next_change(NOW, Term(99, "tag", "b", "b", "tag:b")) is None
    later = datetime(2024, 11, 2, tzinfo=UTC)
    with archive.transaction():
        archive.touched.add_due(NOW, NOW.replace(hour=5))
        assert archive.touched.feeds() == []
        archive.touched.add_due(NOW, later)
    assert archive.touched.feeds() == [site, tag, language]
    assert len(archive.newest(tag, 50, later)) == 1


def test_an_archive_of_the_version_before_is_brought_up_to_date(tmp_path: Path, make_article: Any) -> None:
    """Its articles stay; it learns of private feeds and of how long feeds are fresh."""
    path = tmp_path / "tagwire.db"
    archive = SqliteArchive(path)
    with archive.transaction():
        archive.set_meta("tagging_entity", "kabarteluk.example,2005")
        archive.store(make_article(), NOW, {})
    archive.close()
    database = sqlite3.connect(path)
    database.executescript(
        "ALTER TABLE article DROP COLUMN private; DROP TABLE token; DROP TABLE freshness; DROP TABLE version;"
        "DROP TABLE given; DROP INDEX rejected_url;"
        "CREATE TABLE entry (article_id, format, body); PRAGMA user_version = 2"
    )
    database.close()
    archive = SqliteArchive(path)
    assert archive.status()["article"] == 1
    assert archive.documents.freshness("rss.xml") is None
    assert not archive.readings.given("articles.jsonl", "articles.jsonl", "")
    archive.close()


def test_what_another_renamed_or_merged_is_asked_for_anew(archive: Any, make_article: Any) -> None:
    """A connection that stays open, as in `serve`, stores no article under a tag that is gone."""
    with archive.transaction():
        archive.store(make_article(tags=["AS", "Amerika"]), NOW, {})
    other = SqliteArchive(archive.path)
    with other.transaction():
        gone, into = (other.terms.find("tag", name) for name in ("AS", "Amerika"))
        assert gone
        assert into
        other.terms.merge(gone, into)
    other.close()
    with archive.transaction():
        archive.store(make_article(url="https://kabarteluk.example/2", id="2", tags=["AS"]), NOW, {})
    assert [(term.name, count) for term, count in archive.terms.every("tag")] == [("Amerika", 2)]


def test_names_looked_up_at_once_lead_where_each_leads(archive: Any, make_article: Any) -> None:
    """One question for many: two spellings are one tag, a name that leads nowhere stays unknown."""
    with archive.transaction():
        archive.store(make_article(tags=["Cuaca", "Rusia"]), NOW, {})
    asked = ["cuaca", "CUACA", "rusia", "hujan"]
    one_by_one = {name: archive.terms.find("tag", name) for name in asked}
    archive.terms.forget()
    statements: list[str] = []
    archive._db.set_trace_callback(statements.append)
    archive.terms.look_up(("tag", name) for name in asked)
    found = [archive.terms.of("tag", name) for name in asked[:3]]
    archive._db.set_trace_callback(None)
    assert found == [one_by_one[name] for name in asked[:3]]
    assert len(statements) == 1
    assert archive.terms.find("tag", "hujan") is None


def test_whoever_waits_comes_before_whoever_was_just_there(archive: Any) -> None:
    """A process that writes without a pause starves no other: each gets its turn within a second."""
    code = (
        "import sys, pathlib\n"
        "from feeds.archive.sqlite import SqliteArchive\n"
        "archive = SqliteArchive(pathlib.Path(sys.argv[1]))\n"
        "print('writes', flush=True)\n"
        "while True:\n"
        "    with archive.transaction():\n"
        "        archive.set_meta('busy', 'yes')\n"
    )
    greedy = subprocess.Popen([sys.executable, "-c", code, str(archive.path)], stdout=subprocess.PIPE)
    try:
        assert greedy.stdout is not None
        assert greedy.stdout.readline() == b"writes\n"
        started = time.monotonic()
        for _ in range(20):
            with archive.transaction():
                archive.set_meta("turn", "mine")
        assert time.monotonic() - started < 20
        assert greedy.poll() is None
    finally:
        greedy.kill()
        greedy.communicate(timeout=10)


def test_a_file_copied_once_the_writer_is_done_holds_everything(tmp_path: Path, make_article: Any) -> None:
    """Also where another process, a server, has the archive open to read: backups copy one file."""
    archive = SqliteArchive(tmp_path / "tagwire.db")
    with archive.transaction():
        archive.set_meta("tagging_entity", "kabarteluk.example,2005")
    with archive.transaction():
        archive.store(make_article(), NOW, {})
    reader = SqliteArchive(archive.path, readonly=True)
    assert reader.status()["article"] == 1
    archive.close()
    assert archive.path.with_name("tagwire.db-wal").stat().st_size == 0
    copy = archive.path.with_name("copy.db")
    copy.write_bytes(archive.path.read_bytes())
    there = SqliteArchive(copy, readonly=True)
    assert there.status()["article"] == 1
    there.close()
    reader.close()
