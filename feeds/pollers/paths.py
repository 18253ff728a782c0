"""Paths: a request's address as it may be written down, without its query and without tokens."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

LONGEST = 1000  # bytes of a path that are kept; our own addresses are shorter
_PRIVATE = re.compile(rb"(/for/+)[^/]+", re.IGNORECASE)  # /for/<token>/..., also below another folder
_ORIGIN = re.compile(rb"[a-z][a-z0-9+.-]*://[^/]*", re.IGNORECASE)


def shown_path(target: bytes) -> bytes:
    """Give the path of a request's target, the token in it replaced by `-`; at most 1,000 bytes.

    target: as it came: origin form, or absolute form, whose host and password go (RFC 9112, section 3.2).
    A token is hidden wherever `/for/` stands, so a file behind a tag that is called `for` is hidden too:
    better that than a token in a log.
    """
    path = target.partition(b"?")[0]
    if b"%" in path or path[:1] != b"/" or b"/for/" in path.lower():
        path = _without_secrets(path)
    return path[:LONGEST]


def _without_secrets(path: bytes) -> bytes:
    """Escapes are undone only where they hide a token: a router finds `/%66or/` at the same place."""
    if path[:1] != b"/":
        path = _ORIGIN.sub(b"", path, count=1)
    plain = unquote_to_bytes(path)
    return _PRIVATE.sub(rb"\1-", plain) if _PRIVATE.search(plain) else path
