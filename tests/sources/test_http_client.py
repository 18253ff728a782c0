"""The HTTP client against real servers on loopback that behave, misbehave and attack."""

from __future__ import annotations

import contextlib
import gzip
import socket
import socketserver
import ssl
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from typing import Any

import brotli  # type: ignore[import-untyped]  # it ships no types
import httpcore
import httpx
import pytest
import trustme
from backports import zstd

from sources.http.client import Fetcher
from sources.http.dial import Network, system_connect
from sources.http.values import Fetched, FetchError, FetchSettings, Validators

LOOPBACK = "127.0.0.1"
PUBLIC = "93.184.216.34"  # never dialled: the tests' own `connect` leads it to loopback
Answer = bytes | Callable[[], Iterable[bytes]]


@dataclass(frozen=True)
class Asked:
    """A request as a server saw it, before it answered. at: of time.monotonic."""

    path: str
    headers: dict[str, str]
    at: float


@dataclass
class Site:
    """A web server. routes: the answers for each path, in turn; the last one repeats."""

    routes: dict[str, list[Answer]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    port: int = 0
    tls: ssl.SSLContext | None = None
    names: list[str | None] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def url(self, path: str = "/", host: str = LOOPBACK, scheme: str = "http") -> str:
        """Return an address of this server."""
        return f"{scheme}://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        """Return the paths asked for, robots.txt left out."""
        return [asked.path for asked in self.asked if asked.path != "/robots.txt"]

    def answer(self, path: str) -> Iterable[bytes]:
        """Return the next answer for a path, in pieces."""
        with self.lock:
            answers = self.routes.get(path) or [reply(404)]
            found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [found] if isinstance(found, bytes) else found()

    def handle(self, connection: socket.socket) -> None:
        """Read a request and answer it, as far as the other side wants to hear."""
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            if self.tls:
                connection = stack.enter_context(self.tls.wrap_socket(connection, server_side=True))
            head = connection.makefile("rb")
            path = head.readline().decode().split(" ")[1]
            headers = dict(
                line.decode().rstrip("\r\n").lower().split(": ", 1)
                for line in iter(head.readline, b"\r\n")
                if line
            )
            self.asked.append(Asked(path, headers, time.monotonic()))
            for piece in self.answer(path):
                connection.sendall(piece)


def reply(status: int = 200, body: bytes = b"", **headers: str) -> bytes:
    """Return a whole answer; header names are written with `_` for `-`."""
    named = {"Content-Length": str(len(body)), **{k.replace("_", "-"): v for k, v in headers.items()}}
    lines = [f"HTTP/1.1 {status} X", *(f"{name}: {value}" for name, value in named.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def redirect(location: str, status: int = 302) -> bytes:
    """Return a redirect."""
    return reply(status, Location=location)


def dripping(*pieces: bytes, repeat: bytes = b"", times: int = 0) -> Callable[[], Iterator[bytes]]:
    """Return an answer that comes in pieces, one each 20 ms, and then a piece again and again."""

    def drip() -> Iterator[bytes]:
        pause = threading.Event()
        for piece in (*pieces, *[repeat] * times):
            yield piece
            pause.wait(0.02)

    return drip


Serve = Callable[..., Site]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Return a function that starts a server; all are stopped in the end."""
    with contextlib.ExitStack() as stack:

        def start(routes: dict[str, Answer | list[Answer]], tls: ssl.SSLContext | None = None) -> Site:
            lists = {path: list(a) if isinstance(a, list) else [a] for path, a in routes.items()}
            site = Site(lists, tls=tls)

            class Handler(socketserver.BaseRequestHandler):
                def handle(self) -> None:
                    self.request.settimeout(5)
                    site.handle(self.request)

            class Server(socketserver.ThreadingTCPServer):
                daemon_threads = True

            server = stack.enter_context(Server((LOOPBACK, 0), Handler))
            site.port = server.server_address[1]
            thread = threading.Thread(target=server.serve_forever, args=(0.01,))
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown)
            return site

        yield start


