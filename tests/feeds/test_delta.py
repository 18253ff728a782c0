from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from feeds.archive.sqlite import SqliteArchive
from feeds.archive.terms import THE_SITE
from feeds.archive.values import Withdrawal
from feeds.archive.versions import KEPT, LATEST
from feeds.build import build
from feeds.channel import Channel, Publisher, channel_for
from feeds.delta import delta, layout, pushed_out
from feeds.document import Document
from feeds.formats import FORMATS, Format
from feeds.formats.elements import Parts

NOW = datetime(2024, 10, 28, 5, 40, tzinfo=UTC)
LIMIT = 5
SITE_URL = "https://kabarteluk.example/"
CHANNEL = channel_for(
    THE_SITE, Publisher(SITE_URL, SITE_URL, "Kabar Teluk", "Redaksi", "kabarteluk.example,2005"), NOW
)
ATOM = "{http://www.w3.org/2005/Atom}"
# What a feed holds, newest first: (row, how often it was corrected).
Listed = Sequence[tuple[int, int]]

formats = pytest.mark.parametrize("format_", FORMATS, ids=[format_.name for format_ in FORMATS])


def entry(format_: Format, row: int, times: int) -> Parts:
    """Write an entry in a few bytes, its story first."""
    if format_.name == "json":
        return json.dumps({"id": str(row), "title": f"Koreksi {times}"}).encode(), b"", b""
    tag, id_ = ("item", "guid") if format_.name == "rss" else ("entry", "id")
    title = f"<title>Koreksi {times}</title>".encode()
    return f"<{tag}>".encode(), title, f"<{id_}>{row}</{id_}></{tag}>\n".encode()


def made(format_: Format, listed: Listed, channel: Channel = CHANNEL) -> Document:
    """Build a feed's document with its layout."""
    entries = [entry(format_, row, times) for row, times in listed]
    return build(channel, format_, entries, 0, rows=[row for row, _ in listed])


def read(format_: Format, body: bytes) -> dict[str, str]:
    """Read a whole document: the title of each entry, by its id, in order."""
    if format_.name == "json":
        return {item["id"]: item["title"] for item in json.loads(body)["items"]}
    root = etree.fromstring(body)
    if format_.name == "rss":
        return {i.findtext("guid") or "": i.findtext("title") or "" for i in root.iterfind("channel/item")}
    return {
        e.findtext(f"{ATOM}id") or "": e.findtext(f"{ATOM}title") or "" for e in root.iterfind(f"{ATOM}entry")
    }


def between(base: Document, now: Document) -> bytes | None:
    """Return the delta from one version to another."""
    return delta(now.body, layout(now.layout), layout(base.layout))


@st.composite
def lives(draw: st.DrawFn) -> list[Listed]:
    """Draw the versions of a feed: stories come, are corrected, are taken out and come back."""
    there = dict.fromkeys(range(1, draw(st.integers(2, 9))), 0)
    out: set[int] = set()
    versions: list[Listed] = []
    for act, choice in draw(st.lists(st.tuples(st.sampled_from("nnncwr"), st.integers(0, 99)), max_size=12)):
        row = sorted(there)[choice % len(there)]
        if act == "n":
            there[max(there) + 1] = 0
        elif act == "c":
            there[row] += 1
        elif act == "w":
            out.add(row)
        else:
            out.discard(row)
        shown = [(row, there[row]) for row in sorted(there, reverse=True) if row not in out]
        versions.append(shown[:LIMIT])
    return [version for version in versions if version]


@formats
@settings(max_examples=60, deadline=None)
@given(life=lives())
def test_a_delta_laid_over_its_base_is_the_feed_as_it_is(format_: Format, life: list[Listed]) -> None:
    """For every two versions: new and changed entries come with the delta, all others were there already.

    What is there beyond the feed is what newer entries pushed off its end.
    """
    documents = [made(format_, listed) for listed in life]
    for base, now in permutations(documents, 2):
        if (body := between(base, now)) is None:
            continue
        there, told = read(format_, base.body), read(format_, body)
        merged = there | told
        current = read(format_, now.body)
        gone = {str(row) for row in pushed_out(layout(now.layout), layout(base.layout)) or ()}
        assert {id_: title for id_, title in merged.items() if id_ not in gone} == current
        assert list(there)[len(there) - len(gone) :] == [id_ for id_ in there if id_ in gone]
        assert told
        assert len(body) < len(now.body)


@formats
@given(new=st.integers(0, LIMIT - 1), corrected=st.sets(st.integers(0, LIMIT - 1)), start=st.integers(1, 10))
@settings(max_examples=30, deadline=None)
def test_on_ordinary_days_there_is_a_delta(
    format_: Format, new: int, corrected: set[int], start: int
) -> None:
    """As long as one entry stays as it is and another is news, a delta tells the news and nothing else."""
    before = [(row, 0) for row in range(start + LIMIT, start, -1)]
    after = [(row, int(n in corrected)) for n, (row, _) in enumerate(before)]
    listed = [(start + LIMIT + n, 0) for n in range(new, 0, -1)] + after[: LIMIT - new]
    news = [item for item in listed if item not in before]
    body = between(made(format_, before), made(format_, listed))
    if not news or len(news) == LIMIT:
        assert body is None
    else:
        assert body is not None
        assert read(format_, body) == {str(row): f"Koreksi {times}" for row, times in news}


