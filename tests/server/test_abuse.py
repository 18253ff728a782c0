"""What the server does under abuse: slow clients, long heads, full houses, signals; each over real sockets.

TAGWIRE_LOAD=seconds makes the attack of 1,500 slow connections as long as that; it takes five without it.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import resource
import select
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

import publish

URL = "https://kabarteluk.example/"
SETTINGS = f"""\
[site]
url = "{URL}"
title = "Kabar Teluk"
language = "id"
timezone = "Asia/Jakarta"
[feeds]
limit = 100
[[source]]
path = "articles.jsonl"
every = "1h"
"""
SHORT = """\
head = "1s"
body = "1s"
reading = "1s"
largest = "1MB"
"""
COMBINED = b"/combine/nelayan+teluk-1/rss.xml"
LARGE = b"/tags/nelayan/rss.xml"  # half a megabyte
PATIENCE = 20.0  # seconds for what must happen at all
LOAD = float(os.environ.get("TAGWIRE_LOAD", "5"))  # seconds
PLAIN_UVICORN = """\
import sys, uvicorn
async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})
uvicorn.run(app, fd=int(sys.argv[1]), lifespan="off", log_level="critical", http="httptools")
"""

Start = Callable[..., AbstractContextManager["Server"]]


@dataclass(frozen=True)
class Server:
    """A server that runs."""

    process: subprocess.Popen[str]
    folder: Path
    port: int

    def connect(self, address: str = "127.0.0.1", small: bool = False) -> socket.socket:
        """Open a connection. address: of the client; small: it takes a few kilobytes at a time."""
        client = socket.socket()
        try:
            client.settimeout(PATIENCE)
            if small:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.bind((address, 0))
            client.connect(("127.0.0.1", self.port))
        except OSError:
            client.close()
            raise
        return client

    def talk(self, said: bytes) -> bytes:
        """Say something, and return all that comes back until the server closes."""
        with self.connect() as client:
            with contextlib.suppress(ConnectionError):  # it need not hear all of it
                client.sendall(said)
            return rest_of(client)

    def get(self, path: bytes, *headers: bytes) -> tuple[int, dict[str, str], bytes]:
        """Ask on a connection of its own; return status, headers, body."""
        return parsed(self.talk(request(path, b"Connection: close", *headers)))

    def memory(self) -> int:
        """Return the most memory that it ever had, in bytes."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))

    def log(self) -> str:
        """Return what it logged."""
        return (self.folder / "log").read_text()


def request(path: bytes, *headers: bytes) -> bytes:
    """Return a GET."""
    return b"\r\n".join([b"GET %s HTTP/1.1" % path, b"Host: kabarteluk.example", *headers, b"", b""])


def rest_of(client: socket.socket) -> bytes:
    """Return what is still to come, until the end of the connection, however it ends."""
    came = b""
    with contextlib.suppress(ConnectionError):
        while more := client.recv(1 << 20):
            came += more
    return came


def parsed(answer: bytes) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers with names in lower case, and all that follows them."""
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(": ") for line in lines)
    return int(first.split()[1]), {name.lower(): value for name, _, value in pairs}, body


def statuses(answers: bytes) -> list[int]:
    """Return the status of each of several answers, whose bodies hold no such words themselves."""
    return [int(part[:3]) for part in answers.split(b"HTTP/1.1 ")[1:]]


@contextmanager
def stopped(process: subprocess.Popen[str]) -> Iterator[None]:
    """End a process when done with it."""
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        finally:
            process.kill()
            process.wait()
            if process.stdout:
                process.stdout.close()


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A newsroom's folder with everything published."""
    folder = tmp_path_factory.mktemp("abuse") / "room"
    folder.mkdir()
    (folder / "publish.toml").write_text(SETTINGS)
    words = [f"ombak{number * 7919 % 10_007} café" for number in range(300)]
    records = (
        {
            "url": f"{URL}berita/{number}",
            "title": f"Berita {number} 🐟",
            "content": f"<p>{' '.join(words[number:] + words[:number])}</p>",
            "published": f"2024-10-{1 + number // 24:02}T{number % 24:02}:00:00+07:00",
            "tags": ["nelayan", f"teluk {number % 3}"],
        }
        for number in range(110)
    )
    (folder / "articles.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    subprocess.run(
        [sys.executable, str(publish.__file__), "build", "--quiet"], cwd=folder, check=True, timeout=60
    )
    return folder


