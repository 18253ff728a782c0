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
from feeds.guard import Snapshot
from sources.article import Article
from sources.source import Gone


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

    def documents_of_feeds(self) -> int:
        """Return how many documents feeds have, in all formats, with their archives."""
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

    def take_back(self, gone: Gone, now: datetime) -> bool:
        """Withdraw an article whose address is gone, if this source gave it; say whether that was news."""
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

    def id_of(self, article_id: int) -> str:
        """Return the id of the article in a row."""
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

    def terms_with_feeds(self) -> list[Term]:
        """Return every term that has a feed, THE_SITE first."""
        ...

    def former(self) -> list[tuple[str, str, str]]:
        """Return (kind, old slug, slug now) of every address that leads elsewhere now."""
        ...

    def gone(self) -> list[str]:
        """Return the paths of documents whose feed has moved or gone up in another."""
        ...

    def forget_documents(self, paths: Iterable[str]) -> None:
        """Forget documents that are no longer published."""
        ...

    def is_directory_touched(self) -> bool:
        """Has a feed begun, moved or been renamed since the directory was written?"""
        ...

    def find_term(self, kind: str, name: str) -> Term | None:
        """Return the term that a name leads to."""
        ...

    def name_term(self, kind: str, name: str, slug: str | None, aliases: Sequence[str]) -> Term:
        """Have a term called and spelt so, at this address, with these other names; one that is new begins.

        Raises TermError where a name or an address is another's.
        """
        ...

    def rename_term(self, term: Term, name: str, slug: str | None) -> Term:
        """Give a term another name and address; the old ones lead there. Raises TermError."""
        ...

    def snapshot(self, term: Term) -> Snapshot | None:
        """Return a feed as readers have it, without what was withdrawn or has expired since."""
        ...

    def keep_snapshot(self, term: Term, snapshot: Snapshot) -> None:
        """Remember a feed as readers have it now; it is held no longer."""
        ...

    def hold(self, term: Term, objections: Sequence[str]) -> None:
        """Remember why a feed was not replaced."""
        ...

    def held_feeds(self) -> list[tuple[Term, list[str]]]:
        """Return the feeds that are held, and why."""
        ...

    def merge_terms(self, gone: Term, into: Term) -> None:
        """Let one term go up in another."""
        ...

    def status(self) -> Mapping[str, Any]:
        """Return counts for people: articles, revisions, terms, documents, what waits to be built."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...
