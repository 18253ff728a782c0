"""History: the order in which articles entered each feed, and the sealed pages of its archive (RFC 5005).

What enters a feed is pending until there is enough for a page. A page, once sealed, changes only when
something must leave it; what is published again goes into a newer one (section 4, F-72).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from feeds.archive.schema import SITE
from feeds.archive.select import COLUMNS, PRIVATE_TERMS, PUBLIC, SHOWN
from feeds.archive.terms import THE_SITE, Term
from feeds.archive.values import Listed

# The feeds that an article is in: its terms', and the site's.
FEEDS = f"SELECT term_id FROM article_term WHERE article_id = :article UNION ALL SELECT {SITE}"

# Is an article (a) still in the feed that it once entered (h)?
IS_IN = (
    f"h.term_id = {SITE} OR EXISTS (SELECT 1 FROM article_term t"
    " WHERE t.term_id = h.term_id AND t.published = a.published AND t.article_id = h.article_id)"
)

# And may that feed show it? A public one shows no private article.
MAY_SHOW = f"({SHOWN} AND ({PUBLIC} OR h.term_id IN {PRIVATE_TERMS}))"


def enter(db: sqlite3.Connection, article_id: int, now: int, again: bool) -> None:
    """Let an article that may be seen enter the feeds it is in and was not; all of them, if `again`."""
    db.execute(
        "INSERT INTO history (term_id, article_id, held)"
        f" SELECT h.term_id, :article, :again FROM article a CROSS JOIN ({FEEDS}) h"
        f" WHERE a.article_id = :article AND {MAY_SHOW}"
        " AND NOT EXISTS (SELECT 1 FROM history e WHERE e.article_id = :article"
        " AND e.term_id = h.term_id AND (e.page IS NULL OR NOT :again))",
        {"article": article_id, "now": now, "again": again},
    )


def begin(db: sqlite3.Connection, rows: range, now: int) -> None:
    """Let new articles enter the feeds they are in, where they may be seen."""
    for feeds in ("article_term h USING (article_id)", f"(SELECT {SITE} AS term_id) h"):
        db.execute(
            "INSERT INTO history (term_id, article_id)"
            f" SELECT h.term_id, a.article_id FROM article a JOIN {feeds}"
            f" WHERE a.article_id BETWEEN :first AND :last AND {MAY_SHOW} ORDER BY h.term_id, a.article_id",
            {"first": rows[0], "last": rows[-1], "now": now},
        )


def carry(db: sqlite3.Connection, gone: Term, into: Term) -> None:
    """Let what readers of one feed had and those of another had not enter that one: see terms.merge."""
    is_in = "EXISTS (SELECT 1 FROM article_term t WHERE t.article_id = h.article_id AND t.term_id = {})"
    db.execute(
        "INSERT INTO history (term_id, article_id) SELECT DISTINCT :into, article_id FROM history h"
        f" WHERE term_id = :gone AND {is_in.format(':gone')} AND NOT {is_in.format(':into')}"
        " AND NOT EXISTS (SELECT 1 FROM history n WHERE n.term_id = :into"
        " AND n.article_id = h.article_id AND n.page IS NULL)",
        {"into": into.term_id, "gone": gone.term_id},
    )


def leave(db: sqlite3.Connection, article_id: int, now: int) -> None:
    """Have the sealed pages made anew that hold an article which is out of the feed by now, or unseen."""
    db.execute(
        "INSERT OR IGNORE INTO touched_page SELECT h.term_id, h.page FROM history h"
        " JOIN article a USING (article_id) WHERE h.article_id = :article AND h.page IS NOT NULL"
        f" AND NOT (({IS_IN}) AND {MAY_SHOW})",
        {"article": article_id, "now": now},
    )
    db.execute(
        "INSERT OR IGNORE INTO touched SELECT DISTINCT term_id FROM history WHERE article_id = ?",
        (article_id,),
    )


def due(db: sqlite3.Connection, since: int, now: int) -> None:
    """Let in whose embargo ended between two moments, and out who expired, or was told of long enough."""
    moments = (since, now)
    for column in ("published", "embargoed_until"):
        for (article_id,) in db.execute(_between(column), moments).fetchall():
            enter(db, article_id, now, again=True)  # a page that it was on before was made without it
    over = "SELECT article_id FROM withdrawal WHERE until > ? AND until <= ?"
    for query in (_between("expires"), over):
        for (article_id,) in db.execute(query, moments).fetchall():
            leave(db, article_id, now)


def _between(column: str) -> str:
    return f"SELECT article_id FROM article WHERE {column} > ? AND {column} <= ?"


def release(db: sqlite3.Connection, term_id: int) -> None:
    """Note that the feed itself was published: what was held for it may go onto a page."""
    # Left to choose, SQLite looks through all that is pending.
    db.execute(
        "UPDATE history INDEXED BY history_held SET held = 0 WHERE term_id = ? AND held = 1", (term_id,)
    )


def feeds_of(db: sqlite3.Connection, article_id: int) -> list[Term]:
    """Return the feeds that an article was ever in; the site's is THE_SITE."""
    found = db.execute(
        "SELECT DISTINCT term.* FROM history JOIN term USING (term_id) WHERE article_id = ?"
        " ORDER BY kind, slug",
        (article_id,),
    )
    site = db.execute("SELECT 1 FROM history WHERE article_id = ? AND term_id = ?", (article_id, SITE))
    return [*([THE_SITE] if site.fetchone() else []), *(Term(*row) for row in found)]


