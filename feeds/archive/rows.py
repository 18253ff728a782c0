"""An article's rows in SQLite: how one is found again, put in, and replaced."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import Any

from feeds.archive.archive import ArchiveError
from feeds.archive.decide import digest, dump
from feeds.archive.schema import SITE
from feeds.tags import slug_for
from sources.article import Article
from sources.identity import fold, mint_id


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


def insert(db: sqlite3.Connection, article: Article, tag_ids: list[int]) -> int:
    """Put an article in; return its row."""
    article_id = _insert(
        db,
        "INSERT INTO article (id, published, updated, status, embargoed_until, expires, digest, source, data)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (article.id, *_columns(article)),
    )
    _link(db, article_id, article, tag_ids)
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


def replace(db: sqlite3.Connection, article_id: int, article: Article, tag_ids: list[int]) -> None:
    """Put a new version in a row. The tags that the article leaves are touched, and those it joins."""
    db.execute(
        "UPDATE article SET published = ?, updated = ?, status = ?, embargoed_until = ?, expires = ?,"
        " digest = ?, source = ?, data = ? WHERE article_id = ?",
        (*_columns(article), article_id),
    )
    left = "SELECT tag_id FROM article_tag WHERE article_id = ?"
    db.execute(f"INSERT OR IGNORE INTO touched {left}", (article_id,))
    db.execute("DELETE FROM article_tag WHERE article_id = ?", (article_id,))
    db.execute("DELETE FROM entry WHERE article_id = ?", (article_id,))
    db.execute("DELETE FROM rejected WHERE source LIKE 'feeds/%' AND position = ?", (article.id,))
    _link(db, article_id, article, tag_ids)


def know(db: sqlite3.Connection, article_id: int, article: Article) -> None:
    """Let all that an article is known as lead to a row."""
    keys = [article.id, article.url, article.origin, *article.alternate_ids]
    db.executemany("INSERT OR IGNORE INTO known_as VALUES (?, ?)", [(k, article_id) for k in keys if k])


def _link(db: sqlite3.Connection, article_id: int, article: Article, tag_ids: list[int]) -> None:
    know(db, article_id, article)
    published = int(article.published.timestamp())
    db.executemany(
        "INSERT OR IGNORE INTO article_tag VALUES (?, ?, ?)", [(t, published, article_id) for t in tag_ids]
    )
    db.executemany("INSERT OR IGNORE INTO touched VALUES (?)", [(SITE,), *((t,) for t in tag_ids)])


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


def tag_id(db: sqlite3.Connection, name: str) -> int:
    """Return the row of a tag; a tag that is new gets a slug and a feed id for good."""
    key = fold(name)
    row = db.execute("SELECT tag_id FROM tag WHERE key = ?", (key,)).fetchone()
    if row:
        return int(row[0])

    def is_taken(slug: str) -> bool:
        return db.execute("SELECT 1 FROM tag WHERE slug = ?", (slug,)).fetchone() is not None

    slug = slug_for(name, is_taken)
    entity = db.execute("SELECT value FROM meta WHERE key = 'tagging_entity'").fetchone()
    if entity is None:
        raise ArchiveError("the archive is not begun: its tagging_entity is not set")
    feed_id = mint_id(entity[0], f"feeds/tags/{slug}")
    statement = "INSERT INTO tag (key, name, slug, feed_id) VALUES (?, ?, ?, ?)"
    return _insert(db, statement, (key, name, slug, feed_id))


def _insert(db: sqlite3.Connection, statement: str, values: tuple[Any, ...]) -> int:
    row = db.execute(statement, values).lastrowid
    if row is None:
        raise ArchiveError(f"SQLite gave no row for {statement!r}")
    return row
