"""Composition: the documents of one feed, as the archive has its articles and the settings want them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain

from feeds.archive.terms import Term
from feeds.archive.values import Listed, Withdrawal
from feeds.build import build
from feeds.cadence import cadence
from feeds.channel import Channel, folder_of
from feeds.desk import Desk, modified_at
from feeds.document import Document
from feeds.entries import entries_of, fitting_of
from feeds.formats import Format
from feeds.formats.elements import Parts, length_of
from feeds.guard import Snapshot
from feeds.plan import SETS, Selection

DAY = 86_400  # seconds
EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Composed:
    """A feed as it would be published. Nothing is written: whoever publishes it seals its pages too.

    snapshot   what readers would see of it
    ttl        minutes between two visits, as its documents say
    sealed     the articles of each new page of its archive, by their rows
    documents  (None, what readers subscribe to) in every format, (number, page of its archive) as many as
               are new or no longer right; each is made when it is asked for
    """

    snapshot: Snapshot
    ttl: int
    sealed: Sequence[Sequence[int]]
    documents: Iterator[tuple[int | None, Document]]


def compose(desk: Desk, term: Term) -> Composed | None:
    """Compose a feed. It begins with the first article it may show, and stays.

    None: it has not begun, or the settings do not want it.
    """
    if not desk.plan.allows(term):
        return None
    selection = desk.plan.selection(term)
    listed = listed_of(desk, term, selection)
    begun = [format_ for format_ in desk.plan.formats if _has_begun(desk, term, format_, len(listed))]
    if not begun:
        return None
    entries = entries_of(desk, listed, begun, selection)
    first = entries[begun[0].name]
    window = fitting_of(listed, first, selection.max_bytes)
    waiting = Waiting()
    if desk.plan.settings.history and term.kind != SETS:
        waiting = _waiting(desk, term, window, selection.limit)
        late = _late(listed, waiting.pending)
        for name, found in entries_of(desk, late, begun, selection).items():
            entries[name] |= found
        listed = _merged(listed, late, selection.order)
    ttl = desk.plan.ttl(term) or cadence(item.published for item in window)
    chosen = _Chosen(term, selection, listed, entries, waiting, ttl)
    return Composed(
        # What waits for its page comes and goes in numbers: the guard looks at the newest alone.
        Snapshot(
            tuple((item.id, item.published, item.updated) for item in window),
            sum(length_of(first[item.article_id]) for item in window),
            "updated" if selection.order == "updated" else "published",
        ),
        ttl,
        [[item.article_id for item in page] for page in waiting.sealed],
        _documents(desk, begun, chosen),
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """What entered a feed and is on no page of its archive yet, and the new pages for which there is enough.

    pending: there whatever the limits, since who follows the archive must not miss it (RFC 5005, section 4).
    """

    pending: Sequence[Listed] = ()
    sealed: Sequence[Sequence[Listed]] = ()


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What a feed's documents are made of. entries: of each format, by article."""

    term: Term
    selection: Selection
    listed: Sequence[Listed]
    entries: Mapping[str, dict[int, Parts]]
    waiting: Waiting
    ttl: int


def _documents(
    desk: Desk, formats: Sequence[Format], chosen: _Chosen
) -> Iterator[tuple[int | None, Document]]:
    history = desk.archive.history
    pages = history.pages(chosen.term) if desk.plan.settings.history else 0
    for document in _current(desk, formats, chosen, pages + len(chosen.waiting.sealed)):
        yield None, document
    touched = history.touched_pages(chosen.term)
    again = ((number, history.page(chosen.term, number, desk.now)) for number in touched)
    for number, listed in chain(again, enumerate(chosen.waiting.sealed, start=pages + 1)):
        for document in _page(desk, formats, chosen, number, listed):
            yield number, document


def _has_begun(desk: Desk, term: Term, format_: Format, articles: int) -> bool:
    path = folder_of(term) + format_.file
    if desk.plan.begins(term, articles):
        return True
    if desk.archive.history.is_empty(term):
        return False
    # It may have moved, and be empty.
    return desk.archive.documents.published(path) is not None or desk.archive.held.snapshot(term) is not None