def settings(**changes: Any) -> FetchSettings:
    """Return settings that allow loopback and hurry."""
    given = {"private_hosts": frozenset({LOOPBACK}), "pause": 0.0, "backoff": 0.01, "timeout": 5.0, **changes}
    return FetchSettings(**given)


def get(url: str, validators: Validators | None = None, **changes: Any) -> Fetched:
    """Fetch an address with a client of its own."""
    with Fetcher(settings(**changes)) as fetcher:
        return fetcher.get(url, validators)


@dataclass
class Internet:
    """Names and addresses as a test makes them up; every connection goes to loopback in truth.

    names  the answers of the resolver for each name, in turn; the last one repeats
    """

    names: dict[str, list[list[str]]]
    dialled: list[str] = field(default_factory=list)

    def network(self) -> Network:
        """Return it as the client takes it."""
        return Network(self.resolve, self.connect)

    def resolve(self, host: str, port: int) -> list[str]:
        """Return the next answer for a name."""
        assert port
        answers = self.names.get(host, [[]])
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def connect(self, address: str, port: int, timeout: float) -> httpcore.NetworkStream:
        """Note the address and connect to loopback."""
        self.dialled.append(address)
        return system_connect(LOOPBACK, port, timeout)


# --- what a good answer gives ---------------------------------------------------------------------------


def test_answer_is_a_value(serve: Serve) -> None:
    """Body, type, character set, validators and time come back; no redirect, no wish to wait."""
    an_hour_ago = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    page = reply(
        body=b"<p>Ombak</p>",
        Content_Type="text/html; charset=UTF-8",
        ETag='"a1"',
        Last_Modified="then",
        Date=format_datetime(an_hour_ago, usegmt=True),
    )
    site = serve({"/berita": page})
    fetched = get(site.url("/berita"))
    assert fetched == Fetched(
        url=site.url("/berita"),
        moved_to=None,
        status=200,
        body=b"<p>Ombak</p>",
        media_type="text/html",
        charset="utf-8",
        validators=Validators('"a1"', "then"),
        retry_after=None,
        at=an_hour_ago,
    )


def test_request_says_who_asks(serve: Serve) -> None:
    """User-Agent with a contact, the codings that can be read, the right Host, and no cookie."""
    site = serve({"/": reply(Set_Cookie="id=7; Path=/")})
    with Fetcher(settings(contact="redaksi@kabar.example")) as fetcher:
        fetcher.get(site.url())
        fetcher.get(site.url())
    for asked in site.asked:
        assert asked.headers["user-agent"] == "tagwire/0.1 (+redaksi@kabar.example)"
        assert asked.headers["accept-encoding"] == "gzip, br, zstd, identity"
        assert asked.headers["host"] == f"127.0.0.1:{site.port}"
        assert "cookie" not in asked.headers
        assert "if-none-match" not in asked.headers


def test_unchanged_is_304(serve: Serve) -> None:
    """Validators are sent as they were kept; a 304 has no body and keeps them, or gives newer ones."""
    site = serve({"/a": reply(304), "/b": reply(304, ETag='"b2"')})
    kept = Validators('W/"b1"', "Mon, 28 Oct 2024 05:40:00 GMT")
    fetched = get(site.url("/a"), kept)
    assert (fetched.status, fetched.body, fetched.validators) == (304, b"", kept)
    assert site.asked[-1].headers["if-none-match"] == 'w/"b1"'  # the server's log is in lower case
    assert site.asked[-1].headers["if-modified-since"] == "mon, 28 oct 2024 05:40:00 gmt"
    assert get(site.url("/b"), kept).validators == Validators('"b2"')


def test_304_that_nobody_asked_for_is_an_error(serve: Serve) -> None:
    """Without validators there is nothing that could be unchanged."""
    site = serve({"/": reply(304)})
    with pytest.raises(FetchError, match="answered 304"):
        get(site.url())


def test_odd_charset_does_no_harm(serve: Serve) -> None:
    """A character set nobody knows is left to the reader to find out; the bytes come as they are."""
    site = serve({"/": reply(body=b"\xe9", Content_Type="text/html; charset=klingon")})
    fetched = get(site.url())
    assert (fetched.charset, fetched.body) == (None, b"\xe9")


