"""Select: the queries that choose the articles of a feed."""

from __future__ import annotations

import sqlite3

from feeds.archive.schema import SITE
from feeds.archive.values import Listed
from feeds.combination import Combination

MOMENTS = ("published", "embargoed_until", "expires")  # at which an article comes or goes by itself
COLUMNS = "a.article_id, a.id, a.published, a.updated, CASE a.status WHEN 'usable' THEN a.digest END"
# What may be seen at a moment (:now); a date in the future is an embargo.
SHOWN = (
    "a.published <= :now AND (a.status = 'usable' OR coalesce(a.notice_until, 0) > :now)"
    " AND (a.embargoed_until IS NULL OR a.embargoed_until <= :now)"
    " AND (a.expires IS NULL OR a.expires > :now)"
)
PUBLIC = "a.private = 0"  # what public feeds show of it: see feeds.archive.privacy
PRIVATE_TERMS = "(SELECT value FROM json_each((SELECT value FROM meta WHERE key = 'private'), '$.terms'))"
ORDERS = {"published": "a.published DESC, a.id DESC", "updated": "a.updated DESC, a.id DESC"}


def of_site(db: sqlite3.Connection, limit: int, now: int, order: str) -> list[Listed]:
    """Return the newest of all articles."""
    query = f"FROM article a WHERE {SHOWN} AND {PUBLIC} ORDER BY {ORDERS[order]}"
    return _listed(db, query, limit, now, {})


def of_term(db: sqlite3.Connection, term_id: int, limit: int, now: int, order: str) -> list[Listed]:
    """Return the newest of a term: neighbours in its index."""
    by = ORDERS[order].replace("a.published", "t.published")
    query = (
        "FROM article_term t JOIN article a USING (article_id)"
        f" WHERE t.term_id = :term AND {SHOWN} AND ({PUBLIC} OR :term IN {PRIVATE_TERMS}) ORDER BY {by}"
    )
    return _listed(db, query, limit, now, {"term": term_id})


def of_combination(
    db: sqlite3.Connection, combined: Combination, limit: int, now: int, order: str, is_private: bool = False
) -> list[Listed]:
    """Return the newest that have all of some tags, or any of some, and none of others.

    is_private: for those alone who have a token: private articles too.
    """
    conditions = [f"a.article_id IN ({_tagged(name)})" for name in combined.all_of]
    if combined.any_of:
        conditions.append("(" + " OR ".join(f"a.article_id IN ({_tagged(n)})" for n in combined.any_of) + ")")
    conditions += [f"a.article_id NOT IN ({_tagged(name)})" for name in combined.none_of]
    if not is_private:
        conditions.append(PUBLIC)
    query = f"FROM article a WHERE {SHOWN} AND {' AND '.join(conditions)} ORDER BY {ORDERS[order]}"
    return _listed(db, query, limit, now, {})


def _tagged(slug: str) -> str:
    # A slug is letters, digits, marks and hyphens: no quote can stand in it (sources.identity.slug).
    return (
        "SELECT article_id FROM article_term JOIN term_slug USING (term_id)"
        f" WHERE kind = 'tag' AND slug = '{slug}'"
    )


def _listed(db: sqlite3.Connection, query: str, limit: int, now: int, values: dict[str, int]) -> list[Listed]:
    found = db.execute(f"SELECT {COLUMNS} {query} LIMIT :limit", {"now": now, "limit": limit, **values})
    return list(map(Listed._make, found))


def next_change(db: sqlite3.Connection, now: int, term_id: int = SITE) -> int | None:
    """Return the next moment at which a feed must change by itself: an embargo, an expiry, a notice.

    The site's holds every article, so its moment is that of all feeds.
    """
    is_in = (
        f"(:term = {SITE} OR EXISTS (SELECT 1 FROM article_term t"
        " WHERE t.term_id = :term AND t.article_id = x.article_id))"
    )
    moments = [
        db.execute(
            f"SELECT min({column}) FROM {table} x WHERE {column} > :now AND {is_in}",
            {"now": now, "term": term_id},
        ).fetchone()[0]
        for table, column in (*(("article", moment) for moment in MOMENTS), ("withdrawal", "until"))
    ]
    return min(filter(None, moments), default=None)