def listed_of(desk: Desk, term: Term, selection: Selection) -> list[Listed]:
    """Return the articles that a feed may show now, none much older than its newest, if so chosen."""
    combination = desk.plan.combinations.get(term.name) if term.kind == SETS else None
    listed = desk.archive.newest(term, selection.limit, desk.now, selection.order, combination)
    if not selection.max_days or not listed:
        return listed
    newest = max(item.published for item in listed)
    return [item for item in listed if newest - item.published <= selection.max_days * DAY]


def _waiting(desk: Desk, term: Term, window: Sequence[Listed], size: int) -> Waiting:
    """Make pages of what waits, the oldest first, as long as one is full; the rest still waits.

    window: what the limits let into the feed. What waits outside of it, a correction of an old story or one
    that has grown too old, is shown all the same until there is as much of it: then it is a page.
    """
    pending = desk.archive.history.pending(term, desk.now)
    held = desk.archive.history.held(term)  # a correction must be seen in the feed itself first
    ready = [item for item in pending if item.article_id not in held]
    full = len(ready) // size * size
    sealed = [ready[start : start + size] for start in range(0, full, size)]
    shown = {item.article_id for item in window}
    outside = [item for item in ready[full:] if item.article_id not in shown]
    if outside and len(outside) >= len(window):
        sealed.append(outside)
    gone = {item.article_id for page in sealed for item in page}
    newest_first = [sorted(page, key=lambda item: (item.published, item.id), reverse=True) for page in sealed]
    return Waiting([item for item in pending if item.article_id not in gone], newest_first)


def _late(listed: Sequence[Listed], pending: Sequence[Listed]) -> list[Listed]:
    """Return what waits and is not listed, what changed last first."""
    there = {item.article_id for item in listed}
    return [item for item in reversed(pending) if item.article_id not in there]


def _merged(listed: list[Listed], late: Sequence[Listed], order: str) -> list[Listed]:
    """Return both, newest first."""
    if not late:
        return listed
    return sorted([*listed, *late], key=lambda item: getattr(item, order), reverse=True)


def _current(desk: Desk, formats: Sequence[Format], chosen: _Chosen, pages: int) -> Iterator[Document]:
    """Compose what readers subscribe to, in every format. pages: how many its archive has."""
    term = chosen.term
    kept = {item.article_id for item in chosen.waiting.pending}
    withdrawn = desk.archive.withdrawn_from(term, desk.now)
    channel = replace(desk.plan.channel(term, desk.publisher, EPOCH), ttl=chosen.ttl)
    if pages:
        channel = replace(channel, previous=_page_base(channel, pages))
    for format_ in formats:
        entries = chosen.entries[format_.name]
        fitting = fitting_of(chosen.listed, entries, chosen.selection.max_bytes, kept)
        rows = [item.article_id for item in fitting]
        dated = replace(channel, updated=_updated(fitting))
        yield _document(desk, dated, format_, [entries[row] for row in rows], withdrawn, rows)


def _page(
    desk: Desk, formats: Sequence[Format], chosen: _Chosen, number: int, listed: Sequence[Listed]
) -> Iterator[Document]:
    """Compose a sealed page of a feed's archive (RFC 5005, section 4), in every format.

    It names no next-archive: that link would have to be added when the next page is sealed.
    """
    channel = desk.plan.channel(chosen.term, desk.publisher, _updated(listed))
    channel = replace(
        channel,
        folder=f"{channel.folder}archive/{number}/",
        self_base=_page_base(channel, number),
        current=channel.self_base,
        previous=_page_base(channel, number - 1) if number > 1 else None,
        is_archive=True,
    )
    ready = entries_of(desk, listed, formats, chosen.selection)
    for format_ in formats:
        entries = ready[format_.name]
        there = [entries[item.article_id] for item in listed if item.article_id in entries]
        yield _document(desk, channel, format_, there)


def _page_base(channel: Channel, number: int) -> str:
    return f"{channel.self_base}archive/{number}/"


def _updated(listed: Sequence[Listed]) -> datetime:
    return datetime.fromtimestamp(max((item.updated for item in listed), default=0), UTC)


def _document(
    desk: Desk,
    channel: Channel,
    format_: Format,
    entries: Sequence[Parts],
    withdrawn: Sequence[Withdrawal] = (),
    rows: Sequence[int] = (),
) -> Document:
    modified = modified_at(desk, channel.folder + format_.file)
    return build(channel, format_, entries, modified, withdrawn, rows if desk.deltas else ())