def test_gone_is_a_value_and_missing_an_error(serve: Serve) -> None:
    """410 can be acted upon; 404 and others are errors that name address, status and mend."""
    site = serve({"/gone": reply(410, b"gone"), "/odd": reply(206, b"half")})
    assert (get(site.url("/gone")).status, get(site.url("/gone")).body) == (410, b"")
    for path, status in (("/missing", 404), ("/odd", 206)):
        with pytest.raises(FetchError) as caught:
            get(site.url(path))
        assert str(caught.value) == f"{site.url(path)}: the server answered {status}; check the address"
        assert caught.value.status == status


# --- bounds ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("framing", ["length", "chunked", "close"])
def test_endless_body_is_refused(serve: Serve, framing: str) -> None:
    """A body over the limit is left as soon as that is known; one of the limit is taken."""
    block = b"x" * 50_000
    sent = []

    def endless() -> Iterator[bytes]:
        head = {"length": "Content-Length: 9999999999\r\n", "chunked": "Transfer-Encoding: chunked\r\n"}
        yield f"HTTP/1.1 200 OK\r\n{head.get(framing, '')}\r\n".encode()
        for _ in range(4000):
            sent.append(len(block))
            yield b"%x\r\n%s\r\n" % (len(block), block) if framing == "chunked" else block

    site = serve({"/": endless, "/fits": reply(body=b"x" * 100_000)})
    with pytest.raises(FetchError, match="longer than 100,000 bytes"):
        get(site.url(), max_bytes=100_000)
    assert sum(sent) < 4000 * len(block)
    assert len(get(site.url("/fits"), max_bytes=100_000).body) == 100_000


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_packed_body_is_unpacked(serve: Serve, coding: str) -> None:
    """Every coding that is advertised is read."""
    text = b"Nelayan menanti cuaca reda. " * 100
    pack = {"gzip": gzip.compress, "br": brotli.compress, "zstd": zstd.compress}[coding]
    site = serve({"/": reply(body=pack(text), Content_Encoding=coding)})
    assert get(site.url()).body == text
    assert coding in site.asked[-1].headers["accept-encoding"]


def test_streamed_bomb_takes_little_memory(serve: Serve) -> None:
    """200 MB packed into 200 kB, over the wire: refused, with little held; the body alone would show."""
    bomb = gzip.compress(bytes(200_000_000), 1)
    site = serve({"/": reply(body=bomb, Content_Encoding="gzip"), "/plain": reply(body=bytes(20_000_000))})
    for path, fits in (("/", False), ("/plain", True)):
        tracemalloc.start()
        try:
            with contextlib.nullcontext() if fits else pytest.raises(FetchError, match="longer than"):
                get(site.url(path), max_bytes=20_000_000 if fits else 1_000_000)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert (peak > 20_000_000) == fits
        assert peak < 80_000_000


@pytest.mark.parametrize("where", ["head", "body", "informational"])
def test_slow_drip_ends_at_the_total_time(serve: Serve, where: str) -> None:
    """A byte each 20 ms keeps every single wait short, and still the whole ends; it is not tried again."""
    ok = b"HTTP/1.1 200 OK\r\n"
    drips = {
        "head": dripping(ok, repeat=b"X-A: b\r\n", times=500),
        "body": dripping(ok + b"Content-Length: 1000\r\n\r\n", repeat=b"x", times=500),
        "informational": dripping(repeat=b"HTTP/1.1 103 Early Hints\r\n\r\n", times=500),
    }
    site = serve({"/": drips[where]})
    began = time.monotonic()
    with pytest.raises(FetchError, match="total time"):
        get(site.url(), total=0.4)
    assert 0.3 < time.monotonic() - began < 3
    assert len(site.paths()) <= 1


def test_silence_ends_at_the_total_time_too(serve: Serve) -> None:
    """A single long wait is cut short when the total time is over."""
    wake = threading.Event()

    def silent() -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n"
        wake.wait(5)

    site = serve({"/": silent})
    began = time.monotonic()
    with pytest.raises(FetchError, match="total time"):
        get(site.url(), total=0.3, timeout=4.0)
    wake.set()
    assert time.monotonic() - began < 2


