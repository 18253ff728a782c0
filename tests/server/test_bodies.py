"""Bodies of feeds: large ones, which are packed aside, and little memory to keep them in."""

from __future__ import annotations

import gzip
import hashlib
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

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


@pytest.fixture
def little_room(tmp_path: Path, make_room: Any, serve: Any) -> Iterator[Any]:
    """Our server with large feeds, of which it may keep 100 kB."""
    room = make_room(tmp_path / "room")
    for number, record in enumerate(room.records):
        figures = (hashlib.sha256(f"{number} {part}".encode()).hexdigest() for part in range(150))
        record["content"] = f"<p>{' '.join(figures)}</p>"
    room.build()
    settings = room.folder / "publish.toml"
    settings.write_text(settings.read_text() + '[serve]\nmemory = "100kB"\n')
    with serve("tagwire", room, tmp_path / "server") as server:
        yield server


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
    deadline = time.monotonic() + PATIENCE
    while gauge(little_room, "tagwire_documents") < len(LARGE):
        assert time.monotonic() < deadline, "the documents are not counted"
        time.sleep(0.05)
    assert gauge(little_room, "tagwire_documents_in_memory_bytes") == 0
