"""Tags: what makes two names one tag, and the address a tag keeps for good."""

from __future__ import annotations

from collections.abc import Callable

from sources.identity import slug

# Names that some file system will not have as a folder, whatever its case (Windows device names).
UNUSABLE = frozenset(
    ["con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10))]
)


def slug_for(name: str, is_taken: Callable[[str], bool]) -> str:
    """Choose a tag's address: readable, safe as a folder on any file system, and not taken.

    The tag that comes later gets a number (`a-b-2`). Slugs are case-folded and NFC, so two that differ
    differ on case-insensitive and Unicode-normalising file systems too; they hold no dot and no slash.
    """
    wanted = plain_slug(name)
    if not is_taken(wanted):
        return wanted
    number = 2
    while is_taken(f"{wanted}-{number}"):
        number += 1
    return f"{wanted}-{number}"


def plain_slug(name: str) -> str:
    """Return the address a tag would have if it stood alone."""
    wanted = slug(name) or "tag"
    return f"{wanted}-tag" if wanted in UNUSABLE else wanted
