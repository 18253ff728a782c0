"""File marks: what is remembered of files, so that one that is as it was need not be read again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from io import BufferedReader

from sources.source import Visited

READ, UNCHANGED, GONE = 200, 304, 410


@dataclass(frozen=True, slots=True)
class Marks:
    """What earlier readings left, by file; reading: stands for how files are read (sources.visits)."""

    remembered: Mapping[str, str]
    reading: str

    def find(self, file: str, digest: str) -> Visited | None:
        """Return the mark of a file that holds what it held and is read as it was; None for any other."""
        kept = self.remembered.get(file)
        mark = json.loads(kept) if kept else {}
        is_as_it_was = (mark.get("digest"), mark.get("reading")) == (digest, self.reading)
        if not kept or not is_as_it_was or "records" not in mark:
            return None
        return Visited(file, UNCHANGED, kept, mark["records"])

    def of(self, file: str, digest: str, records: int) -> Visited:
        """Return what to remember of a file that was read to its end."""
        mark = {"digest": digest, "reading": self.reading, "records": records}
        return Visited(file, READ, json.dumps(mark))

    def some(self, files: Iterable[str]) -> Marks:
        """Return the marks of some files alone."""
        return Marks({file: self.remembered[file] for file in files if file in self.remembered}, self.reading)

    def gone(self, met: Set[str]) -> Iterator[Visited]:
        """Yield what to forget: files that are not there any more."""
        for file in self.remembered.keys() - met:
            yield Visited(file, GONE, "")


def digest_of(file: BufferedReader) -> str:
    """Return what stands for a file's bytes, and go back to its beginning."""
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return digest
