"""Bodies of feeds: large ones, which are packed aside, and little memory to keep them in."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import os
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import publish
from feeds.server.coding import encode
from feeds.server.packing import LONG

LARGE = ("/rss.xml", "/atom.xml", "/feed.json", "/tags/nelayan/rss.xml", "/tags/nelayan/atom.xml")
PATIENCE = 10.0  # seconds


def plain(answer: Any) -> bytes:
    """Return the body out of its coding."""
    import brotli  # type: ignore[import-untyped]  # it ships no types
    from backports import zstd

    out_of: dict[str | None, Callable[[bytes], bytes]] = {
        None: bytes,
        "gzip": gzip.decompress,
        "br": brotli.decompress,
        "zstd": zstd.decompress,
    }
    return out_of[answer.one("Content-Encoding")](answer.body)


def large_room(folder: Path, make_room: Any, memory: str) -> Any:
    """Return a newsroom with large feeds, of which the server may keep so much."""
    room = make_room(folder / "room")
    for number, record in enumerate(room.records):
        figures = (hashlib.sha256(f"{number} {part}".encode()).hexdigest() for part in range(150))
        record["content"] = f"<p>{' '.join(figures)}</p>"
    room.build()
    settings = room.folder / "publish.toml"
    settings.write_text(settings.read_text() + f'[serve]\nmemory = "{memory}"\n')
    return room


@pytest.fixture
def little_room(tmp_path: Path, make_room: Any, serve: Any) -> Iterator[Any]:
    """Our server with large feeds, of which it may keep 100 kB."""
    with serve("tagwire", large_room(tmp_path, make_room, "100kB"), tmp_path / "server") as server:
        yield server


@pytest.fixture
def ample_room(tmp_path: Path, make_room: Any, serve: Any) -> Iterator[Any]:
    """Our server with large feeds, and room for all."""
    with serve("tagwire", large_room(tmp_path, make_room, "50MB"), tmp_path / "server") as server:
        until(lambda: server.ask("/readyz").status == 200)
        yield server


def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, "it never is so"
        time.sleep(0.02)


def gauge(server: Any, name: str) -> float:
    """Return a number of /metrics; -1 if it is not told yet."""
    found = re.search(rf"^{name} (\S+)$", server.ask("/metrics").body.decode(), re.MULTILINE)
    return float(found[1]) if found else -1.0


def test_every_body_is_whole_in_every_coding_however_little_is_kept(little_room: Any) -> None:
    """With room for two or three bodies, each poll lets another go; HEAD tells the length of GET."""
    for _ in range(2):
        for coding in ("gzip", "br", "zstd", "identity"):
            for path in LARGE:
                there = (little_room.out / path.lstrip("/")).read_bytes()
                assert len(there) > LONG
                answer = little_room.ask(path, Accept_Encoding=coding)
                assert (answer.status, plain(answer)) == (200, there), (path, coding)
                assert answer.one("Content-Length") == str(len(answer.body))
                head = little_room.ask(path, "HEAD", Accept_Encoding=coding)
                assert head.one("Content-Length") == answer.one("Content-Length")
                assert head.etag == answer.etag


def test_many_who_ask_at_once_for_what_is_being_packed_get_the_same(little_room: Any) -> None:
    """The first waits for the packing, the others for the first: each gets the feed as it lies there."""
    there = (little_room.out / "rss.xml").read_bytes()
    with ThreadPoolExecutor(16) as pollers:
        for coding in ("gzip", "br", "zstd"):
            asked = [pollers.submit(little_room.ask, "/rss.xml", Accept_Encoding=coding) for _ in range(16)]
            answers = [one.result(PATIENCE) for one in asked]
            assert {answer.status for answer in answers} == {200}
            assert len({(answer.etag, answer.body) for answer in answers}) == 1
            assert plain(answers[0]) == there


def test_who_has_it_all_makes_the_server_keep_nothing(little_room: Any) -> None:
    """A poll that ends in 304 needs no body, packed or not."""
    for path in LARGE:
        digest = hashlib.sha256((little_room.out / path.lstrip("/")).read_bytes()).hexdigest()[:32]
        answer = little_room.ask(path, Accept_Encoding="gzip", If_None_Match=f'"{digest}-gzip"')
        assert answer.status == 304
    until(lambda: gauge(little_room, "tagwire_documents") >= len(LARGE))
    assert gauge(little_room, "tagwire_documents_in_memory_bytes") == 0


def test_what_was_polled_is_packed_again_when_it_changes(
    ample_room: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the codings in which it was polled, before anybody asks; what was not polled is not packed."""
    polled = [("rss.xml", "gzip"), ("rss.xml", "zstd"), ("tags/nelayan/atom.xml", "br")]

    def held() -> float:
        return gauge(ample_room, "tagwire_documents_in_memory_bytes")

    def there() -> int:
        return sum(len(encode(coding, (ample_room.out / path).read_bytes())) for path, coding in polled)

    for path, coding in polled:
        assert ample_room.ask(f"/{path}", Accept_Encoding=coding).one("Content-Encoding") == coding
    before = there()
    until(lambda: held() == before)
    archive = str(ample_room.room.folder / "tagwire.db")
    capsys.readouterr()
    assert publish.main(["token", "add", "cms", "--scope", "articles:write", "--archive", archive]) == 0
    secret = capsys.readouterr().out.strip()
    record = {"title": "Kiriman", "content": "Isi.", "published": "2024-12-01", "tags": ["nelayan"]}
    kind = {"Authorization": f"Bearer {secret}", "Content_Type": "application/json"}
    assert ample_room.ask("/articles/kiriman", "PUT", json.dumps(record).encode(), **kind).status == 201
    until(lambda: all(b"Kiriman" in (ample_room.out / path).read_bytes() for path, _ in polled))
    assert there() != before
    until(lambda: held() == there())
    for path, coding in polled:
        answer = ample_room.ask(f"/{path}", Accept_Encoding=coding)
        assert plain(answer) == (ample_room.out / path).read_bytes()


def test_a_document_of_the_same_date_and_length_is_another(ample_room: Any) -> None:
    """In a burst of changes documents may share a date, and what one left behind the next may take."""
    file = ample_room.out / "atom.xml"
    before, status = file.read_bytes(), file.stat()
    assert ample_room.ask("/atom.xml").body == before
    with file.open("r+b") as handle:
        handle.write(before.replace(b"<title>Berita", b"<title>Kabaro"))
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    after = file.read_bytes()
    assert (len(after), file.stat().st_ino) == (len(before), status.st_ino)
    assert after != before
    with contextlib.closing(sqlite3.connect(ample_room.room.folder / "tagwire.db")) as database, database:
        database.execute("INSERT OR REPLACE INTO meta VALUES ('looked', 'at')")  # as publications do
    until(lambda: ample_room.ask("/atom.xml").body == after)
