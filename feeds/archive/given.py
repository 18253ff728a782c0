"""Given: which records of a file or an address gave articles, packed: there may be a million of them."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

RECORD = struct.Struct("<8sq")  # the digest of a record, the row of its article


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

    def data(self) -> bytes:
        """Return what is to be kept."""
        if not self.since:
            return bytes(self.packed)
        starts = range(0, len(self.packed), RECORD.size)
        records = zip(starts, RECORD.iter_unpack(self.packed), strict=True)
        return b"".join(
            RECORD.pack(digest, row) for start, (digest, row) in records if start >= self.since.get(row, 0)
        )


def rows_in(data: bytes) -> dict[bytes, int]:
    """Return the rows of the articles by the digests of their records."""
    return dict(RECORD.iter_unpack(data))
