"""Delta: of a feed, the entries alone that an earlier version of it did not have (RFC 3229, `feed`).

A reader lays a delta over what it has: entries that are new to it come in, entries that changed take the
place of their earlier selves, and all others stay. So what was taken out of a feed can't be told in a delta.
What newer entries merely pushed off its end need not be told: readers keep that after a full answer too.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import accumulate

from feeds.formats.elements import Parts, length_of

HEAD = struct.Struct(">I8sB")  # length of the head, what it says, length of the separator
ENTRY = struct.Struct(">II8s")  # row of the article, length of the entry, its digest
# What the head of a feed says anew at ordinary changes: when it changed, and how often it does.
ORDINARY = re.compile(rb"<(?:updated|lastBuildDate|pubDate|ttl|sy:update\w+)>.*\n")


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry in a document: the row of its article, how many bytes it has, and their digest."""

    row: int
    length: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Layout:
    """How a document is put together.

    head       bytes before its first entry; says: their digest, without what changes day by day
    separator  between two entries
    """

    head: int
    says: bytes
    separator: bytes
    entries: tuple[Placed, ...]

    @property
    def rows(self) -> frozenset[int]:
        """The articles in it."""
        return frozenset(placed.row for placed in self.entries)


def layout_of(head: bytes, entries: Sequence[Parts], separator: bytes, rows: Sequence[int]) -> bytes:
    """Write down how a document is put together, 16 bytes for each entry; `layout` reads it.

    rows: of the entries' articles, in the same order: they tell a changed entry from another one.
    """
    placed = (
        ENTRY.pack(row, length_of(entry), _digest(*entry)) for row, entry in zip(rows, entries, strict=True)
    )
    start = HEAD.pack(len(head), _digest(ORDINARY.sub(b"", head)), len(separator))
    return b"".join([start, separator, *placed])


def layout(written: bytes) -> Layout:
    """Read what `layout_of` wrote."""
    head, says, length = HEAD.unpack_from(written)
    start = HEAD.size + length
    entries = tuple(Placed(*values) for values in ENTRY.iter_unpack(written[start:]))
    return Layout(head, says, written[HEAD.size : start], entries)


def pushed_out(now: Layout, base: Layout) -> frozenset[int] | None:
    """Return the articles that newer ones pushed off a feed's end since `base`.

    None where something may have been taken out in another way. What is pushed out lies below everything
    that stays, in a feed that has not become shorter.
    """
    gone = base.rows - now.rows
    if not gone:
        return gone
    is_end = all(placed.row in gone for placed in base.entries[-len(gone) :])
    return gone if is_end and len(now.entries) >= len(base.entries) else None


def delta(body: bytes, now: Layout, base: Layout) -> bytes | None:
    """Return a document with the entries alone that `base` has not, or has otherwise; head and tail stay.

    body: of the document whose layout is `now`. None where only the whole document will do: something was
    taken out, the head says something else (of the title, the language, the rights, which entries that stay
    inherit), or no entry would be spared, or none told of.
    """
    known = {placed.row: placed.digest for placed in base.entries}
    told = [n for n, placed in enumerate(now.entries) if known.get(placed.row) != placed.digest]
    if now.says != base.says or pushed_out(now, base) is None:
        return None
    if not told or len(told) == len(now.entries):
        return None
    steps = (placed.length + len(now.separator) for placed in now.entries)
    starts = list(accumulate(steps, initial=now.head))
    entries = (body[starts[n] : starts[n] + now.entries[n].length] for n in told)
    tail = body[starts[-1] - len(now.separator) :]
    return body[: now.head] + now.separator.join(entries) + tail


def _digest(*texts: bytes) -> bytes:
    found = blake2b(digest_size=8)
    for text in texts:
        found.update(text)
    return found.digest()
