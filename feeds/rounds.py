"""Rounds: some feeds made ready, in this process and in others, and put in place while nobody else writes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from functools import partial

from feeds.archive.terms import Term
from feeds.desk import Desk, routed
from feeds.putting import Accept, put
from feeds.ready import Ready, make_ready
from feeds.seat import make_ready_elsewhere, seat_of
from feeds.sinks.routed import RoutedSink
from feeds.sinks.sink import Sink
from feeds.workers import in_order
from sources.source import Rejected

GROUP = 256  # feeds put in place together
PART = 16  # of these, made by one process at a time


def publish_round(
    desk: Desk, sink: Sink, pool: Executor | None, terms: Sequence[Term], accept: Accept
) -> Iterator[tuple[list[str], list[Rejected]]]:
    """Publish some feeds; yield the paths of what was written, as soon as it is in place, and what can't be
    rendered.

    pool: processes that help. accept: see `feeds.putting.put`. Raises SinkError.
    """
    to_all = routed(desk, sink)
    try:
        for made in _groups(desk, sink, to_all, pool, terms):
            rejected = [rejected for ready in made for rejected in ready.rejected]
            yield put(desk, to_all, made, accept), rejected
    finally:
        to_all.clean()  # what was held back, or laid before something failed


def _groups(
    desk: Desk, sink: Sink, to_all: RoutedSink, pool: Executor | None, terms: Sequence[Term]
) -> Iterator[list[Ready]]:
    """Yield feeds made ready, as many as are put in place together."""
    if pool is None:
        yield make_ready(desk, to_all, terms)
        return
    made: list[Ready] = []
    elsewhere, here = partial(make_ready_elsewhere, seat_of(desk, sink)), partial(make_ready, desk, to_all)
    for ready in in_order(pool, elsewhere, _parts(terms), here):
        made += ready
        if len(made) >= GROUP:
            yield made
            made = []
    yield made


def _parts(terms: Sequence[Term]) -> Iterator[Sequence[Term]]:
    return (terms[start : start + PART] for start in range(0, len(terms), PART))
