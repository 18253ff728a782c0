"""Touched: the part of an archive that knows which feeds are to be built anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from feeds.archive import history, select, terms
from feeds.archive.schema import DIRECTORY, SITE
from feeds.archive.terms import THE_SITE, Term

EVERY = 1_000_000_000


class Touched:
    """Feeds to be built; call what adds some inside a transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def feeds(self, after: int = DIRECTORY, limit: int = EVERY) -> list[Term]:
        """Return those whose rows come after one, so many, in their order; THE_SITE comes first."""
        found = self._db.execute(
            "SELECT touched.term_id, term.* FROM touched LEFT JOIN term USING (term_id)"
            f" WHERE touched.term_id > ? AND (touched.term_id = {SITE} OR term.term_id IS NOT NULL)"
            " ORDER BY touched.term_id LIMIT ?",
            (after, limit),
        )
        return [THE_SITE if term_id == SITE else Term(*row) for term_id, *row in found]

    def count(self) -> int:
        """Return how many there are."""
        return int(
            self._db.execute(f"SELECT count(*) FROM touched WHERE term_id > {DIRECTORY}").fetchone()[0]
        )

    def add_all(self) -> None:
        """Have every feed, every page of its archive, and what tells of them, built anew."""
        self._db.execute("INSERT OR IGNORE INTO touched SELECT term_id FROM term")
        self._db.executemany("INSERT OR IGNORE INTO touched VALUES (?)", [(SITE,), (DIRECTORY,)])
        pages = "SELECT DISTINCT term_id, page FROM history WHERE page IS NOT NULL"
        self._db.execute(f"INSERT OR IGNORE INTO touched_page {pages}")

    def add_due(self, since: datetime, now: datetime) -> None:
        """Have those built in which an article came or went by itself between two moments."""
        moments = (int(since.timestamp()), int(now.timestamp()))
        for column in select.MOMENTS:
            due = f"SELECT article_id FROM article WHERE {column} > ? AND {column} <= ?"
            terms.touch_articles(self._db, due, moments)
        over = "SELECT article_id FROM withdrawal WHERE until > ? AND until <= ?"
        terms.touch_articles(self._db, over, moments)
        history.due(self._db, *moments)

    def add_paths(self, paths: Iterable[str]) -> None:
        """Have those built that documents belong to."""
        rows = [(path,) for path in paths]
        self._db.executemany(
            "INSERT OR IGNORE INTO touched SELECT term_id FROM document WHERE path = ?", rows
        )
        self._db.executemany(
            "INSERT OR IGNORE INTO touched_page SELECT term_id, page FROM document"
            " WHERE path = ? AND page IS NOT NULL",
            rows,
        )