@pytest.fixture(scope="module")
def start(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Start:
    """Return what starts a server. serve: lines of the table [serve]; files: that it may open."""

    @contextmanager
    def started(serve: str = SHORT, files: int = 0, folder: Path | None = None) -> Iterator[Server]:
        if folder is None:
            folder = tmp_path_factory.mktemp("server") / "room"
            shutil.copytree(published, folder)
        (folder / "publish.toml").write_text(f"{SETTINGS}[serve]\n{serve}")
        command = [sys.executable, str(publish.__file__), "serve", "--port", "0"]
        limit = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (files, files)) if files else None  # noqa: E731
        with (folder / "log").open("w") as log:
            process = subprocess.Popen(
                command,
                cwd=folder,
                text=True,
                stdout=subprocess.PIPE,
                stderr=log,
                preexec_fn=limit,  # noqa: PLW1509 - it calls nothing but the system
            )
        with stopped(process):
            assert process.stdout
            ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
            line = process.stdout.readline() if ready else ""
            assert line.startswith("serving http://127.0.0.1:"), (folder / "log").read_text()[-2000:]
            server = Server(process, folder, int(line.strip("/\n").rpartition(":")[2]))
            until(lambda: server.get(b"/readyz")[0] == 200)
            yield server

    return started


@pytest.fixture(scope="module")
def server(start: Start) -> Iterator[Server]:
    """A server of little patience, for all tests that leave it as it is."""
    with start() as running:
        yield running