def test_drip_that_ends_in_time_is_read(serve: Serve) -> None:
    """Slowness alone is no fault."""
    site = serve({"/": dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", repeat=b"x", times=5)})
    assert get(site.url(), total=4).body == b"xxxxx"


def test_silence_ends_at_the_timeout(serve: Serve) -> None:
    """A server that says nothing is left after one wait, and tried again."""
    wake = threading.Event()

    def silent() -> Iterator[bytes]:
        wake.wait(5)
        yield b""

    site = serve({"/": silent})
    with pytest.raises(FetchError, match="silent"):
        get(site.url(), timeout=0.2, attempts=2)
    wake.set()


def test_body_cut_short_is_an_error(serve: Serve) -> None:
    """Fewer bytes than Content-Length says are no body; a second attempt may bring all."""
    half, whole = reply(body=b"half", Content_Length="8"), reply(body=b"complete")
    site = serve({"/always": half, "/once": [half, whole]})
    with pytest.raises(FetchError, match=r"/always: .*without sending complete"):
        get(site.url("/always"))
    assert get(site.url("/once")).body == b"complete"


@pytest.mark.parametrize(
    "answer", [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 99_999]
)
def test_what_is_no_http_is_an_error(serve: Serve, answer: bytes) -> None:
    """A server that hangs up, speaks something else, or never ends its headers is named."""
    site = serve({"/": answer, "/robots.txt": reply(404)})
    with pytest.raises(FetchError, match=f"{site.port}/: .*; check the address"):
        get(site.url(), attempts=1)


# --- redirects ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statuses", "moved"),
    [
        ([301], True),
        ([308], True),
        ([301, 308, 301], True),
        ([302], False),
        ([303], False),
        ([307], False),
        ([301, 302], False),
        ([302, 301], False),
    ],
)
def test_permanent_redirects_are_reported(serve: Serve, statuses: list[int], moved: bool) -> None:
    """A new address is one to remember only if every redirect to it is permanent (S-03)."""
    routes: dict[str, Any] = {f"/{n}": redirect(f"{n + 1}#x", status) for n, status in enumerate(statuses)}
    site = serve({**routes, f"/{len(statuses)}": reply(body=b"here")})
    fetched = get(site.url("/0"))
    end = site.url(f"/{len(statuses)}")
    assert (fetched.url, fetched.body) == (end, b"here")
    assert fetched.moved_to == (end if moved else None)


def test_permanent_redirect_to_an_absence_is_not_reported(serve: Serve) -> None:
    """An address where there is nothing is none to remember."""
    site = serve({"/": redirect("/new", 301), "/new": reply(410)})
    assert get(site.url()).moved_to is None


def test_five_redirects_are_followed_and_no_more(serve: Serve) -> None:
    """A chain of five arrives, one of six does not, and a circle ends."""
    chain: dict[str, Any] = {f"/{n}": redirect(f"/{n + 1}") for n in range(6)}
    site = serve({**chain, "/6": reply(body=b"end"), "/round": redirect("/round")})
    assert get(site.url("/1")).body == b"end"
    for path in ("/0", "/round"):
        with pytest.raises(FetchError, match="more than 5 redirects"):
            get(site.url(path))
    assert site.paths().count("/round") == 6


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://169.254.169.254/latest/meta-data/", "inside the private network"),
        ("http://[::1]/", "inside the private network"),
        ("http://[::ffff:127.0.0.1]/", "inside the private network"),
        ("//10.0.0.1/", "inside the private network"),
        ("http://2130706433/", "inside the private network"),
        ("http://0/", "inside the private network"),
        ("http://localhost/", "inside the private network"),
        ("file:///etc/passwd", "only http and https"),
        ("ftp://kabar.example/", "only http and https"),
        ("http://user:secret@kabar.example/", "user name or password"),
        ("http://kabar.example:99999/", "no sound address"),
        ("http://[::1", "Invalid URL"),
    ],
)
def test_redirect_to_a_forbidden_place_is_refused(serve: Serve, location: str, reason: str) -> None:
    """A server can't send us inside, to other schemes, to unsound addresses; no password is shown."""
    site = serve({"/": redirect(location)})
    with pytest.raises(FetchError, match=reason) as caught:
        get(site.url())
    assert str(caught.value).startswith(site.url())
    assert "secret" not in str(caught.value)


