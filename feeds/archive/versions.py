"""Versions: the latest layouts of documents, for readers who ask what is new in one (feeds.delta)."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from datetime import datetime

from feeds.archive.select import PUBLIC, SHOWN

LATEST = 20  # versions of a document
KEPT = 3 * 86_400  # seconds that a version is kept after another took its place
TAG = 16  # bytes of a digest that an entity tag shows


class Versions:
    """The part of an archive in SQLite that knows earlier documents; write inside a transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def keep(self, path: str, digest: bytes, at: datetime, layout: bytes) -> None:
        """Remember the version of a document that is published now, and forget the oldest ones.

        at: when it was made; where that is known of the same version already, nothing is done.
        """
        moment = int(at.timestamp())
        last = "SELECT digest, at FROM version WHERE path = ? ORDER BY at DESC LIMIT 1"
        found = self._db.execute(last, (path,)).fetchone()
        if found and found[0] == digest[:TAG]:
            return
        if found:
            moment = max(moment, found[1] + 1)  # the order holds, whatever the clock does
        # What was in place three days ago is one that readers may still have.
        self._db.execute(
            "DELETE FROM version WHERE path = :path AND at <"
            " (SELECT max(at) FROM version WHERE path = :path AND at <= :then)",
            {"path": path, "then": moment - KEPT},
        )
        self._db.execute(
            "INSERT OR REPLACE INTO version VALUES (?, ?, ?, ?)", (path, digest[:TAG], moment, layout)
        )
        self._db.execute(
            "DELETE FROM version WHERE path = :path AND at <"
            " (SELECT at FROM version WHERE path = :path ORDER BY at DESC LIMIT 1 OFFSET :offset)",
            {"path": path, "offset": LATEST - 1},
        )

    def of(self, path: str, digest: bytes) -> bytes | None:
        """Return the layout of a version by its digest, or by as much of it as its entity tag shows."""
        query = "SELECT layout FROM version WHERE path = ? AND digest = ?"
        found = self._db.execute(query, (path, digest[:TAG])).fetchone()
        return found[0] if found else None

    def forget(self, paths: Iterable[str]) -> None:
        """Forget all versions of documents that are no longer published."""
        self._db.executemany("DELETE FROM version WHERE path = ?", [(path,) for path in paths])

    def are_public(self, rows: Collection[int], now: datetime) -> bool:
        """May everyone still see these articles: none withdrawn, expired, private or put off?"""
        marks = ",".join(str(int(row)) for row in rows)
        query = f"SELECT count(*) FROM article a WHERE article_id IN ({marks}) AND {PUBLIC} AND {SHOWN}"
        (count,) = self._db.execute(query, {"now": int(now.timestamp())}).fetchone()
        return int(count) == len(rows)
