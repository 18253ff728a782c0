"""Files: articles in a file, or in the files of a folder and its subfolders."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from sources.compressed import open_plain, plain_name
from sources.file_marks import Marks, digest_of, version_of
from sources.pieces import Piece, Records, read_all
from sources.source import Item, Rejected, Site, SourceError, Visited, reading_of
from sources.text import writable

SMALL = 1024 * 1024  # bytes; of a larger file, the records are read by several processes
TOGETHER = 8  # small files that one process reads
# Companions of articles, not articles: passed over without a word.
COMPANIONS = frozenset(
    ".jpg .jpeg .png .gif .webp .avif .svg .ico .mp3 .m4a .ogg .mp4 .webm .mov .pdf .css .js .map .woff "
    ".woff2 .ttf .toml .db .lock".split()
)

Place = tuple[str, Path]  # of a file: its position in the source's folder, "" for the source itself; its path


@dataclass(frozen=True, slots=True)
class Reader:
    """How the files of a source are read.

    name    the source's
    fields  a content system's own field names -> those of the Article
    pages   the address that a folder of Markdown has on the site, with a slash at its end
    """

    name: str
    fields: Mapping[str, str] = field(default_factory=dict)
    pages: str | None = None

    def stream(self, stream: BinaryIO, position: str, site: Site) -> Iterator[Records]:
        """Yield the records of an open file."""
        from sources.kinds import Found, pieces  # the readers of all kinds take longer to load than a look

        name = plain_name(position or self.name)
        return pieces(Found(self.name, position, name, stream, fields=self.fields, pages=self.pages), site)

    def path(self, path: Path, site: Site, remembered: Mapping[str, str]) -> Iterator[Item | Piece]:
        """Yield what a file or a folder holds, in one order on every machine. Raises SourceError."""
        if not path.exists():
            raise SourceError(f"{self.name}: there is no such file or folder; check the path")
        marks = Marks(remembered, reading_of(site, sorted(self.fields.items()), self.pages))
        if path.is_dir():
            yield from self._folder(path, site, marks)
            return
        known = self._known("", path, marks)
        try:
            yield from [known] if known is not None else self._file("", path, site, marks)
        except (OSError, SourceError) as error:
            raise SourceError(f"{self.name}: {_why(error)}") from error
        yield from marks.gone({self.name})

    def _folder(self, folder: Path, site: Site, marks: Marks) -> Iterator[Item | Piece]:
        places = [(writable(file.relative_to(folder).as_posix()), file) for file in _files(folder)]
        changed: list[Place] = []
        for position, file in places:
            known = self._known(position, file, marks)
            if known is not None:
                yield known
            else:
                changed.append((position, file))
        for some in _together(changed):
            if len(some) == 1:
                yield from self.one_of_many(*some[0], site, marks)
            else:
                yield Files(self, some, marks.some(position for position, _ in some))
        yield from marks.gone({position for position, _ in places})

    def one_of_many(self, position: str, file: Path, site: Site, marks: Marks) -> Iterator[Item | Piece]:
        """Yield what a file of a folder holds. Its neighbours are read though it can't be."""
        try:
            yield from self._file(position, file, site, marks)
        except (OSError, SourceError) as error:
            yield Rejected(self.name, position, "", _why(error))
            yield marks.unreadable(position)

    def _known(self, position: str, file: Path, marks: Marks) -> Visited | None:
        """Return what is remembered of a file that was not written to since it was read."""
        try:
            return marks.by_version(position or self.name, version_of(file.stat()))
        except OSError:  # whoever opens it will say so
            return None

    def _file(self, position: str, file: Path, site: Site, marks: Marks) -> Iterator[Item | Piece]:
        """Yield what a file holds, if it is not as it was, and what to remember of it."""
        name = position or self.name
        with file.open("rb") as packed:
            version = version_of(os.fstat(packed.fileno()))
            digest = digest_of(packed)
            known = marks.by_digest(name, digest, version)
            if known is not None:
                yield known
                return
            records = 0
            for piece in self.stream(open_plain(packed), position, site):
                records += len(piece.records)
                yield piece
            yield marks.of(name, digest, version, records)


@dataclass(frozen=True, slots=True)
class Files:
    """Some small files of a folder, and what is remembered of them."""

    reader: Reader
    places: Sequence[Place]
    marks: Marks

    def read(self, site: Site) -> Iterator[Item]:
        """Yield what they hold, file by file."""
        for position, file in self.places:
            yield from read_all(self.reader.one_of_many(position, file, site, self.marks), site)


def _files(folder: Path) -> Iterator[Path]:
    """List the files of a folder and its subfolders in one order on every machine."""
    for inside, subfolders, names in os.walk(folder):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and Path(name).suffix.lower() not in COMPANIONS:
                yield Path(inside, name)


def _together(places: Sequence[Place]) -> Iterator[list[Place]]:
    """Group files to be read by one process; a large one stands alone."""
    some: list[Place] = []
    for place in places:
        is_large = _size(place[1]) > SMALL
        if some and (is_large or len(some) == TOGETHER):
            yield some
            some = []
        some.append(place)
        if is_large:
            yield some
            some = []
    if some:
        yield some


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:  # whoever opens it will say so
        return 0


def _why(error: Exception) -> str:
    return f"can't be read: {getattr(error, 'strerror', None) or error}"
