"""What brings an archive of an earlier version to this one."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable

from feeds.archive.history import enter
from feeds.archive.schema import NEW_TABLES, READING_TABLES, SERVING_TABLES, TERM_INDEXES
from feeds.archive.terms import begin, find, names_of

NEW_COLUMNS = (
    ("rejected", "reading INTEGER NOT NULL DEFAULT 0"),
    ("rejected", "url TEXT"),
    ("source", "gave_at TEXT"),
    ("source", "failures INTEGER NOT NULL DEFAULT 0"),
    ("source", "quiet INTEGER NOT NULL DEFAULT 0"),
    ("source", "next_at TEXT"),
    ("source", "settings TEXT NOT NULL DEFAULT ''"),
    ("article", "notice_until INTEGER"),
    ("article", "stated INTEGER"),
    ("article", "private INTEGER NOT NULL DEFAULT 0"),  # of version 3; `enter` asks for it
)


def _from_1(db: sqlite3.Connection) -> None:
    """Sources have schedules; tags are one kind of term; feeds have a history."""
    for table, column in NEW_COLUMNS:
        db.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    _create(db, NEW_TABLES)
    db.execute("INSERT INTO term SELECT tag_id, 'tag', name, slug, feed_id FROM tag")
    db.execute("INSERT INTO term_key SELECT 'tag', key, tag_id FROM tag")
    db.execute("INSERT INTO term_slug SELECT 'tag', slug, tag_id FROM tag")
    db.execute("INSERT INTO article_term SELECT tag_id, published, article_id FROM article_tag")
    db.execute("CREATE INDEX article_term_article ON article_term (article_id)")
    db.execute("DROP TABLE article_tag")
    db.execute("DROP TABLE tag")
    db.execute("ALTER TABLE touched RENAME COLUMN tag_id TO term_id")
    db.execute("ALTER TABLE document RENAME TO old_document")
    db.execute(
        "CREATE TABLE document (path TEXT PRIMARY KEY, term_id INTEGER NOT NULL, page INTEGER,"
        " digest BLOB NOT NULL, length INTEGER NOT NULL, modified INTEGER NOT NULL) STRICT, WITHOUT ROWID"
    )
    db.execute("INSERT INTO document SELECT path, tag_id, NULL, digest, length, modified FROM old_document")
    db.execute("DROP TABLE old_document")
    _join_terms(db)


def _from_2(db: sqlite3.Connection) -> None:
    """Feeds are served, some to those alone who have a token."""
    if "private" not in {row[1] for row in db.execute("PRAGMA table_info(article)")}:
        db.execute("ALTER TABLE article ADD COLUMN private INTEGER NOT NULL DEFAULT 0")
    _create(db, SERVING_TABLES)


def _from_3(db: sqlite3.Connection) -> None:
    """What one change costs does not grow with the archive."""
    _create(db, TERM_INDEXES)


def _from_4(db: sqlite3.Connection) -> None:
    """Rendered entries are kept in memory, and no longer here."""
    db.execute("DROP TABLE entry")
    _create(db, TERM_INDEXES)


def _from_5(db: sqlite3.Connection) -> None:
    """Of a file that changed, only the records that changed are read again."""
    _create(db, READING_TABLES)


def _create(db: sqlite3.Connection, tables: str) -> None:
    for statement in re.sub(r"--.*", "", tables).split(";"):
        db.execute(statement)


def _join_terms(db: sqlite3.Connection) -> None:
    """Let each article join its section, authors and language, and enter the history of its feeds."""
    from sources.article import Article

    entity = db.execute("SELECT value FROM meta WHERE key = 'tagging_entity'").fetchone()
    query = "SELECT article_id, published, data FROM article ORDER BY published"
    for article_id, published, data in db.execute(query).fetchall():
        for kind, name in names_of(Article.model_validate_json(data)):
            if kind != "tag":
                term = find(db, kind, name) or begin(db, kind, name, entity[0])
                values = (term.term_id, published, article_id)
                db.execute("INSERT OR IGNORE INTO article_term VALUES (?, ?, ?)", values)
                db.execute("INSERT OR IGNORE INTO touched VALUES (?)", (term.term_id,))
        enter(db, article_id, published, again=False)


# By the version that each starts from.
MIGRATIONS: dict[int, Callable[[sqlite3.Connection], None]] = {
    1: _from_1,
    2: _from_2,
    3: _from_3,
    4: _from_4,
    5: _from_5,
}
