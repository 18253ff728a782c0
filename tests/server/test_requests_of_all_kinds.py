"""What no reader sends by design, and what befalls the files and the archive while feeds are served."""

from __future__ import annotations

import http.client
import json
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import publish
from feeds.server.coding import IDENTITY, choose
from feeds.server.kept import MEMORY, Kept
from feeds.server.prepared import CODINGS, Freshness, Prepared
from sources.file_marks import Version

FEED = "/tags/nelayan/atom.xml"
PATIENCE = 10.0  # seconds


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory, make_room: Any, serve: Any) -> Iterator[Any]:
    """Our server, with a newsroom of its own."""
    folder = tmp_path_factory.mktemp("kinds")
    with serve("tagwire", make_room(folder / "room"), folder / "server") as server:
        until(lambda: server.ask("/readyz").status == 200)
        yield server


def until(condition: Callable[[], Any]) -> Any:
    """Wait for something to become true; return it."""
    deadline = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)
    return found


@pytest.mark.parametrize("tail", ["_" * 60 + "!", "-" * 400 + "!", "-a" * 4000 + "!", '"' * 5000])
def test_no_tag_keeps_the_server_busy(ours: Any, tail: str) -> None:
    """A tag is public: whoever adds to it must not have it read for ever."""
    tag = ours.ask(FEED).etag
    started = time.monotonic()
    ours.ask(FEED, If_None_Match=tag + tail)
    assert time.monotonic() - started < 1


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET /rss.xml HTTP/1.1\r\n", b"400"),
        (b"GET /rss.xml HTTP/1.1\r\nHost: a\r\nHost: b\r\n", b"400"),
        (b"GET /rss.xml HTTP/1.0\r\n", b"200"),
        (b"GET rss.xml HTTP/1.1\r\nHost: a\r\n", b"400"),
        (b"CONNECT news.example:443 HTTP/1.1\r\nHost: news.example\r\n", b"400"),
        (b"OPTIONS * HTTP/1.1\r\nHost: a\r\n", b"204"),
        (b"GET http://news.example HTTP/1.1\r\nHost: news.example\r\n", b"200"),
        (b"GET http://news.example/rss.xml HTTP/1.1\r\nHost: news.example\r\n", b"200"),
    ],
)
def test_heads_are_as_http_wants_them(ours: Any, head: bytes, status: bytes) -> None:
    """RFC 9112, section 3: one Host, a target of one of its four forms; every answer has its date."""
    said = ours.talk(head + b"Connection: close\r\n\r\n")
    assert said.split(b" ", 2)[1] == status
    assert b"\r\ndate: " in said.partition(b"\r\n\r\n")[0].lower()


def test_who_demands_another_version_gets_none(ours: Any) -> None:
    """RFC 9110, section 13.1: If-Match and If-Unmodified-Since."""
    there = ours.ask(FEED)
    assert ours.ask(FEED, If_Match='"other"').status == 412
    assert ours.ask(FEED, If_Match=f'"other", {there.etag}').status == 200
    assert ours.ask(FEED, If_Match="*").status == 200
    assert ours.ask(FEED, If_Unmodified_Since=there.one("Last-Modified")).status == 200
    assert ours.ask(FEED, If_Unmodified_Since="Mon, 01 Jan 2001 00:00:00 GMT").status == 412


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip;q=.5", "gzip"),
        ("gzip;q=0, *", "br"),
        ("gzip;q=.", IDENTITY),
        ("*;q=0.1, identity;q=0.5", IDENTITY),
        ("br;q=0.9, zstd;q=0.9, gzip;q=1", "gzip"),
        ("gzip" + " " * 600, IDENTITY),
    ],
)
def test_codings_are_chosen_by_their_weights(accepted: str, coding: str) -> None:
    """RFC 9110, section 12.5.3; what can't be read, or is no reader's, gets the document as it is."""
    assert choose(accepted.encode()) == coding


def test_pages_of_other_sites_may_read_the_tag(ours: Any) -> None:
    """S-39: without that header, a reader in a browser can never ask conditionally."""
    for answer in (ours.ask(FEED), ours.ask(FEED, If_None_Match=ours.ask(FEED).etag)):
        assert answer.one("Access-Control-Expose-Headers") == "ETag, Link"


def test_only_what_was_published_is_served(ours: Any) -> None:
    """Whatever else lies in the folder, be it called as a feed is, is nobody's business."""
    for path in ("index.html", "tags/rss.xml", "lain/rss.xml", "tags/nelayan/lain/rss.xml"):
        place = ours.out / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("<rss/>")
        assert ours.ask(f"/{path}").status == 404


def test_the_front_page_leads_to_the_feeds(ours: Any) -> None:
    """A person who comes by finds the site's feeds, those of its tags, and nothing that leads elsewhere."""
    answer = ours.ask("/")
    assert (answer.status, answer.one("Content-Type")) == (200, "text/html; charset=utf-8")
    links = [part.partition('"')[0] for part in answer.body.decode().split('href="')[1:]]
    assert {"/rss.xml", "/atom.xml", "/feed.json", "/feeds.opml", "/tags/nelayan/rss.xml"} <= set(links)
    assert [ours.ask(link, "HEAD").status for link in links] == [200] * len(links)


@pytest.fixture
def alone(tmp_path: Path, make_room: Any, serve: Any) -> Iterator[Any]:
    """Our server, with a newsroom for one test alone, and a token for the API."""
    room = make_room(tmp_path / "room")
    with serve("tagwire", room, tmp_path / "server") as server:
        until(lambda: server.ask("/readyz").status == 200)
        yield server