@pytest.fixture(scope="module")
def plain_uvicorn() -> Iterator[int]:
    """The port of a server that takes no care: what our tests find in ours, they must miss in this."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        handle = listening.fileno()
        process = subprocess.Popen(
            [sys.executable, "-c", PLAIN_UVICORN, str(handle)], pass_fds=[handle], text=True
        )
        with stopped(process):
            yield listening.getsockname()[1]


# Slow clients. They all work at the same time, or these tests would take a minute.


def drip(client: socket.socket, said: bytes, until: float) -> float:
    """Say a byte every tenth of a second; return the seconds until the server closed, or those given."""
    began = time.monotonic()
    with client:
        client.settimeout(0.1)
        for number in range(int(until * 10)):
            with contextlib.suppress(TimeoutError):
                try:
                    client.sendall(said[number : number + 1])
                    if not client.recv(65_536):
                        return time.monotonic() - began
                except ConnectionError:
                    return time.monotonic() - began
    return until


def sip(client: socket.socket, said: bytes, portion: int, pause: float, wait: float = 0.0) -> bytes:
    """Say something and wait; then take a portion of the answer, pause, and so on to its end."""
    came = b""
    with client, contextlib.suppress(ConnectionError):
        client.sendall(said)
        time.sleep(wait)
        while more := client.recv(portion):
            came += more
            time.sleep(pause)
    return came


@pytest.fixture(scope="module")
def slow(server: Server, plain_uvicorn: int) -> dict[str, object]:
    """What became of slow clients, by name."""
    head = request(LARGE)
    body = b"POST /rss.xml HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n"
    ask = request(LARGE, b"Connection: close")
    plain = Server(server.process, server.folder, plain_uvicorn)
    before = server.memory()

    def post() -> float:
        client = server.connect()
        client.sendall(body)
        return drip(client, b"x" * 99, 3)

    def again() -> float:
        client = server.connect()
        client.sendall(request(b"/healthz"))
        assert client.recv(65_536)
        return drip(client, head, 3)

    clients: dict[str, Callable[[], object]] = {
        "head": lambda: drip(server.connect(), head, 3),
        "head, plain uvicorn": lambda: drip(plain.connect(), head, 3),
        "second head": again,
        "body": post,
        "no reading": lambda: sip(server.connect(small=True), ask, 1 << 20, 0, wait=3),
        "slow reading": lambda: sip(server.connect(small=True), ask, 40_000, 0.02),
        "no reading of many": lambda: sip(server.connect(small=True), request(LARGE) * 1000, 1 << 20, 0, 3),
        "good": lambda: [timed(server) for _ in range(30)],
    }
    outcomes: dict[str, object] = {}
    threads = [
        threading.Thread(target=lambda name=name, act=act: outcomes.update({name: act()}))
        for name, act in clients.items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    outcomes["memory"] = server.memory() - before
    return outcomes


def timed(server: Server) -> float:
    """Return how long a good request took; infinity if it was not answered well."""
    began = time.monotonic()
    try:
        status, _, body = server.get(b"/rss.xml", b"Accept-Encoding: gzip")
    except (OSError, IndexError):
        return float("inf")
    assert status == 200
    assert gzip.decompress(body).endswith(b"</rss>\n")
    time.sleep(0.05)
    return time.monotonic() - began


@pytest.mark.parametrize("attack", ["head", "second head", "body"])
def test_a_client_that_sends_a_byte_now_and_then_is_cut_after_its_second(
    slow: dict[str, float], attack: str
) -> None:
    """Slow heads, also of a second request, and slow bodies end; a server that takes no care waits on."""
    assert 0.9 < slow[attack] < 2.8
    assert slow["head, plain uvicorn"] == 3


def test_a_client_that_reads_nothing_is_cut_and_one_that_reads_slowly_is_not(
    slow: dict[str, bytes],
) -> None:
    """Half a megabyte: whoever takes some of it each second gets all; who takes none, what was on its way."""
    status, headers, body = parsed(slow["slow reading"])
    assert (status, len(body)) == (200, int(headers["content-length"]))
    status, headers, body = parsed(slow["no reading"])
    assert 0 < len(body) < int(headers["content-length"])


def test_a_thousand_requests_of_a_client_that_reads_nothing_cost_little_memory(
    slow: dict[str, int], server: Server
) -> None:
    """Half a gigabyte is asked for; the server holds a fraction of it, and cuts the client."""
    sent = slow["no reading of many"]
    assert isinstance(sent, bytes)
    assert len(sent) < 100 * (server.folder / "public" / LARGE.decode().lstrip("/")).stat().st_size
    assert slow["memory"] < 60_000_000


def test_slow_clients_are_not_noticed_by_others(slow: dict[str, list[float]]) -> None:
    """Every good request beside them is answered within a second."""
    assert max(slow["good"]) < 1


# What is too long, and what is no HTTP

TLS_HELLO = bytes.fromhex("160301010001fc0303") + bytes(range(240))
TRAILERS = b"POST /rss.xml HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (request(LARGE, b"X: " + b"x" * 1_000_000), 431),
        (request(LARGE, *[b"X: y"] * 200_000), 431),
        (request(b"/" + b"x" * 100_000), 431),
        (b"POST /rss.xml HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\n" + b"x" * 9_000_000, 413),
        (TRAILERS + b"X: y\r\n" * 1_000_000, 413),
        (b"\x00\xff\xfe" * 100, 400),
        (b"ombak\r\n\r\n", 400),
        (TLS_HELLO, 400),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(9), 400),
        (b"CONNECT news.example:443 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET /rss.xml HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400),
        (b"GET /rss.xml HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", 400),
    ],
    ids=["header", "headers", "line", "body", "trailers", "bytes", "word", "TLS", "HTTP/2", "CONNECT",
         "two lengths", "length and chunks"],
)  # fmt: skip
def test_what_is_too_long_or_no_http_is_refused_and_the_connection_closed(
    server: Server, said: bytes, status: int
) -> None:
    """A head of a megabyte, a body without end, garbage, other protocols: a status, and that is all."""
    before = server.memory()
    assert statuses(server.talk(said))[-1] == status
    assert server.memory() - before < 30_000_000


@pytest.mark.parametrize("path", [LARGE, b"/healthz", COMBINED], ids=["short", "ordinary", "made on demand"])
def test_a_client_that_says_no_more_has_its_answer(server: Server, path: bytes) -> None:
    """Closing one's own side after the request is right (RFC 9112, section 9.6)."""
    with server.connect() as client:
        client.sendall(request(path))
        client.shutdown(socket.SHUT_WR)
        status, headers, body = parsed(rest_of(client))
    assert status == 200
    assert len(body) == int(headers["content-length"])


