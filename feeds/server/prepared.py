"""Prepared: a document with the headers of its answers, made once for each version of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from feeds.server.coding import IDENTITY, PREFERRED
from feeds.server.conditional import http_date

Headers = tuple[tuple[bytes, bytes], ...]

CODINGS = (IDENTITY, *PREFERRED)
ELSEWHERE = 3600  # seconds that pages of archives and lists of feeds are fresh
LONGEST_REVALIDATING = 600  # seconds for which caches may hand out the old one while they ask for the new
LONGEST_ON_ERROR = 86_400  # and when the server does not answer


@dataclass(frozen=True, slots=True)
class Freshness:
    """How long readers may go on with a document: seconds, and never past a moment (since 1970)."""

    seconds: int = ELSEWHERE
    until: int | None = None

    def cache_control(self, now: float) -> bytes:
        """Write Cache-Control (RFC 9111, RFC 5861; S-27): what expires at a moment is stale from then on."""
        left = LONGEST_ON_ERROR * 2 if self.until is None else max(0, int(self.until - now))
        fresh = min(self.seconds, left)
        while_asking = min(self.seconds, LONGEST_REVALIDATING, left - fresh)
        on_error = min(LONGEST_ON_ERROR, left - fresh)
        words = [f"public, max-age={fresh}"]
        words += [f"stale-while-revalidate={while_asking}"] if while_asking else []
        words += [f"stale-if-error={on_error}"] if on_error else []
        return ", ".join(words).encode()


@dataclass(slots=True, eq=False)
class Prepared:
    """A version of a document, ready to be served.

    file       where it lies; empty for what is made on demand
    version    of the file: inode, time, size: another file has another
    is_ahead   dated ahead, as the later of several changes in a second are: no answer tells of its date yet
    digest     32 hexadecimal digits of the sha256 of its bytes; modified: seconds since 1970
    headers    that every answer has, beside ETag and Cache-Control
    ok, not_modified  by coding: the head of a 200 and a 304, but for Cache-Control and Date
    tags       what If-None-Match is as a rule, exactly -> the coding
    bodies     by coding, as far as there was need and is room
    """

    path: str
    version: tuple[int, int, int]
    digest: bytes
    modified: int
    media_type: bytes
    headers: Headers
    freshness: Freshness
    file: str = ""
    is_ahead: bool = False
    checked: float = 0.0
    generation: int = 0
    cache_line: bytes = b""
    ok: dict[str, bytes] = field(default_factory=dict)
    not_modified: dict[str, bytes] = field(default_factory=dict)
    tags: dict[bytes, str] = field(default_factory=dict)
    bodies: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for coding in CODINGS:
            tag = self.etag(coding)
            self.tags[tag] = self.tags[b"W/" + tag] = coding
            self.not_modified[coding] = b"HTTP/1.1 304 Not Modified\r\n" + wire(self.headers_304(coding))

    def etag(self, coding: str) -> bytes:
        """Return the strong entity tag of one coding (RFC 9110, section 8.8.3.3)."""
        return b'"%s"' % (self.digest if coding == IDENTITY else b"%s-%s" % (self.digest, coding.encode()))

    def headers_304(self, coding: str) -> Headers:
        """Return the headers of a 304: those of the 200 that tell of the document, not its bytes (S-22)."""
        return ((b"etag", self.etag(coding)), *self.headers)

    def headers_200(self, coding: str) -> Headers:
        """Return the headers of a 200, but for Cache-Control and Date."""
        encoding = ((b"content-encoding", coding.encode()),) if coding != IDENTITY else ()
        length = str(len(self.bodies[coding])).encode()
        return (
            (b"content-type", self.media_type),
            (b"content-length", length),
            *encoding,
            *self.headers_304(coding),
        )

    def size(self, coding: str) -> int:
        """Return how many bytes a coding has, as far as that is known."""
        held = self.bodies.get(coding)
        return len(held) if held is not None else self.version[2]

    def hold(self, coding: str, body: bytes) -> None:
        """Keep the bytes of a coding, and the head that goes with them."""
        self.bodies[coding] = body
        self.ok[coding] = b"HTTP/1.1 200 OK\r\n" + wire(self.headers_200(coding))


def wire(headers: Headers) -> bytes:
    """Write headers as they go over the wire."""
    return b"".join(b"%s: %s\r\n" % header for header in headers)


def common_headers(modified: int | None, links: bytes, more: Headers) -> Headers:
    """Return the headers of every answer about a document, beside ETag and Cache-Control.

    modified: None where nobody knows. links: the value of `Link`, empty for none. Vary names Accept-Encoding
    alone: with more, caches keep one copy for each reader (S-28).
    """
    dated = () if modified is None else ((b"last-modified", http_date(modified).encode()),)
    return (
        *dated,
        (b"vary", b"Accept-Encoding"),
        (b"access-control-allow-origin", b"*"),
        (b"access-control-expose-headers", b"ETag, Link"),
        *(((b"link", links),) if links else ()),
        *more,
    )
