"""Storing: what a source gave is put into the archive; what became of each record is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from feeds.archive.archive import Archive
from feeds.archive.given import Given
from feeds.archive.incoming import Incoming
from feeds.archive.readings import UNCHANGED, SourceRow
from feeds.archive.values import Outcome
from feeds.gathering import Known, Taken
from sources.source import Gone, Rejected, Visited


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


@dataclass
class Reading:
    """One reading of one source, into the archive.

    source      its name; number: of the reading, counted from 1; way: stands for how it is read
    priorities  of all sources
    intake      of the run
    given       the records that gave articles since the last Visited
    """

    archive: Archive
    source: str
    number: int
    way: str
    now: datetime
    priorities: dict[str, int]
    intake: Intake
    given: Given = field(default_factory=Given)

    def take(self, chunk: Sequence[Taken]) -> Counter[str]:
        """Put what a source gave into the archive, in its order; count what became of it."""
        counts: Counter[str] = Counter()
        for _, items in groupby(chunk, type):
            articles: list[Incoming] = []
            for item in items:
                if isinstance(item, Incoming):
                    articles.append(item)
                elif isinstance(item, Known):
                    counts["unchanged"] += self._meet(item)
                elif isinstance(item, Visited):
                    counts += self._note(item)
                elif isinstance(item, Gone):
                    counts["withdrawn" if self.archive.take_back(item, self.now) else "visited"] += 1
                elif isinstance(item, Rejected):
                    counts[self._reject(item)] += 1
            counts.update(self._store(articles))
        return counts

    def remember_given(self, place: str) -> None:
        """Remember which records of a file or an address gave articles: as they are, they will again."""
        self.archive.readings.keep_given(self.source, place, self.way, self.given.data())
        self.given = Given()

    def _meet(self, known: Known) -> int:
        self.archive.meet(row for _, row in known.records)
        for digest, row in known.records:
            self.given.note(digest, row)
        return len(known.records)

    def _note(self, item: Visited) -> Counter[str]:
        """Remember that an address was asked, or a file read; count what a file that is as it was holds."""
        is_file = not is_address(item.url)
        if not is_file:
            self.intake.visits[item.status] += 1
        self.archive.readings.remember(self.source, item, self.number)
        if item.status != UNCHANGED:
            self.remember_given(item.url)
        elif is_file and item.remembered:
            kept = self.archive.readings.rejected_at(self.source, item.url)
            self.intake.rejected += kept
            return Counter(unchanged=item.records - len(kept), rejected=len(kept))
        return Counter(visited=1)

    def _store(self, batch: Sequence[Incoming]) -> Iterator[str]:
        """Store articles; say of each what became of it."""
        outcomes = self.archive.store_all(batch, self.now, self.priorities)
        for one, outcome in zip(batch, outcomes, strict=True):
            self.intake.cleaned += one.cleaned
            if reason := _objection(one, outcome):
                record = one.article().model_dump(mode="json")
                yield self._reject(Rejected(one.source, one.position, "id", reason, record))
                continue
            if one.record:
                self.given.note(one.record, outcome.row, is_change=outcome.stored == "changed")
            yield outcome.stored

    def _reject(self, rejected: Rejected) -> str:
        self.archive.readings.reject(rejected, self.number)
        self.intake.rejected.append(rejected)
        return "rejected"


def is_address(place: str) -> bool:
    """Is what was visited on the web, and no file?"""
    return place.startswith("http")


def _objection(one: Incoming, outcome: Outcome) -> str:
    kept = outcome.kept
    if kept is None:
        return ""
    if outcome.stored == "older" and kept.source == one.source:
        return f"dated before the version kept, {kept.title!r}: if it is newer, give it a later `modified`"
    if outcome.stored == "duplicate":
        return f"another record has its id, {kept.id}: give each its own, or the newer a later `modified`"
    return ""