@pytest.mark.parametrize("said", [b"", b"G", request(LARGE)[:-2]])
def test_a_client_that_leaves_in_the_middle_is_let_go_quietly(server: Server, said: bytes) -> None:
    """Connections without a request, or with half of one, are closed, and nothing is logged."""
    before = server.log()
    with server.connect() as client:
        client.sendall(said)
        client.shutdown(socket.SHUT_WR)
        assert rest_of(client) == b""
    assert server.log() == before


def test_requests_in_a_row_are_answered_in_their_order(server: Server) -> None:
    """A thousand at once, of both ways, to a client that reads: each answer comes, and in its turn."""
    turns = [(b"/rss.xml", 304), (b"/healthz", 200), (b"/none/rss.xml", 404), (b"/feed.json", 304)]
    known = b"If-None-Match: *"
    said = b"".join(request(turns[number % 4][0], known) for number in range(1000))
    answers = server.talk(said + request(b"/healthz", b"Connection: close"))
    assert statuses(answers) == [turns[number % 4][1] for number in range(1000)] + [200]


def test_what_follows_the_last_request_is_not_answered(server: Server) -> None:
    """After `Connection: close` there is nothing more to be said (RFC 9112, section 9.6)."""
    answers = server.talk(request(b"/rss.xml", b"Connection: close", b"If-None-Match: *") + request(LARGE))
    assert statuses(answers) == [304]


# A full house


@pytest.fixture(scope="module")
def small(start: Start) -> Iterator[Server]:
    """A server of forty places, twenty for each address, that likes no repetitions."""
    with start('connections = 40\nper_address = 20\nrefetch = "1s"\n') as running:
        yield running


def test_who_is_slow_makes_room(small: Server) -> None:
    """With every place taken by clients that say nothing, a new one is answered, and the oldest go."""
    with contextlib.ExitStack() as stack:
        idle = [stack.enter_context(small.connect(f"127.0.0.{2 + n // 20}")) for n in range(40)]
        assert timed(small) < 1
        closed, _, _ = select.select(idle, [], [], PATIENCE)
        assert idle[0] in closed
        assert idle[-1] not in closed


def test_one_address_has_its_share_and_no_more(small: Server) -> None:
    """Beyond its twenty, however often it tries; others come in; its places are free again when it goes."""
    for _ in range(2):
        with contextlib.ExitStack() as stack:
            first = [stack.enter_context(small.connect("127.0.0.9")) for _ in range(20)]
            for _ in range(5):
                assert rest_of(stack.enter_context(small.connect("127.0.0.9"))) == b""
            assert select.select(first, [], [], 0)[0] == []
            assert small.get(b"/healthz")[0] == 200
        until(lambda: answers(small, "127.0.0.9"))


def answers(server: Server, address: str) -> bool:
    """Say whether a client from there is answered."""
    with server.connect(address) as client, contextlib.suppress(ConnectionError):
        client.sendall(request(b"/healthz", b"Connection: close"))
        return rest_of(client).startswith(b"HTTP/1.1 200")
    return False


def until(is_so: Callable[[], bool]) -> float:
    """Wait until something is so; return how long that took."""
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < PATIENCE
        time.sleep(0.02)
    return time.monotonic() - began


