"""Ready: a feed composed, held against the one in place, and its changed documents laid beside their places.

Nothing is published by it, and nothing written to the archive: any process that can read that may do it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from feeds.archive.terms import THE_SITE, Term
from feeds.archive.values import Published
from feeds.channel import folder_of
from feeds.composition import Composed, compose
from feeds.desk import Desk
from feeds.document import Document
from feeds.guard import Snapshot, objections
from feeds.in_place import snapshot_of
from feeds.plan import SETS
from feeds.sinks.sink import Laid, Sink
from sources.source import Rejected


@dataclass(frozen=True, slots=True)
class Ready:
    """A feed to be put in place.

    snapshot    what readers would see of it; None: it has not begun, or the settings do not want it
    objections  what speaks against it (feeds.guard)
    ttl, until  minutes between two visits; when it must change by itself
    sealed      the articles of each new page of its archive, by their rows
    documents   those that differ from what is in place; laid: the same, as the sink knows them
    layouts     (path, digest, layout) of each document whose layout is to be kept (feeds.delta)
    rejected    articles that turned out not to be fit for a format
    """

    term: Term
    snapshot: Snapshot | None = None
    objections: Sequence[str] = ()
    ttl: int = 0
    until: datetime | None = None
    sealed: Sequence[Sequence[int]] = ()
    documents: Sequence[Published] = ()
    laid: Sequence[Laid] = ()
    layouts: Sequence[tuple[str, bytes, bytes]] = ()
    rejected: Sequence[Rejected] = ()


def make_ready(desk: Desk, sink: Sink, terms: Sequence[Term]) -> list[Ready]:
    """Make feeds ready. Raises SinkError."""
    with desk.archive.reading():
        return [_ready(replace(desk, rejected=[]), sink, term) for term in terms]


def _ready(desk: Desk, sink: Sink, term: Term) -> Ready:
    composed = compose(desk, term)
    if composed is None:
        return Ready(term)
    documents, laid, layouts = [], [], []
    for page, document in composed.documents:
        if document.layout:  # also of one that was there before deltas were wanted
            layouts.append((document.path, document.digest, document.layout))
        if differs(desk, sink, document):
            laid.append(sink.lay(document))
            values = (document.path, document.digest, len(document.body), document.modified, page)
            documents.append(Published(*values))
    return Ready(
        term,
        composed.snapshot,
        _objections(desk, sink, term, composed),
        composed.ttl,
        desk.archive.next_change(desk.now, term if term.kind != SETS else THE_SITE),
        composed.sealed,
        documents,
        laid,
        layouts,
        desk.rejected,
    )


def differs(desk: Desk, sink: Sink, document: Document) -> bool:
    """Is a document another than the one in place?"""
    before = desk.archive.documents.published(document.path)
    return before is None or before.digest != document.digest or bool(sink.missing([before]))


def _objections(desk: Desk, sink: Sink, term: Term, composed: Composed) -> list[str]:
    """Hold a feed against the one in place."""
    before = desk.archive.held.snapshot(term)
    path = f"{folder_of(term)}atom.xml"
    if before is None and sink.has(path):  # the archive was lost, or another's feed lies there
        before = snapshot_of(sink.read(path) or b"")
    return objections(before, composed.snapshot, desk.plan.settings.guard, desk.now)
