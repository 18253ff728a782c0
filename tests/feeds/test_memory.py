"""What is kept in memory does not grow with the articles, the tags and the documents that there are."""

from __future__ import annotations

import hashlib
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from feeds.archive.given import Given, rows_in
from feeds.archive.sqlite import SqliteArchive
from feeds.archive.terms import THE_SITE
from feeds.archive.values import Published

MEGABYTE = 1_000_000
MANY = 300_000
TAGS = 2000
SETTINGS = """\
[site]
url = "https://kabarteluk.example/"
title = "Kabar Teluk"
[feeds]
of = ["tags"]
formats = ["rss"]
history = false
menu = true
[[source]]
path = "articles.jsonl"
"""


@contextmanager
def at_most(size: int) -> Iterator[None]:
    """See that Python takes no more than so many bytes meanwhile, beside what it has."""
    tracemalloc.start()
    try:
        yield
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak <= size, f"{peak:,} bytes"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[SqliteArchive]:
    """An empty archive."""
    archive = SqliteArchive(tmp_path / "tagwire.db")
    yield archive
    archive.close()


def test_a_new_tag_takes_no_memory_for_all_others(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """All lists of feeds are written anew: no more than one of them is there at once, and no feed."""
    (newsroom.folder / "publish.toml").write_text(SETTINGS)
    records = [make_record(n, tags=[f"tema {tag}" for tag in range(n, TAGS, 200)]) for n in range(200)]
    newsroom.write(*records)
    assert newsroom.run("build")[0] == 0
    newsroom.write(*records, make_record(201, tags=["tema baru"]))
    with at_most(3 * MEGABYTE):
        assert newsroom.run("build")[0] == 0
    assert newsroom.everything()["feeds.json"].count(b'"tag"') == TAGS + 1


def test_published_documents_are_looked_at_some_at_a_time(archive: SqliteArchive) -> None:
    """Each build asks whether they are still there."""
    documents = [Published(f"tags/tema-{n}/rss.xml", b"%032d" % n, n, n) for n in range(10_000)]
    with archive.transaction():
        archive.documents.record(THE_SITE, documents)
    with at_most(MEGABYTE):
        assert sum(len(some) for some in archive.documents.every()) == len(documents)


def test_the_articles_of_a_run_are_remembered_in_a_bit_each(archive: SqliteArchive) -> None:
    """A set of numbers takes 80 bytes for each."""
    with at_most(MEGABYTE // 10):
        archive.meet(range(1, 200_000))


def test_the_records_of_a_file_are_known_in_little_memory() -> None:
    """A dict of digests and rows takes 130 bytes for each."""
    given = Given()
    for row in range(MANY):
        given.note(digest(row), row)
    data = bytes(given.data())
    with at_most(60 * MANY):
        rows = rows_in(data)
    assert [rows.find(digest(row)) for row in (0, MANY - 1, MANY)] == [0, MANY - 1, None]


def test_a_record_is_known_by_its_whole_digest_alone() -> None:
    """What was noted last of it holds; the bytes of a digest may lie in the number of another's row."""
    given = Given()
    other = int.from_bytes(b"digest!\0", "little")
    for record, row in ((b"digest 1", other), (b"digest 2", 1), (b"digest 2", 2)):
        given.note(record, row)
    rows = rows_in(bytes(given.data()))
    assert [rows.find(b"digest %d" % n) for n in (1, 2, 3)] == [other, 2, None]
    assert rows.find(b"digest!\0") is None


def digest(number: int) -> bytes:
    """Return what might stand for a record."""
    return hashlib.sha256(b"%d" % number).digest()[:8]
