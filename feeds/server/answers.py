"""Answers: what is asked of feeds and what goes back, as values; and the short answers among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from feeds.server.prepared import Headers

PLAIN = (b"content-type", b"text/plain; charset=utf-8")
ALL = (b"access-control-allow-origin", b"*")
A_MINUTE = b"public, max-age=60"
# Even what moved for good may move back: whoever kept both ways for long would go round in a circle.
SOME_MINUTES = b"public, max-age=300"
CONDITIONS = frozenset({b"if-none-match", b"if-modified-since"})  # by which a client says what it has


@dataclass(frozen=True, slots=True)
class Asked:
    """A GET or HEAD. path: percent-encoded as sent; headers: names in lower case, repeated ones joined."""

    path: bytes
    query: bytes
    headers: Mapping[bytes, bytes]
    address: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: Date and, where it is missing, Content-Length are added."""

    status: int
    headers: Headers
    body: bytes = b""


def moved(location: bytes) -> Answer:
    """Send a client on, for good (RFC 9110, section 15.4.2). location: on the host that it came to."""
    said = b"This feed has moved to %s\n" % location
    return Answer(301, ((b"location", location), PLAIN, ALL, (b"cache-control", SOME_MINUTES)), said)


def gone() -> Answer:
    """Say that a feed has ended (section 15.5.11; S-35)."""
    headers = (PLAIN, ALL, (b"cache-control", SOME_MINUTES))
    return Answer(410, headers, b"This feed has ended for good. Please unsubscribe.\n")


def not_found() -> Answer:
    """Say that there is nothing, and never was."""
    return Answer(404, (PLAIN, ALL, (b"cache-control", A_MINUTE)), b"There is no feed at this address.\n")


def unfit() -> Answer:
    """Say that the document is not the one that was asked for (RFC 9110, section 15.5.13)."""
    headers = (PLAIN, ALL, (b"cache-control", b"no-store"))
    return Answer(412, headers, b"The feed is in another version than you asked for.\n")


def too_busy() -> Answer:
    """Ask a client to come again: others are being served (RFC 9110, section 15.6.4)."""
    headers = (PLAIN, (b"retry-after", b"5"), (b"cache-control", b"no-store"))
    return Answer(503, headers, b"Too much is being made at once. Come again in a few seconds.\n")


def too_often(seconds: int) -> Answer:
    """Ask a client to wait, and to say what it has (RFC 6585, section 4; S-36)."""
    said = b"You were here a moment ago. Send If-None-Match, and you may come as often as you like.\n"
    headers = (PLAIN, (b"retry-after", str(seconds).encode()), (b"cache-control", b"no-store"))
    return Answer(429, headers, said)