@formats
def test_what_was_taken_out_needs_the_whole_feed(format_: Format) -> None:
    """A story taken from the middle, from the top, or from the end of a feed that is not full: no delta."""
    base = made(format_, [(5, 0), (4, 0), (3, 0), (2, 0), (1, 0)])
    without: list[Listed] = [
        [(6, 0), (5, 0), (3, 0), (2, 0), (1, 0)],  # the fourth is gone, a newer came
        [(6, 0), (4, 0), (3, 0), (2, 0), (1, 0)],  # the newest is gone
        [(6, 0), (5, 0), (3, 0), (2, 0)],
        [(6, 0), (5, 0), (4, 0)],  # it has become shorter
    ]
    for listed in without:
        assert between(base, made(format_, listed)) is None


@formats
def test_a_feed_that_says_something_else_of_itself_is_given_whole(format_: Format) -> None:
    """Title, language and rights count; the date of its last change and its cadence do not."""
    base, listed = made(format_, [(2, 0), (1, 0)]), [(3, 0), (2, 0), (1, 0)]
    assert between(base, made(format_, listed, replace(CHANNEL, title="Kabar Selat"))) is None
    assert between(base, made(format_, listed, replace(CHANNEL, language="en"))) is None
    later = replace(CHANNEL, updated=NOW + timedelta(days=1))
    assert between(base, made(format_, listed, later))
    if format_.name != "json":
        paced, faster = replace(CHANNEL, ttl=60), replace(later, ttl=15)
        assert between(made(format_, [(2, 0), (1, 0)], paced), made(format_, listed, faster))


def test_tombstones_stay_in_a_delta() -> None:
    """Head and tail are the document's own: what an Atom feed tells of withdrawals is there."""
    atom = next(format_ for format_ in FORMATS if format_.name == "atom")
    rows = [3, 2, 1]
    entries = [entry(atom, row, 0) for row in rows]
    withdrawn = [Withdrawal("tag:kabarteluk.example,2005:9", NOW, "command", "Keliru")]
    now = build(CHANNEL, atom, entries, 0, withdrawn, rows)
    body = between(made(atom, [(2, 0), (1, 0)]), now)
    assert body is not None
    assert body.count(b"at:deleted-entry") == now.body.count(b"at:deleted-entry") == 2
    assert list(read(atom, body)) == ["3"]


@pytest.fixture
def archive(tmp_path: Path) -> SqliteArchive:
    """An archive in a file."""
    return SqliteArchive(tmp_path / "tagwire.db")


def keep(archive: SqliteArchive, number: int, at: datetime) -> None:
    """Keep a version that is called by a number."""
    archive.versions.keep("atom.xml", number.to_bytes(32, "big")[::-1], at, b"%d" % number)


def known(archive: SqliteArchive, count: int) -> list[int]:
    """Return the numbers of the versions that are there."""
    return [n for n in range(count) if archive.versions.of("atom.xml", n.to_bytes(32, "big")[::-1])]


def test_the_latest_versions_are_kept(archive: SqliteArchive) -> None:
    """A document that changes all the time has so many versions, though the clock stands still."""
    for number in range(30):
        keep(archive, number, NOW)
    assert known(archive, 30) == list(range(30 - LATEST, 30))


def test_a_version_is_kept_three_days_after_another_took_its_place(archive: SqliteArchive) -> None:
    """Readers may have what was in place three days ago, however old it was then; nothing older."""
    old = NOW - timedelta(days=300)
    keep(archive, 0, old)
    keep(archive, 1, old + timedelta(days=1))
    keep(archive, 2, NOW)
    assert known(archive, 3) == [1, 2]
    keep(archive, 3, NOW + timedelta(seconds=KEPT - 1))
    assert known(archive, 4) == [1, 2, 3]
    keep(archive, 4, NOW + timedelta(seconds=KEPT + 10))
    assert known(archive, 5) == [2, 3, 4]


def test_a_version_that_comes_back_is_the_latest(archive: SqliteArchive) -> None:
    """A correction that was taken back is known again as what is in place."""
    for number in [0, 1, 0, *range(2, LATEST + 1)]:
        keep(archive, number, NOW)
    assert known(archive, LATEST + 1) == [0, *range(2, LATEST + 1)]


def test_versions_of_a_document_that_is_gone_are_forgotten(archive: SqliteArchive) -> None:
    """Of a feed that moved away nothing is kept at its old address."""
    keep(archive, 7, NOW)
    archive.versions.forget(["rss.xml"])
    assert known(archive, 8) == [7]
    archive.versions.forget(["atom.xml"])
    assert known(archive, 8) == []
