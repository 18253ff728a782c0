"""Polls that come again in the same bytes: answered as the first was, for as long as that is right."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

import pytest

PATH = "/tags/nelayan/rss.xml"
PATIENCE = 20.0  # seconds
POLL = b"GET %s HTTP/1.1\r\nHost: kabarteluk.example\r\nUser-Agent: Pembaca/7\r\n%s\r\n\r\n"
GZIP = b"Accept-Encoding: gzip"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, make_room: Any, serve: Any) -> Iterator[Any]:
    """Our server, with access records."""
    folder = tmp_path_factory.mktemp("polls")
    room = make_room(folder / "room")
    settings = room.folder / "publish.toml"
    settings.write_text(settings.read_text() + '[serve]\naccess_log = "access.log"\n')
    with serve("tagwire", room, folder / "server") as server:
        yield server


@dataclass(frozen=True)
class Client:
    """A connection that stays open, on which bytes are sent just as they are."""

    socket: socket.socket
    came: BinaryIO

    def send(self, data: bytes) -> None:
        """Send bytes."""
        self.socket.sendall(data)

    def answer(self, has_body: bool = True) -> tuple[int, dict[bytes, bytes], bytes]:
        """Return the next answer: status, headers but for Date, body."""
        status = int(self.came.readline().split()[1])
        lines = iter(lambda: self.came.readline().strip(), b"")
        headers = {name.lower(): value for name, _, value in (line.partition(b": ") for line in lines)}
        del headers[b"date"]
        length = int(headers.get(b"content-length", b"0")) if has_body else 0
        return status, headers, self.came.read(length)

    def ask(self, data: bytes, has_body: bool = True) -> tuple[int, dict[bytes, bytes], bytes]:
        """Send a request, and return its answer."""
        self.send(data)
        return self.answer(has_body)


@contextmanager
def connected(server: Any) -> Iterator[Client]:
    """Connect to a server."""
    with (
        socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as connection,
        connection.makefile("rb") as came,
    ):
        yield Client(connection, came)


@pytest.fixture
def client(served: Any) -> Iterator[Client]:
    """Connect to ours."""
    with connected(served) as client:
        yield client


def held(server: Any, path: str = PATH) -> bytes:
    """Return a poll by who has the document as it is."""
    tag = server.ask(path, Accept_Encoding="gzip").etag.encode()
    return POLL % (path.encode(), b"%s\r\nIf-None-Match: %s" % (GZIP, tag))


def counted(server: Any) -> float:
    """Return how many answers were 304, with gzip."""
    numbers = server.ask("/metrics").body.decode()
    found = re.search(r'tagwire_requests_total\{method="GET",status="304",coding="gzip"\} (\S+)', numbers)
    return float(found[1]) if found else 0.0


def until(is_so: Callable[[], Any], what: str) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("coding", [b"identity", b"gzip", b"br", b"zstd"])
def test_the_same_bytes_get_the_same_answer(served: Any, client: Client, method: str, coding: bytes) -> None:
    """With a body or without, in every coding, on this connection and on another."""
    asked = (POLL % (PATH.encode(), b"Accept-Encoding: " + coding)).replace(b"GET", method.encode())
    first = client.ask(asked, method == "GET")
    assert first[0] == 200
    assert [client.ask(asked, method == "GET") for _ in range(3)] == [first] * 3
    with connected(served) as another:
        assert another.ask(asked, method == "GET") == first
    asked = asked.replace(b"\r\n\r\n", b"\r\nIf-None-Match: %s\r\n\r\n" % first[1][b"etag"])
    first = client.ask(asked)
    assert first[0] == 304
    assert [client.ask(asked) for _ in range(3)] == [first] * 3


def test_each_of_them_is_counted_and_recorded(served: Any, client: Client) -> None:
    """Metrics and access records tell of every answer, also of those that needed no reading."""
    asked = held(served).replace(b"Pembaca/7", b"Penghitung/5")
    before = counted(served)
    for _ in range(5):
        assert client.ask(asked)[0] == 304
    assert counted(served) == before + 5

    def records() -> list[dict[str, Any]]:
        lines = (served.room.folder / "access.log").read_text().splitlines()
        return [json.loads(line) for line in lines if "Penghitung/5" in line]

    until(lambda: len(records()) == 5, "5 are recorded")
    told = {(one["path"], one["status"], one["bytes"], one["coding"]) for one in records()}
    assert told == {(PATH, 304, 0, "gzip")}


def test_a_feed_that_changed_is_another(served: Any, client: Client) -> None:
    """Whoever goes on sending what was right before gets the new version, once it is there."""
    path = "/tags/korea-utara/rss.xml"  # nothing in it ends or begins by itself
    asked = held(served, path)
    assert [client.ask(asked)[0] for _ in range(3)] == [304] * 3
    served.room.run("withdraw", "https://kabarteluk.example/berita/20", "--reason", "keliru")
    until(lambda: client.ask(asked)[0] == 200, "the new version is there")
    _, headers, _ = client.ask(asked)
    assert headers[b"etag"] not in asked
    assert served.ask(path, Accept_Encoding="gzip").etag.encode() == headers[b"etag"]


def test_bytes_within_a_body_are_no_poll(served: Any, client: Client) -> None:
    """What looks like a poll that is known, but is what another request brings, is not answered."""
    asked = held(served)
    assert [client.ask(asked)[0] for _ in range(3)] == [304] * 3
    post = b"POST /articles HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(asked)
    # The answer to what came with it tells that the head is there; then come its bytes, and they alone.
    assert client.ask(asked + post)[0] == 304
    client.send(asked)
    assert client.answer()[0] == 401
    other = held(served, "/atom.xml")
    assert client.ask(other)[1][b"etag"] in other


def test_bytes_within_a_head_are_no_poll(served: Any, client: Client) -> None:
    """Nor are they if a head was begun before them: here they are no head of HTTP."""
    asked = held(served)
    assert [client.ask(asked)[0] for _ in range(3)] == [304] * 3
    assert client.ask(asked + b"GET /atom.xml HTTP/1.1\r\nX-A: ")[0] == 304
    client.send(asked)  # its first line is the value of a header, and Host stands there once
    status, headers, _ = client.answer()
    assert (status, headers[b"etag"] in asked) == (200, False)


def test_a_poll_may_come_in_pieces_or_with_others(served: Any, client: Client) -> None:
    """However its bytes are cut and joined, each gets its answer, in order."""
    one, other = held(served), held(served, "/atom.xml")
    tags = [client.ask(asked)[1][b"etag"] for asked in (one, other)]
    assert tags[0] != tags[1]
    for _ in range(3):  # from the second time on, all these bytes have come before
        client.send(one + other + one)
        assert [client.answer()[1][b"etag"] for _ in range(3)] == [tags[0], tags[1], tags[0]]
        client.send(one + other[:40])
        assert client.answer()[1][b"etag"] == tags[0]
        client.send(other[40:])
        assert client.answer()[1][b"etag"] == tags[1]
        assert client.ask(b"\r\n" + one + b"\r\n")[1][b"etag"] == tags[0]
        assert client.ask(other)[1][b"etag"] == tags[1]
