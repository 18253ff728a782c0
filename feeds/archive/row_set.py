"""Row set: which rows of a table were met, a bit each; as a set of numbers, a million would take 70 MB."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class RowSet:
    """Rows, which SQLite numbers from 1 on without wide gaps."""

    bits: bytearray = field(default_factory=bytearray)

    def add(self, rows: Iterable[int]) -> None:
        """Put rows in."""
        for row in rows:
            if (missing := row // 8 + 1 - len(self.bits)) > 0:
                self.bits.extend(bytes(missing))
            self.bits[row // 8] |= 1 << row % 8

    def __contains__(self, row: int) -> bool:
        return row // 8 < len(self.bits) and bool(self.bits[row // 8] >> row % 8 & 1)

    def clear(self) -> None:
        """Take all out."""
        self.bits.clear()
