"""Desk: what every feed of a publication is made with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from feeds.archive.archive import Archive
from feeds.channel import Publisher
from feeds.plan import Plan
from feeds.rendered import Rendered
from feeds.sinks.disk import DiskSink
from feeds.sinks.routed import RoutedSink
from feeds.sinks.sink import Sink
from sources.source import Rejected

FURTHEST_AHEAD = 10  # seconds by which a burst of changes may date documents ahead


@dataclass(frozen=True, slots=True)
class Desk:
    """What feeds are composed with.

    now       the moment that embargoes and expiries are held against
    rejected  articles that turn out not to be fit for a format are put here
    deltas    whether documents carry their layout (feeds.delta)
    private_out  the folder of private feeds
    rendered  entries rendered lately, all with this publisher
    """

    archive: Archive
    publisher: Publisher
    plan: Plan
    now: datetime
    rejected: list[Rejected] = field(default_factory=list)
    deltas: bool = False
    private_out: Path = Path("private")
    rendered: Rendered = field(default_factory=Rendered)


def routed(desk: Desk, sink: Sink) -> RoutedSink:
    """Send private feeds to their own place; asked anew in each turn, as others may merge tags."""
    return RoutedSink(sink, DiskSink(desk.private_out), desk.archive.privacy.feeds().holds)


def modified_at(desk: Desk, path: str) -> int:
    """Return when a document's bytes change, should they differ from those in place: only ever forward.

    Changes that share a second are a second apart each. One that is further ahead than that has been told to
    nobody (feeds.server.shelf), and its date serves the next one too.
    """
    before, now = desk.archive.documents.published(path), int(desk.now.timestamp())
    if before is None or before.modified < now:
        return now
    return before.modified if before.modified > now + FURTHEST_AHEAD else before.modified + 1
