"""One writer at a time: an inter-process lock that says who holds it.

It covers every write and its checkpoint. SQLite 3.7.0 to 3.51.2 can corrupt a WAL when a checkpoint
races a commit in another process; under this lock no two can meet.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from feeds.archive.values import ArchiveError

PAUSE = 0.1  # seconds between two tries


@contextlib.contextmanager
def writer_lock(archive: Path, wait: float, on_wait: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock beside an archive file. The system lets go of it if the process dies.

    wait: seconds to wait for another holder, who is named to `on_wait` once.
    Raises ArchiveError naming the holder when the time is over.
    """
    path = archive.with_name(archive.name + ".lock")
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise ArchiveError(f"{path}: {error.strerror}; name another place with --archive") from error
    try:
        _acquire(handle, path, wait, on_wait)
        _sign(handle, f"process {os.getpid()}")
        yield
        _sign(handle, "")
    finally:
        os.close(handle)


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
