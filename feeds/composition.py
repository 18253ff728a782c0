"""Composition: the documents of one feed, as the archive has its articles and the settings want them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from feeds.archive.archive import Archive
from feeds.archive.terms import Term
from feeds.archive.values import Listed, Withdrawal
from feeds.archive.withdrawals import notice_of
from feeds.build import build
from feeds.channel import Channel, Publisher, folder_of
from feeds.document import Document
from feeds.formats import Format
from feeds.formats.rendering import Category, Rendering
from feeds.guard import Snapshot
from feeds.plan import SETS, Plan, Selection
from sources.article import Article
from sources.source import Rejected

DAY = 86_400  # seconds


@dataclass(frozen=True, slots=True)
class Desk:
    """What feeds are composed with. now: the moment that embargoes and expiries are held against.

    rejected: articles that turn out not to be fit for a format are put here.
    """

    archive: Archive
    publisher: Publisher
    plan: Plan
    now: datetime
    rejected: list[Rejected] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Composed:
    """A feed as it would be published.

    snapshot   what readers would see of it
    documents  (None, what readers subscribe to) in every format, (number, sealed page of its archive)
    """

    snapshot: Snapshot
    documents: Iterator[tuple[int | None, Document]]


def compose(desk: Desk, term: Term) -> Composed | None:
    """Compose a feed. It begins with the first article it may show, and stays.

    None: it has not begun, or the settings do not want it.
    """
    if not desk.plan.allows(term):
        return None
    selection = desk.plan.selection(term)
    listed = _listed(desk, term, selection)
    begun = [format_ for format_ in desk.plan.formats if _has_begun(desk, term, format_, len(listed))]
    if not begun:
        return None
    kept: set[int] = set()
    window: Sequence[Listed] = listed
    if desk.plan.settings.history and term.kind != SETS:
        entries = _entries(desk, listed, begun[0], selection) if selection.max_bytes else {}
        window = _fitting(listed, entries, selection.max_bytes) if entries else listed
        pending = _sealed(desk, term, window, selection.limit)
        listed = _merged(listed, pending, selection.order)
        kept = {item.article_id for item in pending}
    # What waits for its page comes and goes in numbers: the guard looks at the newest alone.
    entries = _entries(desk, window, begun[0], selection)
    fitting = _fitting(window, entries, selection.max_bytes)
    return Composed(
        Snapshot(
            tuple((desk.archive.id_of(item.article_id), item.published, item.updated) for item in fitting),
            sum(len(entries[item.article_id]) for item in fitting),
            "updated" if selection.order == "updated" else "published",
        ),
        _documents(desk, term, begun, selection, listed, kept),
    )


def _documents(
    desk: Desk,
    term: Term,
    formats: Sequence[Format],
    selection: Selection,
    listed: Sequence[Listed],
    kept: Set[int],
) -> Iterator[tuple[int | None, Document]]:
    for format_ in formats:
        yield None, _current(desk, term, format_, selection, listed, kept)
        for number in desk.archive.history.touched_pages(term):
            yield number, _page(desk, term, format_, selection, number)


def _has_begun(desk: Desk, term: Term, format_: Format, articles: int) -> bool:
    path = folder_of(term) + format_.file
    if desk.plan.begins(term, articles) or desk.archive.documents.published(path) is not None:
        return True
    return desk.archive.held.snapshot(term) is not None  # it has moved, and is empty


def _listed(desk: Desk, term: Term, selection: Selection) -> list[Listed]:
    """Return the articles that a feed may show now, none much older than its newest, if so chosen."""
    combination = desk.plan.combinations.get(term.name) if term.kind == SETS else None
    listed = desk.archive.newest(term, selection.limit, desk.now, selection.order, combination)
    if not selection.max_days or not listed:
        return listed
    newest = max(item.published for item in listed)
    return [item for item in listed if newest - item.published <= selection.max_days * DAY]


def _sealed(desk: Desk, term: Term, window: Sequence[Listed], size: int) -> list[Listed]:
    """Seal pages of what waits, the oldest first, as long as one is full; return what still waits.

    window: what the limits let into the feed. What waits outside of it, a correction of an old story or one
    that has grown too old, is shown all the same until there is as much of it: then it is a page.
    """
    pending = desk.archive.history.pending(term, desk.now)
    held = desk.archive.history.held(term)  # a correction must be seen in the feed itself first
    ready = [item.article_id for item in pending if item.article_id not in held]
    while len(ready) >= size:
        desk.archive.history.seal(term, ready[:size])
        ready = ready[size:]
    shown = {item.article_id for item in window}
    outside = [article_id for article_id in ready if article_id not in shown]
    if outside and len(outside) >= len(window):
        desk.archive.history.seal(term, outside)
        ready = [article_id for article_id in ready if article_id in shown]
    waiting = held.union(ready)
    return [item for item in pending if item.article_id in waiting]


def _merged(listed: Sequence[Listed], pending: Sequence[Listed], order: str) -> list[Listed]:
    """Return both, each article once, newest first."""
    there = {item.article_id for item in listed}
    late = [item for item in reversed(pending) if item.article_id not in there]
    if not late:
        return list(listed)
    return sorted([*listed, *late], key=lambda item: getattr(item, order), reverse=True)


def _current(
    desk: Desk, term: Term, format_: Format, selection: Selection, listed: Sequence[Listed], kept: Set[int]
) -> Document:
    """Compose the document that readers subscribe to.

    kept: articles on no page of the archive yet, there whatever the limits: who follows the archive must
    not miss them (RFC 5005, section 4).
    """
    entries = _entries(desk, listed, format_, selection)
    fitting = _fitting(listed, entries, selection.max_bytes, kept)
    channel = desk.plan.channel(term, desk.publisher, _updated(fitting))
    pages = desk.archive.history.pages(term) if desk.plan.settings.history else 0
    if pages:
        channel = replace(channel, previous=_page_base(channel, pages))
    withdrawn = desk.archive.withdrawn_from(term, desk.now)
    return _document(desk, channel, format_, [entries[item.article_id] for item in fitting], withdrawn)


def _page(desk: Desk, term: Term, format_: Format, selection: Selection, number: int) -> Document:
    """Compose a sealed page of a feed's archive (RFC 5005, section 4).

    It names no next-archive: that link would have to be added when the next page is sealed.
    """
    listed = desk.archive.history.page(term, number, desk.now)
    entries = _entries(desk, listed, format_, selection)
    channel = desk.plan.channel(term, desk.publisher, _updated(listed))
    channel = replace(
        channel,
        folder=f"{channel.folder}archive/{number}/",
        self_base=_page_base(channel, number),
        current=channel.self_base,
        previous=_page_base(channel, number - 1) if number > 1 else None,
        is_archive=True,
    )
    return _document(
        desk, channel, format_, [entries[i.article_id] for i in listed if i.article_id in entries]
    )


def _page_base(channel: Channel, number: int) -> str:
    return f"{channel.self_base}archive/{number}/"


def _updated(listed: Sequence[Listed]) -> datetime:
    return datetime.fromtimestamp(max((item.updated for item in listed), default=0), UTC)


def _document(
    desk: Desk,
    channel: Channel,
    format_: Format,
    entries: Sequence[bytes],
    withdrawn: Sequence[Withdrawal] = (),
) -> Document:
    before = desk.archive.documents.published(channel.folder + format_.file)
    modified = max(int(desk.now.timestamp()), before.modified + 1 if before else 0)
    return build(channel, format_, entries, modified, withdrawn)


def _entries(desk: Desk, listed: Sequence[Listed], format_: Format, selection: Selection) -> dict[int, bytes]:
    """Return the entries of a feed, rendering those that are not yet."""
    variant = _variant(format_, selection)
    ready = desk.archive.documents.entries(listed, variant)
    for item in listed:
        if item.article_id not in ready and (body := _render(desk, item, format_, selection)):
            desk.archive.documents.keep_entry(item.article_id, variant, body)
            ready[item.article_id] = body
    return ready


def _variant(format_: Format, selection: Selection) -> str:
    """Name a way of rendering an entry: `rss`, `atom summary`."""
    words = ["" if selection.content else "summary", "" if selection.images else "no-images"]
    return " ".join([format_.name, *filter(None, words)])


def _fitting(
    listed: Sequence[Listed], entries: dict[int, bytes], max_bytes: int | None, kept: Set[int] = frozenset()
) -> list[Listed]:
    """Return the articles whose entries fit; the first always does, one that can't be rendered never."""
    fitting: list[Listed] = []
    length = 0
    for item in listed:
        length += len(entries.get(item.article_id, b""))
        is_over = max_bytes is not None and length > max_bytes and fitting and item.article_id not in kept
        if item.article_id in entries and not is_over:
            fitting.append(item)
    return fitting


def _render(desk: Desk, item: Listed, format_: Format, selection: Selection) -> bytes | None:
    """Render one entry; an article that can't be rendered is set aside, its neighbours are published."""
    article = _shown(desk, item.article_id)
    tags = desk.archive.tags_of(article)
    categories = tuple(Category(tag.name, desk.publisher.page_of(tag)) for tag in tags)
    rendering = Rendering(desk.publisher, categories, selection.content, selection.images)
    try:
        return format_.entry(article, rendering)
    except ValueError as error:  # lxml's and feedgen's word on what XML can't hold
        reason = f"can't be written as {format_.name}: {error}; mend the record"
        rejected = Rejected(f"feeds/{format_.name}", article.id, "", reason, article.model_dump(mode="json"))
        desk.archive.readings.reject(rejected)
        desk.rejected.append(rejected)
        return None


def _shown(desk: Desk, article_id: int) -> Article:
    """Return an article, or the notice that stands in its place."""
    article = desk.archive.article(article_id)
    withdrawal = desk.archive.withdrawal_of(article_id)
    return notice_of(article, withdrawal) if withdrawal else article
