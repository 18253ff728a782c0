"""When a source is read again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from feeds.archive.readings import SourceRow
from feeds.schedule import Planned, is_due, next_reading
from sources.location import Location

NOW = datetime(2024, 11, 1, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
REMOTE = Planned(Location("https://news.example/feed"), is_remote=True)
EVERY_QUARTER = Planned(Location("https://news.example/feed"), QUARTER, is_remote=True)
FOLDER = Planned(Location("articles/"))


def row(**values: Any) -> SourceRow:
    """Return a source read just now."""
    return SourceRow("s", NOW.isoformat(), 1, 0, **values)


@pytest.mark.parametrize(
    ("plan", "read", "asked", "minutes"),
    [
        (FOLDER, row(), None, None),
        (FOLDER, row(failures=3), None, None),
        (REMOTE, row(), None, None),
        (REMOTE, row(failures=1), None, 5),
        (REMOTE, row(failures=2), None, 10),
        (REMOTE, row(failures=3), None, 20),
        (REMOTE, row(failures=500), None, 24 * 60),
        (REMOTE, row(failures=1), 7200.0, 120),
        (EVERY_QUARTER, row(), None, 15),
        (EVERY_QUARTER, row(failures=1), None, 15),
        (EVERY_QUARTER, row(failures=3), None, 20),
        (EVERY_QUARTER, row(quiet=3), None, 15),
        (EVERY_QUARTER, row(quiet=4), None, 30),
        (EVERY_QUARTER, row(quiet=8), None, 60),
        (EVERY_QUARTER, row(quiet=4000), None, 120),
    ],
)
def test_a_source_is_read_again_when_it_is_worth_it(
    plan: Planned, read: SourceRow, asked: float | None, minutes: int | None
) -> None:
    """At its interval; later while it is quiet or fails, within bounds; when its server says so."""
    expected = None if minutes is None else NOW + timedelta(minutes=minutes)
    assert next_reading(plan, read, NOW, asked) == expected


def test_a_source_is_due_from_its_moment_on() -> None:
    """Not a second before, and at once if no moment was set."""
    later = row(next_at=(NOW + QUARTER).isoformat())
    assert is_due(EVERY_QUARTER, row(), NOW)
    assert not is_due(EVERY_QUARTER, later, NOW + QUARTER - timedelta(seconds=1))
    assert is_due(EVERY_QUARTER, later, NOW + QUARTER)
    mended = Planned(EVERY_QUARTER.source, QUARTER, settings="another way")
    assert is_due(mended, later, NOW)


def test_a_source_without_an_interval_is_due_whatever_a_server_gave_it() -> None:
    """`serve` reads it now and then, `build` whenever it runs; after a failure it is left alone."""
    later = (NOW + QUARTER).isoformat()
    assert is_due(REMOTE, row(next_at=later), NOW)
    assert not is_due(REMOTE, row(next_at=later, failures=1), NOW)
    assert not is_due(EVERY_QUARTER, row(next_at=later, settings=EVERY_QUARTER.settings), NOW)