def test_s36_who_fetches_again_without_saying_what_it_has_is_asked_to_wait(small: Server) -> None:
    """429 with Retry-After for repetitions without a condition, until that time; never with one."""
    agent = b"User-Agent: Pembaca/1"
    status, headers, _ = small.get(b"/rss.xml", agent)
    assert status == 200
    status, again, body = small.get(b"/rss.xml", agent)
    assert (status, again["retry-after"] == "1", "etag" in again) == (429, True, False)
    assert len(body) < 200
    known = b"If-None-Match: " + headers["etag"].encode()
    since = b"If-Modified-Since: " + headers["last-modified"].encode()
    old = b'If-None-Match: "old"'
    found = [small.get(b"/rss.xml", agent, condition)[0] for condition in (known, since, old) * 3]
    assert found == [304, 304, 200] * 3
    assert small.get(b"/rss.xml", b"User-Agent: Lain/1")[0] == 200
    assert small.get(b"/atom.xml", agent)[0] == 200
    assert small.get(b"/rss.xml?_=17", agent)[0] == 429
    time.sleep(int(again["retry-after"]))  # what it was told to do
    assert small.get(b"/rss.xml", agent)[0] == 200


def test_1500_slow_connections_keep_nobody_from_being_answered(start: Start) -> None:
    """With 1,024 files: 99 of 100 good requests within two seconds, and less than a megabyte of log."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, most), most))
    with start("", files=1024) as server:
        is_over = threading.Event()
        attackers = [threading.Thread(target=attack, args=(server, 500, is_over)) for _ in range(3)]
        for attacker in attackers:
            attacker.start()
        time.sleep(1)
        end = time.monotonic() + LOAD
        times = []
        while time.monotonic() < end:
            times.append(timed(server))
        is_over.set()
        for attacker in attackers:
            attacker.join(PATIENCE)
        good = sum(seconds < 2 for seconds in times)
        assert len(times) > LOAD * 2
        assert good >= 0.99 * len(times), (good, len(times), max(times))
        assert len(server.log()) < 1_000_000


def attack(server: Server, count: int, is_over: threading.Event) -> None:
    """Hold so many connections with half a head, a byte more now and then; open a new one for each lost."""
    held: list[socket.socket] = []
    while not is_over.is_set():
        while len(held) < count and not is_over.is_set():
            try:
                client = server.connect()
            except OSError:
                break
            client.setblocking(False)
            client.send(b"GET /rss.xml HTTP/1.1\r\nX: ")
            held.append(client)
        for client in list(held):
            try:
                client.send(b"x")
                if client.recv(1000) == b"":
                    raise ConnectionError
            except BlockingIOError:
                continue
            except OSError:
                held.remove(client)
                client.close()
        is_over.wait(0.5)
    for client in held:
        client.close()


# Signals


def test_a_server_that_is_told_to_stop_ends_what_it_does(start: Start) -> None:
    """SIGTERM: a download under way ends whole, nobody new is let in, the exit code is 0."""
    with start() as server, server.connect(small=True) as client:
        client.sendall(request(LARGE) + request(LARGE))
        came = client.recv(10_000)
        server.process.send_signal(signal.SIGTERM)
        until(lambda: not is_listening(server))
        time.sleep(0.5)  # so that a server that leaves at once has left
        came += rest_of(client)
        assert server.process.wait(PATIENCE) == 0
        size = (server.folder / "public" / LARGE.decode().lstrip("/")).stat().st_size
        assert statuses(came)[0] == 200
        assert len(came) > 2 * size


def test_whoever_publishes_leaves_the_processor_to_polls(server: Server) -> None:
    """A thread of the server steps back, and the one that answers does not (nice(2))."""

    def nice(stat: Path) -> int:
        return int(stat.read_text().rpartition(")")[2].split()[16])  # proc(5): the 19th field of all

    process = Path(f"/proc/{server.process.pid}")
    threads = [nice(stat) for stat in process.glob("task/*/stat")]
    assert max(threads) > nice(process / "stat") == os.getpriority(os.PRIO_PROCESS, 0)


def is_listening(server: Server) -> bool:
    """Say whether it lets anybody in."""
    try:
        server.connect().close()
    except OSError:
        return False
    return True


def test_a_server_takes_new_settings_without_letting_anybody_down(start: Start) -> None:
    """SIGHUP: wrong settings change nothing; right ones hold from then on; who is asking is answered."""
    with start() as server:
        settings = server.folder / "publish.toml"
        right = settings.read_text()
        is_over, times = threading.Event(), [0.0]

        def poll() -> None:
            while not is_over.is_set():
                times.append(timed(server))

        poller = threading.Thread(target=poll)
        poller.start()
        settings.write_text(right.replace("limit = 100", "limit = many"))
        server.process.send_signal(signal.SIGHUP)
        until(lambda: "the old ones stay" in server.log())
        assert server.get(LARGE)[0] == 200
        settings.write_text(right.replace("Kabar Teluk", "Kabar Laut"))
        server.process.send_signal(signal.SIGHUP)
        until(lambda: "reloading" in server.log())
        seen = until(lambda: b"Kabar Laut</title>" in server.get(LARGE)[2])
        is_over.set()
        poller.join(PATIENCE)
        assert seen < 10
        assert max(times) < 2
        assert (
            '"level": "error"' not in server.log().replace("the old ones stay", "", 1)
            or server.log().count('"level": "error"') == 1
        )


def test_new_limits_hold_for_requests_that_were_answered_before(start: Start) -> None:
    """Bytes that were answered by the old settings are answered by the new ones from then on."""
    with start() as server:
        asked = request(b"/tags/teluk-1/rss.xml", b"User-Agent: Pembaca/7")
        last = request(b"/healthz", b"Connection: close")

        def many() -> list[int]:
            with server.connect() as client:
                for _ in range(3):
                    client.sendall(asked)
                client.sendall(last)
                return statuses(rest_of(client))

        assert many() == [200] * 4
        settings = server.folder / "publish.toml"
        settings.write_text(settings.read_text() + 'refetch = "1h"\n')
        server.process.send_signal(signal.SIGHUP)
        until(lambda: "reloading" in server.log())
        assert many() == [200, 429, 429, 200]


# Several processes


def validators(server: Server, path: bytes) -> tuple[str, str, bytes]:
    """Return what a new connection is told of a document."""
    status, headers, body = server.get(path, b"Accept-Encoding: gzip")
    assert status == 200
    return headers["etag"], headers["last-modified"], body


def test_workers_say_the_same_and_one_that_dies_comes_again(start: Start) -> None:
    """Two workers: equal bytes and validators on every connection, also after one was killed."""
    with start("workers = 2\n") as server:
        until(lambda: len(workers(server)) == 2)
        assert len({validators(server, LARGE) for _ in range(40)}) == 1
        victim = workers(server)[0]
        os.kill(victim, signal.SIGKILL)
        until(lambda: len(workers(server)) == 2 and victim not in workers(server))
        assert len({validators(server, LARGE) for _ in range(40)}) == 1
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(PATIENCE) == 0


def workers(server: Server) -> list[int]:
    """Return the processes that answer, by the numbers they give out of themselves."""
    text = server.get(b"/metrics")[2].decode()
    found = {
        line.partition('worker="')[2].partition('"')[0] for line in text.splitlines() if "worker=" in line
    }
    return sorted(int(number) for number in found if Path(f"/proc/{number}").exists())


def test_two_servers_work_side_by_side_on_one_archive(start: Start) -> None:
    """Both serve the same, and go on serving when a story is withdrawn through neither of them."""
    with start() as one, start(folder=one.folder) as other:
        assert validators(one, LARGE) == validators(other, LARGE)
        before = validators(one, LARGE)
        command = [
            sys.executable,
            str(publish.__file__),
            "withdraw",
            f"{URL}berita/109",
            "--reason",
            "keliru",
        ]
        subprocess.run([*command, "--quiet"], cwd=one.folder, check=True, timeout=PATIENCE)
        until(lambda: validators(one, LARGE) != before)
        until(lambda: validators(other, LARGE) == validators(one, LARGE))
        assert '"level": "error"' not in one.log() + other.log()
