"""Deltas over HTTP: 226 for readers who ask for what is new in a feed alone (RFC 3229; F-77, F-78)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from feeds.archive.versions import Versions
from feeds.delta import Layout, delta, layout, pushed_out
from feeds.document import Document
from feeds.server.coding import IDENTITY, encode
from feeds.server.conditional import TAG, held

IM_USED = 226
MOST_TAGS = 10  # of a request that are looked at
NEVER = re.compile(rb"q=0(?:\.0{0,3})?")

Answer = tuple[int, list[tuple[str, str]], bytes]


def wants_delta(a_im: bytes) -> bool:
    """Does a header `A-IM` take feeds' own deltas (section 10.5.3)?"""
    for wish in a_im.lower().split(b","):
        name, *parameters = (part.replace(b" ", b"") for part in wish.split(b";"))
        if name.strip() == b"feed":
            return not any(NEVER.fullmatch(parameter) for parameter in parameters)
    return False


def delta_answer(
    a_im: bytes,
    if_none_match: bytes,
    document: Document,
    versions: Versions,
    now: datetime,
    coding: str = IDENTITY,
) -> Answer | None:
    """Return status, headers and body of a delta; None where the ordinary answer holds: 304, or all of it.

    a_im, if_none_match  the headers of a GET; one without both gets no delta (section 10.3)
    document  as it is served now; versions: of its archive, which knows what was issued
    coding    what the client takes; the delta is what is coded, as readers expect it

    The headers come in place of the ordinary ones; those not named here (Link and the like) stay. Caches
    that know nothing of deltas must not keep one; the others may (`no-store, im`; section 10.8.2). Ordinary
    answers need no further `Vary`: they are right for whoever asks.
    """
    if not wants_delta(a_im) or held(document.digest.hex()[:32].encode(), if_none_match):
        return None
    deltas = list(_deltas(if_none_match, document, versions, now))
    if not deltas:
        return None
    base, body = min(deltas, key=lambda pair: len(pair[1]))
    headers = [
        ("Content-Type", document.media_type),
        ("IM", "feed"),
        # Of the feed as it is once the delta is laid over the base (section 10.4.1).
        ("ETag", document.etag if coding == IDENTITY else f'{document.etag[:-1]}-{coding}"'),
        ("Delta-Base", base),
        ("Cache-Control", "no-store, im"),
        ("Vary", "A-IM, If-None-Match, Accept-Encoding"),
    ]
    if coding == IDENTITY:
        return IM_USED, headers, body
    return IM_USED, [*headers, ("Content-Encoding", coding)], encode(coding, body)


def _deltas(
    if_none_match: bytes, document: Document, versions: Versions, now: datetime
) -> Iterator[tuple[str, bytes]]:
    """Yield the entity tag of each base that was issued, as the client wrote it, and the delta from it."""
    known = versions.of(document.path, document.digest)
    if known is None:
        return
    present = layout(known)
    for tag in if_none_match.split(b",")[:MOST_TAGS]:
        found = TAG.fullmatch(tag)
        issued = versions.of(document.path, bytes.fromhex(found[1].decode())) if found else None
        base = layout(issued) if issued else None
        if base and _is_told(present, base, versions, now) and (body := delta(document.body, present, base)):
            yield tag.strip().decode("ascii"), body


def _is_told(present: Layout, base: Layout, versions: Versions, now: datetime) -> bool:
    """Is nothing gone that readers must not keep? What was withdrawn may have left by the end as well."""
    gone = pushed_out(present, base)
    return gone is not None and versions.are_public(gone, now)
