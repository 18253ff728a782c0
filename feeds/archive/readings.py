"""Readings: what the archive knows of sources, how each was read last and what was set aside."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import astuple, dataclass

from feeds.archive.given import Rows, rows_in
from sources.source import Rejected, Visited

UNCHANGED = 304


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source as it was read last. Moments are RFC 3339.

    taken, rejected  records of that reading
    error     why it failed as a whole, if it did
    gave_at   when it last gave an article that was new or changed
    failures  readings in a row that failed
    quiet     readings in a row that gave nothing new
    next_at   when to read it again; None: whenever asked
    settings  stands for how it is to be read
    """

    name: str
    read_at: str
    taken: int
    rejected: int
    error: str | None = None
    gave_at: str | None = None
    failures: int = 0
    quiet: int = 0
    next_at: str | None = None
    settings: str = ""


class Readings:
    """The part of an archive in SQLite that sources are told of; call it inside a transaction.

    A record set aside stays until the place where it was found is read again: a file at the next reading,
    an address when it gives a new answer. An address not asked, or unchanged, keeps its own.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def begin(self, source: str) -> int:
        """Begin to read a source; return the number of the reading."""
        query = "SELECT coalesce(max(reading), 0) + 1 FROM rejected WHERE source = ?"
        return int(self._db.execute(query, (source,)).fetchone()[0])

    def remembered(self, source: str) -> dict[str, str]:
        """Return what a source wanted to be remembered, by URL."""
        return dict(self._db.execute("SELECT url, remembered FROM visit WHERE source = ?", (source,)))

    def given(self, source: str, place: str, way: str) -> Rows:
        """Return which records of a file or an address gave articles when it was read last in this way.

        way: stands for how it is read
        """
        query = "SELECT records FROM given WHERE source = ? AND place = ? AND way = ?"
        found = self._db.execute(query, (source, place, way)).fetchone()
        return rows_in(found[0]) if found else Rows()

    def keep_given(self, source: str, place: str, way: str, data: bytearray) -> None:
        """Keep what `given` is to return from now on; data: feeds.archive.given."""
        if data:
            self._db.execute("INSERT OR REPLACE INTO given VALUES (?, ?, ?, ?)", (source, place, way, data))
        else:
            self._db.execute("DELETE FROM given WHERE source = ? AND place = ?", (source, place))

    def reject(self, rejected: Rejected, reading: int = 0) -> None:
        """Keep a record that is no Article, for people to mend."""
        record = json.dumps(rejected.record, default=str, ensure_ascii=True)
        self._db.execute(
            "INSERT OR REPLACE INTO rejected (source, position, field, reason, record, reading)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (rejected.source, rejected.position, rejected.field, rejected.reason, record, reading),
        )

    def remember(self, source: str, visited: Visited, reading: int) -> None:
        """Keep what a source wants to know at its next visit of an address; forget what it mended there."""
        if visited.remembered:
            self._db.execute(
                "INSERT INTO visit VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE"
                " SET status = excluded.status, remembered = excluded.remembered"
                " WHERE remembered <> excluded.remembered OR excluded.status <> 304",
                (source, visited.url, visited.status, visited.remembered),
            )
        else:
            self._db.execute("DELETE FROM visit WHERE source = ? AND url = ?", (source, visited.url))
        if visited.status == UNCHANGED and visited.remembered:
            return
        self._db.execute(
            "UPDATE rejected SET url = ? WHERE source = ? AND reading = ? AND url IS NULL",
            (visited.url, source, reading),
        )
        if visited.status != UNCHANGED:
            self._db.execute(
                "DELETE FROM rejected WHERE source = ? AND url = ? AND reading < ?",
                (source, visited.url, reading),
            )

    def end(self, row: SourceRow, reading: int) -> None:
        """Remember how a reading went; if it came to its end, forget what it did not meet again."""
        self._db.execute("INSERT OR REPLACE INTO source VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", astuple(row))
        if row.error is None:
            self._db.execute(
                "DELETE FROM rejected WHERE source = ? AND url IS NULL AND reading < ?", (row.name, reading)
            )

    def source(self, name: str) -> SourceRow | None:
        """Return how a source was read last; None if it never was."""
        row = self._db.execute("SELECT * FROM source WHERE name = ?", (name,)).fetchone()
        return SourceRow(*row) if row else None

    def sources(self) -> list[SourceRow]:
        """Return how each source was read last."""
        return [SourceRow(*row) for row in self._db.execute("SELECT * FROM source ORDER BY name")]

    def rejected_at(self, source: str, url: str) -> list[Rejected]:
        """Return what was set aside of one address or file of a source."""
        return self._rejected("WHERE source = ? AND url = ?", (source, url))

    def rejected(self) -> list[Rejected]:
        """Return every record set aside, in the order it was met."""
        return self._rejected("", ())

    def _rejected(self, where: str, values: tuple[str, ...]) -> list[Rejected]:
        found = self._db.execute(
            f"SELECT source, position, field, reason, record FROM rejected {where} ORDER BY rowid", values
        )
        return [
            Rejected(source, position, field, reason, json.loads(record))
            for source, position, field, reason, record in found
        ]