@pytest.fixture
def secret(alone: Any, capsys: pytest.CaptureFixture[str]) -> str:
    """A token that may write articles."""
    archive = str(alone.room.folder / "tagwire.db")
    capsys.readouterr()
    assert publish.main(["token", "add", "cms", "--scope", "articles:write", "--archive", archive]) == 0
    return capsys.readouterr().out.strip()


def is_shown(server: Any, text: str) -> bool:
    """Does the feed say so?"""
    return text in server.ask(FEED).body.decode()


def put(server: Any, secret: str, number: int, connection: http.client.HTTPConnection | None = None) -> int:
    """Send an article; return the status."""
    record = {"title": f"Kiriman {number}", "content": "Isi.", "published": "2024-12-01", "tags": ["nelayan"]}
    body = json.dumps(record).encode()
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    with_it = connection or http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    with_it.request("PUT", f"/articles/kiriman-{number}", body, headers)
    answer = with_it.getresponse()
    answer.read()
    if connection is None:
        with_it.close()
    return answer.status


def test_a_file_that_ought_to_be_there_is_asked_for_later(alone: Any) -> None:
    """404 would have readers unsubscribe from what comes back with the next publication."""
    shutil.rmtree(alone.out)
    answer = until(lambda: (found := alone.ask(FEED)).status != 200 and found)
    assert (answer.status, answer.one("Retry-After")) == (503, "5")


def test_a_burst_of_changes_dates_nothing_far_ahead(alone: Any, secret: str) -> None:
    """S-24: some seconds at most; meanwhile the tag alone is told, and in the end the date again."""
    connection = http.client.HTTPConnection("127.0.0.1", alone.port, timeout=30)
    for number in range(40):
        assert put(alone, secret, number, connection) == 201
        until(partial(is_shown, alone, f"Kiriman {number}<"))
    connection.close()
    assert (alone.out / "tags/nelayan/atom.xml").stat().st_mtime < time.time() + 13
    answer = alone.ask(FEED)
    modified = answer.one("Last-Modified")
    assert modified is None or parsedate_to_datetime(modified) <= parsedate_to_datetime(answer.one("Date"))


def test_the_api_takes_articles_while_feeds_cannot_be_written(alone: Any, secret: str) -> None:
    """What was answered is kept, at once; the feeds follow when there is room."""
    out = alone.out
    shutil.rmtree(out)
    out.write_text("a file where the folder was")
    started = time.monotonic()
    assert [put(alone, secret, number) for number in range(5)] == [201] * 5
    assert time.monotonic() - started < 5
    out.unlink()
    until_long = time.monotonic() + 30
    while not (out / "tags/nelayan/atom.xml").exists():
        assert time.monotonic() < until_long, "the feeds do not follow"
        time.sleep(0.1)
    assert "Kiriman 4<" in (out / "tags/nelayan/atom.xml").read_text("utf-8")


def test_an_archive_that_was_put_back_is_the_one_that_is_written(alone: Any, secret: str) -> None:
    """An older copy takes the file's place while the server runs: nothing goes into the one that is gone."""
    archive = alone.room.folder / "tagwire.db"
    assert put(alone, secret, 1) == 201
    copy = archive.with_name("copy.db")
    with sqlite3.connect(archive) as there, sqlite3.connect(copy) as backup:
        there.backup(backup)
    there.close()
    backup.close()
    assert put(alone, secret, 2) == 201
    for ending in ("-wal", "-shm"):
        archive.with_name(archive.name + ending).unlink(missing_ok=True)
    copy.replace(archive)
    until(lambda: put(alone, secret, 3) in {200, 201})
    with sqlite3.connect(archive) as there:
        titles = {json.loads(data)["title"] for (data,) in there.execute("SELECT data FROM article")}
    there.close()
    assert {"Kiriman 1", "Kiriman 3"} <= titles


def prepared(number: int) -> Prepared:
    """Return a feed made on demand, of 100 kB."""
    made = Prepared(
        path=f"combine/{number}/rss.xml",
        version=Version(0, 0, 0, 0),
        digest=b"0" * 32,
        modified=0,
        media_type=b"application/rss+xml",
        headers=(),
        freshness=Freshness(),
    )
    made.hold(IDENTITY, bytes(100_000))
    return made


def test_combinations_are_kept_within_bounds() -> None:
    """Anyone may ask for any: in every coding, again and again, they take the room they are given."""
    kept = Kept()
    for number in range(2000):
        one = prepared(number % 700)
        kept.keep(one, None)
        for coding in ("gzip", "br", "zstd"):
            one.hold(coding, bytes(30_000))
            kept.trim()
    bodies = (one.body(coding) for one, _ in kept.made.values() for coding in CODINGS)
    held = sum(len(body) for body in bodies if body is not None)
    assert kept.used == held <= MEMORY


def test_a_held_feed_keeps_the_server_from_nothing(tmp_path: Path, make_room: Any, serve: Any) -> None:
    """It is ready, serves the feed as readers have it, and says 404 of what never was."""
    room = make_room(tmp_path / "room")
    before = (room.out / "rss.xml").read_bytes()
    room.records = [
        {**record, "url": f"{record['url']}-baru", "title": f"{record['title']} baru"}
        for record in room.records
    ]
    with pytest.raises(AssertionError):  # the exit code: feeds are held
        room.build()
    with serve("tagwire", room, tmp_path / "server") as server:
        until(lambda: server.ask("/readyz").status == 200)
        assert server.ask("/rss.xml").body == before
        assert server.ask("/tags/tiada/rss.xml").status == 404
