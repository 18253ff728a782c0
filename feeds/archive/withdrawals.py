"""Withdrawals: what is kept of an article that was taken back, so that readers hear of it (RFC 6721).

By whom: `command`, which only a command undoes; `record`, a source's own `status`; `gone`, an address that
answers 410: what the source gives again is back; `api`, a content system, which alone gives it back.
"""

from __future__ import annotations

import html
import json
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from feeds.archive import history
from feeds.archive.select import PRIVATE_TERMS
from feeds.archive.terms import touch_articles
from feeds.archive.values import Withdrawal
from sources.article import Article
from sources.text import shorten

TITLE = 80  # characters of a notice that are its headline
COLUMNS = "a.id, at, by, reason, replacement, notice"
WITHDRAWN = "FROM withdrawal w JOIN article a USING (article_id)"


def withdraw(db: sqlite3.Connection, article_id: int, withdrawal: Withdrawal, until: datetime) -> None:
    """Take an article out of every feed. until: how long feeds tell of it."""
    at = int(withdrawal.at.timestamp())
    db.execute(
        "INSERT OR REPLACE INTO withdrawal VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            article_id,
            at,
            int(until.timestamp()),
            withdrawal.by,
            withdrawal.reason,
            withdrawal.replacement,
            withdrawal.notice,
        ),
    )
    db.execute(
        "UPDATE article SET status = 'canceled', notice_until = NULL WHERE article_id = ?", (article_id,)
    )
    _touch(db, article_id, at)
    was_seen = db.execute("SELECT 1 FROM history WHERE article_id = ?", (article_id,)).fetchone()
    if withdrawal.notice and was_seen:
        until_column = "UPDATE article SET notice_until = ?, updated = ? WHERE article_id = ?"
        db.execute(until_column, (int(until.timestamp()), at, article_id))
        history.enter(db, article_id, at, again=True)


def restore(db: sqlite3.Connection, article_id: int, article: Article, now: datetime) -> None:
    """Undo a withdrawal. article: as it is kept."""
    db.execute("DELETE FROM withdrawal WHERE article_id = ?", (article_id,))
    db.execute(
        "UPDATE article SET status = ?, notice_until = NULL, updated = ? WHERE article_id = ?",
        (article.status, int(article.updated.timestamp()), article_id),
    )
    _touch(db, article_id, int(now.timestamp()))
    history.enter(db, article_id, int(now.timestamp()), again=True)


def _touch(db: sqlite3.Connection, article_id: int, now: int) -> None:
    history.leave(db, article_id, now)
    touch_articles(db, "SELECT ?", (article_id,))


def of_article(db: sqlite3.Connection, article_id: int) -> Withdrawal | None:
    """Return how an article was withdrawn, if it was."""
    found = db.execute(f"SELECT {COLUMNS} {WITHDRAWN} WHERE w.article_id = ?", (article_id,)).fetchone()
    return _withdrawal(found) if found else None


def of_articles(db: sqlite3.Connection, article_ids: Sequence[int]) -> list[tuple[int, Withdrawal]]:
    """Return how each of some articles was withdrawn, by its row, if it was."""
    found = db.execute(
        f"SELECT {COLUMNS}, w.article_id {WITHDRAWN} WHERE w.article_id IN (SELECT value FROM json_each(?))",
        (json.dumps(article_ids),),
    )
    return [(article_id, _withdrawal(row)) for *row, article_id in found]


def of_feed(db: sqlite3.Connection, term_id: int, now: int) -> list[Withdrawal]:
    """Return what was taken out of a feed that readers still have to hear of, the latest first.

    Where a notice stands, it tells; a public feed that had a story which is private now shows no notice.
    """
    found = db.execute(
        f"SELECT {COLUMNS} {WITHDRAWN} WHERE until > :now"
        f" AND (w.notice IS NULL OR a.private = 1 AND :term NOT IN {PRIVATE_TERMS})"
        " AND EXISTS (SELECT 1 FROM history h WHERE h.term_id = :term AND h.article_id = w.article_id)"
        " ORDER BY at DESC, a.id",
        {"now": now, "term": term_id},
    )
    return [_withdrawal(row) for row in found]


def _withdrawal(row: Sequence[Any]) -> Withdrawal:
    id_, at, by, reason, replacement, notice = row
    return Withdrawal(id_, datetime.fromtimestamp(at, UTC), by, reason, replacement, notice)


def notice_of(article: Article, withdrawal: Withdrawal) -> Article:
    """Return what stands in a withdrawn story's place: its id, its dates, and none of its words."""
    notice = withdrawal.notice or ""
    content = f"<p>{html.escape(notice, quote=False)}</p>"
    if withdrawal.replacement:
        address = html.escape(withdrawal.replacement)
        content += f'<p><a href="{address}">{address}</a></p>'
    updated = max(withdrawal.at, article.published)  # its source may have dated it anew
    return Article(
        id=article.id,
        url=withdrawal.replacement or article.url,
        title=shorten(notice, TITLE),
        content=content,
        published=article.published,
        updated=updated,
        modified=updated,
        publisher=article.publisher,
        language=article.language,
    )
