"""Opening: an archive's file opened, made, or brought up to this version."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from feeds.archive.migrations import MIGRATIONS
from feeds.archive.schema import SCHEMA, VERSION
from feeds.archive.values import ArchiveError

# kB of pages in memory, of a writer: with SQLite's own 2,000 it reads a large archive again and again.
CACHE = 32_000


def open_database(path: Path, readonly: bool) -> sqlite3.Connection:
    """Open an archive: WAL, synchronous=FULL. Raises ArchiveError."""
    uri = f"{path.resolve().as_uri()}?mode={'ro' if readonly else 'rwc'}"
    try:
        db = sqlite3.connect(uri, uri=True, isolation_level=None)
        db.execute("PRAGMA foreign_keys = ON")
        if not readonly:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            db.execute(f"PRAGMA cache_size = -{CACHE}")
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
