"""Calling: terms called otherwise than before, given other names, or let go up in one another."""

from __future__ import annotations

import sqlite3

from feeds.archive.schema import NOWHERE
from feeds.archive.terms import Term, TermError, find, touch_articles, touch_directory
from feeds.tags import plain_slug, slug_for
from sources.identity import fold
from sources.text import strip_forbidden


def named(db: sqlite3.Connection, term: Term, name: str, slug: str | None = None) -> Term:
    """Have a term spelt so, at this address if one is wanted; nothing is done where it is so already.

    A name that it had before leads to it and is no wish to have it back.
    """
    if fold(name) != fold(term.name):
        name = term.name
    if term.name == name and slug in {None, term.slug}:
        return term
    return rename(db, term, name, slug or term.slug)


def alias(db: sqlite3.Connection, term: Term, name: str) -> Term | None:
    """Let a name, and the address it would have, lead to a term. Return the term that it is itself, if so."""
    other = find(db, term.kind, _checked(name))
    if other is not None:
        return other if other.term_id != term.term_id else None
    db.execute("INSERT INTO term_key VALUES (?, ?, ?)", (term.kind, fold(name), term.term_id))
    address = (term.kind, plain_slug(name), term.term_id)
    db.execute("INSERT OR IGNORE INTO term_slug VALUES (?, ?, ?)", address)
    db.execute("INSERT OR IGNORE INTO touched VALUES (?)", (term.term_id,))
    touch_directory(db)
    return None


def merge(db: sqlite3.Connection, gone: Term, into: Term) -> None:
    """Let one term go up in another: its articles, names and addresses lead there from now on."""
    if gone.term_id == into.term_id:
        raise TermError(f"{gone.name} and {into.name} are one {into.kind} already")
    pair = (into.term_id, gone.term_id)
    _touch_namesakes(db, gone)
    _leave_folder(db, gone)
    db.execute("UPDATE term_key SET term_id = ? WHERE term_id = ?", pair)
    db.execute("UPDATE term_slug SET term_id = ? WHERE term_id = ?", pair)
    db.execute("UPDATE OR IGNORE article_term SET term_id = ? WHERE term_id = ?", pair)
    for table in ("article_term", "history", "touched", "touched_page", "held", "snapshot", "term"):
        db.execute(f"DELETE FROM {table} WHERE term_id = ?", (gone.term_id,))
    _touch_namesakes(db, into)


def _checked(name: str) -> str:
    """Return a name that people can read. Raises TermError for one that is none."""
    if strip_forbidden(name)[1] or not fold(name):
        raise TermError(f"{name!r} is no name: it is empty, or holds what no feed can")
    return name


def rename(db: sqlite3.Connection, term: Term, name: str, slug: str | None = None) -> Term:
    """Give a term another name, and the address that goes with it; the old ones still lead to it."""
    other = find(db, term.kind, _checked(name))
    if other and other.term_id != term.term_id:
        raise TermError(f"{name} is a {term.kind} already: merge {term.name} into it instead")
    if slug and slug != plain_slug(slug):
        raise TermError(f"{slug!r} is no address: write it as {plain_slug(slug)}")
    wanted = slug or slug_for(name, lambda slug: _owner(db, term.kind, slug) not in {None, term.term_id})
    if _owner(db, term.kind, wanted) not in {None, term.term_id}:
        raise TermError(f"{wanted} is, or was, the address of another {term.kind}: choose another")
    db.execute("UPDATE term SET name = ?, slug = ? WHERE term_id = ?", (name, wanted, term.term_id))
    db.execute("INSERT OR IGNORE INTO term_key VALUES (?, ?, ?)", (term.kind, fold(name), term.term_id))
    db.execute("INSERT OR IGNORE INTO term_slug VALUES (?, ?, ?)", (term.kind, wanted, term.term_id))
    _touch_namesakes(db, term)
    if wanted != term.slug:
        _leave_folder(db, term)
        pages = "SELECT DISTINCT term_id, page FROM history WHERE term_id = ? AND page IS NOT NULL"
        db.execute(f"INSERT OR IGNORE INTO touched_page {pages}", (term.term_id,))
    return Term(term.term_id, term.kind, name, wanted, term.feed_id)


def _leave_folder(db: sqlite3.Connection, term: Term) -> None:
    """Have the documents at a term's old address taken away."""
    db.execute("UPDATE document SET term_id = ? WHERE term_id = ?", (NOWHERE, term.term_id))


def _owner(db: sqlite3.Connection, kind: str, slug: str) -> int | None:
    row = db.execute("SELECT term_id FROM term_slug WHERE kind = ? AND slug = ?", (kind, slug)).fetchone()
    return int(row[0]) if row else None


def _touch_namesakes(db: sqlite3.Connection, term: Term) -> None:
    """Touch every feed with an entry that names a term."""
    articles = "SELECT article_id FROM article_term WHERE term_id = ?"
    touch_articles(db, articles, (term.term_id,))
    db.execute("INSERT OR IGNORE INTO touched VALUES (?)", (term.term_id,))
    touch_directory(db)
