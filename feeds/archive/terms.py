"""Terms: the tags, sections, authors and languages that articles are found by; each has a feed for good.

A term is found by many names (keys: aliases, names it had before) and has had many addresses (slugs); its
id, and so its feed's, never changes.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from feeds.archive.schema import DIRECTORY, SITE
from feeds.tags import plain_slug, slug_for
from sources.identity import fold, mint_id

if TYPE_CHECKING:
    from sources.article import Article

KINDS = {"tag": "tags", "section": "sections", "author": "authors", "language": "languages", "set": "combine"}


class TermError(Exception):
    """A term can't be changed as asked. The message names it and the mend."""


@dataclass(frozen=True, slots=True)
class Term:
    """What a feed is about.

    kind     `site`, one of KINDS, which names the folder too
    name     as people read it; slug: its address now; feed_id: for good (RFC 4287, section 4.2.6)
    """

    term_id: int
    kind: str
    name: str
    slug: str
    feed_id: str


THE_SITE = Term(SITE, "site", "", "", "")
THE_DIRECTORY = Term(DIRECTORY, "directory", "", "", "")


def names_of(article: Article) -> Iterable[tuple[str, str]]:
    """Yield the (kind, name) of every term an article belongs to."""
    yield from (("tag", name) for name in article.tags)
    yield from (("author", person.name) for person in article.authors if person.role == "author")
    if article.section:
        yield "section", article.section
    if article.language:
        yield "language", article.language


def find(db: sqlite3.Connection, kind: str, name: str) -> Term | None:
    """Return the term that a name leads to."""
    row = db.execute(
        "SELECT term.* FROM term_key JOIN term USING (term_id) WHERE term_key.kind = ? AND key = ?",
        (kind, fold(name)),
    ).fetchone()
    return Term(*row) if row else None


def at(db: sqlite3.Connection, kind: str, slug: str) -> Term | None:
    """Return the term that has an address, or had it before."""
    row = db.execute(
        "SELECT term.* FROM term_slug s JOIN term USING (term_id) WHERE s.kind = ? AND s.slug = ?",
        (kind, slug),
    ).fetchone()
    return Term(*row) if row else None


def find_all(db: sqlite3.Connection, kind: str, names: Iterable[str]) -> dict[str, Term]:
    """Return the terms that names lead to, by name; those that lead to none are left out."""
    keys = {name: fold(name) for name in names}
    found = db.execute(
        "SELECT key, term.* FROM term_key JOIN term USING (term_id)"
        " WHERE term_key.kind = ? AND key IN (SELECT value FROM json_each(?))",
        (kind, json.dumps(list(set(keys.values())))),
    )
    there = {key: Term(*row) for key, *row in found}
    return {name: there[key] for name, key in keys.items() if key in there}


def begin(db: sqlite3.Connection, kind: str, name: str, entity: str) -> Term:
    """Make the term of a new name: it gets an address and a feed id for good."""
    # A combination is named by its address (feeds.combination).
    slug = name if kind == "set" else slug_for(name, lambda slug: is_taken(db, kind, slug))
    feed_id = mint_id(entity, f"feeds/{KINDS[kind]}/{slug}")
    statement = "INSERT INTO term (kind, name, slug, feed_id) VALUES (?, ?, ?, ?) RETURNING term_id"
    (term_id,) = db.execute(statement, (kind, name, slug, feed_id)).fetchone()
    db.execute("INSERT INTO term_key VALUES (?, ?, ?)", (kind, fold(name), term_id))
    db.execute("INSERT INTO term_slug VALUES (?, ?, ?)", (kind, slug, term_id))
    return Term(term_id, kind, name, slug, feed_id)


def is_taken(db: sqlite3.Connection, kind: str, slug: str) -> bool:
    """Is an address some term's, now or before? It is then never another's."""
    found = db.execute("SELECT 1 FROM term_slug WHERE kind = ? AND slug = ?", (kind, slug)).fetchone()
    return found is not None


def touch_directory(db: sqlite3.Connection) -> None:
    """Have the directory of feeds written anew."""
    db.execute("INSERT OR IGNORE INTO touched VALUES (?)", (DIRECTORY,))


