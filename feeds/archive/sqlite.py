"""The archive in one SQLite file: WAL, synchronous=FULL, plain SQL."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from feeds.archive import rows, select, terms
from feeds.archive.archive import NONE, ArchiveError, Listed, Published, Stored
from feeds.archive.decide import decide, dump, standing, under_kept_identity
from feeds.archive.migrations import MIGRATIONS
from feeds.archive.readings import Readings
from feeds.archive.schema import SCHEMA, SITE, VERSION
from feeds.archive.terms import THE_SITE, Term
from feeds.combination import Combination
from sources.article import Article


class SqliteArchive:
    """See `feeds.archive.archive.Archive` for what each method promises."""

    def __init__(self, path: Path, readonly: bool = False) -> None:
        self.path = path
        self._seen: set[int] = set()
        self._terms: dict[tuple[str, str], Term] = {}
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
            self._terms.clear()  # some may have been made in what was taken back
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
            self._seen.add(rows.insert(self._db, article, self._term_ids(article)))
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
        rows.replace(self._db, article_id, article, self._term_ids(article))
        return "changed", article

    def _term_ids(self, article: Article) -> list[int]:
        return [self._term(kind, name).term_id for kind, name in terms.names_of(article)]

    def _term(self, kind: str, name: str) -> Term:
        if (kind, name) not in self._terms:
            entity = self.meta("tagging_entity")
            if entity is None:
                raise ArchiveError("the archive is not begun: its tagging_entity is not set")
            self._terms[kind, name] = terms.ensure(self._db, kind, name, entity)
        return self._terms[kind, name]

    def article(self, article_id: int) -> Article:
        query = "SELECT data, source FROM article WHERE article_id = ?"
        data, source = self._db.execute(query, (article_id,)).fetchone()
        return Article.model_validate_json(data).model_copy(update={"source": source})

    # Terms

    def tags_of(self, article: Article) -> list[Term]:
        return list({term.term_id: term for term in (self._term("tag", n) for n in article.tags)}.values())

    def terms(self, kind: str | None = None) -> list[tuple[Term, int]]:
        return terms.every(self._db, kind)

    # Feeds

    def touch_due(self, since: datetime, now: datetime) -> None:
        moments = (int(since.timestamp()), int(now.timestamp()))
        for column in ("embargoed_until", "expires"):
            due = f"SELECT article_id FROM article WHERE {column} > ? AND {column} <= ?"
            terms.touch_articles(self._db, due, moments)

    def touch_all(self) -> None:
        self._db.execute("DELETE FROM entry")
        self._db.execute("INSERT OR IGNORE INTO touched SELECT term_id FROM term")
        self._db.execute("INSERT OR IGNORE INTO touched VALUES (?)", (SITE,))

    def touch_paths(self, paths: Iterable[str]) -> None:
        self._db.executemany(
            "INSERT OR IGNORE INTO touched SELECT term_id FROM document WHERE path = ?",
            [(path,) for path in paths],
        )

    def touched(self, combinations: Mapping[str, Combination] = NONE) -> list[Term]:
        found = self._db.execute("SELECT term.* FROM touched JOIN term USING (term_id) ORDER BY term_id")
        touched = [Term(*row) for row in found]
        site = self._db.execute("SELECT 1 FROM touched WHERE term_id = ?", (SITE,)).fetchone()
        sets = {term.term_id: term for term in self._sets(touched, combinations) if term not in touched}
        return [*([THE_SITE] if site else []), *touched, *sets.values()]

    def _sets(self, touched: Sequence[Term], combinations: Mapping[str, Combination]) -> Iterator[Term]:
        """Yield the combinations that a touched tag has a part in."""
        slugs = {term.slug for term in touched if term.kind == "tag"}
        for name, combined in combinations.items():
            if slugs & {*combined.all_of, *combined.any_of, *combined.none_of}:
                yield self._term("set", name)

    def newest(
        self,
        term: Term,
        limit: int,
        now: datetime,
        order: str = "published",
        combination: Combination | None = None,
    ) -> list[Listed]:
        moment = int(now.timestamp())
        if term == THE_SITE:
            return select.of_site(self._db, limit, moment, order)
        if combination:
            return select.of_combination(self._db, combination, limit, moment, order)
        return select.of_term(self._db, term.term_id, limit, moment, order)

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

    def record_published(self, term: Term, documents: Sequence[Published]) -> None:
        self._db.executemany(
            "INSERT OR REPLACE INTO document VALUES (?, ?, ?, ?, ?)",
            [(d.path, term.term_id, d.digest, d.length, d.modified) for d in documents],
        )
        self._db.execute("DELETE FROM touched WHERE term_id = ?", (term.term_id,))

    # Reports

    def status(self) -> dict[str, Any]:
        counts = {
            table: self._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("article", "revision", "term", "document", "touched", "rejected")
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
        db.execute("BEGIN IMMEDIATE")
        for number in range(version, VERSION):
            MIGRATIONS[number](db)
        db.execute(f"PRAGMA user_version = {VERSION}")
        db.execute("COMMIT")
    elif version != VERSION:
        mend = "run build, which brings it up to date" if version in MIGRATIONS else "use that one"
        raise ArchiveError(f"{path}: made by another version of tagwire (schema {version}); {mend}")
