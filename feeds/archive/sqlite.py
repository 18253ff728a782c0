"""The archive in one SQLite file: WAL, synchronous=FULL, plain SQL."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from feeds.archive import rows
from feeds.archive.archive import ArchiveError, Listed, Published, Stored, TagRow
from feeds.archive.decide import decide, dump, standing, under_kept_identity
from feeds.archive.readings import Readings
from feeds.archive.schema import MIGRATIONS, SCHEMA, SITE, VERSION
from sources.article import Article
from sources.identity import fold


class SqliteArchive:
    """See `feeds.archive.archive.Archive` for what each method promises."""

    def __init__(self, path: Path, readonly: bool = False) -> None:
        self.path = path
        self._seen: set[int] = set()
        self._tags: dict[str, int] = {}
        self._db = _open(path, readonly)
        self.readings = Readings(self._db)

    def close(self) -> None:
        self._db.close()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield
            self._db.execute("COMMIT")
        except BaseException as error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error):
                raise ArchiveError(f"{self.path}: {error}; nothing of this step was kept") from error
            raise

    def meta(self, key: str) -> str | None:
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def set_meta(self, key: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    # Articles

    def store(self, article: Article, now: datetime, priorities: Mapping[str, int]) -> tuple[Stored, Article]:
        article_id = rows.find(self._db, article)
        if article_id is None:
            self._seen.add(rows.insert(self._db, article, self._tag_ids(article)))
            return "new", article
        seen_before = article_id in self._seen
        self._seen.add(article_id)
        if rows.is_as_kept(self._db, article_id, article):
            return "unchanged", article
        kept = self.article(article_id)
        rows.know(self._db, article_id, article)
        article = under_kept_identity(article, kept)
        if dump(article) == dump(kept):
            return "unchanged", kept
        verdict = decide(kept, article, standing(kept.source, article.source, priorities), seen_before, now)
        if verdict != "changed":
            return verdict, kept
        rows.keep_revision(self._db, article_id, kept, now)
        rows.replace(self._db, article_id, article, self._tag_ids(article))
        return "changed", article

    def _tag_ids(self, article: Article) -> list[int]:
        for name in article.tags:
            if name not in self._tags:
                self._tags[name] = rows.tag_id(self._db, name)
        return [self._tags[name] for name in article.tags]

    def article(self, article_id: int) -> Article:
        query = "SELECT data, source FROM article WHERE article_id = ?"
        data, source = self._db.execute(query, (article_id,)).fetchone()
        return Article.model_validate_json(data).model_copy(update={"source": source})

    # Tags

    def slugs(self, names: Iterable[str]) -> dict[str, str]:
        found = {}
        for name in names:
            row = self._db.execute("SELECT slug FROM tag WHERE key = ?", (fold(name),)).fetchone()
            if row:
                found[name] = row[0]
        return found

    def tags(self) -> list[tuple[TagRow, int]]:
        found = self._db.execute(
            "SELECT tag_id, name, slug, feed_id,"
            " (SELECT count(*) FROM article_tag a WHERE a.tag_id = tag.tag_id) n"
            " FROM tag ORDER BY n DESC, slug"
        )
        return [(TagRow(*row[:4]), row[4]) for row in found]

    # Feeds

    def touch_due(self, since: datetime, now: datetime) -> None:
        moments = (int(since.timestamp()), int(now.timestamp()))
        for column in ("embargoed_until", "expires"):
            due = f"SELECT article_id FROM article WHERE {column} > ? AND {column} <= ?"
            self._db.execute(
                f"INSERT OR IGNORE INTO touched SELECT tag_id FROM article_tag WHERE article_id IN ({due})",
                moments,
            )
            self._db.execute(f"INSERT OR IGNORE INTO touched SELECT {SITE} WHERE EXISTS ({due})", moments)

    def touch_all(self) -> None:
        self._db.execute("DELETE FROM entry")
        self._db.execute("INSERT OR IGNORE INTO touched SELECT tag_id FROM tag")
        self._db.execute("INSERT OR IGNORE INTO touched VALUES (?)", (SITE,))

    def touch_paths(self, paths: Iterable[str]) -> None:
        self._db.executemany(
            "INSERT OR IGNORE INTO touched SELECT tag_id FROM document WHERE path = ?",
            [(path,) for path in paths],
        )

    def touched(self) -> list[TagRow | None]:
        found = self._db.execute(
            "SELECT t.tag_id, name, slug, feed_id FROM touched t LEFT JOIN tag USING (tag_id)"
            " ORDER BY t.tag_id"
        )
        return [None if row[0] == SITE else TagRow(*row) for row in found]

    def newest(self, tag: TagRow | None, limit: int, now: datetime) -> list[Listed]:
        second = int(now.timestamp())
        shown = (
            "a.status = 'usable' AND (a.embargoed_until IS NULL OR a.embargoed_until <= ?)"
            " AND (a.expires IS NULL OR a.expires > ?)"
        )
        if tag is None:
            sql = f"SELECT article_id, updated FROM article a WHERE {shown} "
            sql += "ORDER BY published DESC, id DESC LIMIT ?"
            found = self._db.execute(sql, (second, second, limit))
        else:
            sql = (
                "SELECT a.article_id, a.updated FROM article_tag t JOIN article a USING (article_id)"
                f" WHERE t.tag_id = ? AND {shown} ORDER BY t.published DESC, a.id DESC LIMIT ?"
            )
            found = self._db.execute(sql, (tag.tag_id, second, second, limit))
        return [Listed(*row) for row in found]

    def entries(self, listed: Sequence[Listed], format_name: str) -> dict[int, bytes]:
        marks = ",".join("?" * len(listed))
        return dict(
            self._db.execute(
                f"SELECT article_id, body FROM entry WHERE format = ? AND article_id IN ({marks})",
                (format_name, *(item.article_id for item in listed)),
            )
        )

    def keep_entry(self, article_id: int, format_name: str, body: bytes) -> None:
        self._db.execute("INSERT OR REPLACE INTO entry VALUES (?, ?, ?)", (article_id, format_name, body))

    def published(self, path: str) -> Published | None:
        row = self._db.execute(
            "SELECT path, digest, length, modified FROM document WHERE path = ?", (path,)
        ).fetchone()
        return Published(*row) if row else None

    def all_published(self) -> list[Published]:
        found = self._db.execute("SELECT path, digest, length, modified FROM document ORDER BY path")
        return [Published(*row) for row in found]

    def record_published(self, tag: TagRow | None, documents: Sequence[Published]) -> None:
        tag_id = tag.tag_id if tag else SITE
        self._db.executemany(
            "INSERT OR REPLACE INTO document VALUES (?, ?, ?, ?, ?)",
            [(d.path, tag_id, d.digest, d.length, d.modified) for d in documents],
        )
        self._db.execute("DELETE FROM touched WHERE tag_id = ?", (tag_id,))

    # Reports

    def status(self) -> dict[str, Any]:
        counts = {
            table: self._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("article", "revision", "tag", "document", "touched", "rejected")
        }
        return {**counts, "sqlite_version": sqlite3.sqlite_version}


def _open(path: Path, readonly: bool) -> sqlite3.Connection:
    uri = f"{path.resolve().as_uri()}?mode={'ro' if readonly else 'rwc'}"
    try:
        db = sqlite3.connect(uri, uri=True, isolation_level=None)
        db.execute("PRAGMA foreign_keys = ON")
        if not readonly:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
        _migrate(db, path, readonly)
    except sqlite3.Error as error:
        raise ArchiveError(f"{path}: {error}; name an archive, or a new file where there is room") from error
    return db


def _migrate(db: sqlite3.Connection, path: Path, readonly: bool) -> None:
    """Bring an archive to this version of the schema, a new one from nothing."""
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version == 0 and not readonly:
        db.executescript(f"BEGIN;{SCHEMA};PRAGMA user_version = {VERSION};COMMIT")
    elif version in MIGRATIONS and not readonly:
        steps = "".join(MIGRATIONS[number] for number in range(version, VERSION))
        db.executescript(f"BEGIN;{steps};PRAGMA user_version = {VERSION};COMMIT")
    elif version != VERSION:
        mend = "run build, which brings it up to date" if version in MIGRATIONS else "use that one"
        raise ArchiveError(f"{path}: made by another version of tagwire (schema {version}); {mend}")