class History:
    """The part of an archive in SQLite that leads into a feed's past; call it inside a transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def is_empty(self, term: Term) -> bool:
        """Has a feed never shown anything? What a public one showed while it was private does not count."""
        query = "SELECT 1 FROM history WHERE term_id = ?"
        return self._db.execute(query, (term.term_id,)).fetchone() is None

    def pending(self, term: Term, now: datetime) -> list[Listed]:
        """Return what is in a feed and on no page yet, what changed last at the end."""
        return self._of_page(term, "IS NULL", now, "a.updated, a.published, a.id")

    def page(self, term: Term, number: int, now: datetime) -> list[Listed]:
        """Return what a page holds, newest first; what was published again since then is on a newer one."""
        newer = (
            "NOT EXISTS (SELECT 1 FROM history n WHERE n.term_id = h.term_id AND n.article_id = h.article_id"
            " AND (n.page IS NULL OR n.page > h.page)) AND "
        )
        return self._of_page(term, f"= {number:d}", now, "a.published DESC, a.id DESC", newer)

    def _of_page(self, term: Term, number: str, now: datetime, order: str, also: str = "") -> list[Listed]:
        found = self._db.execute(
            f"SELECT {COLUMNS} FROM history h JOIN article a USING (article_id)"
            f" WHERE h.term_id = :term AND h.page {number} AND {also}({IS_IN}) AND {MAY_SHOW}"
            f" ORDER BY {order}",
            {"term": term.term_id, "now": int(now.timestamp())},
        )
        return list(map(Listed._make, found))

    def held(self, term: Term) -> set[int]:
        """Return what was published again and must be in the feed itself before it goes onto a page."""
        query = "SELECT article_id FROM history INDEXED BY history_held WHERE term_id = ? AND held = 1"
        return {article_id for (article_id,) in self._db.execute(query, (term.term_id,))}

    def seal(self, term: Term, articles: Iterable[int]) -> None:
        """Put pending articles on a new page."""
        number = self.pages(term) + 1
        self._db.executemany(
            "UPDATE history SET page = ? WHERE term_id = ? AND article_id = ? AND page IS NULL",
            [(number, term.term_id, article_id) for article_id in articles],
        )

    def pages(self, term: Term) -> int:
        """Return how many sealed pages a feed has; they are numbered from 1."""
        query = "SELECT max(page) FROM history WHERE term_id = ?"
        return int(self._db.execute(query, (term.term_id,)).fetchone()[0] or 0)

    def touched_pages(self, term: Term) -> list[int]:
        """Return the pages of a feed to make anew."""
        query = "SELECT page FROM touched_page WHERE term_id = ? ORDER BY page"
        return [number for (number,) in self._db.execute(query, (term.term_id,))]
