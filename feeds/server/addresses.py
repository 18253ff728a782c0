"""Addresses: where a document went that does not lie where it is asked for (S-34, S-35)."""

from __future__ import annotations

import re
from typing import Literal

from feeds.archive.archive import Archive
from feeds.archive.terms import KINDS
from feeds.formats import FORMATS

FOLDERS = {folder: kind for kind, folder in KINDS.items()}
FILES = "|".join(re.escape(format_.file) for format_ in FORMATS)
FEED = re.compile(
    rf"(?P<folder>{'|'.join(FOLDERS)})/(?P<slug>[^/]+)/(?P<file>(archive/(?P<page>[1-9]\d{{0,8}})/)?({FILES}))"
)


def whereabouts(archive: Archive, path: str) -> str | Literal["gone"] | None:
    """Return the path at which a feed lies now, "gone" if it was there and is no more, None if it never was.

    Whatever came before, one hop leads to the end: every address that a term had leads to the term.
    """
    found = FEED.fullmatch(path)
    term = archive.term_at(FOLDERS[found["folder"]], found["slug"]) if found else None
    if found is None or term is None:
        return None
    now = f"{found['folder']}/{term.slug}/{found['file']}"
    if now != path:
        return now
    if archive.documents.published(path) is not None:
        return None  # it ought to be there, and will be
    page = int(found["page"] or 0)
    was_there = archive.documents.was_published(term) and page <= archive.history.pages(term)
    return "gone" if was_there else None
