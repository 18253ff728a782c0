"""Two inter-process locks beside an archive: one build at a time, and one transaction at a time.

A build may take long, and others write between its transactions: an editor, the API of `serve`. Every
transaction and its checkpoint happen under the second lock. SQLite 3.7.0 to 3.51.2 can corrupt a WAL when a
checkpoint races a commit in another process; under this lock no two can meet.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from feeds.archive.values import ArchiveError

PAUSE = 0.1  # seconds between two tries for a build
TURN_PAUSE = 0.002  # and for a transaction
LONGEST_TURN = 60.0  # seconds that a transaction waits for others


@contextlib.contextmanager
def write_turn(archive: Path, wait: float = LONGEST_TURN) -> Iterator[None]:
    """Hold the lock that covers one transaction. Whoever waits comes before whoever was just there.

    wait: seconds. Raises ArchiveError when the time is over.
    """
    deadline = time.monotonic() + wait
    with _opened(archive.with_name(archive.name + ".turn")) as turn:
        with _opened(archive.with_name(archive.name + ".next")) as following:
            _take(following, archive, deadline)
            _take(turn, archive, deadline)
        yield


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[int]:
    """Open a lock's file; closing it lets go of the lock."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise ArchiveError(f"{path}: {error.strerror}; name another place with --archive") from error
    try:
        yield handle
    finally:
        os.close(handle)


def _take(handle: int, archive: Path, deadline: float) -> None:
    import fcntl

    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise ArchiveError(f"{archive}: another process writes to it for too long; stop it") from None
            time.sleep(TURN_PAUSE)


@contextlib.contextmanager
def build_lock(archive: Path, wait: float, on_wait: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock of whoever reads sources. The system lets go of it if the process dies.

    wait: seconds to wait for another holder, who is named to `on_wait` once.
    Raises ArchiveError naming the holder when the time is over.
    """
    path = archive.with_name(archive.name + ".lock")
    with _opened(path) as handle:
        _acquire(handle, path, wait, on_wait)
        _sign(handle, f"process {os.getpid()}")
        yield
        _sign(handle, "")


def _sign(handle: int, holder: str) -> None:
    with contextlib.suppress(OSError):  # a full disk: the lock holds all the same, without a name on it
        os.ftruncate(handle, 0)
        os.pwrite(handle, holder.encode(), 0)


def _acquire(handle: int, path: Path, wait: float, on_wait: Callable[[str], None]) -> None:
    import fcntl  # POSIX alone has it; imported here so that `--help` works anywhere

    deadline = time.monotonic() + wait
    told = False
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            holder = os.pread(handle, 100, 0).decode(errors="replace") or "another process"
        if time.monotonic() >= deadline:
            raise ArchiveError(f"{path}: {holder} is building; wait for it, or give --wait more seconds")
        if not told:
            on_wait(holder)
            told = True
        time.sleep(PAUSE)