def test_redirect_without_a_place_is_an_error(serve: Serve) -> None:
    """A redirect to nowhere, and a status that only looks like one, are errors."""
    site = serve({"/a": reply(302), "/b": reply(300, Location="/c")})
    for path in ("/a", "/b"):
        with pytest.raises(FetchError, match="answered 30"):
            get(site.url(path))


# --- the private network --------------------------------------------------------------------------------


@pytest.mark.parametrize("host", [LOOPBACK, "localhost", "LocalHost", "127.1", "[::ffff:127.0.0.1]"])
def test_private_host_is_refused_unless_allowed(serve: Serve, host: str) -> None:
    """However loopback is written, nothing arrives there."""
    site = serve({"/": reply(body=b"inner")})
    with pytest.raises(FetchError, match="inside the private network"):
        get(site.url(host=host), private_hosts=frozenset())
    assert site.asked == []


def test_allowed_host_is_asked(serve: Serve) -> None:
    """The settings open the way to a host, by its name, in any case."""
    site = serve({"/": reply(body=b"inner")})
    assert get(site.url(host="LocalHost"), private_hosts=frozenset({"localhost"})).body == b"inner"


def test_typed_address_may_be_private_but_leads_nowhere_else(serve: Serve) -> None:
    """Trust is for the server that was typed, not for another it redirects to, nor for the next request."""
    inner = serve({"/secret": reply(body=b"secret")})
    site = serve({"/": reply(body=b"own"), "/away": redirect(inner.url("/secret")), "/same": redirect("/")})
    with Fetcher(settings(private_hosts=frozenset())) as fetcher:
        assert fetcher.get(site.url(), trusted=True).body == b"own"
        assert fetcher.get(site.url("/same"), trusted=True).body == b"own"
        with pytest.raises(FetchError, match="inside the private network"):
            fetcher.get(site.url("/away"), trusted=True)
        with pytest.raises(FetchError, match="inside the private network"):
            fetcher.get(site.url())
        assert fetcher.get(site.url(), trusted=True).body == b"own"
    assert inner.asked == []


def test_checked_address_is_the_one_dialled(serve: Serve) -> None:
    """DNS rebinding: the name is resolved once for a connection, and that very address is dialled."""
    site = serve({"/": reply(body=b"public")})
    internet = Internet({"kabar.example": [[PUBLIC], ["127.0.0.1"]]})
    with Fetcher(settings(respect_robots=False), internet.network()) as fetcher:
        assert fetcher.get(site.url(host="kabar.example")).body == b"public"
        assert internet.dialled == [PUBLIC]
        with pytest.raises(FetchError, match=r"kabar\.example is 127\.0\.0\.1"):
            fetcher.get(site.url(host="kabar.example"))
    assert internet.dialled == [PUBLIC]


def test_rebinding_between_redirects_is_seen(serve: Serve) -> None:
    """A redirect to the same host is a new connection, and checked anew."""
    site = serve({"/": redirect("/2"), "/2": reply(body=b"inner")})
    for second, fits in ((["10.0.0.7"], False), ([PUBLIC], True)):
        internet = Internet({"kabar.example": [[PUBLIC], second]})
        with Fetcher(settings(respect_robots=False), internet.network()) as fetcher:
            if fits:
                assert fetcher.get(site.url(host="kabar.example")).body == b"inner"
            else:
                with pytest.raises(FetchError, match=r"10\.0\.0\.7"):
                    fetcher.get(site.url(host="kabar.example"))


