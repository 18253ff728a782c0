"""Addresses: where a document went that does not lie where it is asked for (S-34, S-35)."""

from __future__ import annotations

from typing import Literal

from feeds.archive.archive import Archive
from feeds.archive.terms import KINDS
from feeds.server.files import OF_A_FEED

FOLDERS = {folder: kind for kind, folder in KINDS.items()}


def whereabouts(archive: Archive, path: str) -> str | Literal["gone", "soon"] | None:
    """Return the path at which a feed lies now; "gone" if it was there and is no more, "soon" if it ought to
    be there, None if it never was.

    Whatever came before, one hop leads to the end: every address that a term had leads to the term.
    """
    found = OF_A_FEED.fullmatch(path)
    if found is None:
        return None
    if archive.documents.published(path) is not None:
        return "soon"
    term = archive.terms.at(FOLDERS[found["folder"]], found["slug"]) if found["folder"] else None
    if term is None:
        return None
    if term.slug != found["slug"]:
        rest = path.split("/", 2)[2]
        return f"{found['folder']}/{term.slug}/{rest}"
    page = int(found["page"] or 0)
    was_there = archive.documents.was_published(term) and page <= archive.history.pages(term)
    return "gone" if was_there else None
