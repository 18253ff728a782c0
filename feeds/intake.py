"""Intake: the first half of the line, from sources into the archive."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from feeds.archive.archive import Archive, SourceRow
from sources.article import Article
from sources.source import Rejected, Site, Source, SourceError, Visited

CHUNK = 1000  # records made durable together

Given = Article | Rejected | Visited
Progress = Callable[[str, int, int | None], None]


@dataclass
class Intake:
    """What a reading of all sources gave.

    records   how many became of what: new, changed, unchanged, older, rejected
    rejected  the records that are no Articles
    failed    a message for each source that failed as a whole
    visits    how many addresses answered with which status: 200, 304
    cleaned   characters taken out of texts because XML 1.0 forbids them
    """

    records: Counter[str] = field(default_factory=Counter)
    rejected: list[Rejected] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    visits: Counter[int] = field(default_factory=Counter)
    cleaned: int = 0


def take_in(
    archive: Archive, sources: Sequence[Source], site: Site, now: datetime, progress: Progress
) -> Intake:
    """Read every source into the archive. A source that fails stops no other."""
    intake = Intake()
    for source in sources:
        counts: Counter[str] = Counter()
        error = None
        with archive.transaction():
            archive.forget_rejected(source.name)
        try:
            for chunk in _chunks(source.read(site, archive.remembered(source.name))):
                with archive.transaction():
                    for item in chunk:
                        counts[_take(archive, source.name, item, intake, now)] += 1
                progress(source.name, counts.total(), None)
        except SourceError as failure:
            error = str(failure)
            intake.failed.append(error)
        intake.records += counts
        taken = counts.total() - counts["rejected"] - counts["visited"]
        with archive.transaction():
            archive.record_reading(SourceRow(source.name, now.isoformat(), taken, counts["rejected"], error))
    return intake


def _chunks(items: Iterator[Given]) -> Iterator[list[Given]]:
    """Group what a source yields; what came before a failure is handed on before the failure is."""
    failure: SourceError | None = None

    def until_failure() -> Iterator[Given]:
        nonlocal failure
        try:
            yield from items
        except SourceError as error:
            failure = error

    records = until_failure()
    while chunk := list(itertools.islice(records, CHUNK)):
        yield chunk
    if failure:
        raise failure


def _take(archive: Archive, source: str, item: Given, intake: Intake, now: datetime) -> str:
    """Put what a source gave into the archive; say what became of it."""
    if isinstance(item, Visited):
        archive.remember(source, item)
        intake.visits[item.status] += 1
        return "visited"
    if isinstance(item, Article):
        intake.cleaned += item.cleaned
        stored, kept = archive.store(item, now)
        if stored != "duplicate":
            return stored
        reason = f"another record has its id, {kept.id}: give each its own, or the newer a later `modified`"
        item = Rejected(item.source, item.position, "id", reason, item.model_dump(mode="json"))
    archive.reject(item)
    intake.rejected.append(item)
    return "rejected"
