"""An article's rows in SQLite: how one is found again, put in, and replaced."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from typing import Any

from feeds.archive import privacy
from feeds.archive.kept import digest, dump, load
from feeds.archive.schema import SITE
from feeds.archive.values import ArchiveError
from sources.article import Article


def find(db: sqlite3.Connection, article: Article) -> int | None:
    """Find the row of an article by what it is known as: id, alternate ids, origin, URL."""
    for key in (article.id, *article.alternate_ids, article.origin):
        if key and (known := _known(db, key)):
            return known[0]
    # One address under two ids of their own: two articles (a live blog's posts). If one of the two has
    # no other id than the address, or they come from two sources, they are the same article.
    if article.url and (known := _known(db, article.url)):
        article_id, id_, source = known
        if article.url in {article.id, id_} or source != article.source:
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


def insert(db: sqlite3.Connection, article: Article, term_ids: list[int]) -> int:
    """Put an article in; return its row."""
    article_id = _insert(
        db,
        "INSERT INTO article"
        " (id, published, updated, status, embargoed_until, expires, digest, source, data, stated)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (article.id, *_columns(article), int(article.modified.timestamp())),
    )
    _link(db, article_id, article, term_ids)
    return article_id


def is_as_kept(db: sqlite3.Connection, article_id: int, article: Article) -> bool:
    """Is this, to the letter, the version in the row? Told by its digest, without reading what is kept."""
    (kept,) = db.execute("SELECT digest FROM article WHERE article_id = ?", (article_id,)).fetchone()
    return bool(kept == digest(dump(article)))


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
    db: sqlite3.Connection, article_id: int, article: Article, term_ids: list[int], stated: datetime
) -> None:
    """Put a new version in a row. The terms that the article leaves are touched, and those it joins.

    stated: when it changed in its source's own words.
    """
    db.execute(
        "UPDATE article SET published = ?, updated = ?, status = ?, embargoed_until = ?, expires = ?,"
        " digest = ?, source = ?, data = ?, stated = ? WHERE article_id = ?",
        (*_columns(article), int(stated.timestamp()), article_id),
    )
    left = "SELECT term_id FROM article_term WHERE article_id = ?"
    db.execute(f"INSERT OR IGNORE INTO touched {left}", (article_id,))
    db.execute("DELETE FROM article_term WHERE article_id = ?", (article_id,))
    db.execute("DELETE FROM rejected WHERE source LIKE 'feeds/%' AND position = ?", (article.id,))
    _link(db, article_id, article, term_ids)


def know(db: sqlite3.Connection, article_id: int, article: Article) -> None:
    """Let all that an article is known as lead to a row."""
    keys = [article.id, article.url, article.origin, *article.alternate_ids]
    db.executemany("INSERT OR IGNORE INTO known_as VALUES (?, ?)", [(k, article_id) for k in keys if k])


def _link(db: sqlite3.Connection, article_id: int, article: Article, term_ids: list[int]) -> None:
    know(db, article_id, article)
    published = int(article.published.timestamp())
    db.executemany(
        "INSERT OR IGNORE INTO article_term VALUES (?, ?, ?)", [(t, published, article_id) for t in term_ids]
    )
    privacy.mark(db, article_id)
    db.executemany("INSERT OR IGNORE INTO touched VALUES (?)", [(SITE,), *((t,) for t in term_ids)])


def _columns(article: Article) -> tuple[Any, ...]:
    data = dump(article)
    return (
        int(article.published.timestamp()),
        int(article.updated.timestamp()),
        article.status,
        int(article.embargoed_until.timestamp()) if article.embargoed_until else None,
        int(article.expires.timestamp()) if article.expires else None,
        digest(data),
        article.source,
        data,
    )


def _insert(db: sqlite3.Connection, statement: str, values: tuple[Any, ...]) -> int:
    row = db.execute(statement, values).lastrowid
    if row is None:
        raise ArchiveError(f"SQLite gave no row for {statement!r}")
    return row
