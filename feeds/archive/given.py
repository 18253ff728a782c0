"""Given: which records of a file or an address gave articles, packed: there may be a million of them."""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

RECORD = struct.Struct("<8sq")  # the digest of a record, the row of its article
START = 2  # bytes of a digest: a part has some 15 of a million records


@dataclass(slots=True)
class Given:
    """Records noted one after the other.

    since: rows of articles that a later record changed -> from where in `packed` on records say what they do
    """

    packed: bytearray = field(default_factory=bytearray)
    since: dict[int, int] = field(default_factory=dict)

    def note(self, digest: bytes, row: int, is_change: bool = False) -> None:
        """Note a record; is_change: what earlier ones said of the article counts no longer."""
        if is_change:
            self.since[row] = len(self.packed)
        self.packed += RECORD.pack(digest, row)

    def data(self) -> bytearray:
        """Return what is to be kept; nothing is noted after that."""
        if not self.since:
            return self.packed
        kept = bytearray()
        starts = range(0, len(self.packed), RECORD.size)
        for start, (digest, row) in zip(starts, RECORD.iter_unpack(self.packed), strict=True):
            if start >= self.since.get(row, 0):
                kept += RECORD.pack(digest, row)
        return kept


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of articles, found by the digests of their records.

    parts: packed records by how their digests begin; a plain dict of a million takes 125 MB, this 34
    """

    parts: Mapping[bytes, bytes | bytearray] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.parts)

    def find(self, digest: bytes) -> int | None:
        """Return the row of the article that a record gave; what was noted last holds."""
        part = self.parts.get(digest[:START], b"")
        at = part.rfind(digest)
        while at >= 0 and at % RECORD.size:  # it is there by chance, across two records
            at = part.rfind(digest, 0, at + len(digest) - 1)
        row: int | None = RECORD.unpack_from(part, at)[1] if at >= 0 else None
        return row


def rows_in(data: bytes) -> Rows:
    """Return what `Given.data` has kept."""
    parts: defaultdict[bytes, bytearray] = defaultdict(bytearray)
    for start in range(0, len(data), RECORD.size):
        parts[data[start : start + START]] += data[start : start + RECORD.size]
    return Rows(parts)
