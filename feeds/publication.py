"""Publication: the second half of the line, from the archive through documents to a sink."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from feeds.archive.archive import Archive, Listed, Published
from feeds.archive.terms import Term
from feeds.build import build
from feeds.channel import Publisher, folder_of
from feeds.document import Document
from feeds.formats import Format
from feeds.formats.rendering import Category, Rendering
from feeds.intake import Progress
from feeds.plan import Plan, Selection
from feeds.sinks.sink import Sink
from sources.source import Rejected

BATCH = 32  # feeds written and made durable together
ENTRY_BYTES = 2  # raise it when a change in feeds/formats changes the bytes of entries
DAY = 86_400  # seconds


@dataclass(frozen=True, slots=True)
class Press:
    """What a publication works with. now: the moment that embargoes and expiries are held against."""

    archive: Archive
    publisher: Publisher
    plan: Plan
    sink: Sink
    now: datetime


@dataclass
class Publication:
    """What was published: paths written, documents left as they were, articles that can't be rendered."""

    written: list[str] = field(default_factory=list)
    unchanged: int = 0
    rejected: list[Rejected] = field(default_factory=list)


def publish(press: Press, progress: Progress) -> Publication:
    """Bring every feed up to date with the archive; write those whose bytes changed, and no other."""
    publication = Publication()
    _mark(press)
    touched = press.archive.touched(press.plan.combinations)
    for start in range(0, len(touched), BATCH):
        progress("feeds", start, len(touched))
        # One transaction around the files: killed before it commits, the next build does them again.
        with press.archive.transaction():
            _publish_batch(press, touched[start : start + BATCH], publication)
    with press.archive.transaction():
        press.archive.set_meta("last_build", press.now.isoformat())
    publication.unchanged = len(press.archive.all_published()) - len(publication.written)
    return publication


def _mark(press: Press) -> None:
    """Mark feeds that must be built though no article changed."""
    archive = press.archive
    fingerprint = hashlib.sha256(repr((ENTRY_BYTES, press.publisher, press.plan)).encode()).hexdigest()
    last_build = archive.meta("last_build")
    with archive.transaction():
        if archive.meta("fingerprint") != fingerprint:
            archive.touch_all()
            archive.set_meta("fingerprint", fingerprint)
        if last_build:
            archive.touch_due(datetime.fromisoformat(last_build), press.now)
        archive.touch_paths(press.sink.missing(archive.all_published()))


def _publish_batch(press: Press, terms: Sequence[Term], publication: Publication) -> None:
    changed: list[Document] = []
    for term in terms:
        fresh = [d for d in _documents(press, term, publication) if _differs(press, d)]
        changed += fresh
        press.archive.record_published(
            term, [Published(d.path, d.digest, len(d.body), d.modified) for d in fresh]
        )
    if changed:
        press.sink.write(changed)
        publication.written += [document.path for document in changed]


def _differs(press: Press, document: Document) -> bool:
    before = press.archive.published(document.path)
    return before is None or before.digest != document.digest or bool(press.sink.missing([before]))


def _documents(press: Press, term: Term, publication: Publication) -> list[Document]:
    """Return the documents of a feed. A feed begins with the first article it may show, and stays."""
    selection = press.plan.selection(term)
    listed = _listed(press, term, selection)
    documents = []
    for format_ in press.plan.formats:
        before = press.archive.published(folder_of(term) + format_.file)
        if not before and not press.plan.has_feed(term, len(listed)):
            continue
        entries = _entries(press, listed, format_, selection, publication)
        fitting = _fitting(listed, entries, selection.max_bytes)
        updated = datetime.fromtimestamp(max((item.updated for item in fitting), default=0), UTC)
        channel = press.plan.channel(term, press.publisher, updated)
        modified = max(int(press.now.timestamp()), before.modified + 1 if before else 0)
        documents.append(build(channel, format_, [entries[i.article_id] for i in fitting], modified))
    return documents


def _listed(press: Press, term: Term, selection: Selection) -> list[Listed]:
    """Return the articles that a feed may show now, none much older than its newest, if so chosen."""
    combination = press.plan.combinations.get(term.name)
    listed = press.archive.newest(term, selection.limit, press.now, selection.order, combination)
    if not selection.max_days or not listed:
        return listed
    newest = max(item.published for item in listed)
    return [item for item in listed if newest - item.published <= selection.max_days * DAY]


def _entries(
    press: Press, listed: Sequence[Listed], format_: Format, selection: Selection, publication: Publication
) -> dict[int, bytes]:
    """Return the entries of a feed, rendering those that are not yet."""
    variant = _variant(format_, selection)
    ready = press.archive.entries(listed, variant)
    for item in listed:
        if item.article_id not in ready and (body := _render(press, item, format_, selection, publication)):
            press.archive.keep_entry(item.article_id, variant, body)
            ready[item.article_id] = body
    return ready


def _variant(format_: Format, selection: Selection) -> str:
    """Name a way of rendering an entry: `rss`, `atom summary`."""
    words = ["" if selection.content else "summary", "" if selection.images else "no-images"]
    return " ".join([format_.name, *filter(None, words)])


def _fitting(listed: Sequence[Listed], entries: dict[int, bytes], max_bytes: int | None) -> list[Listed]:
    """Return the articles whose entries fit; the first always does, one that can't be rendered never."""
    fitting: list[Listed] = []
    length = 0
    for item in listed:
        length += len(entries.get(item.article_id, b""))
        if fitting and max_bytes and length > max_bytes:
            break
        if item.article_id in entries:
            fitting.append(item)
    return fitting


def _render(
    press: Press, item: Listed, format_: Format, selection: Selection, publication: Publication
) -> bytes | None:
    """Render one entry; an article that can't be rendered is set aside, its neighbours are published."""
    article = press.archive.article(item.article_id)
    tags = press.archive.tags_of(article)
    categories = tuple(Category(tag.name, press.publisher.page_of(tag)) for tag in tags)
    rendering = Rendering(press.publisher, categories, selection.content, selection.images)
    try:
        return format_.entry(article, rendering)
    except ValueError as error:  # lxml's and feedgen's word on what XML can't hold
        reason = f"can't be written as {format_.name}: {error}; mend the record"
        rejected = Rejected(f"feeds/{format_.name}", article.id, "", reason, article.model_dump(mode="json"))
        press.archive.readings.reject(rejected)
        publication.rejected.append(rejected)
        return None