def test_only_the_public_ones_of_several_addresses_are_dialled(serve: Serve) -> None:
    """A name with inner and public addresses is reached at the public ones, the next if one is dead."""
    site = serve({"/": reply(body=b"public")})
    internet = Internet({"kabar.example": [["10.0.0.1", "2606:4700::1111", "fd00::1", PUBLIC]]})

    def connect(address: str, port: int, timeout: float) -> httpcore.NetworkStream:
        stream = internet.connect(address, port, timeout)
        if ":" in address:
            stream.close()
            raise httpcore.ConnectError("network is unreachable")
        return stream

    with Fetcher(settings(respect_robots=False), Network(internet.resolve, connect)) as fetcher:
        assert fetcher.get(site.url(host="kabar.example")).body == b"public"
    assert internet.dialled == ["2606:4700::1111", PUBLIC]


def test_unknown_host_is_named() -> None:
    """A name without an address, or one that no resolver takes, is an error with a mend."""
    with (
        Fetcher(settings(), Internet({}).network()) as fetcher,
        pytest.raises(FetchError, match="has no address; check the host name"),
    ):
        fetcher.get("http://tiada.example/")
    with pytest.raises(FetchError, match="can't be resolved"):
        get(f"http://{'a' * 70}.example/")


def test_proxy_of_the_environment_is_not_used(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy would dial for us, unchecked."""
    proxy = serve({"/": reply(body=b"proxy")})
    site = serve({"/": reply(body=b"site")})
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy.url())
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert get(site.url()).body == b"site"
    assert proxy.asked == []
    httpx.get(site.url())  # a client that heeds the environment
    assert proxy.paths() == [site.url()]


def test_tls_is_for_the_name_not_the_address(serve: Serve) -> None:
    """An IP address is dialled; server name, Host and certificate are the name's, or it is refused, once."""
    authority = trustme.CA()
    context, trust = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH), ssl.create_default_context()
    authority.issue_cert("kabar.example").configure_cert(context)
    authority.configure_trust(trust)
    site = serve({"/": reply(body=b"terjamin")}, tls=context)
    context.sni_callback = lambda _socket, name, _context: site.names.append(name)
    internet = Internet({"kabar.example": [[PUBLIC]], "tiruan.example": [[PUBLIC]]})
    with Fetcher(settings(respect_robots=False), internet.network(), trust) as fetcher:
        assert fetcher.get(site.url(host="kabar.example", scheme="https")).body == b"terjamin"
        assert (internet.dialled, site.names) == ([PUBLIC], ["kabar.example"])
        assert site.asked[0].headers["host"] == f"kabar.example:{site.port}"
        with pytest.raises(FetchError, match="CERTIFICATE_VERIFY_FAILED"):
            fetcher.get(site.url(host="tiruan.example", scheme="https"))
    assert site.names == ["kabar.example", "tiruan.example"]
    with (
        Fetcher(settings(respect_robots=False), internet.network()) as fetcher,
        pytest.raises(FetchError, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        fetcher.get(site.url(host="kabar.example", scheme="https"))


# --- trying again ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_passing_trouble_is_tried_again(serve: Serve, status: int) -> None:
    """An error of the moment, then the answer."""
    site = serve({"/": [reply(status), reply(status), reply(body=b"at last")]})
    assert get(site.url()).body == b"at last"
    assert len(site.paths()) == 3


@pytest.mark.parametrize("status", [400, 403, 404, 501, 505])
def test_lasting_trouble_is_not(serve: Serve, status: int) -> None:
    """What will be the same a second later is asked once."""
    site = serve({"/": [reply(status), reply(body=b"never")]})
    with pytest.raises(FetchError, match=f"answered {status}"):
        get(site.url())
    assert len(site.paths()) == 1


def test_attempts_are_counted(serve: Serve) -> None:
    """After the last attempt, an error of the server is an error, and `not now` is a value."""
    site = serve({"/500": reply(500), "/503": reply(503, b"busy")})
    with pytest.raises(FetchError, match="answered 500; try later"):
        get(site.url("/500"))
    assert (get(site.url("/503")).status, get(site.url("/503")).body) == (503, b"")
    assert site.paths() == ["/500"] * 3 + ["/503"] * 6


def test_closed_port_is_tried_again() -> None:
    """Nobody listening is an error of the network: named, after all attempts."""
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))  # bound, not listening: connections are refused
        port = taken.getsockname()[1]
        internet = Internet({"kabar.example": [[PUBLIC]]})
        with (
            Fetcher(settings(respect_robots=False), internet.network()) as fetcher,
            pytest.raises(FetchError, match="check the address and the network"),
        ):
            fetcher.get(f"http://kabar.example:{port}/")
    assert len(internet.dialled) == 3


