"""Held feeds: what readers have of each feed, and the feeds that were not replaced (feeds.guard)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from feeds.archive.schema import SITE
from feeds.archive.select import PRIVATE_TERMS
from feeds.archive.terms import THE_SITE, Term
from feeds.guard import Snapshot

MAY_SHOW = f"(private = 0 OR ? IN {PRIVATE_TERMS})"  # may this feed show an article?


class HeldFeeds:
    """The part of an archive in SQLite that the churn guard works with; call it inside a transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def keep(self, term: Term, snapshot: Snapshot) -> None:
        """Remember a feed as readers have it now; it is held no longer."""
        values = (term.term_id, snapshot.length, snapshot.order, json.dumps(snapshot.ids))
        self._db.execute("INSERT OR REPLACE INTO snapshot VALUES (?, ?, ?, ?)", values)
        self._db.execute("DELETE FROM held WHERE term_id = ?", (term.term_id,))

    def snapshot(self, term: Term) -> Snapshot | None:
        """Return a feed as readers have it, without the articles that are meant to go."""
        found = self._db.execute(
            "SELECT length, by FROM snapshot WHERE term_id = ?", (term.term_id,)
        ).fetchone()
        if found is None:
            return None
        ids = self._db.execute(
            "SELECT a.id, json_extract(e.value, '$[1]'), json_extract(e.value, '$[2]')"
            " FROM snapshot CROSS JOIN json_each(snapshot.ids) e"
            " CROSS JOIN article a ON a.id = json_extract(e.value, '$[0]')"
            f" WHERE snapshot.term_id = ? AND a.status = 'usable' AND a.expires IS NULL AND {MAY_SHOW}"
            " ORDER BY e.key",
            (term.term_id, term.term_id),
        )
        return Snapshot(tuple(ids.fetchall()), *found)

    def tells_secrets(self, term: Term) -> bool:
        """Do readers of a public feed have an article in it that is private by now? It can't stay so."""
        found = self._db.execute(
            f"SELECT 1 FROM article WHERE NOT {MAY_SHOW} AND (id IN (SELECT json_extract(value, '$[0]')"
            " FROM json_each((SELECT ids FROM snapshot WHERE term_id = ?)))"
            " OR article_id IN (SELECT article_id FROM history JOIN touched_page USING (term_id, page)"
            " WHERE term_id = ?))",
            (term.term_id,) * 3,
        )
        return found.fetchone() is not None

    def hold(self, term: Term, objections: Sequence[str]) -> None:
        """Remember why a feed was not replaced."""
        values = (term.term_id, json.dumps(objections))
        self._db.execute("INSERT OR REPLACE INTO held VALUES (?, ?)", values)

    def drop(self, term: Term) -> None:
        """Forget what readers have of a feed that is taken away."""
        for table in ("snapshot", "held"):
            self._db.execute(f"DELETE FROM {table} WHERE term_id = ?", (term.term_id,))

    def every(self) -> list[tuple[Term, list[str]]]:
        """Return the feeds that are held, and why."""
        found = self._db.execute(
            "SELECT objections, held.term_id, kind, name, slug, feed_id"
            " FROM held LEFT JOIN term USING (term_id) WHERE held.term_id = ? OR kind IS NOT NULL"
            " ORDER BY held.term_id",
            (SITE,),
        )
        return [(THE_SITE if row[1] == SITE else Term(*row[1:]), json.loads(row[0])) for row in found]
