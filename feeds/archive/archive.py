"""The Archive protocol: what the line asks of whatever remembers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from feeds.archive.documents import Documents
from feeds.archive.held import HeldFeeds
from feeds.archive.history import History
from feeds.archive.incoming import Incoming
from feeds.archive.naming import Terms
from feeds.archive.privacy import Privacy
from feeds.archive.readings import Readings
from feeds.archive.terms import THE_SITE, Term
from feeds.archive.tokens import Tokens
from feeds.archive.touched import Touched
from feeds.archive.values import Listed, Outcome, Stored, Withdrawal
from feeds.archive.versions import Versions
from feeds.combination import Combination
from sources.article import Article
from sources.source import Gone


class Archive(Protocol):
    """Everything the line asks. SQLite answers today; a second database needs these methods, no more."""

    @property
    def path(self) -> Path:
        """The file that it lies in."""
        ...

    @property
    def terms(self) -> Terms:
        """What articles are found by: tags, sections, authors, languages."""
        ...

    @property
    def touched(self) -> Touched:
        """The feeds to be built anew."""
        ...

    @property
    def readings(self) -> Readings:
        """What is known of sources: how each was read last, what it wants to remember, what was set aside."""
        ...

    @property
    def history(self) -> History:
        """The order in which articles entered each feed, and the sealed pages of its archive."""
        ...

    @property
    def documents(self) -> Documents:
        """What was published."""
        ...

    @property
    def held(self) -> HeldFeeds:
        """What readers have of each feed, and the feeds that were not replaced."""
        ...

    @property
    def privacy(self) -> Privacy:
        """Which feeds are private, and so which articles are in no public one."""
        ...

    @property
    def tokens(self) -> Tokens:
        """Who may read private feeds, and the articles."""
        ...

    @property
    def versions(self) -> Versions:
        """The latest layouts of documents, for readers who ask what is new in one."""
        ...

    def is_elsewhere(self) -> bool:
        """Was the archive's file replaced or taken away since it was opened? Then what is written is lost."""
        ...

    def version(self) -> int:
        """Return a number that is another once somebody else has written to the archive."""
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

    def turn(self) -> AbstractContextManager[None]:
        """Let nobody else write, over several transactions."""
        ...

    def reading(self) -> AbstractContextManager[None]:
        """Look at one state of the archive, whatever others write meanwhile; write nothing inside."""
        ...

    def begin_run(self) -> None:
        """Begin a run: an article stored before is no second record of one that comes now."""
        ...

    def store(self, article: Article, now: datetime, priorities: Mapping[str, int]) -> tuple[Stored, Article]:
        """Take an article in under the id it keeps for life; answer what became of it, and the one kept.

        priorities: of the sources that are read, by name; of a story that two of them have, the higher's
        stays, of equals the one with the later change.
        """
        ...

    def store_all(
        self, batch: Sequence[Incoming], now: datetime, priorities: Mapping[str, int]
    ) -> list[Outcome]:
        """Take articles in as `store` does, one after the other."""
        ...

    def meet(self, rows: Iterable[int]) -> None:
        """Note that this run met articles again that need not be taken in: they are as they were."""
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

    def article(self, article_id: int) -> Article:
        """Return the article in a row."""
        ...

    def shown(self, article_ids: Sequence[int]) -> dict[int, Article]:
        """Return articles by their rows; in a withdrawn one's place stands its notice."""
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

    def knows(self, key: str) -> bool:
        """Does an id or an address lead to an article?"""
        ...

    def row_of(self, key: str) -> int | None:
        """Return the row of the article that an id or an address leads to."""
        ...

    def revisions(self, key: str) -> list[tuple[str | None, Article]]:
        """Return every version of an article, oldest first, with when it was replaced."""
        ...

    def feeds_of(self, key: str) -> list[Term]:
        """Return the feeds that an article was ever in."""
        ...

    def next_change(self, now: datetime, term: Term = THE_SITE) -> datetime | None:
        """Return when a feed must change though no source does; the site's moment is that of all feeds."""
        ...

    def status(self) -> Mapping[str, Any]:
        """Return counts for people: articles, revisions, terms, documents, what waits to be built."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...
