"""Desk: what every feed of a publication is made with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from feeds.archive.archive import Archive
from feeds.channel import Publisher
from feeds.plan import Plan
from sources.source import Rejected


@dataclass(frozen=True, slots=True)
class Desk:
    """What feeds are composed with.

    now       the moment that embargoes and expiries are held against
    rejected  articles that turn out not to be fit for a format are put here
    keeps     whether entries are kept once rendered; without that nothing is written to the archive
    deltas    whether documents carry their layout (feeds.delta)
    private_out  the folder of private feeds
    """

    archive: Archive
    publisher: Publisher
    plan: Plan
    now: datetime
    rejected: list[Rejected] = field(default_factory=list)
    keeps: bool = True
    deltas: bool = False
    private_out: Path = Path("private")


def modified_at(desk: Desk, path: str) -> int:
    """Return when a document's bytes change, should they differ from those in place: only ever forward."""
    before = desk.archive.documents.published(path)
    return max(int(desk.now.timestamp()), before.modified + 1 if before else 0)
