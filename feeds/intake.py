"""Intake: the first half of the line, from sources into the archive."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby

from feeds.archive.archive import Archive
from feeds.archive.incoming import Incoming
from feeds.archive.readings import UNCHANGED, SourceRow
from feeds.archive.values import Stored
from feeds.gathering import Taken, gathered
from feeds.schedule import Planned, is_due, next_reading
from sources.article import Article
from sources.source import Finishing, Gone, Rejected, Site, SourceError, Visited

# What is made durable together: so many records, or those of so many seconds.
CHUNK = 5000
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
        for chunk in _chunks(gathered(plan.source, reader.site, _remembered(archive, plan, before))):
            with archive.transaction():
                counts += _take_all(archive, name, reading, chunk, reader)
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


def _chunks(items: Iterator[Taken]) -> Iterator[list[Taken]]:
    """Group what a source yields; what came before a failure is handed on before the failure is."""
    chunk: list[Taken] = []
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


def _take_all(
    archive: Archive, source: str, reading: int, chunk: Sequence[Taken], reader: Reader
) -> Counter[str]:
    """Put what a source gave into the archive, in its order; count what became of it."""
    counts: Counter[str] = Counter()
    for _, items in groupby(chunk, type):
        articles: list[Incoming] = []
        for item in items:
            if isinstance(item, Incoming):
                articles.append(item)
            elif isinstance(item, Visited):
                counts += _note(archive, source, reading, item, reader.intake)
            elif isinstance(item, Gone):
                counts["withdrawn" if archive.take_back(item, reader.now) else "visited"] += 1
            elif isinstance(item, Rejected):
                counts[_reject(archive, reading, item, reader.intake)] += 1
        counts.update(_store(archive, reading, articles, reader))
    return counts


def _store(archive: Archive, reading: int, batch: Sequence[Incoming], reader: Reader) -> Iterator[str]:
    """Store articles; say of each what became of it."""
    outcomes = archive.store_all(batch, reader.now, reader.priorities)
    for one, (stored, kept) in zip(batch, outcomes, strict=True):
        reader.intake.cleaned += one.cleaned
        if reason := _objection(one, stored, kept):
            record = one.article().model_dump(mode="json")
            rejected = Rejected(one.source, one.position, "id", reason, record)
            yield _reject(archive, reading, rejected, reader.intake)
        else:
            yield stored


def _objection(one: Incoming, stored: Stored, kept: Article | None) -> str:
    if kept is None:
        return ""
    if stored == "older" and kept.source == one.source:
        return f"dated before the version kept, {kept.title!r}: if it is newer, give it a later `modified`"
    if stored == "duplicate":
        return f"another record has its id, {kept.id}: give each its own, or the newer a later `modified`"
    return ""


def _reject(archive: Archive, reading: int, rejected: Rejected, intake: Intake) -> str:
    archive.readings.reject(rejected, reading)
    intake.rejected.append(rejected)
    return "rejected"
