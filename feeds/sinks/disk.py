"""The sink on disk: whole files or none, durable, readable as the umask allows."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from feeds.archive.values import Published
from feeds.document import Document
from feeds.sinks.durable import sync
from feeds.sinks.sink import SinkError

WORKSHOP = ".tagwire"  # temporary files live here, on the same file system as their final places


class DiskSink:
    """Writes documents below a folder. See `feeds.sinks.sink.Sink`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def missing(self, published: Iterable[Published]) -> list[str]:
        return [p.path for p in published if _length(self.folder / p.path) != p.length]

    def write(self, documents: Sequence[Document]) -> None:
        try:
            self._write(documents)
        except OSError as error:
            shutil.rmtree(self.folder / WORKSHOP, ignore_errors=True)
            raise SinkError(
                f"{error.filename or self.folder}: {error.strerror}; nothing half-written was left"
            ) from error

    def remove(self, paths: Sequence[str]) -> None:
        try:
            for path in paths:
                (self.folder / path).unlink(missing_ok=True)
                _prune((self.folder / path).parent, self.folder)
        except OSError as error:
            raise SinkError(
                f"{error.filename}: {error.strerror}; an old feed could not be removed"
            ) from error

    def clear(self, folder: str, files: Sequence[str]) -> None:
        if (self.folder / folder).is_dir():
            found = [self.folder / folder / name for name in files]
            found += [path for name in files for path in (self.folder / folder).glob(f"archive/*/{name}")]
            self.remove([str(path.relative_to(self.folder)) for path in found])

    def read(self, path: str) -> bytes | None:
        try:
            return (self.folder / path).read_bytes()
        except OSError:
            return None

    def _write(self, documents: Sequence[Document]) -> None:
        workshop = self.folder / WORKSHOP
        shutil.rmtree(workshop, ignore_errors=True)  # what a killed build left behind
        workshop.mkdir(parents=True)
        temporaries = [workshop / str(number) for number in range(len(documents))]
        for temporary, document in zip(temporaries, documents, strict=True):
            _write_file(temporary, document)
        sync(temporaries)  # a name never leads to a file that is not whole
        changed: set[Path] = set()
        for temporary, document in zip(temporaries, documents, strict=True):
            place = self.folder / document.path
            if place.parent not in changed:
                changed |= _make_folders(place.parent, self.folder)
            temporary.replace(place)
        sync(list(changed))
        workshop.rmdir()


def _prune(folder: Path, top: Path) -> None:
    """Remove empty folders, upwards."""
    while folder != top and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _length(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _write_file(path: Path, document: Document) -> None:
    with path.open("xb") as file:  # mode 0666 less the umask, so a web server may read it
        file.write(document.body)
        file.flush()
        # Servers make Last-Modified of this: it tells when the content changed (S-25).
        os.utime(file.fileno(), (document.modified, document.modified))


def _make_folders(folder: Path, top: Path) -> set[Path]:
    """Make a folder if need be; return every folder whose list of names changes."""
    changed = {folder}
    while not folder.exists() and folder != top:
        folder = folder.parent
        changed.add(folder)
    for path in sorted(changed):
        path.mkdir(exist_ok=True)
    return changed
