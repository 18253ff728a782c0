"""Intake: the first half of the line, from sources into the archive."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Literal

from feeds.archive.archive import Archive
from feeds.archive.given import Rows
from feeds.archive.readings import SourceRow
from feeds.gathering import Known, Taken, gathered
from feeds.schedule import Planned, is_due, next_reading
from feeds.storing import Intake, Reading, is_address
from sources.source import Finishing, Site, SourceError, reading_of

# What is made durable together: so many records, or those of so many seconds.
CHUNK = 5000
CHUNK_SECONDS = 1.0
API = "api"  # what `serve` is called beside the sources, of articles that it was sent

Progress = Callable[[str, int, int | None], None]
# Which sources are read: those whose time has come, or all; `anew`: also what is as it was.
Extent = Literal["due", "all", "anew"]


def take_in(
    archive: Archive,
    plans: Sequence[Planned],
    site: Site,
    now: datetime,
    extent: Extent,
    progress: Progress,
) -> Intake:
    """Read sources into the archive. One that fails stops no other."""
    intake = Intake()
    archive.begin_run()
    priorities = {plan.source.name: plan.priority for plan in plans}
    priorities[API] = max(priorities.values(), default=0)  # of what it gave, the later change counts
    for plan in plans:
        before = archive.readings.source(plan.source.name)
        if before and extent == "due" and not is_due(plan, before, now):
            intake.waiting.append(before)
            continue
        number = archive.readings.begin(plan.source.name)
        way = reading_of(site, plan.settings)
        reading = Reading(archive, plan.source.name, number, way, now, priorities, intake)
        _read(plan, before, site, reading, extent == "anew", progress)
    return intake


def _read(
    plan: Planned, before: SourceRow | None, site: Site, reading: Reading, anew: bool, progress: Progress
) -> None:
    """Read one source, and remember how it went."""
    archive, source = reading.archive, plan.source
    counts: Counter[str] = Counter()
    failure: SourceError | None = None
    try:
        given = lru_cache(1)(
            lambda place: Rows() if anew else archive.readings.given(source.name, place, reading.way)
        )
        for chunk in _chunks(gathered(source, site, _remembered(archive, plan, before, anew), given)):
            with archive.transaction():
                counts += reading.take(chunk)
            progress(source.name, counts.total(), None)
        if isinstance(source, Finishing):
            source.finish(archive.readings.remembered(source.name))
    except SourceError as error:
        failure = error
        reading.intake.failed.append(str(error))
    reading.intake.records += counts
    row = _row(plan, before, counts, failure, reading.now)
    next_at = next_reading(plan, row, reading.now, failure.retry_after if failure else None)
    with archive.transaction():
        if reading.given.packed and not failure:  # of standard input, which no Visited ends
            reading.remember_given(source.name)
        archive.readings.end(replace(row, next_at=next_at.isoformat() if next_at else None), reading.number)


def _remembered(archive: Archive, plan: Planned, before: SourceRow | None, anew: bool) -> dict[str, str]:
    """Return what a source left to be remembered. Files are read again where another source's word counts
    more, or less, than it did: an article of theirs may stand where another did.
    """
    remembered = archive.readings.remembered(plan.source.name)
    if isinstance(plan.source, Finishing):
        return remembered
    if anew:
        return {}
    if before is None or before.settings == plan.settings:
        return remembered
    return {place: kept for place, kept in remembered.items() if is_address(place)}


def _row(
    plan: Planned, before: SourceRow | None, counts: Counter[str], failure: SourceError | None, now: datetime
) -> SourceRow:
    gave = counts["new"] + counts["changed"] > 0
    return SourceRow(
        plan.source.name,
        now.isoformat(),
        taken=counts.total() - counts["rejected"] - counts["visited"],
        rejected=counts["rejected"],
        error=str(failure) if failure else None,
        gave_at=now.isoformat() if gave else before.gave_at if before else None,
        failures=(before.failures if before else 0) + 1 if failure else 0,
        settings=plan.settings,
        quiet=0 if gave or failure or not before else before.quiet + 1,
    )


def _chunks(items: Iterator[Taken]) -> Iterator[list[Taken]]:
    """Group what a source yields; what came before a failure is handed on before the failure is."""
    chunk: list[Taken] = []
    records, started = 0, time.monotonic()
    try:
        for item in items:
            chunk.append(item)
            records += len(item.records) if isinstance(item, Known) else 1
            if records >= CHUNK or time.monotonic() - started > CHUNK_SECONDS:
                yield chunk
                chunk, records, started = [], 0, time.monotonic()
    except SourceError:
        yield chunk
        raise
    yield chunk
