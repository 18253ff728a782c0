"""The Archive protocol: what the line asks of whatever remembers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

from feeds.archive.readings import Readings
from feeds.archive.terms import Term
from feeds.archive.values import NONE, Listed, Published, Stored, Withdrawal
from feeds.combination import Combination
from sources.article import Article


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
        """Remember documents of a feed as published."""
        ...

    def finish(self, term: Term) -> None:
        """Note that a feed is up to date: it is no longer to be built."""
        ...

    def withdraw(self, key: str, withdrawal: Withdrawal) -> Article | None:
        """Take the article that an id or an address leads to out of every feed; None if there is none."""
        ...

    def restore(self, key: str, now: datetime) -> Article | None:
        """Undo a withdrawal; None if there is none."""
        ...

    def withdrawal_of(self, article_id: int) -> Withdrawal | None:
        """Return how an article was withdrawn, if it was."""
        ...

    def withdrawn_from(self, term: Term, now: datetime) -> list[Withdrawal]:
        """Return what was taken out of a feed that its readers still have to hear of."""
        ...

    def revisions(self, key: str) -> list[tuple[str | None, Article]]:
        """Return every version of an article, oldest first, with when it was replaced."""
        ...

    def feeds_of(self, key: str) -> list[Term]:
        """Return the feeds that an article was ever in."""
        ...

    def next_change(self, now: datetime) -> datetime | None:
        """Return when some feed must change though no source does."""
        ...

    def pending(self, term: Term, now: datetime) -> list[Listed]:
        """Return what is in a feed and on no sealed page of its archive yet, oldest change first."""
        ...

    def page(self, term: Term, number: int, now: datetime) -> list[Listed]:
        """Return what a sealed page of a feed's archive holds, newest first."""
        ...

    def pages(self, term: Term) -> int:
        """Return how many sealed pages a feed has, numbered from 1."""
        ...

    def seal(self, term: Term, articles: Iterable[int]) -> int:
        """Put pending articles on a new page of a feed's archive; return its number."""
        ...

    def held(self, term: Term) -> set[int]:
        """Return what was published again and must be in the feed itself before it goes onto a page."""
        ...

    def touched_pages(self, term: Term) -> list[int]:
        """Return the sealed pages of a feed to make anew."""
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
