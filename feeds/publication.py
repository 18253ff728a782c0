"""Publication: the second half of the line, from the archive through documents to a sink."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from feeds.archive.archive import Archive
from feeds.channel import folder_of
from feeds.desk import Desk, routed
from feeds.intake import Progress
from feeds.sinks.sink import Sink
from feeds.workers import cores, workers
from sources.source import Rejected

if TYPE_CHECKING:
    from feeds.putting import Accept

BATCH = 32  # feeds made durable together
MANY = 200  # feeds; of more, other processes make a part
ROUND = 2048  # of so many, made while nobody else may write: some second
A_CLOCK_WAS_WRONG = timedelta(hours=1)
BEFORE_ALL = -1  # the row that all feeds come after
Tell = Callable[[Sequence[str]], None]
ENTRY_BYTES = 2  # raise it when a change in feeds/formats changes the bytes of entries


@dataclass
class Publication:
    """What was published.

    written      how many documents' bytes changed; `tell` is told their paths
    unchanged    how many documents' bytes did not; counted in a thorough publication alone
    signposts    paths of what was written beside the feeds
    rejected     articles that can't be rendered
    held         feeds, by folder, that were not replaced, and why (feeds.guard)
    next_change  when some feed must change though no source does: an embargo ends, an article expires
    """

    written: int = 0
    signposts: list[str] = field(default_factory=list)
    unchanged: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    held: dict[str, list[str]] = field(default_factory=dict)
    next_change: datetime | None = None

    def reject(self, found: Sequence[Rejected]) -> None:
        """Set articles aside, each once: many feeds hold one."""
        for one in found:
            if one not in self.rejected:
                self.rejected.append(one)


def publish(
    desk: Desk,
    sink: Sink,
    progress: Progress,
    accept: Accept,
    thorough: bool = True,
    tell: Tell = lambda _: None,
) -> Publication:
    """Bring every feed up to date with the archive; write those whose bytes changed, and no other.

    sink: of public feeds; private ones go to a folder of their own.
    accept: is a feed, by its folder, to be replaced whatever speaks against it (feeds.guard)?
    thorough: look whether files that were published are still there, and count them.
    tell: called with the paths of documents as soon as they are in place.
    """
    publication = Publication()
    archive = desk.archive
    _mark(desk, sink, thorough)
    if total := archive.touched.count():
        for written, rejected in _publish_touched(desk, sink, total, progress, accept):
            publication.written += len(written)
            tell(written)
            publication.reject(rejected)
    with archive.transaction():
        if archive.documents.is_directory_touched():
            from feeds.signposts import write_signposts

            publication.signposts = write_signposts(desk, routed(desk, sink))
        archive.set_meta("last_build", desk.now.isoformat())
    if thorough:
        publication.unchanged = archive.documents.count() - publication.written
    publication.held = {folder_of(term): found for term, found in archive.held.every()}
    publication.next_change = archive.next_change(desk.now)
    return publication


def _publish_touched(
    desk: Desk, sink: Sink, total: int, progress: Progress, accept: Accept
) -> Iterator[tuple[list[str], list[Rejected]]]:
    """Publish feeds that were touched, round by round; yield what `feeds.rounds.publish_round` does."""
    from feeds.rounds import publish_round  # what makes feeds takes its time to load: mostly none is touched

    archive, done, after = desk.archive, 0, BEFORE_ALL
    combined: set[int] = set()
    with workers() if total > MANY and cores() > 1 else nullcontext() as pool:
        while archive.touched.feeds(after, 1):
            progress("feeds", done, total)
            # Nobody else writes between looking at articles and putting the feeds in place that hold them.
            with archive.turn():
                # Asked for anew each time: between two turns others may merge, rename and store.
                terms = archive.touched.feeds(after, ROUND if pool else BATCH)
                with archive.transaction():
                    now_desk = _on_time(desk)
                    sets = archive.terms.of_combinations(terms, desk.plan.combinations)
                wanted = [*terms, *(one for one in sets if one.term_id not in combined and one not in terms)]
                yield from publish_round(now_desk, sink, pool, wanted, accept)
            combined |= {term.term_id for term in sets}
            after, done = max([after, *(term.term_id for term in terms)]), done + len(terms)


def is_behind(archive: Archive, now: datetime, held: Set[int] = frozenset()) -> bool:
    """Is there something to publish: a feed touched, beside those held back, or a moment that has come?"""
    if any(term.term_id not in held for term in archive.touched.feeds(BEFORE_ALL, len(held) + 1)):
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
            archive.touched.add_all()
            files = [format_.file for format_ in desk.plan.formats]
            archive.documents.retire_unwanted(files, desk.plan.settings.history)
            archive.set_meta("fingerprint", fingerprint)
        if last_build:
            archive.touched.add_due(datetime.fromisoformat(last_build), desk.now)
        if thorough:
            to_all = routed(desk, sink)
            for some in archive.documents.every():
                to_all.tidy(document.path for document in some)
                archive.touched.add_paths(to_all.missing(some))


def _on_time(desk: Desk) -> Desk:
    """Let no feed be built for an earlier moment than another process has built it for."""
    latest = datetime.fromisoformat(desk.archive.meta("latest") or desk.now.isoformat())
    if desk.now >= latest or latest - desk.now > A_CLOCK_WAS_WRONG:
        desk.archive.set_meta("latest", desk.now.isoformat())
        return desk
    return replace(desk, now=latest)
