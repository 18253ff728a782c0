"""Rendered: entries that were rendered lately, for the feeds that hold them next."""

from __future__ import annotations

from dataclasses import dataclass, field

from feeds.archive.terms import Term

LIMIT = 32 * 1024 * 1024  # bytes of entries that are kept

Key = tuple[str, int, bytes]  # the way of rendering; the article: its row, and the digest of what it says


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry, and the tags that it names: as the article has them, and as they are called now."""

    names: tuple[str, ...]
    tags: tuple[Term, ...]
    body: bytes


@dataclass(slots=True)
class Rendered:
    """The entries rendered last, the one that was used last at the end. size: their bytes."""

    entries: dict[Key, Entry] = field(default_factory=dict)
    size: int = 0

    def find(self, key: Key) -> Entry | None:
        """Return an entry, if it is still there."""
        found = self.entries.pop(key, None)
        if found is not None:
            self.entries[key] = found
        return found

    def keep(self, key: Key, entry: Entry) -> None:
        """Keep an entry, and let go of those that were not used for the longest time."""
        before = self.entries.pop(key, None)
        self.entries[key] = entry
        self.size += len(entry.body) - (len(before.body) if before else 0)
        while self.size > LIMIT:
            oldest = self.entries.pop(next(iter(self.entries)))
            self.size -= len(oldest.body)