def test_retry_after_is_waited_for(serve: Serve) -> None:
    """The server's own number of seconds goes before the client's backoff, also for its other pages."""
    site = serve({"/": [reply(429, Retry_After="1"), reply(body=b"at last")], "/other": reply()})
    with Fetcher(settings()) as fetcher:
        assert fetcher.get(site.url()).body == b"at last"
    busy, served = [asked for asked in site.asked if asked.path == "/"]
    assert 1.0 <= served.at - busy.at < 3


def test_long_retry_after_is_a_value(serve: Serve) -> None:
    """An hour is not waited for, and until then the host is left alone: all its pages, without asking."""
    site = serve({"/": [reply(503, Retry_After="3600"), reply()], "/other": reply()})
    with Fetcher(settings()) as fetcher:
        first, second = fetcher.get(site.url()), fetcher.get(site.url("/other"))
    assert (first.status, first.retry_after) == (503, 3600.0)
    assert second.status == 429
    assert second.retry_after is not None
    assert 3590 <= second.retry_after <= 3600
    assert site.paths() == ["/"]


# --- robots.txt -----------------------------------------------------------------------------------------

ROBOTS = b"User-agent: *\nDisallow: /\n\nUser-agent: tagwire\nDisallow: /dalam\nAllow: /dalam/umum\n"


def test_robots_txt_is_heeded(serve: Serve) -> None:
    """The rules for us are, and are asked for once; a setting leaves them alone."""
    site = serve(
        {"/robots.txt": reply(body=ROBOTS), "/dalam/x": reply(), "/dalam/umum": reply(), "/luar": reply()}
    )
    with Fetcher(settings()) as fetcher:
        assert fetcher.get(site.url("/luar")).status == 200
        assert fetcher.get(site.url("/dalam/umum")).status == 200
        with pytest.raises(FetchError, match=r"/dalam/x: .*robots\.txt forbids"):
            fetcher.get(site.url("/dalam/x"))
    assert [asked.path for asked in site.asked] == ["/robots.txt", "/luar", "/dalam/umum"]
    assert get(site.url("/dalam/x"), respect_robots=False).status == 200


def test_robots_txt_of_a_redirects_target_counts(serve: Serve) -> None:
    """A redirect does not lead around the rules of the place it leads to."""
    target = serve({"/robots.txt": reply(body=ROBOTS), "/dalam": reply(), "/luar": reply()})
    site = serve({"/a": redirect(target.url("/dalam")), "/b": redirect(target.url("/luar"))})
    with pytest.raises(FetchError, match=r"robots\.txt forbids"):
        get(site.url("/a"))
    assert get(site.url("/b")).status == 200


@pytest.mark.parametrize(
    ("answer", "permitted"),
    [
        (reply(404), True),
        (reply(401), True),
        (reply(410), True),
        (reply(429), False),
        (reply(500), False),
        (reply(503), False),
        (b"", False),
        (reply(body=b""), True),
        (reply(body=b"<html>\xff not found </html>"), True),
        (reply(body="\ufeffUser-agent: *\r\nDisallow: /".encode()), False),
        (redirect("/rules"), False),
        (redirect("/robots.txt"), False),
        (redirect("http://169.254.169.254/"), False),
    ],
)
def test_robots_txt_that_is_odd(serve: Serve, answer: bytes, permitted: bool) -> None:
    """None (4xx) permits all, one that can't be had nothing, one elsewhere what it says (RFC 9309, 2.3.1)."""
    site = serve({"/robots.txt": answer, "/rules": reply(body=b"User-agent: *\nDisallow: /"), "/": reply()})
    if permitted:
        assert get(site.url()).status == 200
    else:
        with pytest.raises(FetchError, match=r"robots\.txt"):
            get(site.url())
        assert "/" not in site.paths()


