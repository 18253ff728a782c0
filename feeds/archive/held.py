"""Held feeds: what readers have of each feed, and the feeds that were not replaced (feeds.guard)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from feeds.archive.schema import SITE
from feeds.archive.terms import THE_SITE, Term
from feeds.guard import Snapshot


def keep(db: sqlite3.Connection, term_id: int, snapshot: Snapshot) -> None:
    """Remember a feed as readers have it; it is held no longer."""
    values = (term_id, snapshot.length, snapshot.order, json.dumps(snapshot.ids))
    db.execute("INSERT OR REPLACE INTO snapshot VALUES (?, ?, ?, ?)", values)
    db.execute("DELETE FROM held WHERE term_id = ?", (term_id,))


def snapshot(db: sqlite3.Connection, term_id: int) -> Snapshot | None:
    """Return a feed as readers have it, without the articles that are meant to go."""
    found = db.execute("SELECT length, by, ids FROM snapshot WHERE term_id = ?", (term_id,)).fetchone()
    if found is None:
        return None
    length, order, ids = found
    usable = "SELECT 1 FROM article WHERE id = ? AND status = 'usable' AND expires IS NULL"
    there = [entry for entry in json.loads(ids) if db.execute(usable, (entry[0],)).fetchone()]
    return Snapshot(tuple((id_, published, updated) for id_, published, updated in there), length, order)


def hold(db: sqlite3.Connection, term_id: int, objections: Sequence[str]) -> None:
    """Remember why a feed was not replaced."""
    db.execute("INSERT OR REPLACE INTO held VALUES (?, ?)", (term_id, json.dumps(objections)))


def every(db: sqlite3.Connection) -> list[tuple[Term, list[str]]]:
    """Return the feeds that are held, and why."""
    found = db.execute(
        "SELECT objections, held.term_id, kind, name, slug, feed_id FROM held LEFT JOIN term USING (term_id)"
        " ORDER BY held.term_id"
    )
    return [(THE_SITE if row[1] == SITE else Term(*row[1:]), json.loads(row[0])) for row in found]
