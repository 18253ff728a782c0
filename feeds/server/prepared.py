"""Prepared: what is known of a version of a document, small: there may be a hundred thousand of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from feeds.server.coding import IDENTITY, PREFERRED
from feeds.server.conditional import TAG_ENDS, http_date
from sources.file_marks import Version

Headers = tuple[tuple[bytes, bytes], ...]

CODINGS = (IDENTITY, *PREFERRED)
START_200, START_304 = b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 304 Not Modified\r\n"
TAG_AT = len(START_304 + b"etag: ")  # where the entity tag stands in the head of a 304: it comes first
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
class Variant:
    """A version of a document in one coding.

    size       bytes in this coding, or, until it was packed, of the document as it is
    start_304  the head of a 304 as it goes over the wire, but for Cache-Control and Date
    start_200  of a 200 likewise; body: None, and the other empty, until there is need, or for lack of room
    """

    coding: str
    size: int
    start_304: bytes
    start_200: bytes = b""
    body: bytes | None = None


NOT_ASKED_FOR = Variant("", 0, b"")


@dataclass(slots=True, eq=False)
class Prepared:
    """A version of a document, ready to be served.

    file       where it lies; empty for what is made on demand
    version    of the file: another file has another
    is_ahead   dated ahead, as the later of several changes in a second are: no answer tells of its date yet
    digest     32 hexadecimal digits of the sha256 of its bytes; modified: seconds since 1970
    headers    that every answer has, beside ETag and Cache-Control
    cache_line Cache-Control as it goes over the wire now
    good_until when the file is to be looked at again, in seconds of the clock that only goes forward
    variants   by coding, as far as there was need; usual: the one asked for last
    """

    path: str
    version: Version
    digest: bytes
    modified: int
    media_type: bytes
    headers: Headers
    freshness: Freshness
    file: str = ""
    is_ahead: bool = False
    good_until: float = 0.0
    generation: int = 0
    cache_line: bytes = b""
    variants: dict[str, Variant] = field(default_factory=dict)
    usual: Variant = NOT_ASKED_FOR

    def variant(self, coding: str) -> Variant:
        """Return the variant in a coding, which is the usual one from now on."""
        if coding not in self.variants:
            start = START_304 + wire(self.headers_304(coding))
            self.variants[coding] = Variant(coding, self.version.size, start)
        self.usual = self.variants[coding]
        return self.usual

    def body(self, coding: str) -> bytes | None:
        """Return the bytes in a coding, if they are held."""
        return self.variants[coding].body if coding in self.variants else None

    def hold(self, coding: str, body: bytes) -> None:
        """Keep the bytes in a coding, and the head that goes with them."""
        variant = self.variant(coding)
        variant.body, variant.size = body, len(body)
        variant.start_200 = START_200 + wire(self.headers_200(coding, len(body)))

    def held(self) -> int:
        """Return how many bytes are held."""
        return sum(len(variant.body) for variant in self.variants.values() if variant.body is not None)

    def let_go(self) -> None:
        """Let go of all bytes."""
        for variant in self.variants.values():
            variant.body, variant.start_200 = None, b""

    def etag(self, coding: str) -> bytes:
        """Return the strong entity tag of one coding (RFC 9110, section 8.8.3.3)."""
        return b'"%s%s' % (self.digest, TAG_ENDS[coding])

    def headers_304(self, coding: str) -> Headers:
        """Return the headers of a 304: those of the 200 that tell of the document, not its bytes (S-22)."""
        return ((b"etag", self.etag(coding)), *self.headers)

    def headers_200(self, coding: str, length: int) -> Headers:
        """Return the headers of a 200, but for Cache-Control and Date. length: of its body, in bytes."""
        encoding = ((b"content-encoding", coding.encode()),) if coding != IDENTITY else ()
        return (
            (b"content-type", self.media_type),
            (b"content-length", b"%d" % length),
            *encoding,
            *self.headers_304(coding),
        )


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
