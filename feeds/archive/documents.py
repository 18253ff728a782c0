"""Documents: what an archive knows of the files that were published."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from feeds.archive import history, terms
from feeds.archive.schema import DIRECTORY, NOWHERE, SITE
from feeds.archive.terms import Term
from feeds.archive.values import Published

SOME = 1000  # documents looked at together


class Documents:
    """The part of an archive in SQLite that publication works with; call it inside a transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def published(self, path: str) -> Published | None:
        """Return what was last published at a path."""
        row = self._db.execute(
            "SELECT path, digest, length, modified, page FROM document WHERE path = ?", (path,)
        ).fetchone()
        return Published(*row) if row else None

    def every(self) -> Iterator[list[Published]]:
        """Yield every document published, some at a time: there may be a million."""
        found = self._db.execute("SELECT path, digest, length, modified, page FROM document ORDER BY path")
        while rows := found.fetchmany(SOME):
            yield list(map(Published._make, rows))

    def count(self) -> int:
        """Return how many documents feeds have, in all formats, with their archives."""
        query = "SELECT count(*) FROM document WHERE term_id >= ?"
        return int(self._db.execute(query, (SITE,)).fetchone()[0])

    def record(self, term: Term, documents: Sequence[Published]) -> None:
        """Remember documents of a feed as published."""
        if any(self.published(document.path) is None for document in documents if document.page is None):
            terms.touch_directory(self._db)
        self._db.executemany(
            "INSERT OR REPLACE INTO document VALUES (?, ?, ?, ?, ?, ?)",
            [(d.path, term.term_id, d.page, d.digest, d.length, d.modified) for d in documents],
        )

    def finish(self, term: Term) -> None:
        """Note that a feed is up to date: it is no longer to be built."""
        self._db.execute("DELETE FROM touched WHERE term_id = ?", (term.term_id,))
        self._db.execute("DELETE FROM touched_page WHERE term_id = ?", (term.term_id,))
        history.release(self._db, term.term_id)

    def freshen(self, term: Term, seconds: int, until: datetime | None) -> None:
        """Remember how long readers may go on with a feed, and when it must change by itself."""
        moment = int(until.timestamp()) if until else None
        self._db.execute("INSERT OR REPLACE INTO freshness VALUES (?, ?, ?)", (term.term_id, seconds, moment))

    def freshness(self, path: str) -> tuple[int, int | None] | None:
        """Return for how many seconds a feed's document is fresh, and when the feed must change by itself.

        None for what is no feed's: a page of its archive, what tells of all feeds.
        """
        query = (
            "SELECT seconds, until FROM document JOIN freshness USING (term_id)"
            " WHERE path = ? AND page IS NULL"
        )
        found: tuple[int, int | None] | None = self._db.execute(query, (path,)).fetchone()
        return found

    def was_published(self, term: Term) -> bool:
        """Has a feed ever been published?"""
        query = "SELECT 1 FROM freshness WHERE term_id = ?"
        return self._db.execute(query, (term.term_id,)).fetchone() is not None

    def is_directory_touched(self) -> bool:
        """Has a feed begun, moved or been renamed since the directory was written?"""
        return terms.is_touched(self._db, DIRECTORY)

    def gone(self) -> list[str]:
        """Return the paths of documents whose feed has moved or gone up in another."""
        found = self._db.execute("SELECT path FROM document WHERE term_id = ? ORDER BY path", (NOWHERE,))
        return [path for (path,) in found]

    def forget(self, paths: Iterable[str]) -> None:
        """Forget documents that are no longer published."""
        self._db.executemany("DELETE FROM document WHERE path = ?", [(path,) for path in paths])

    def retire(self, term: Term) -> None:
        """Have a feed's documents taken away: it is not wanted any more."""
        moved = "UPDATE document SET term_id = ? WHERE term_id = ?"
        if self._db.execute(moved, (NOWHERE, term.term_id)).rowcount:
            terms.touch_directory(self._db)

    def retire_unwanted(self, files: Sequence[str], with_history: bool) -> None:
        """Have the documents of formats taken away that are not wanted any more, and sealed ones likewise."""
        wanted = " OR ".join("'/' || path GLOB '*/' || ?" for _ in files)
        self._db.execute(
            "UPDATE document SET term_id = ?"
            f" WHERE term_id >= ? AND (NOT ({wanted}) OR (page IS NOT NULL AND NOT ?))",
            (NOWHERE, SITE, *files, with_history),
        )
        terms.touch_directory(self._db)