def is_touched(db: sqlite3.Connection, term_id: int) -> bool:
    """Is a feed to be built anew?"""
    return db.execute("SELECT 1 FROM touched WHERE term_id = ?", (term_id,)).fetchone() is not None


def with_feeds(db: sqlite3.Connection) -> Iterator[Term]:
    """Yield the terms that have a feed."""
    found = db.execute(
        "SELECT * FROM term WHERE term_id IN (SELECT term_id FROM document WHERE page IS NULL)"
        " ORDER BY kind, slug"
    )
    return (Term(*row) for row in found)


def numbered(db: sqlite3.Connection, rows: Sequence[int]) -> list[Term]:
    """Return terms by their rows, in this order."""
    found = db.execute(
        "SELECT wanted.value, term.* FROM json_each(?) wanted LEFT JOIN term ON term_id = wanted.value"
        " ORDER BY wanted.key",
        (json.dumps(list(rows)),),
    )
    return [THE_SITE if row == SITE else Term(*fields) for row, *fields in found]


def touch_articles(db: sqlite3.Connection, articles: str, values: Sequence[object]) -> None:
    """Touch every feed that holds one of the articles that a SELECT gives."""
    db.execute(
        f"INSERT OR IGNORE INTO touched SELECT term_id FROM article_term WHERE article_id IN ({articles})",
        values,
    )
    db.execute(f"INSERT OR IGNORE INTO touched SELECT {SITE} WHERE EXISTS ({articles})", values)


def addresses(db: sqlite3.Connection, found: Sequence[Term]) -> set[str]:
    """Return all addresses of tags, those they had before with them."""
    query = "SELECT slug FROM term_slug WHERE kind = 'tag' AND term_id = ?"
    return {slug for term in found if term.kind == "tag" for (slug,) in db.execute(query, (term.term_id,))}


def retired(db: sqlite3.Connection) -> list[tuple[str, str]]:
    """Return (kind, slug) of every feed that was there, and is not to be any more."""
    query = (
        "SELECT kind, slug FROM term JOIN freshness USING (term_id)"
        " WHERE term_id NOT IN (SELECT term_id FROM document) ORDER BY kind, slug"
    )
    return [(kind, slug) for kind, slug in db.execute(query)]


def former(db: sqlite3.Connection) -> list[tuple[str, str, str]]:
    """Return (kind, old slug, slug now) for every address that leads elsewhere now, in order."""
    found = db.execute(
        "SELECT s.kind, s.slug, t.slug FROM term_slug s JOIN term t USING (term_id)"
        " WHERE s.slug <> t.slug ORDER BY s.kind, s.slug"
    )
    return list(found)


def every(db: sqlite3.Connection, kind: str | None = None, limit: int = -1) -> list[tuple[Term, int]]:
    """Return terms with their number of articles, most used first. limit: the first so many; -1: all."""
    found = db.execute(
        "SELECT term.*, (SELECT count(*) FROM article_term a WHERE a.term_id = term.term_id) n"
        f" FROM term {'WHERE kind = ?' if kind else ''} ORDER BY n DESC, kind, slug LIMIT ?",
        (kind, limit) if kind else (limit,),
    )
    return [(Term(*row[:-1]), row[-1]) for row in found]


def numbers(db: sqlite3.Connection) -> dict[str, int]:
    """Return how many terms there are of each kind."""
    return dict(db.execute("SELECT kind, count(*) FROM term GROUP BY kind"))


def suffixed(db: sqlite3.Connection) -> list[Term]:
    """Return the tags whose address is another than each would have alone."""
    # Of most names SQL can tell by itself that they are not; the rest is looked at more closely.
    found = db.execute(
        "SELECT * FROM term WHERE kind = 'tag' AND slug <> replace(lower(name), ' ', '-')"
        " ORDER BY (SELECT count(*) FROM article_term a WHERE a.term_id = term.term_id) DESC, slug"
    )
    return [term for term in (Term(*row) for row in found) if term.slug != plain_slug(term.name)]
