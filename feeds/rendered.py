"""Rendered: entries that were rendered lately, for the feeds that hold them next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from feeds.archive.terms import Term
from feeds.formats.elements import Parts

LIMIT = 32 * 1024 * 1024  # bytes of entries that are kept

Key = tuple[int, bytes]  # an article: its row, and the digest of what it says


@dataclass(frozen=True, slots=True)
class Entry:
    """An article's entry, in each way of rendering that was asked for.

    names   the tags that it names, as the article has them; tags: as they are called now
    asked   the archive's `names` when that was so
    bodies  by the way of rendering
    """

    names: tuple[str, ...]
    tags: tuple[Term, ...]
    asked: int
    bodies: Mapping[str, Parts]

    @property
    def size(self) -> int:
        """The bytes that it takes; a story that several of them share is there once."""
        parts = {id(part): len(part) for body in self.bodies.values() for part in body}
        return sum(parts.values())


NOTHING = Entry((), (), 0, {})


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
        self.size += entry.size - (before.size if before else 0)
        while self.size > LIMIT:
            oldest = self.entries.pop(next(iter(self.entries)))
            self.size -= oldest.size
