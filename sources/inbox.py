"""Inbox: a folder into which a system drops files; each is taken once, then moved to done/ or rejected/."""

from __future__ import annotations

import contextlib
import json
import os
import stat
import time
from collections.abc import Generator, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from sources.article import Article
from sources.compressed import open_plain, plain_name
from sources.file_marks import version_of
from sources.files import COMPANIONS
from sources.kinds import Found, read
from sources.source import Item, Rejected, Site, SourceError, Visited
from sources.text import one_line, writable

DONE, REJECTED = "done", "rejected"
REASON = ".reason.txt"
REASONS = 1000  # lines written beside a file; the archive has every record that was rejected
UNFINISHED = (".tmp", ".part", ".filepart", "~")  # how systems call what they still write
DAY = 86_400  # seconds
LONGEST_STEM = 150  # bytes; with endings and numbers a name stays below the 255 that file systems take


@dataclass(frozen=True, slots=True)
class Mark:
    """A file that was taken, in a version told from any other, and the reasons why it isn't wholly good."""

    file: str
    version: list[int]
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class Inbox:
    """A source that is a folder of files to be taken.

    folder  as the user wrote it
    fields  a content system's own field names -> those of the Article
    base    where `folder` starts
    settle  seconds for which a file must have been left unchanged: its writer may not be done

    A file is moved only when what it gave is durable. After the last of it comes a `Visited` that bears
    its name and stands for just this version of it; the archive keeps that with the records before it or
    not at all. What is remembered is therefore safe, and `finish` moves it: at the end of a run, or if the
    run was killed, at the begin of the next. A file that was read and isn't remembered is read again,
    which changes nothing.
    """

    folder: str
    fields: Mapping[str, str] = field(default_factory=dict)
    base: Path = Path()
    settle: float = 2.0

    @property
    def name(self) -> str:
        """What it is called in reports and in the archive."""
        return writable(self.folder)

    def read(self, site: Site, remembered: Mapping[str, str] | None = None) -> Iterator[Item]:
        """Yield what the files hold, the file changed last coming last: corrections win.

        Yields no Visited but those of files. See `sources.source.Source`.
        """
        folder = self.base / self.folder
        _check(folder, self.name)
        self.finish(remembered or {})
        for name, note in (remembered or {}).items():
            if note:
                yield Visited(name, 304, "")  # moved: nothing is left to be remembered
        stayed = []
        for path in _waiting(folder, self.settle):
            stayed.append((yield from self._file(path, site)))
        # Last, as what comes before a file's Visited is taken to be of that file.
        yield from filter(None, stayed)

    def finish(self, remembered: Mapping[str, str]) -> None:
        """Move the files whose records are durable; to be called when a reading has been committed.

        remembered: what the archive holds of this source, as `read` gets it.
        Raises SourceError when a file can't be moved; its records are not read again.
        """
        for note in filter(None, remembered.values()):
            mark = Mark(**json.loads(note))
            path = self.base / self.folder / mark.file
            try:
                if _version(path) == mark.version:
                    _move(path, mark)
            except OSError as error:
                raise SourceError(
                    f"{self.name}: {writable(path.name)} was taken but can't be moved ({error.strerror}); "
                    f"let this user move it to {DONE}/ and {REJECTED}/ there, on the same file system"
                ) from error

    def _file(self, path: Path, site: Site) -> Generator[Item, None, Rejected | None]:
        """Yield what a file holds, then the mark by which it can be moved; return why it must stay."""
        position = writable(path.name)
        version = _version(path)
        reasons: list[str] = []
        try:
            if not stat.S_ISREG(path.lstat().st_mode):
                return Rejected(
                    self.name, position, "", "a link or a device, left there: drop the file itself"
                )
            for item in self._items(path, site):
                if isinstance(item, Rejected):
                    reasons.append(_line(item))
                yield item
        except FileNotFoundError:
            return None  # whoever dropped it took it back
        except OSError as error:
            reason = f"can't be read: {error.strerror or error}; left there, to be tried again"
            return Rejected(self.name, position, "", reason)
        if version and version == _version(path):  # else it was written meanwhile: it is read again
            mark = Mark(path.name, version, _at_most(REASONS, reasons))
            yield Visited(position, 200, json.dumps(asdict(mark)))
        return None

    def _items(self, path: Path, site: Site) -> Iterator[Article | Rejected]:
        position = writable(path.name)
        with path.open("rb") as packed:
            try:
                stream = open_plain(packed)
                yield from read(
                    Found(self.name, position, plain_name(position), stream, fields=self.fields), site
                )
            except SourceError as error:
                yield Rejected(self.name, position, "", f"can't be read: {error}")


