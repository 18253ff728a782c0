"""Publication: the second half of the line, from the archive through documents to a sink."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from feeds.archive.archive import Archive
from feeds.archive.terms import KINDS, THE_DIRECTORY, THE_SITE, Term
from feeds.archive.values import Published
from feeds.channel import folder_of
from feeds.composition import Composed, compose
from feeds.desk import Desk
from feeds.document import Document
from feeds.formats import FORMATS
from feeds.guard import objections
from feeds.in_place import snapshot_of
from feeds.intake import Progress
from feeds.plan import SETS
from feeds.signposts import PATHS, signposts
from feeds.sinks.disk import DiskSink
from feeds.sinks.routed import RoutedSink
from feeds.sinks.sink import Sink
from sources.source import Rejected

BATCH = 32  # feeds made durable together
DOCUMENTS = 96  # written together; of a first build's archives there may be thousands in one feed
A_CLOCK_WAS_WRONG = timedelta(hours=1)
BEFORE_ALL = -1  # the row that all feeds come after
ENTRY_BYTES = 2  # raise it when a change in feeds/formats changes the bytes of entries


@dataclass
class Publication:
    """What was published.

    written      paths of documents whose bytes changed
    unchanged    how many documents' bytes did not; counted in a thorough publication alone
    signposts    paths of what was written beside the feeds
    rejected     articles that can't be rendered
    held         feeds, by folder, that were not replaced, and why (feeds.guard)
    next_change  when some feed must change though no source does: an embargo ends, an article expires
    """

    written: list[str] = field(default_factory=list)
    signposts: list[str] = field(default_factory=list)
    unchanged: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    held: dict[str, list[str]] = field(default_factory=dict)
    next_change: datetime | None = None


Accept = Callable[[str], bool]


def publish(desk: Desk, sink: Sink, progress: Progress, accept: Accept, thorough: bool = True) -> Publication:
    """Bring every feed up to date with the archive; write those whose bytes changed, and no other.

    sink: of public feeds; private ones go to a folder of their own.
    accept: is a feed, by its folder, to be replaced whatever speaks against it (feeds.guard)?
    thorough: look whether files that were published are still there, and count them.
    """
    publication = Publication()
    archive = desk.archive
    _mark(desk, sink, thorough)
    total, done, after = len(archive.touched()), 0, BEFORE_ALL
    combined: set[int] = set()
    while archive.touched(after, 1):
        progress("feeds", done, total)
        # One transaction around the files: killed before it commits, the next build does them again.
        with archive.transaction():
            # Asked for anew each time: between two transactions others may merge, rename and store.
            terms = archive.touched(after, BATCH)
            sets = archive.combined_of(terms, desk.plan.combinations)
            terms_and_sets = terms + [s for s in sets if s.term_id not in combined and s not in terms]
            routed = _routed(desk, sink)
            for changed in _batches(_on_time(desk), routed, terms_and_sets, accept):
                routed.write(changed)
                publication.written += [document.path for document in changed]
        combined |= {term.term_id for term in sets}
        after, done = max([after, *(term.term_id for term in terms)]), done + len(terms)
    with archive.transaction():
        publication.signposts = _signposts(desk, _routed(desk, sink))
        archive.set_meta("last_build", desk.now.isoformat())
    if thorough:
        publication.unchanged = archive.documents.count() - len(publication.written)
    publication.rejected = desk.rejected
    publication.held = {folder_of(term): found for term, found in archive.held.every()}
    publication.next_change = archive.next_change(desk.now)
    return publication


def is_behind(archive: Archive, now: datetime, held: Set[int] = frozenset()) -> bool:
    """Is there something to publish: a feed touched, beside those held back, or a moment that has come?"""
    if any(term.term_id not in held for term in archive.touched(BEFORE_ALL, len(held) + 1)):
        return True
    last_build = archive.meta("last_build")
    next_change = archive.next_change(datetime.fromisoformat(last_build)) if last_build else now
    return next_change is not None and next_change <= now


def _mark(desk: Desk, sink: Sink, thorough: bool) -> None:
    """Mark feeds that must be built though no article changed."""
    archive = desk.archive
    fingerprint = hashlib.sha256(repr((ENTRY_BYTES, desk.publisher, desk.plan)).encode()).hexdigest()
    last_build = archive.meta("last_build")
    with archive.transaction():
        if archive.meta("fingerprint") != fingerprint:
            archive.touch_all()
            files = [format_.file for format_ in desk.plan.formats]
            archive.documents.retire_unwanted(files, desk.plan.settings.history)
            archive.set_meta("fingerprint", fingerprint)
        if last_build:
            archive.touch_due(datetime.fromisoformat(last_build), desk.now)
        if thorough:
            routed, published = _routed(desk, sink), archive.documents.every()
            routed.tidy(document.path for document in published)
            archive.touch_paths(routed.missing(published))


def _routed(desk: Desk, sink: Sink) -> RoutedSink:
    """Send private feeds to their own place; asked anew in each transaction, as others may merge tags."""
    return RoutedSink(sink, DiskSink(desk.private_out), desk.archive.privacy.feeds().holds)


def _on_time(desk: Desk) -> Desk:
    """Let no feed be built for an earlier moment than another process has built it for."""
    latest = datetime.fromisoformat(desk.archive.meta("latest") or desk.now.isoformat())
    if desk.now >= latest or latest - desk.now > A_CLOCK_WAS_WRONG:
        desk.archive.set_meta("latest", desk.now.isoformat())
        return desk
    return replace(desk, now=latest)


def _batches(desk: Desk, sink: Sink, terms: Sequence[Term], accept: Accept) -> Iterator[list[Document]]:
    """Yield the documents of feeds that differ from those in place, remembered as published."""
    changed: list[Document] = []
    for term in terms:
        composed = compose(desk, term)
        if composed is None:  # not wanted, or, once private, with nothing that the public may see
            desk.archive.documents.retire(term)
            desk.archive.held.drop(term)
        if composed and _is_held(desk, sink, term, composed, accept):
            continue
        for page, document in composed.documents if composed else ():
            if document.layout:  # also of one that was there before deltas were wanted
                desk.archive.versions.keep(document.path, document.digest, desk.now, document.layout)
            if not _differs(desk, sink, document):
                continue
            values = (document.path, document.digest, len(document.body), document.modified, page)
            desk.archive.documents.record(term, [Published(*values)])
            changed.append(document)
            if len(changed) == DOCUMENTS:
                yield changed
                changed = []
        if composed:
            until = desk.archive.next_change(desk.now, term if term.kind != SETS else THE_SITE)
            desk.archive.documents.freshen(term, composed.ttl * 60, until)
        desk.archive.documents.finish(term)
    if changed:
        yield changed


def _is_held(desk: Desk, sink: Sink, term: Term, composed: Composed, accept: Accept) -> bool:
    """Hold a feed against the one in place: an accident leaves the old one there, until it is accepted."""
    before = desk.archive.held.snapshot(term)
    if before is None and (there := sink.read(f"{folder_of(term)}atom.xml")):
        before = snapshot_of(there)  # the archive was lost, or another's feed lies there
    found = objections(before, composed.snapshot, desk.plan.settings.guard, desk.now)
    if found and not accept(folder_of(term)) and not desk.archive.held.tells_secrets(term):
        desk.archive.held.hold(term, found)
        return True
    desk.archive.held.keep(term, composed.snapshot)
    return False


def _signposts(desk: Desk, sink: Sink) -> list[str]:
    """Write what tells of all feeds, and take away what lies at addresses that are none any more."""
    if not desk.archive.documents.is_directory_touched():
        return []
    found = list(signposts(desk))
    unwanted = set(PATHS) - {document.path for document in found}
    gone = [*desk.archive.documents.gone(), *filter(desk.archive.documents.published, sorted(unwanted))]
    sink.remove(gone)
    for kind, slug, _ in desk.archive.former():  # also what a killed build left there
        sink.clear(f"{KINDS[kind]}/{slug}/", [format_.file for format_ in FORMATS])
    desk.archive.documents.forget(gone)
    desk.archive.versions.forget(gone)
    changed = [document for document in found if _differs(desk, sink, document)]
    sink.write(changed)
    for d in changed:
        desk.archive.documents.record(THE_DIRECTORY, [Published(d.path, d.digest, len(d.body), d.modified)])
    desk.archive.documents.finish(THE_DIRECTORY)
    return [document.path for document in changed]


def _differs(desk: Desk, sink: Sink, document: Document) -> bool:
    before = desk.archive.documents.published(document.path)
    return before is None or before.digest != document.digest or bool(sink.missing([before]))
