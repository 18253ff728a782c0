"""Putting: feeds that were made ready put in place, and remembered as published."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from feeds.channel import folder_of
from feeds.desk import Desk
from feeds.ready import Ready
from feeds.sinks.sink import Sink

Accept = Callable[[str], bool]


def put(desk: Desk, sink: Sink, made: Sequence[Ready], accept: Accept) -> list[str]:
    """Put feeds in place; return the paths of what was written.

    accept: is a feed, by its folder, to be replaced whatever speaks against it (feeds.guard)?
    One transaction around the files: killed before it commits, the next build does them again.
    """
    with desk.archive.transaction():
        passed = [ready for ready in made if not _is_held(desk, ready, accept)]
        laid = [laid for ready in passed for laid in ready.laid]
        sink.secure(laid)
        sink.put(laid)
        for ready in passed:
            _record(desk, ready)
        for rejected in (rejected for ready in made for rejected in ready.rejected):
            desk.archive.readings.reject(rejected)
    return [document.path for ready in passed for document in ready.documents]


def _is_held(desk: Desk, ready: Ready, accept: Accept) -> bool:
    """Hold a feed against which something speaks: the old one stays there, until the new one is accepted."""
    term = ready.term
    if ready.snapshot is None:
        return False
    if ready.objections and not accept(folder_of(term)) and not desk.archive.held.tells_secrets(term):
        desk.archive.held.hold(term, ready.objections)
        return True
    desk.archive.held.keep(term, ready.snapshot)
    return False


def _record(desk: Desk, ready: Ready) -> None:
    archive, term = desk.archive, ready.term
    if ready.snapshot is None:  # not wanted, or, once private, with nothing that the public may see
        archive.documents.retire(term)
        archive.held.drop(term)
    else:
        for page in ready.sealed:
            archive.history.seal(term, page)
        for path, digest, layout in ready.layouts:
            archive.versions.keep(path, digest, desk.now, layout)
        archive.documents.record(term, ready.documents)
        archive.documents.freshen(term, ready.ttl * 60, ready.until)
    archive.documents.finish(term)
