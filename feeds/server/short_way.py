"""Short way: a GET or HEAD of a document, answered at once from what was prepared, as bytes for the wire.

What is asked for all day long comes this way, so every microsecond counts: no header is written twice, no
value is looked up that the answer does not need. What comes again in the same bytes is not even read: see
polls.py.
"""

from __future__ import annotations

from collections.abc import Mapping

from feeds.server.choice import choice
from feeds.server.coding import IDENTITY
from feeds.server.conditional import date_now
from feeds.server.house import House
from feeds.server.packing import is_long_work
from feeds.server.polls import Poll
from feeds.server.prepared import TAG_AT, Prepared, Variant

# What makes a request one for the ordinary way: it brings a body, or asks for something else.
UNUSUAL = frozenset(
    b"content-length transfer-encoding expect upgrade a-im authorization if-match if-unmodified-since".split()
)
KEEP, CLOSE = b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n"  # ends of heads


def poll_of(
    house: House, method: str, target: bytes, headers: Mapping[bytes, bytes], end: bytes, now: float
) -> Poll | None:
    """Return a request as a poll of the document as it is now; None: it goes the ordinary way.

    method: GET or HEAD; headers: names in lower case, none of them sent twice; end: KEEP or CLOSE; now: of
    the clock that only goes forward.
    """
    if b"host" not in headers or not UNUSUAL.isdisjoint(headers):
        return None
    path, _, query = target.partition(b"?")
    prepared = None if b"token=" in query else house.shelf.at(path, now)
    if prepared is None:
        return None
    tag, date = headers.get(b"if-none-match"), headers.get(b"if-modified-since")
    is_held, variant = _variant(prepared, tag, date, headers.get(b"accept-encoding"))
    if not is_held and variant.body is None and not _is_packed(house, prepared, variant.coding):
        return None
    return Poll(  # in their order: names would cost as much again
        method,
        target,
        headers.get(b"user-agent", b""),
        tag is not None or date is not None,
        304 if is_held else 200,
        "" if variant.coding is IDENTITY else variant.coding,
        variant.size if is_held else 0,
        variant.start_304 if is_held else variant.start_200,
        prepared.cache_line,
        end,
        None if is_held or method == "HEAD" else variant,
        prepared.generation,
        prepared.good_until,
    )


def short_answer(house: House, address: str, poll: Poll, began: float) -> tuple[bytes, bytes] | None:
    """Return the head and the body of an answer, which is counted and recorded; None: go the ordinary way.

    began: of the clock that only goes forward.
    """
    body = b"" if poll.body_of is None else poll.body_of.body
    if body is None or (house.budget is not None and not poll.is_conditional):
        return None
    house.note(
        address,
        poll.agent,
        poll.method,
        poll.target,
        poll.status,
        len(body),
        poll.is_conditional,
        poll.coding,
        began,
        poll.saved,
    )
    return b"".join((poll.start, poll.cache_line, b"date: ", date_now(), poll.end)), body


def _is_packed(house: House, prepared: Prepared, coding: str) -> bool:
    """Pack a document, unless that takes long; say whether it was done."""
    return not is_long_work(prepared, coding) and house.shelf.body(prepared, coding) is not None


def _variant(
    prepared: Prepared, tag: bytes | None, date: bytes | None, accepted: bytes | None
) -> tuple[bool, Variant]:
    """Say whether the client has the document already, and in which variant."""
    usual = prepared.usual
    if tag is not None and usual.start_304.startswith(tag + b"\r\n", TAG_AT):
        return True, usual  # just as it was sent
    is_held, coding = choice(prepared, tag, date, accepted)
    return is_held, usual if usual.coding is coding else prepared.variant(coding)
