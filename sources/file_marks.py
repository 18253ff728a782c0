"""File marks: what is remembered of files, so that one that is as it was need not be read again."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from io import BufferedReader
from typing import Any, NamedTuple

from sources.source import Visited

READ, UNCHANGED, GONE, UNREADABLE = 200, 304, 410, 0
SETTLED = 2.0  # seconds after a change, from when on one more is sure to show in a file's times


class Version(NamedTuple):
    """What no two versions of a file share.

    modified, changed  nanoseconds since 1970; the system alone sets the second: a file put back with its old
                       date is told apart, too
    """

    inode: int
    size: int
    modified: int
    changed: int


def version_of(status: os.stat_result) -> Version:
    """Return the version of a file that the system tells of."""
    return Version(status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


@dataclass(frozen=True, slots=True)
class Marks:
    """What earlier readings left, by file; reading: stands for how files are read (sources.visits).

    A file whose version is known is not even opened. One that was touched, copied or checked out again is
    known by its bytes.
    """

    remembered: Mapping[str, str]
    reading: str

    def by_version(self, file: str, version: Version) -> Visited | None:
        """Return the mark of a file that was not written to since it was read, and is read as it was."""
        mark = self._mark(file)
        if mark.get("version") != list(version):
            return None
        return Visited(file, UNCHANGED, self.remembered[file], mark["records"])

    def by_digest(self, file: str, digest: str, version: Version) -> Visited | None:
        """Return the mark of a file that holds what it held, in a new version, and is read as it was."""
        mark = self._mark(file)
        if mark.get("digest") != digest:
            return None
        return self._visited(file, UNCHANGED, digest, version, mark["records"])

    def of(self, file: str, digest: str, version: Version, records: int) -> Visited:
        """Return what to remember of a file that was read to its end; version: from before it was."""
        return self._visited(file, READ, digest, version, records)

    def unreadable(self, file: str) -> Visited:
        """Return the end of what a file gave that broke off: it is tried again each time."""
        return Visited(file, UNREADABLE, "{}")

    def some(self, files: Iterable[str]) -> Marks:
        """Return the marks of some files alone."""
        return Marks({file: self.remembered[file] for file in files if file in self.remembered}, self.reading)

    def gone(self, met: Set[str]) -> Iterator[Visited]:
        """Yield what to forget: files that are not there any more."""
        for file in self.remembered.keys() - met:
            yield Visited(file, GONE, "")

    def _mark(self, file: str) -> dict[str, Any]:
        kept = self.remembered.get(file)
        mark: dict[str, Any] = json.loads(kept) if kept else {}
        return mark if mark.get("reading") == self.reading and "records" in mark else {}

    def _visited(self, file: str, status: int, digest: str, version: Version, records: int) -> Visited:
        mark = {"digest": digest, "reading": self.reading, "records": records}
        # A file that was just written may be written to again within a tick of its clock.
        if max(version.modified, version.changed) < (time.time() - SETTLED) * 1e9:
            mark["version"] = version
        return Visited(file, status, json.dumps(mark), records)


def digest_of(file: BufferedReader) -> str:
    """Return what stands for a file's bytes, and go back to its beginning."""
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return digest
