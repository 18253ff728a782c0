"""Publication: the second half of the line, from the archive through documents to a sink."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from feeds.archive.archive import Archive, Listed, Published, TagRow
from feeds.build import build
from feeds.channel import Publisher, channel_for
from feeds.document import Document
from feeds.formats import FORMATS, Format
from feeds.intake import Progress
from feeds.sinks.sink import Sink
from sources.source import Rejected

BATCH = 32  # feeds written and made durable together
ENTRY_BYTES = 1  # raise it when a change in feeds/formats changes the bytes of entries


@dataclass(frozen=True, slots=True)
class Press:
    """What a publication works with. now: the moment that embargoes and expiries are held against."""

    archive: Archive
    publisher: Publisher
    sink: Sink
    limit: int
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
    touched = press.archive.touched()
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
    fingerprint = hashlib.sha256(repr((ENTRY_BYTES, press.publisher, press.limit)).encode()).hexdigest()
    last_build = archive.meta("last_build")
    with archive.transaction():
        if archive.meta("fingerprint") != fingerprint:
            archive.touch_all()
            archive.set_meta("fingerprint", fingerprint)
        if last_build:
            archive.touch_due(datetime.fromisoformat(last_build), press.now)
        archive.touch_paths(press.sink.missing(archive.all_published()))


def _publish_batch(press: Press, tags: Sequence[TagRow | None], publication: Publication) -> None:
    changed: list[Document] = []
    for tag in tags:
        fresh = [d for d in _documents(press, tag, publication) if _differs(press, d)]
        changed += fresh
        press.archive.record_published(
            tag, [Published(d.path, d.digest, len(d.body), d.modified) for d in fresh]
        )
    if changed:
        press.sink.write(changed)
        publication.written += [document.path for document in changed]


def _differs(press: Press, document: Document) -> bool:
    before = press.archive.published(document.path)
    return before is None or before.digest != document.digest or bool(press.sink.missing([before]))


def _documents(press: Press, tag: TagRow | None, publication: Publication) -> list[Document]:
    listed = press.archive.newest(tag, press.limit, press.now)
    updated = datetime.fromtimestamp(max((item.updated for item in listed), default=0), UTC)
    channel = channel_for(tag, press.publisher, updated)
    documents = []
    for format_ in FORMATS:
        before = press.archive.published(channel.folder + format_.file)
        if tag and not listed and not before:
            continue  # a tag's feed begins with the first article it may show
        modified = max(int(press.now.timestamp()), before.modified + 1 if before else 0)
        entries = _entries(press, listed, format_, publication)
        documents.append(build(channel, format_, entries, modified))
    return documents


def _entries(
    press: Press, listed: Sequence[Listed], format_: Format, publication: Publication
) -> list[bytes]:
    """Return the entries of a feed, rendering those that are not yet."""
    ready = press.archive.entries(listed, format_.name)
    for item in listed:
        if item.article_id not in ready and (body := _render(press, item, format_, publication)):
            press.archive.keep_entry(item.article_id, format_.name, body)
            ready[item.article_id] = body
    return [ready[item.article_id] for item in listed if item.article_id in ready]


def _render(press: Press, item: Listed, format_: Format, publication: Publication) -> bytes | None:
    """Render one entry; an article that can't be rendered is set aside, its neighbours are published."""
    article = press.archive.article(item.article_id)
    slugs = press.archive.slugs(article.tags)
    tag_urls = {name: press.publisher.tag_url(slug) for name, slug in slugs.items()}
    try:
        return format_.entry(article, press.publisher, tag_urls)
    except ValueError as error:  # lxml's and feedgen's word on what XML can't hold
        reason = f"can't be written as {format_.name}: {error}; mend the record"
        rejected = Rejected(f"feeds/{format_.name}", article.id, "", reason, article.model_dump(mode="json"))
        press.archive.readings.reject(rejected)
        publication.rejected.append(rejected)
        return None