def test_huge_robots_txt_is_read_in_part(serve: Serve) -> None:
    """The first 512 kB count, but not half a line at their end, nor what follows (RFC 9309, 2.5)."""
    head = b"User-agent: *\nDisallow: /first\n"
    filler = b"#" * (512 * 1024 - len(head) - len(b"\nDisallow: /la")) + b"\n"
    rest = b"Disallow: /last\n" + b"Disallow: /later\n" * 200_000
    site = serve(
        {
            "/robots.txt": reply(body=head + filler + rest),
            "/first": reply(),
            "/la": reply(),
            "/later": reply(),
        }
    )
    with Fetcher(settings()) as fetcher:
        assert fetcher.get(site.url("/la")).status == 200
        assert fetcher.get(site.url("/later")).status == 200
        with pytest.raises(FetchError, match="forbids"):
            fetcher.get(site.url("/first"))


@pytest.mark.parametrize("wish", ["0.3", "3600", "1e999", "nan", "-1", "soon"])
def test_crawl_delay_is_a_longer_pause(serve: Serve, wish: str) -> None:
    """The host may wish for a longer pause, within the longest wait; nonsense is none."""
    site = serve({"/robots.txt": reply(body=f"User-agent: *\nCrawl-delay: {wish}\n".encode()), "/": reply()})
    with Fetcher(settings(longest_wait=0.3)) as fetcher:
        fetcher.get(site.url())
        fetcher.get(site.url())
    gap = site.asked[-1].at - site.asked[-2].at
    assert (gap >= 0.3) == (wish in {"0.3", "3600"})


# --- pace -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("pause", "kept"), [(0.3, True), (0.0, False)])
def test_pause_between_requests_of_a_host(serve: Serve, pause: float, kept: bool) -> None:
    """From the end of a request to the next one, robots.txt and redirects included; none if none is set."""
    site = serve({"/": redirect("/2"), "/2": reply()})
    get(site.url(), pause=pause)
    gaps = [after.at - before.at for before, after in pairwise(site.asked)]
    assert len(gaps) == 2
    assert all((gap >= 0.3) == kept for gap in gaps)


def meeting(parties: int) -> tuple[Callable[[], Iterator[bytes]], list[bool]]:
    """Return an answer that waits for another request to be there too, and a list of whether it came."""
    barrier, met = threading.Barrier(parties), list[bool]()

    def answer() -> Iterator[bytes]:
        try:
            barrier.wait(0.5)
            met.append(True)
        except threading.BrokenBarrierError:
            met.append(False)
        yield reply()

    return answer, met


@pytest.mark.parametrize(("second", "together"), [("tribun.example", True), ("kabar.example", False)])
def test_hosts_run_side_by_side_and_requests_of_one_in_a_row(
    serve: Serve, second: str, together: bool
) -> None:
    """Two threads at two hosts meet in the server, at one host never; its robots.txt is asked for once."""
    answer, met = meeting(2)
    site = serve({"/": answer})
    internet = Internet({"kabar.example": [[PUBLIC]], "tribun.example": [[PUBLIC]]})
    hosts = ["kabar.example", second]
    with Fetcher(settings(), internet.network()) as fetcher, ThreadPoolExecutor(2) as threads:
        statuses = list(threads.map(lambda host: fetcher.get(site.url(host=host)).status, hosts))
    assert statuses == [200, 200]
    assert met == [together, together]
    assert len(site.asked) - len(site.paths()) == len(set(hosts))


def test_many_threads_at_one_host_ask_in_turn(serve: Serve) -> None:
    """Six threads, one host: no two of its requests overlap."""
    slow = dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", repeat=b"x", times=3)
    site = serve({f"/{n}": slow for n in range(6)})
    with Fetcher(settings(pause=0.05, respect_robots=False)) as fetcher, ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda n: fetcher.get(site.url(f"/{n}")), range(6)))
    assert sorted(site.paths()) == [f"/{n}" for n in range(6)]
    # Three waits of 20 ms until the last byte, then the pause.
    assert all(after.at - before.at >= 0.11 for before, after in pairwise(site.asked))
