"""Addresses: where a document went that does not lie where it is asked for (S-34, S-35)."""

from __future__ import annotations

from typing import Literal

from feeds.archive.archive import Archive
from feeds.archive.terms import KINDS
from feeds.formats import FORMATS

FOLDERS = {folder: kind for kind, folder in KINDS.items()}
FILES = frozenset(format_.file for format_ in FORMATS)


def whereabouts(archive: Archive, path: str) -> str | Literal["gone"] | None:
    """Return the path at which a feed lies now, "gone" if it was there and is no more, None if it never was.

    Whatever came before, one hop leads to the end: every address that a term had leads to the term.
    """
    folder, _, rest = path.partition("/")
    slug, _, file = rest.partition("/")
    if folder not in FOLDERS or file.rpartition("/")[2] not in FILES:
        return None
    term = archive.term_at(FOLDERS[folder], slug)
    if term is None:
        return None
    if term.slug != slug:
        return f"{folder}/{term.slug}/{file}"
    return "gone" if archive.documents.was_published(term) else None
