"""Looking: what is asked of an archive for people to see, which needs no article."""

from __future__ import annotations

import sqlite3

TABLES = ("article", "revision", "term", "document", "touched", "rejected")


def meta(db: sqlite3.Connection, key: str) -> str | None:
    """Return a remembered value: the site's address, the tagging entity, the last build."""
    row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return row[0] if row else None


def counts(db: sqlite3.Connection) -> dict[str, int]:
    """Return how many rows each of the tables has that people ask for."""
    return {table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES}
