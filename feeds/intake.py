"""Intake: the first half of the line, from sources into the archive."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from feeds.archive.archive import Archive
from feeds.archive.readings import UNCHANGED, SourceRow
from feeds.schedule import Planned, is_due, next_reading
from sources.article import Article
from sources.source import Finishing, Gone, Item, Rejected, Site, SourceError, Visited

# What is made durable together: so many records, or those of so many seconds.
CHUNK = 1000
CHUNK_SECONDS = 1.0
API = "api"  # what `serve` is called beside the sources, of articles that it was sent

Progress = Callable[[str, int, int | None], None]


@dataclass
class Intake:
    """What a reading of all sources gave.

    records   how many became of what: new, changed, unchanged, older, elsewhere, withdrawn, rejected
    rejected  the records that are no Articles
    failed    a message for each source that failed as a whole
    waiting   the sources that were not yet to be read
    visits    how many addresses answered with which status: 200, 304; 0 for no answer
    cleaned   characters taken out of texts because XML 1.0 forbids them
    """

    records: Counter[str] = field(default_factory=Counter)
    rejected: list[Rejected] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    waiting: list[SourceRow] = field(default_factory=list)
    visits: Counter[int] = field(default_factory=Counter)
    cleaned: int = 0


def take_in(
    archive: Archive,
    plans: Sequence[Planned],
    site: Site,
    now: datetime,
    everything: bool,
    progress: Progress,
) -> Intake:
    """Read sources into the archive, `everything` or those that are due. One that fails stops no other."""
    intake = Intake()
    archive.begin_run()
    priorities = {plan.source.name: plan.priority for plan in plans}
    priorities[API] = max(priorities.values(), default=0)  # of what it gave, the later change counts
    for plan in plans:
        before = archive.readings.source(plan.source.name)
        if before and not (everything or is_due(plan, before, now)):
            intake.waiting.append(before)
            continue
        _read(archive, plan, before, Reader(site, now, priorities, intake, progress))
    return intake


@dataclass(frozen=True, slots=True)
class Reader:
    """What all sources of a run are read with."""

    site: Site
    now: datetime
    priorities: dict[str, int]
    intake: Intake
    progress: Progress


def _read(archive: Archive, plan: Planned, before: SourceRow | None, reader: Reader) -> None:
    """Read one source, and remember how it went."""
    name = plan.source.name
    counts: Counter[str] = Counter()
    failure: SourceError | None = None
    reading = archive.readings.begin(name)
    try:
        for chunk in _chunks(plan.source.read(reader.site, _remembered(archive, plan, before))):
            with archive.transaction():
                for item in chunk:
                    if isinstance(item, Visited):
                        counts += _note(archive, name, reading, item, reader.intake)
                    else:
                        counts[_take(archive, reading, item, reader)] += 1
            reader.progress(name, counts.total(), None)
        if isinstance(plan.source, Finishing):
            plan.source.finish(archive.readings.remembered(name))
    except SourceError as error:
        failure = error
        reader.intake.failed.append(str(error))
    reader.intake.records += counts
    row = _row(plan, before, counts, failure, reader.now)
    next_at = next_reading(plan, row, reader.now, failure.retry_after if failure else None)
    with archive.transaction():
        archive.readings.end(replace(row, next_at=next_at.isoformat() if next_at else None), reading)


def _remembered(archive: Archive, plan: Planned, before: SourceRow | None) -> dict[str, str]:
    """Return what a source left to be remembered. Files are read again where another source's word counts
    more, or less, than it did: an article of theirs may stand where another did.
    """
    remembered = archive.readings.remembered(plan.source.name)
    if before is None or before.settings == plan.settings or isinstance(plan.source, Finishing):
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


def _chunks(items: Iterator[Item]) -> Iterator[list[Item]]:
    """Group what a source yields; what came before a failure is handed on before the failure is."""
    chunk: list[Item] = []
    started = time.monotonic()
    try:
        for item in items:
            chunk.append(item)
            if len(chunk) == CHUNK or time.monotonic() - started > CHUNK_SECONDS:
                yield chunk
                chunk, started = [], time.monotonic()
    except SourceError:
        yield chunk
        raise
    yield chunk


def _note(archive: Archive, source: str, reading: int, item: Visited, intake: Intake) -> Counter[str]:
    """Remember that an address was asked, or a file read; count what a file that is as it was holds."""
    if is_address(item.url):
        intake.visits[item.status] += 1
    elif item.status == UNCHANGED and item.remembered:
        kept = archive.readings.rejected_at(source, item.url)
        intake.rejected += kept
        return Counter(unchanged=item.records - len(kept), rejected=len(kept))
    archive.readings.remember(source, item, reading)
    return Counter(visited=1)


def is_address(place: str) -> bool:
    """Is what was visited on the web, and no file?"""
    return place.startswith("http")


def _take(archive: Archive, reading: int, item: Article | Gone | Rejected, reader: Reader) -> str:
    """Put what a source gave into the archive; say what became of it."""
    intake = reader.intake
    if isinstance(item, Gone):
        return "withdrawn" if archive.take_back(item, reader.now) else "visited"
    if isinstance(item, Article):
        intake.cleaned += item.cleaned
        stored, kept = archive.store(item, reader.now, reader.priorities)
        if stored == "older" and kept.source == item.source:
            reason = (
                f"dated before the version kept, {kept.title!r}: if it is newer, give it a later `modified`"
            )
        elif stored == "duplicate":
            reason = (
                f"another record has its id, {kept.id}: give each its own, or the newer a later `modified`"
            )
        else:
            return stored
        item = Rejected(item.source, item.position, "id", reason, item.model_dump(mode="json"))
    archive.readings.reject(item, reading)
    intake.rejected.append(item)
    return "rejected"
