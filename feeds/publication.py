"""Publication: the second half of the line, from the archive through documents to a sink."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from feeds.archive.terms import Term
from feeds.archive.values import Published
from feeds.composition import Desk, documents
from feeds.document import Document
from feeds.intake import Progress
from feeds.sinks.sink import Sink
from sources.source import Rejected

BATCH = 32  # feeds made durable together
DOCUMENTS = 96  # written together; of a first build's archives there may be thousands in one feed
ENTRY_BYTES = 2  # raise it when a change in feeds/formats changes the bytes of entries


@dataclass
class Publication:
    """What was published.

    written      paths of documents whose bytes changed; unchanged: how many did not
    rejected     articles that can't be rendered
    next_change  when some feed must change though no source does: an embargo ends, an article expires
    """

    written: list[str] = field(default_factory=list)
    unchanged: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    next_change: datetime | None = None


def publish(desk: Desk, sink: Sink, progress: Progress) -> Publication:
    """Bring every feed up to date with the archive; write those whose bytes changed, and no other."""
    publication = Publication()
    archive = desk.archive
    _mark(desk, sink)
    touched = archive.touched(desk.plan.combinations)
    for start in range(0, len(touched), BATCH):
        progress("feeds", start, len(touched))
        # One transaction around the files: killed before it commits, the next build does them again.
        with archive.transaction():
            for changed in _batches(desk, sink, touched[start : start + BATCH]):
                sink.write(changed)
                publication.written += [document.path for document in changed]
    with archive.transaction():
        archive.set_meta("last_build", desk.now.isoformat())
    publication.unchanged = len(archive.all_published()) - len(publication.written)
    publication.rejected = desk.rejected
    publication.next_change = archive.next_change(desk.now)
    return publication


def _mark(desk: Desk, sink: Sink) -> None:
    """Mark feeds that must be built though no article changed."""
    archive = desk.archive
    fingerprint = hashlib.sha256(repr((ENTRY_BYTES, desk.publisher, desk.plan)).encode()).hexdigest()
    last_build = archive.meta("last_build")
    with archive.transaction():
        if archive.meta("fingerprint") != fingerprint:
            archive.touch_all()
            archive.set_meta("fingerprint", fingerprint)
        if last_build:
            archive.touch_due(datetime.fromisoformat(last_build), desk.now)
        archive.touch_paths(sink.missing(archive.all_published()))


def _batches(desk: Desk, sink: Sink, terms: Sequence[Term]) -> Iterator[list[Document]]:
    """Yield the documents of feeds that differ from those in place, remembered as published."""
    changed: list[Document] = []
    for term in terms:
        for page, document in documents(desk, term):
            if not _differs(desk, sink, document):
                continue
            values = (document.path, document.digest, len(document.body), document.modified, page)
            desk.archive.record_published(term, [Published(*values)])
            changed.append(document)
            if len(changed) == DOCUMENTS:
                yield changed
                changed = []
        desk.archive.finish(term)
    if changed:
        yield changed


def _differs(desk: Desk, sink: Sink, document: Document) -> bool:
    before = desk.archive.published(document.path)
    return before is None or before.digest != document.digest or bool(sink.missing([before]))
