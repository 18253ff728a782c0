"""Seat: what a process that makes feeds ready is given, so that it works as the first one would."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from feeds.archive.sqlite import SqliteArchive
from feeds.archive.terms import Term
from feeds.desk import Desk, routed
from feeds.ready import Ready, make_ready
from feeds.sinks.sink import Sink


def seat_of(desk: Desk, sink: Sink) -> bytes:
    """Write down a desk and a sink for other processes."""
    made_with = (desk.publisher, desk.plan, desk.now, desk.deltas, desk.private_out)
    return pickle.dumps((desk.archive.path, desk.archive.terms.changes, made_with, sink))


def make_ready_elsewhere(seat: bytes, terms: Sequence[Term]) -> list[Ready]:
    """Make feeds ready as `feeds.ready.make_ready` does, in a process that is not the first."""
    desk, sink = _taken(seat)
    return make_ready(desk, routed(desk, sink), terms)


@lru_cache(maxsize=1)
def _taken(seat: bytes) -> tuple[Desk, Sink]:
    path, names, (publisher, plan, now, deltas, private_out), sink = pickle.loads(seat)  # noqa: S301 - ours
    archive = _opened(path, names)
    return Desk(archive, publisher, plan, now, deltas=deltas, private_out=private_out), sink


@lru_cache(maxsize=1)
def _opened(path: Path, _names: int) -> SqliteArchive:
    """Open an archive; anew once its terms may be called otherwise."""
    return SqliteArchive(path, readonly=True)
