"""The Source protocol, and the values a source deals in: Site, Rejected, Visited, Gone, SourceError.

SourceError      the whole source failed: unreachable, unreadable, not what it was said to be
Rejected         one record is no Article; its neighbours are published all the same
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, runtime_checkable
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from sources.article import Article


@dataclass(frozen=True, slots=True)
class Site:
    """What a source may assume of the newsroom it reads for.

    url             the site's address; relative URLs and minted ids build on it
    language        BCP 47, for articles that do not say
    timezone        for dates that name no zone; None: such dates are rejected, never taken for UTC
    publisher       for articles that do not say
    tagging_entity  RFC 4151 authority and date, `example.com,2005`: names the ids we mint
    first_seen      the date for records that have none; None: such records are rejected
    drop_tags       tags that are no subjects (`news`, the site's name), as `sources.identity.fold` gives them
    """

    url: str
    tagging_entity: str
    language: str | None = None
    timezone: ZoneInfo | None = None
    publisher: str | None = None
    first_seen: datetime | None = None
    drop_tags: frozenset[str] = frozenset()


def reading_of(site: Site, *settings: object) -> str:
    """Return what stands for a way of reading: the site's settings and the source's own."""
    # A set has another order in every process.
    plain = replace(site, first_seen=None, drop_tags=frozenset())
    lasting = (plain, site.first_seen is not None, sorted(site.drop_tags), *settings)
    return hashlib.sha256(repr(lasting).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that is no Article, with all that is needed to mend it.

    source    the source's name
    position  where in the source: a file, a line, an index
    field     the Article field at fault; empty when it is the record as a whole
    reason    what is wrong and what would mend it, in plain words
    record    the record itself, as it was read
    """

    source: str
    position: str
    field: str
    reason: str
    record: Any = None


@dataclass(frozen=True, slots=True)
class Visited:
    """An address was asked, or a file read, and this is what to remember. Comes after all that it gave.

    What was rejected since the Visited before it is kept as that address's, until it answers anew: whoever
    asks several addresses at a time holds back what each gave until its own Visited.

    url         as it stands in the settings or was found
    status      HTTP's: 200, or 304 for unchanged since the last visit; 0 for no answer
    remembered  for the next visit, in the source's own words (validators, where it moved); the archive
                keeps it, and hands it to the next `read`; nothing: forget the address
    records     of a file that is as it was: how many it holds
    """

    url: str
    status: int
    remembered: str
    records: int = 0


@dataclass(frozen=True, slots=True)
class Gone:
    """An article's address says that it is gone for good (HTTP 410): who gave the article takes it back."""

    source: str
    url: str


Item: TypeAlias = "Article | Rejected | Visited | Gone"


class SourceError(Exception):
    """A source failed as a whole. The message names the source, the place and the mend.

    retry_after: seconds to leave it alone, if its server asked for that.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Source(Protocol):
    """Something that holds articles. One method: `read`, which streams."""

    @property
    def name(self) -> str:
        """What it is called in reports: the place as the user wrote it."""
        ...

    def read(self, site: Site, remembered: Mapping[str, str]) -> Iterator[Item]:
        """Yield what the source holds, in a stable order. Raises SourceError when it can't go on.

        remembered: what earlier visits left to be remembered, by URL; a source keeps nothing itself.
        """
        ...


@runtime_checkable
class Finishing(Protocol):
    """A source with work to do once all that it gave is durable: an inbox moves its files."""

    def finish(self, remembered: Mapping[str, str]) -> None:
        """Do it. remembered: what the archive now holds for the source. Raises SourceError."""
        ...
