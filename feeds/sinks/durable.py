"""Durable: written files and changed folders brought onto the disk for good, few or many."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Sequence

FEW = 16  # so many are faster one by one, and wait for nobody else's files
TELLS = (5, 8)  # from this Linux on, syncfs tells of what could not be written


def sync(paths: Sequence[str | os.PathLike[str]]) -> None:
    """Wait until files or folders of one file system are on the disk for good. Raises OSError."""
    if len(paths) <= FEW or not _has_syncfs():
        for path in paths:
            _on(path, os.fsync)
    else:
        _on(paths[0], _syncfs)


def _on(path: str | os.PathLike[str], act: Callable[[int], None]) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        act(handle)
    finally:
        os.close(handle)


def _has_syncfs() -> bool:
    version = re.match(r"(\d+)\.(\d+)", os.uname().release) if sys.platform == "linux" else None
    return version is not None and (int(version[1]), int(version[2])) >= TELLS


def _syncfs(handle: int) -> None:
    """Write all that a file system still keeps in memory (syncfs(2)); Python has no name for it."""
    import ctypes

    if ctypes.CDLL(None, use_errno=True).syncfs(handle):
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