def _check(folder: Path, name: str) -> None:
    """Raise SourceError before anything is taken if files could not be moved afterwards."""
    if not os.access(folder, os.F_OK):
        raise SourceError(f"{name}: there is no such folder; make it, or check the path")
    for place in (folder, folder / DONE, folder / REJECTED):
        if place.exists() and not (place.is_dir() and os.access(place, os.R_OK | os.W_OK | os.X_OK)):
            shown = writable(str(place))
            raise SourceError(
                f"{name}: {shown} must be a folder that can be written to, as files are moved when they have "
                f"been taken; nothing was taken. Let this user write there: chown or chmod {shown}"
            )


def _waiting(folder: Path, settle: float) -> list[Path]:
    """List what is to be taken, in the order it was dropped in."""
    now = time.time()
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if not _is_meant(entry.name) or entry.is_dir(follow_symlinks=False):
                continue
            with contextlib.suppress(FileNotFoundError):  # taken back while we look
                changed = entry.stat(follow_symlinks=False).st_mtime
                # Ahead by a little is another machine's clock; by a day, it is a wrong date.
                if not now - settle < changed < now + DAY:
                    found.append((changed, entry.name))
    return [folder / name for _, name in sorted(found)]


def _is_meant(name: str) -> bool:
    lower = name.lower()
    if lower.startswith(".") or lower.endswith((*UNFINISHED, REASON)):
        return False
    return Path(lower).suffix not in COMPANIONS


def _version(path: Path) -> list[int] | None:
    """Return what no two versions of a file share (sources.file_marks); None if it is gone."""
    try:
        return list(version_of(path.lstat()))
    except FileNotFoundError:
        return None


def _line(rejected: Rejected) -> str:
    parts = (rejected.position, rejected.field, rejected.reason)
    return one_line(": ".join(filter(None, parts)))


def _at_most(limit: int, lines: list[str]) -> list[str]:
    more = len(lines) - limit
    return lines if more <= 0 else [*lines[:limit], f"… and {more} more"]


def _move(path: Path, mark: Mark) -> None:
    """Move a file that was taken, once it is written beside it why it was not wholly good."""
    folder = path.parent / (REJECTED if mark.reasons else DONE)
    folder.mkdir(exist_ok=True)
    target = _free(folder, path.name)
    if mark.reasons:
        text = "".join(f"{reason}\n" for reason in mark.reasons)
        target.with_name(target.name + REASON).write_text(text, "utf-8", errors="backslashreplace")
    path.rename(target)
    # A new version that took the name in this very moment was not read: back with it. The last number
    # changes by moving.
    moved = _version(target)
    if moved and moved[:-1] != mark.version[:-1] and not path.exists():
        target.rename(path)


def _free(folder: Path, name: str) -> Path:
    """Find a name that is free: story.json, else story.2.json."""
    plain = plain_name(name)
    suffix = Path(plain).suffix if len(Path(plain).suffix) < 20 else ""
    stem = os.fsdecode(os.fsencode(plain.removesuffix(suffix))[:LONGEST_STEM])
    ending = suffix + name[len(plain) :]
    target, number = folder / f"{stem}{ending}", 2
    while os.path.lexists(target):
        target, number = folder / f"{stem}.{number}{ending}", number + 1
    return target
