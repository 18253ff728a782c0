"""The archive in one SQLite file: WAL, synchronous=FULL, plain SQL."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from feeds.archive import bulk, history, looking, rows, select, withdrawals
from feeds.archive.decide import decide, is_redated, standing, under_kept_identity
from feeds.archive.documents import Documents
from feeds.archive.held import HeldFeeds
from feeds.archive.history import History
from feeds.archive.incoming import Incoming, incoming
from feeds.archive.kept import dump, load
from feeds.archive.lock import write_turn
from feeds.archive.naming import Terms
from feeds.archive.opening import open_database
from feeds.archive.privacy import Privacy
from feeds.archive.readings import Readings
from feeds.archive.row_set import RowSet
from feeds.archive.significance import dated
from feeds.archive.terms import THE_SITE, Term
from feeds.archive.tokens import Tokens
from feeds.archive.touched import Touched
from feeds.archive.values import ArchiveError, Listed, Outcome, Stored, Withdrawal
from feeds.archive.versions import Versions
from feeds.combination import Combination
from sources.article import Article
from sources.source import Gone

WITHDRAWN_DAYS = 30  # that feeds tell of a withdrawal, unless the settings say otherwise


class SqliteArchive:
    """See `feeds.archive.archive.Archive` for what each method promises."""

    def __init__(self, path: Path, readonly: bool = False) -> None:
        self.path = path
        self._seen = RowSet()
        self._readonly = readonly
        self._version: int | None = None
        self._has_turn = False
        with contextlib.nullcontext() if readonly else write_turn(path):
            self._db = open_database(path, readonly)
        found = path.stat()
        self._file = found.st_dev, found.st_ino
        self.readings = Readings(self._db)
        self.history = History(self._db)
        self.held = HeldFeeds(self._db)
        self.documents = Documents(self._db)
        self.privacy = Privacy(self._db)
        self.touched = Touched(self._db)
        self.terms = Terms(self._db, self.privacy, self.touched)
        self.tokens = Tokens(self._db)
        self.versions = Versions(self._db)

    def is_elsewhere(self) -> bool:
        try:
            found = self.path.stat()
        except OSError:
            return True
        return (found.st_dev, found.st_ino) != self._file

    def close(self) -> None:
        if self._readonly:
            self._db.close()
            return
        with write_turn(self.path):
            # SQLite does so itself when the last connection closes, unless that one may only read.
            with contextlib.suppress(sqlite3.OperationalError):  # a full disk: it stays in the WAL
                self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._db.close()

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        with write_turn(self.path):
            self._has_turn = True
            try:
                yield
            finally:
                self._has_turn = False

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        self._db.execute("BEGIN")
        try:
            yield
        finally:
            self._db.execute("ROLLBACK")

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        with contextlib.nullcontext() if self._has_turn else write_turn(self.path):
            try:
                self._db.execute("BEGIN IMMEDIATE")
                self._forget_if_others_wrote()
                yield
                self._db.execute("COMMIT")
            except BaseException as error:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                self.terms.forget()  # some may have been made in what was taken back
                if isinstance(error, sqlite3.Error):
                    raise ArchiveError(f"{self.path}: {error}; nothing of this step was kept") from error
                raise

    def _forget_if_others_wrote(self) -> None:
        """Ask for terms anew when another connection may have renamed or merged some."""
        if (version := self.version()) != self._version:
            self.terms.forget()
            self._version = version

    def version(self) -> int:
        return int(self._db.execute("PRAGMA data_version").fetchone()[0])

    def meta(self, key: str) -> str | None:
        return looking.meta(self._db, key)

    def set_meta(self, key: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    # Articles

    def begin_run(self) -> None:
        self._seen.clear()

    def store(self, article: Article, now: datetime, priorities: Mapping[str, int]) -> tuple[Stored, Article]:
        (outcome,) = self.store_all([incoming(article)], now, priorities)
        return outcome.stored, outcome.kept or article

    def store_all(
        self, batch: Sequence[Incoming], now: datetime, priorities: Mapping[str, int]
    ) -> list[Outcome]:
        outcomes: list[Outcome] = []
        known = bulk.known(self._db, batch)
        fresh: list[Incoming] = []
        for one in batch:
            if known.isdisjoint(one.keys):
                known.update(one.keys)
                fresh.append(one)
                continue
            outcomes += self._insert(fresh, now)
            fresh = []
            outcomes += self._store(one, now, priorities)
        return outcomes + self._insert(fresh, now)

    def meet(self, rows: Iterable[int]) -> None:
        self._seen.add(rows)

    def _insert(self, fresh: Sequence[Incoming], now: datetime) -> list[Outcome]:
        if not fresh:
            return []
        self.terms.look_up(name for one in fresh for name in one.terms)
        term_ids = [[self.terms.of(*name).term_id for name in one.terms] for one in fresh]
        rows = bulk.insert(self._db, fresh, term_ids, int(now.timestamp()))
        self.meet(rows)
        return [Outcome("new", None, row) for row in rows]

    def _store(self, one: Incoming, now: datetime, priorities: Mapping[str, int]) -> list[Outcome]:
        row = rows.find(self._db, one)
        if row is None:  # its address is another's too
            return self._insert([one], now)
        seen_before = row in self._seen
        self._seen.add([row])
        self._give_back(row, one, now)
        if rows.is_as_kept(self._db, row, one):
            return [Outcome("unchanged", None, row)]
        kept = self.article(row)
        rows.know(self._db, row, one)
        article = under_kept_identity(one.article(), kept)
        new = dated(kept, article, now)
        if dump(new) == dump(kept):
            return [Outcome("unchanged", kept, row)]
        stated = rows.stated(self._db, row, kept)
        rivalry = standing(kept.source, article.source, priorities)
        verdict = decide(stated, article.modified, rivalry, seen_before, now)
        if verdict == "older" and rivalry == "same" and is_redated(kept, article):
            # Its source speaks of no changes: it is older only if it was there before.
            verdict = "older" if rows.was(self._db, row, article) else "changed"
        if verdict == "changed":
            self._replace(row, kept, new, article.modified, now)
            return [Outcome("changed", new, row)]
        return [Outcome(verdict, kept, row)]

    def _replace(
        self, article_id: int, kept: Article, article: Article, stated: datetime, now: datetime
    ) -> None:
        term_ids = [term.term_id for term in self.terms.of_article(article)]
        rows.keep_revision(self._db, article_id, kept, now)
        rows.replace(self._db, article_id, article, term_ids, stated)
        withdrawn = withdrawals.of_article(self._db, article_id)
        if withdrawn:  # by a command: what the source says of it since then is kept and not shown
            rows.set_status(self._db, article_id, "canceled")
        elif article.status == "canceled" and kept.status != "canceled":
            self._withdraw(article_id, Withdrawal(article.id, now, "record"))
        moment = int(now.timestamp())
        history.leave(self._db, article_id, moment)
        history.enter(self._db, article_id, moment, again=True)

    # Withdrawals

    def withdraw(self, key: str, withdrawal: Withdrawal) -> Article | None:
        article_id = rows.known_as(self._db, key)
        if article_id is None:
            return None
        self._withdraw(article_id, withdrawal)
        return self.article(article_id)

    def take_back(self, gone: Gone, now: datetime) -> bool:
        article_id = rows.known_as(self._db, gone.url)
        if article_id is None or rows.status(self._db, article_id) != "usable":
            return False
        article = self.article(article_id)
        if article.source != gone.source:
            return False
        self._withdraw(article_id, Withdrawal(article.id, now, "gone"))
        return True

    def _withdraw(self, article_id: int, withdrawal: Withdrawal) -> None:
        until = withdrawal.at + timedelta(days=int(self.meta("withdrawn_days") or WITHDRAWN_DAYS))
        withdrawals.withdraw(self._db, article_id, withdrawal, until)

    def restore(self, key: str, now: datetime) -> Article | None:
        article_id = rows.known_as(self._db, key)
        if article_id is None or withdrawals.of_article(self._db, article_id) is None:
            return None
        article = self.article(article_id)
        withdrawals.restore(self._db, article_id, article, now)
        return article

    def withdrawal_of(self, article_id: int) -> Withdrawal | None:
        return withdrawals.of_article(self._db, article_id)

    def withdrawn_from(self, term: Term, now: datetime) -> list[Withdrawal]:
        return withdrawals.of_feed(self._db, term.term_id, int(now.timestamp()))

    def _give_back(self, article_id: int, one: Incoming, now: datetime) -> None:
        """Undo a withdrawal that its source made, when the source gives the article again."""
        if one.status != "usable" or rows.status(self._db, article_id) != "canceled":
            return
        withdrawn = withdrawals.of_article(self._db, article_id)
        if withdrawn and withdrawn.by in ("record", "gone", one.source):
            withdrawals.restore(self._db, article_id, one.article(), now)

    def knows(self, key: str) -> bool:
        return rows.known_as(self._db, key) is not None

    def row_of(self, key: str) -> int | None:
        return rows.known_as(self._db, key)

    def revisions(self, key: str) -> list[tuple[str | None, Article]]:
        article_id = rows.known_as(self._db, key)
        if article_id is None:
            return []
        return [*rows.revisions(self._db, article_id), (None, self.article(article_id))]

    def feeds_of(self, key: str) -> list[Term]:
        article_id = rows.known_as(self._db, key)
        return history.feeds_of(self._db, article_id) if article_id else []

    def article(self, article_id: int) -> Article:
        query = "SELECT data, source FROM article WHERE article_id = ?"
        return load(*self._db.execute(query, (article_id,)).fetchone())

    def shown(self, article_ids: Sequence[int]) -> dict[int, Article]:
        found = self._db.execute(
            "SELECT article_id, data, source FROM article"
            " WHERE article_id IN (SELECT value FROM json_each(?))",
            (json.dumps(article_ids),),
        )
        articles = {article_id: load(data, source) for article_id, data, source in found}
        for article_id, withdrawal in withdrawals.of_articles(self._db, article_ids):
            articles[article_id] = withdrawals.notice_of(articles[article_id], withdrawal)
        return articles

    # Feeds

    def next_change(self, now: datetime, term: Term = THE_SITE) -> datetime | None:
        found = select.next_change(self._db, int(now.timestamp()), term.term_id)
        return datetime.fromtimestamp(found, UTC) if found else None

    def newest(
        self,
        term: Term,
        limit: int,
        now: datetime,
        order: str = "published",
        combination: Combination | None = None,
    ) -> list[Listed]:
        moment = int(now.timestamp())
        if term == THE_SITE:
            return select.of_site(self._db, limit, moment, order)
        if combination:
            is_private = self.privacy.is_private(term)
            return select.of_combination(self._db, combination, limit, moment, order, is_private)
        return select.of_term(self._db, term.term_id, limit, moment, order)

    def status(self) -> dict[str, Any]:
        return {**looking.counts(self._db), "sqlite_version": sqlite3.sqlite_version}
