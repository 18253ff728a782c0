"""The sink on disk: whole files or none, durable, readable as the umask allows."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from feeds.archive.values import Published
from feeds.document import Document
from feeds.sinks.durable import sync
from feeds.sinks.sink import Laid, SinkError

WORKSHOP = ".tagwire"  # what is laid ready lies here, on the same file system as its final place


class DiskSink:
    """Writes documents below a folder. See `feeds.sinks.sink.Sink`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def missing(self, published: Iterable[Published]) -> list[str]:
        return [p.path for p in published if _length(f"{self.folder}/{p.path}") != p.length]

    def lay(self, document: Document) -> Laid:
        name = sha256(document.path.encode()).hexdigest()[:32]
        with self._named():
            try:
                _write_file(f"{self.folder}/{WORKSHOP}/{name}", document)
            except FileNotFoundError:
                (self.folder / WORKSHOP).mkdir(parents=True, exist_ok=True)
                _write_file(f"{self.folder}/{WORKSHOP}/{name}", document)
            return Laid(document.path, name, frozenset(_made(_folder_of(f"{self.folder}/{document.path}"))))

    def secure(self, laid: Sequence[Laid]) -> None:
        with self._named():
            sync([f"{self.folder}/{WORKSHOP}/{one.name}" for one in laid])

    def put(self, laid: Sequence[Laid]) -> None:
        with self._named():
            changed: set[str] = set()
            for one in laid:
                place = f"{self.folder}/{one.path}"
                os.rename(f"{self.folder}/{WORKSHOP}/{one.name}", place)  # noqa: PTH104 - a Path takes longer
                changed |= {_folder_of(place), *one.made}
            sync(sorted(changed))

    def clean(self) -> None:
        shutil.rmtree(self.folder / WORKSHOP, ignore_errors=True)

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

    def has(self, path: str) -> bool:
        return _length(f"{self.folder}/{path}") is not None

    def read(self, path: str) -> bytes | None:
        try:
            return (self.folder / path).read_bytes()
        except OSError:
            return None

    @contextlib.contextmanager
    def _named(self) -> Iterator[None]:
        """Name the place where something can't be written. Raises SinkError."""
        try:
            yield
        except OSError as error:
            place = error.filename or self.folder
            raise SinkError(f"{place}: {error.strerror}; nothing half-written was left") from error


def _prune(folder: Path, top: Path) -> None:
    """Remove empty folders, upwards."""
    while folder != top and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _length(path: str) -> int | None:
    try:
        return os.stat(path).st_size  # noqa: PTH116 - asked for each document that there is
    except OSError:
        return None


def _write_file(path: str, document: Document) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666)  # less the umask
    try:
        rest = memoryview(document.body)
        while rest:
            rest = rest[os.write(handle, rest) :]
        # Servers make Last-Modified of this: it tells when the content changed (S-25).
        os.utime(handle, (document.modified, document.modified))
    finally:
        os.close(handle)


def _folder_of(path: str) -> str:
    return path.rpartition("/")[0]


def _made(folder: str) -> set[str]:
    """Make a folder, and those above it, if they are missing; return those whose list of names changes."""
    if os.path.isdir(folder):  # noqa: PTH112
        return set()
    above = _made(_folder_of(folder))
    with contextlib.suppress(FileExistsError):  # another process was first
        os.mkdir(folder)  # noqa: PTH102
    return {*above, _folder_of(folder)}
