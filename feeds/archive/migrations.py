"""What brings an archive of an earlier version to this one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from feeds.archive.schema import TERMS
from feeds.archive.terms import ensure, names_of
from sources.article import Article


def _schedules(db: sqlite3.Connection) -> None:
    for table, column in (
        ("rejected", "reading INTEGER NOT NULL DEFAULT 0"),
        ("rejected", "url TEXT"),
        ("source", "gave_at TEXT"),
        ("source", "failures INTEGER NOT NULL DEFAULT 0"),
        ("source", "quiet INTEGER NOT NULL DEFAULT 0"),
        ("source", "next_at TEXT"),
    ):
        db.execute(f"ALTER TABLE {table} ADD COLUMN {column}")


def _terms(db: sqlite3.Connection) -> None:
    """Tags become one kind of term; articles join those of their sections, authors and languages."""
    for statement in TERMS.split(";"):
        db.execute(statement)
    db.execute("INSERT INTO term SELECT tag_id, 'tag', name, slug, feed_id FROM tag")
    db.execute("INSERT INTO term_key SELECT 'tag', key, tag_id FROM tag")
    db.execute("INSERT INTO term_slug SELECT 'tag', slug, tag_id FROM tag")
    db.execute("INSERT INTO article_term SELECT tag_id, published, article_id FROM article_tag")
    db.execute("CREATE INDEX article_term_article ON article_term (article_id)")
    db.execute("DROP TABLE article_tag")
    db.execute("DROP TABLE tag")
    db.execute("ALTER TABLE touched RENAME COLUMN tag_id TO term_id")
    db.execute("ALTER TABLE document RENAME COLUMN tag_id TO term_id")
    _join_terms(db)


def _join_terms(db: sqlite3.Connection) -> None:
    entity = db.execute("SELECT value FROM meta WHERE key = 'tagging_entity'").fetchone()
    for article_id, published, data in db.execute(
        "SELECT article_id, published, data FROM article"
    ).fetchall():
        for kind, name in names_of(Article.model_validate_json(data)):
            if kind != "tag":
                term = ensure(db, kind, name, entity[0])
                values = (term.term_id, published, article_id)
                db.execute("INSERT OR IGNORE INTO article_term VALUES (?, ?, ?)", values)
                db.execute("INSERT OR IGNORE INTO touched VALUES (?)", (term.term_id,))


# By the version that each starts from.
MIGRATIONS: dict[int, Callable[[sqlite3.Connection], None]] = {1: _schedules, 2: _terms}
