"""A server that publishes while it is asked as fast as it can answer: every answer is one version, whole."""

from __future__ import annotations

import gzip
import hashlib
import http.client
import json
import select
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

import publish

URL = "https://kabarteluk.example/"
SETTINGS = f"""\
[site]
url = "{URL}"
title = "Kabar Teluk"
language = "id"
timezone = "Asia/Jakarta"
[[source]]
path = "articles.jsonl"
every = "1s"
"""
PATHS = ("/rss.xml", "/atom.xml", "/feed.json", "/tags/nelayan/rss.xml")
PATIENCE = 20.0  # seconds for what must happen at all
CHANGES = 3


@dataclass
class Seen:
    """What all pollers saw of one address."""

    etags: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # by Last-Modified
    dates: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # the other way round
    bodies: int = 0
    not_modified: int = 0


def write(folder: Path, edition: int) -> None:
    """Write the newsroom's articles, the newest of them in a new edition."""
    records: list[dict[str, Any]] = [
        {
            "url": f"{URL}berita/{number}",
            "title": f"Berita {number} 🐟",
            "content": f"<p>{f'Ombak {number} di teluk café. ' * 80}</p>",
            "published": f"2024-10-{1 + number // 24:02}T{number % 24:02}:00:00+07:00",
            "tags": ["nelayan"],
        }
        for number in range(30)
    ]
    records[-1]["title"] = f"Edisi {edition} 🐟"
    new = folder / "new"
    new.write_text("".join(json.dumps(record) + "\n" for record in records))
    new.replace(folder / "articles.jsonl")


def run(folder: Path, *arguments: str) -> None:
    """Run a command of ours as another process."""
    command = [sys.executable, str(publish.__file__), *arguments, "--quiet"]
    subprocess.run(command, cwd=folder, check=True, timeout=60)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """A newsroom that is published and served: the port, the folder."""
    (tmp_path / "publish.toml").write_text(SETTINGS)
    write(tmp_path, 0)
    run(tmp_path, "build")
    command = [sys.executable, str(publish.__file__), "serve", "--port", "0"]
    process = subprocess.Popen(command, cwd=tmp_path, text=True, stdout=subprocess.PIPE)
    assert process.stdout
    try:
        ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
        line = process.stdout.readline() if ready else ""
        assert line.startswith("serving ")
        yield int(line.strip("/\n").rpartition(":")[2]), tmp_path
    finally:
        process.terminate()
        try:
            assert process.wait(PATIENCE) == 0
        finally:
            process.kill()
            process.stdout.close()


def poll(port: int, number: int, seen: dict[str, Seen], is_over: threading.Event) -> None:
    """Ask again and again, every second time with what is known, and hold every answer against itself."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    known: dict[str, str] = {}
    latest: dict[str, str] = {}
    rounds = 0
    while not is_over.is_set():
        path, rounds = PATHS[(rounds + number) % len(PATHS)], rounds + 1
        headers = {"Accept-Encoding": "gzip"} if number % 2 else {}
        if path in known and (rounds // len(PATHS) + number // 2) % 2:
            headers["If-None-Match"] = known[path]
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body, etag, modified = answer.read(), answer.headers["ETag"], answer.headers["Last-Modified"]
        if answer.status == 304:
            assert (etag, body) == (known[path], b"")
            seen[path].not_modified += 1
            continue
        assert answer.status == 200
        assert len(body) == int(answer.headers["Content-Length"])
        check(path, body, etag, answer.headers["Content-Encoding"])
        known[path] = etag
        seen[path].bodies += 1
        if modified:  # of changes in one second, the later have no date until it has come
            digest = etag.strip('"').removesuffix("-gzip")
            seen[path].etags[modified].add(digest)
            seen[path].dates[digest].add(modified)
            assert parsedate_to_datetime(modified) >= parsedate_to_datetime(latest.get(path, modified))
            latest[path] = modified
    connection.close()


def check(path: str, body: bytes, etag: str, coding: str | None) -> None:
    """Hold a body against its tag, and read it."""
    if coding == "gzip":
        assert etag.endswith('-gzip"')
        body = gzip.decompress(body)
    assert hashlib.sha256(body).hexdigest()[:32] == etag.strip('"').removesuffix("-gzip")
    json.loads(body) if path.endswith(".json") else etree.fromstring(body)


def seconds_until_seen(port: int, words: str, is_there: bool = True) -> float:
    """Wait until words are in the feed, or no longer there; return how long that took."""
    began = time.monotonic()
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        connection.request("GET", "/tags/nelayan/rss.xml")
        body = connection.getresponse().read().decode()
        connection.close()
        seconds = time.monotonic() - began
        if (words in body) is is_there:
            return seconds
        assert seconds < PATIENCE, f"never seen: {words}"
        time.sleep(0.02)


def test_every_answer_is_one_version_whole_while_articles_change(served: tuple[int, Path]) -> None:
    """S-24, S-41: each body parses, and has its length and its tag; tags and dates move together.

    Articles change in a source that is read each second, and by commands that are processes of their own:
    readers see that within two seconds.
    """
    port, folder = served
    seen, is_over = {path: Seen() for path in PATHS}, threading.Event()
    failures: list[BaseException] = []

    def watched(number: int) -> None:
        try:
            poll(port, number, seen, is_over)
        except (
            AssertionError,
            OSError,
            http.client.HTTPException,
            ValueError,
            etree.XMLSyntaxError,
        ) as error:
            failures.append(error)

    pollers = [threading.Thread(target=watched, args=(number,)) for number in range(4)]
    for poller in pollers:
        poller.start()
    try:
        for edition in range(1, CHANGES + 1):
            write(folder, edition)
            # The source's own second, and the second in which the server looks at the clock, come on top.
            assert seconds_until_seen(port, f"<title>Edisi {edition} ") < 4
        run(folder, "withdraw", f"{URL}berita/28", "--reason", "keliru")
        assert seconds_until_seen(port, "Berita 28 ", is_there=False) < 2
    finally:
        is_over.set()
        for poller in pollers:
            poller.join(PATIENCE)
    assert not failures, failures
    for path, found in seen.items():
        assert len(found.dates) >= CHANGES, f"{path}: pollers saw {len(found.dates)} versions"
        assert all(len(tags) == 1 for tags in found.etags.values()), f"{path}: {found.etags}"
        assert all(len(dates) == 1 for dates in found.dates.values()), f"{path}: {found.dates}"
        assert found.not_modified > 10
        assert found.bodies > 10


def test_the_checks_find_what_they_are_for() -> None:
    """Half a body, or one of another version, does not pass."""
    body = b"<rss><channel/></rss>"
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    check("/rss.xml", body, etag, None)
    with pytest.raises(AssertionError):
        check("/rss.xml", body[:-1], etag, None)
    with pytest.raises(AssertionError):
        check("/rss.xml", gzip.compress(body), etag, "gzip")
    half = f'"{hashlib.sha256(body[:9]).hexdigest()[:32]}"'
    with pytest.raises(etree.XMLSyntaxError):
        check("/rss.xml", body[:9], half, None)
