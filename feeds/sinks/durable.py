"""Durable: written files and changed folders brought onto the disk for good, few or many."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Sequence
from typing import Any

FEW = 16  # so many are faster one by one, and wait for nobody else's files
TELLS = (5, 8)  # from this Linux on, syncfs tells of what could not be written
BEGIN = 2  # SYNC_FILE_RANGE_WRITE


def sync(paths: Sequence[str | os.PathLike[str]]) -> None:
    """Wait until files or folders of one file system are on the disk for good. Raises OSError."""
    if len(paths) > FEW and _has_syncfs():
        _on(paths[0], _syncfs)
        return
    for act in (_begin_to_write, os.fsync):
        for path in paths:
            _on(path, act)


def _on(path: str | os.PathLike[str], act: Callable[[int], None]) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        act(handle)
    finally:
        os.close(handle)


def _has_syncfs() -> bool:
    version = re.match(r"(\d+)\.(\d+)", os.uname().release) if sys.platform == "linux" else None
    return version is not None and (int(version[1]), int(version[2])) >= TELLS


def _begin_to_write(handle: int) -> None:
    """Let the disk begin, and don't wait: of several files, the first fsync then finds all of them given a
    place, and the file system writes its journal once instead of once for each (sync_file_range(2)).
    """
    if sys.platform == "linux":
        from ctypes import c_int64

        _libc().sync_file_range(handle, c_int64(0), c_int64(0), BEGIN)  # it may fail: fsync is what counts


def _syncfs(handle: int) -> None:
    """Write all that a file system still keeps in memory (syncfs(2))."""
    import ctypes

    if _libc().syncfs(handle):
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))


def _libc() -> Any:
    """Return the system's C library: Python has no names for these two calls."""
    import ctypes

    return ctypes.CDLL(None, use_errno=True)
