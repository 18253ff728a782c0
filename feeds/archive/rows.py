"""An article's rows in SQLite: how one is found again, put in, and replaced."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime

from feeds.archive import privacy
from feeds.archive.bulk import columns
from feeds.archive.incoming import Incoming, incoming
from feeds.archive.kept import dump, load
from feeds.archive.schema import SITE
from sources.article import Article


def find(db: sqlite3.Connection, one: Incoming) -> int | None:
    """Find the row of an article by what it is known as: id, alternate ids, origin, URL."""
    for key in one.names:
        if known := _known(db, key):
            return known[0]
    # One address under two ids of their own: two articles (a live blog's posts). If one of the two has
    # no other id than the address, or they come from two sources, they are the same article.
    if one.url and (known := _known(db, one.url)):
        article_id, id_, source = known
        if one.url in {one.id, id_} or source != one.source:
            return article_id
    return None


def _known(db: sqlite3.Connection, key: str) -> tuple[int, str, str] | None:
    row: tuple[int, str, str] | None = db.execute(
        "SELECT article_id, id, source FROM known_as JOIN article USING (article_id) WHERE key = ?", (key,)
    ).fetchone()
    return row


def known_as(db: sqlite3.Connection, key: str) -> int | None:
    """Return the row of the article that an id or an address leads to."""
    known = _known(db, key)
    return known[0] if known else None


def status(db: sqlite3.Connection, article_id: int) -> str:
    """Return whether an article is `usable`, `withheld` or `canceled`, its withdrawals considered."""
    return str(db.execute("SELECT status FROM article WHERE article_id = ?", (article_id,)).fetchone()[0])


def set_status(db: sqlite3.Connection, article_id: int, status: str) -> None:
    """Say what an article is, whatever its record says."""
    db.execute("UPDATE article SET status = ? WHERE article_id = ?", (status, article_id))


def revisions(db: sqlite3.Connection, article_id: int) -> list[tuple[str, Article]]:
    """Return the earlier versions of an article, each with the moment at which it was replaced."""
    query = "SELECT stored_at, data FROM revision WHERE article_id = ? ORDER BY number"
    return [(at, load(data)) for at, data in db.execute(query, (article_id,))]


def is_as_kept(db: sqlite3.Connection, article_id: int, one: Incoming) -> bool:
    """Is this, to the letter, the version in the row? Told by its digest, without reading what is kept."""
    (kept,) = db.execute("SELECT digest FROM article WHERE article_id = ?", (article_id,)).fetchone()
    return bool(kept == one.digest)


def keep_revision(db: sqlite3.Connection, article_id: int, kept: Article, now: datetime) -> None:
    """Remember the version that is about to be replaced."""
    (count,) = db.execute("SELECT count(*) FROM revision WHERE article_id = ?", (article_id,)).fetchone()
    values = (article_id, count + 1, now.isoformat(), dump(kept))
    db.execute("INSERT INTO revision VALUES (?, ?, ?, ?)", values)


def was(db: sqlite3.Connection, article_id: int, article: Article) -> bool:
    """Is this, to the letter, an earlier version of what is in the row?"""
    query = "SELECT 1 FROM revision WHERE article_id = ? AND data = ?"
    return db.execute(query, (article_id, dump(article))).fetchone() is not None


def stated(db: sqlite3.Connection, article_id: int, kept: Article) -> datetime:
    """Return when an article changed last in its source's own words, whatever dates we gave it since."""
    (found,) = db.execute("SELECT stated FROM article WHERE article_id = ?", (article_id,)).fetchone()
    return kept.modified if found is None else datetime.fromtimestamp(found, UTC)


def replace(
    db: sqlite3.Connection, article_id: int, article: Article, term_ids: Sequence[int], stated: datetime
) -> None:
    """Put a new version in a row. The terms that the article leaves are touched, and those it joins.

    stated: when it changed in its source's own words.
    """
    new = incoming(article)
    db.execute(
        "UPDATE article SET id = ?, published = ?, updated = ?, status = ?, embargoed_until = ?, expires = ?,"
        " digest = ?, source = ?, data = ?, stated = ? WHERE article_id = ?",
        (*columns(new), int(stated.timestamp()), article_id),
    )
    left = "SELECT term_id FROM article_term WHERE article_id = ?"
    db.execute(f"INSERT OR IGNORE INTO touched {left}", (article_id,))
    db.execute("DELETE FROM article_term WHERE article_id = ?", (article_id,))
    db.execute("DELETE FROM rejected WHERE source LIKE 'feeds/%' AND position = ?", (article.id,))
    know(db, article_id, new)
    places = {(term_id, new.published, article_id) for term_id in term_ids}
    db.executemany("INSERT INTO article_term VALUES (?, ?, ?)", sorted(places))
    db.executemany("INSERT OR IGNORE INTO touched VALUES (?)", [(SITE,), *((t,) for t in term_ids)])
    privacy.mark(db, range(article_id, article_id + 1))


def know(db: sqlite3.Connection, article_id: int, one: Incoming) -> None:
    """Let all that an article is known as lead to a row."""
    db.executemany("INSERT OR IGNORE INTO known_as VALUES (?, ?)", [(key, article_id) for key in one.keys])
