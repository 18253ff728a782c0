"""The values that an archive takes and answers with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from sources.article import Article

Stored = Literal["new", "changed", "unchanged", "older", "elsewhere", "duplicate"]


class Outcome(NamedTuple):
    """What became of an article that was taken in, and its row; kept: None if it is the one that came."""

    stored: Stored
    kept: Article | None
    row: int


class ArchiveError(Exception):
    """The archive can't be used. The message names the file and the mend."""


class Listed(NamedTuple):
    """An article's place in a feed: its row and id, when it began and last changed (since 1970, seconds).

    digest: stands for what it says; None where a notice stands in its place.
    """

    article_id: int
    id: str
    published: int
    updated: int
    digest: bytes | None = None


class Published(NamedTuple):
    """A document as it was last published: sha256 of its bytes, their length, when they changed.

    page: of the feed's archive; None: the one that readers subscribe to.
    """

    path: str
    digest: bytes
    length: int
    modified: int
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """An article taken back.

    by           `command`, `record`, `gone` or `api`: see feeds.archive.withdrawals
    id, at       the article's, and when (RFC 6721: ref, when)
    reason       for readers; empty: none is given
    replacement  the address of what stands in its place
    notice       what stands in the story's place, if anything
    """

    id: str
    at: datetime
    by: str
    reason: str = ""
    replacement: str | None = None
    notice: str | None = None
