"""Bulk: many articles put into SQLite at once, of which none was there before."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence

from feeds.archive import history, privacy
from feeds.archive.incoming import Incoming
from feeds.archive.schema import SITE


def known(db: sqlite3.Connection, batch: Iterable[Incoming]) -> set[str]:
    """Return those of the names and addresses of some articles that lead to one already."""
    keys = json.dumps([key for one in batch for key in one.keys])
    found = db.execute("SELECT key FROM known_as WHERE key IN (SELECT value FROM json_each(?))", (keys,))
    return {key for (key,) in found}


def insert(
    db: sqlite3.Connection, batch: Sequence[Incoming], terms: Sequence[Sequence[int]], now: int
) -> range:
    """Put new articles in, let them enter their feeds and touch those; return their rows.

    terms: of each article, by their rows.
    """
    (first,) = db.execute("SELECT coalesce(max(article_id), 0) + 1 FROM article").fetchone()
    rows = range(first, first + len(batch))
    numbered = list(zip(rows, batch, terms, strict=True))
    db.executemany(
        "INSERT INTO article (article_id, id, published, updated, status, embargoed_until, expires, digest,"
        " source, data, stated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ((row, *columns(one), one.modified) for row, one, _ in numbered),
    )
    # In the order of their trees: neighbours are put beside each other.
    db.executemany(
        "INSERT OR IGNORE INTO known_as VALUES (?, ?)",
        sorted((key, row) for row, one, _ in numbered for key in one.keys),
    )
    places = {(term_id, one.published, row) for row, one, term_ids in numbered for term_id in term_ids}
    db.executemany("INSERT INTO article_term VALUES (?, ?, ?)", sorted(places))
    touched = {(term_id,) for term_id, _, _ in places}
    db.executemany("INSERT OR IGNORE INTO touched VALUES (?)", [(SITE,), *sorted(touched)])
    privacy.mark(db, rows)
    history.begin(db, rows, now)
    return rows


def columns(one: Incoming) -> tuple[object, ...]:
    """Return what the table `article` has of an article, from its id to its data."""
    return (
        one.id,
        one.published,
        one.updated,
        one.status,
        one.embargoed_until,
        one.expires,
        one.digest,
        one.source,
        one.data,
    )
