"""Choice: which answer a GET or HEAD for a document gets: 200 or 304, and in which coding."""

from __future__ import annotations

from feeds.server.coding import choose
from feeds.server.conditional import held, is_unmodified
from feeds.server.prepared import CODINGS, Prepared


def fits(prepared: Prepared, if_match: bytes | None, if_unmodified_since: bytes | None) -> bool:
    """Does a document fit what a client demands of it before anything else (RFC 9110, section 13.2.2)?"""
    if if_match is not None:
        tags = {tag.strip() for tag in if_match.split(b",")}
        return b"*" in tags or any(prepared.etag(coding) in tags for coding in CODINGS)
    return if_unmodified_since is None or is_unmodified(prepared.modified, if_unmodified_since)


def choice(
    prepared: Prepared, if_none_match: bytes | None, if_modified_since: bytes | None, accepted: bytes | None
) -> tuple[bool, str]:
    """Say whether the client has the document already, and in which coding.

    A tag goes before a date, and instead of it (RFC 9110, section 13.2.2). The 304 repeats the tag that the
    client holds: it may keep what it has in another coding than it would get today.
    """
    if if_none_match is not None:
        coding = held(prepared.digest, if_none_match)
        if coding and coding != "*":
            return True, coding
        return coding == "*", choose(accepted)
    if if_modified_since is not None and is_unmodified(prepared.modified, if_modified_since):
        return True, choose(accepted)
    return False, choose(accepted)
