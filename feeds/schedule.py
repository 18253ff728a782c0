"""Schedule: when a source is read again, as a pure function of how it was read so far."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from feeds.archive.readings import SourceRow
from sources.source import Source

FIRST_RETRY = timedelta(minutes=5)
LONGEST_RETRY = timedelta(days=1)
QUIET = 4  # readings that give nothing new, before the next one waits twice as long
SLOWEST = 8  # times its own interval that a quiet source may wait


@dataclass(frozen=True, slots=True)
class Planned:
    """A source, and how it is to be read.

    every      between two readings; None: whenever `build` runs
    is_remote  others run it: it is left alone for a while when it fails
    settings   stands for how it is read: another way is tried at once
    priority   of a story that two sources have, the higher's stays
    """

    source: Source
    every: timedelta | None = None
    is_remote: bool = False
    priority: int = 0
    settings: str = ""


def together(plans: Sequence[Planned]) -> list[Planned]:
    """Let what stands for each reading stand for its rivals too: of a story that two have, one counts."""
    rivals = sorted((plan.source.name, plan.priority) for plan in plans)
    digest = hashlib.sha256(repr(rivals).encode()).hexdigest()[:16]
    return [replace(plan, settings=f"{plan.settings} {digest}") for plan in plans]


def next_reading(plan: Planned, row: SourceRow, now: datetime, asked: float | None) -> datetime | None:
    """Return when to read a source again after the reading in `row`; None: whenever asked.

    asked: seconds that the server asked to wait, if it did.
    A source that fails is asked after 5, 10, 20 … minutes, a day at most; one that gives nothing new
    waits twice its interval after every 4 such readings, 8 times at most.
    """
    wait = plan.every
    if row.failures and plan.is_remote:
        doubled = FIRST_RETRY * 2 ** min(row.failures - 1, 10)
        wait = max(plan.every or FIRST_RETRY, min(doubled, LONGEST_RETRY), timedelta(seconds=asked or 0))
    elif plan.every:
        wait = plan.every * min(2 ** (row.quiet // QUIET), SLOWEST)
    return now + wait if wait else None


def is_due(plan: Planned, row: SourceRow, now: datetime) -> bool:
    """Is it time to read a source again? One without an interval is always due, unless it failed."""
    if plan.every is None and not row.failures:
        return True
    is_waiting = row.next_at is not None and now < datetime.fromisoformat(row.next_at)
    return not is_waiting or row.settings != plan.settings
