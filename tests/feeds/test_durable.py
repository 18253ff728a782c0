"""Durable: files that are brought onto the disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from feeds.sinks.durable import FEW, sync


@pytest.mark.parametrize("count", [0, 1, FEW, FEW + 1])
def test_files_and_folders_are_synced_few_or_many(tmp_path: Path, count: int) -> None:
    """Whatever their number, nothing is raised, and nothing is changed."""
    paths = [tmp_path / str(number) for number in range(count)]
    for path in paths:
        path.write_bytes(b"ombak")
    sync([*paths, *([tmp_path] if paths else [])])
    assert {path.read_bytes() for path in paths} <= {b"ombak"}


@pytest.mark.parametrize("count", [1, FEW + 1])
def test_what_can_not_be_synced_is_told(tmp_path: Path, count: int) -> None:
    """Nothing is published on the word of a disk that did not answer."""
    with pytest.raises(FileNotFoundError):
        sync([tmp_path / str(number) for number in range(count)])
