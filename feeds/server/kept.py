"""Kept: feeds that were made on demand, as long as they would be made the same again."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from feeds.server.prepared import Prepared

MEMORY = 32_000_000  # bytes of such feeds


@dataclass(eq=False)
class Kept:
    """Feeds that were made, each until the archive changes or its own moment comes.

    version  of the archive; tags: that may be combined, of that version (feeds.on_demand.public_tags)
    used     bytes; at_work: how many are being made
    """

    version: int = -1
    used: int = 0
    at_work: int = 0
    tags: dict[str, str] | None = None
    made: OrderedDict[str, tuple[Prepared, int | None]] = field(default_factory=OrderedDict)

    def find(self, path: str, version: int, now: int) -> Prepared | None:
        """Return a feed that is still as it would be made now."""
        if version != self.version:
            self.made.clear()
            self.version, self.used, self.tags = version, 0, None
        prepared, until = self.made.get(path, (None, None))
        if prepared is None or (until is not None and until <= now):
            return None
        self.made.move_to_end(path)
        return prepared

    def keep(self, prepared: Prepared, until: int | None) -> None:
        """Keep a feed, and let go of those asked for longest ago."""
        self.made.pop(prepared.path, None)
        self.made[prepared.path] = (prepared, until)
        self.trim()

    def trim(self) -> None:
        """Let go of those asked for longest ago, until there is room; to be called for each coding, too."""
        self.used = sum(one.held() for one, _ in self.made.values())
        while self.used > MEMORY and len(self.made) > 1:
            _, (gone, _) = self.made.popitem(last=False)
            self.used -= gone.held()
