"""Files: which of those in the output folder may be served, as what, and how one is read."""

from __future__ import annotations

import os
import re

from feeds.archive.terms import KINDS
from feeds.directory import feeds_json, menu, opml, snippets
from feeds.formats import FORMATS, licence
from sources import file_marks
from sources.file_marks import Version

FILES = "|".join(re.escape(format_.file) for format_ in FORMATS)
# Where documents of feeds lie: whatever else lies in the folder is nobody's business.
OF_A_FEED = re.compile(
    rf"(?:(?P<folder>{'|'.join(KINDS.values())})/(?P<slug>[^/]+)/)?"
    rf"(?:archive/(?P<page>[1-9]\d{{0,8}})/)?(?P<file>{FILES})"
)
FEEDS = {format_.file: format_.media_type for format_ in FORMATS}
BESIDE = {
    **dict.fromkeys(opml.PATHS, opml.MEDIA_TYPE),
    feeds_json.PATH: feeds_json.MEDIA_TYPE,
    menu.PATH: menu.MEDIA_TYPE,
    snippets.PATH: snippets.MEDIA_TYPE,
    licence.TDM_FILE: "application/json",
}


def media_type_of(path: str) -> str | None:
    """Return the media type of a document that may be served; None: it may not."""
    found = OF_A_FEED.fullmatch(path)
    return FEEDS[found["file"]] if found else BESIDE.get(path)


def version_of(path: str) -> Version | None:
    """Return which version of a file lies there; None: there is none."""
    try:
        return file_marks.version_of(os.stat(path))  # noqa: PTH116 - a third of the time
    except OSError:
        return None


def read(path: str) -> tuple[bytes, Version] | None:
    """Read a file, and of which version it is: both of one and the same file."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        found = os.fstat(handle)
        body = os.read(handle, found.st_size + 1)
        while len(body) < found.st_size and (more := os.read(handle, found.st_size - len(body))):
            body += more
    except OSError:  # a folder
        return None
    finally:
        os.close(handle)
    return body, file_marks.version_of(found)
