"""Files: the lines of access logs, packed or not, the oldest file first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from feeds.pollers.records import read_access
from sources.compressed import open_plain
from sources.source import SourceError

LONGEST_LINE = 65_536  # bytes; a longer line comes in pieces, none of which can be read


def lines_of(paths: Sequence[Path]) -> Iterator[bytes | SourceError]:
    """Give the lines of log files, whatever they are packed with (see sources/compressed.py).

    The files are read in the order of their first lines' times: `access.log` may be named before
    `access.log.1`. A file that can't be read gives a SourceError that names it, after what could be read;
    the others go on.
    """
    for path in sorted(paths, key=_begins):
        yield from _lines(path)


def _begins(path: Path) -> float:
    for line in _lines(path):
        access = read_access(line) if isinstance(line, bytes) else ""
        return 0.0 if isinstance(access, str) else access.time
    return 0.0


def _lines(path: Path) -> Iterator[bytes | SourceError]:
    try:
        with path.open("rb") as stream:
            yield from _read(open_plain(stream))
    except (SourceError, OSError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        yield SourceError(f"{path}: {why}")


def _read(stream: BinaryIO) -> Iterator[bytes]:
    while line := stream.readline(LONGEST_LINE):
        yield line
