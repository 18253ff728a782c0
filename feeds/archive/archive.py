"""The Archive protocol: what the line asks of whatever remembers, and the values it answers with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from feeds.archive.readings import Readings
from feeds.archive.terms import Term
from feeds.combination import Combination
from sources.article import Article

Stored = Literal["new", "changed", "unchanged", "older", "elsewhere", "duplicate"]

NONE: Mapping[str, Combination] = {}


class ArchiveError(Exception):
    """The archive can't be used. The message names the file and the mend."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An article's place in a feed: its row, and when it began and last changed, in seconds since 1970."""

    article_id: int
    published: int
    updated: int


@dataclass(frozen=True, slots=True)
class Published:
    """A document as it was last published: sha256 of its bytes, their length, when they changed."""

    path: str
    digest: bytes
    length: int
    modified: int


class Archive(Protocol):
    """Everything the line asks. SQLite answers today; a second database needs these methods, no more."""

    @property
    def readings(self) -> Readings:
        """What is known of sources: how each was read last, what it wants to remember, what was set aside."""
        ...

    def meta(self, key: str) -> str | None:
        """Return a remembered value: the site's address, the tagging entity, the last build."""
        ...

    def set_meta(self, key: str, value: str) -> None:
        """Remember a value for good."""
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """Make what happens inside durable as a whole, or leave no trace of it."""
        ...

    def store(self, article: Article, now: datetime, priorities: Mapping[str, int]) -> tuple[Stored, Article]:
        """Take an article in under the id it keeps for life; answer what became of it, and the one kept.

        priorities: of the sources that are read, by name; of a story that two of them have, the higher's
        stays, of equals the one with the later change.
        """
        ...

    def touch_due(self, since: datetime, now: datetime) -> None:
        """Mark the feeds of articles whose embargo or expiry fell between two moments."""
        ...

    def touch_all(self) -> None:
        """Mark every feed as to be built anew, and forget rendered entries."""
        ...

    def touch_paths(self, paths: Iterable[str]) -> None:
        """Mark the feeds whose documents are these paths."""
        ...

    def touched(self, combinations: Mapping[str, Combination] = NONE) -> list[Term]:
        """Return the feeds to build: a term each, THE_SITE for the whole site, and combinations of them."""
        ...

    def newest(
        self,
        term: Term,
        limit: int,
        now: datetime,
        order: str = "published",
        combination: Combination | None = None,
    ) -> list[Listed]:
        """Return the articles a feed may show now, newest first, ties broken by id.

        order: by `published` or `updated`; combination: where the term stands for one.
        """
        ...

    def entries(self, listed: Sequence[Listed], format_name: str) -> dict[int, bytes]:
        """Return the entries already rendered, by article row."""
        ...

    def keep_entry(self, article_id: int, format_name: str, body: bytes) -> None:
        """Remember a rendered entry until its article changes."""
        ...

    def article(self, article_id: int) -> Article:
        """Return the article in a row."""
        ...

    def tags_of(self, article: Article) -> list[Term]:
        """Return the tags of an article, in order: two names that are one tag are there once."""
        ...

    def published(self, path: str) -> Published | None:
        """Return what was last published at a path."""
        ...

    def all_published(self) -> list[Published]:
        """Return every document published."""
        ...

    def record_published(self, term: Term, documents: Sequence[Published]) -> None:
        """Remember a feed's documents as published: it is no longer to be built."""
        ...

    def terms(self, kind: str | None = None) -> list[tuple[Term, int]]:
        """Return every term, or those of a kind, with its number of articles, most used first."""
        ...

    def status(self) -> Mapping[str, Any]:
        """Return counts for people: articles, revisions, terms, documents, what waits to be built."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...
