"""Signposts: the documents beside the feeds that lead to them: directory, autodiscovery, redirects."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from feeds.archive.privacy import PrivateFeeds
from feeds.archive.terms import KINDS, THE_DIRECTORY, THE_SITE, Term
from feeds.archive.values import Published
from feeds.channel import folder_of
from feeds.desk import Desk, modified_at
from feeds.directory import feeds_json, menu, opml, snippets
from feeds.directory.listing import ListedFeed
from feeds.document import Document, document
from feeds.formats import FORMATS, licence
from feeds.ready import differs
from feeds.redirects import RULES, Moved
from feeds.sinks.sink import Sink, write

EPOCH = datetime.fromtimestamp(0, UTC)
TEXT = "text/plain; charset=utf-8"
# Every path that a signpost may have.
PATHS = (*opml.PATHS, feeds_json.PATH, menu.PATH, snippets.PATH, licence.TDM_FILE, *RULES)


def signposts(desk: Desk) -> Iterator[Document]:
    """Yield the documents that tell of all public feeds.

    They change when a feed begins, moves, is renamed, or becomes private. Where all are private, none is.
    """
    private = desk.archive.privacy.feeds()
    if not private.is_all:
        yield from _directory(desk, private)
        yield from _redirects(desk, private)
    if reservation := licence.tdm_reservation(desk.publisher):
        yield _document(desk, licence.TDM_FILE, "application/json", reservation)


def write_signposts(desk: Desk, sink: Sink) -> list[str]:
    """Write what tells of all feeds, and take away what lies at addresses that are none any more; return the
    paths of what was written.
    """
    found = list(signposts(desk))
    unwanted = set(PATHS) - {document.path for document in found}
    gone = [*desk.archive.documents.gone(), *filter(desk.archive.documents.published, sorted(unwanted))]
    sink.remove(gone)
    for kind, slug, _ in desk.archive.terms.former():  # also what a killed build left there
        sink.clear(f"{KINDS[kind]}/{slug}/", [format_.file for format_ in FORMATS])
    desk.archive.documents.forget(gone)
    desk.archive.versions.forget(gone)
    changed = [document for document in found if differs(desk, sink, document)]
    write(sink, changed)
    for d in changed:
        desk.archive.documents.record(THE_DIRECTORY, [Published(d.path, d.digest, len(d.body), d.modified)])
    desk.archive.documents.finish(THE_DIRECTORY)
    return [document.path for document in changed]


def _directory(desk: Desk, private: PrivateFeeds) -> Iterator[Document]:
    terms = desk.archive.terms.with_feeds()
    feeds = [_listed(desk, term) for term in terms if not private.has(folder_of(term))]
    publisher, settings = desk.publisher, desk.plan.settings
    outline = opml.opml(feeds, publisher)
    for path in opml.PATHS:
        yield _document(desk, path, opml.MEDIA_TYPE, outline)
    yield _document(desk, feeds_json.PATH, feeds_json.MEDIA_TYPE, feeds_json.feeds_json(feeds, publisher))
    if settings.menu:
        yield _document(desk, menu.PATH, menu.MEDIA_TYPE, menu.menu(feeds, publisher))
    kinds = [kind for kind, folder in KINDS.items() if folder in settings.of]
    lines = snippets.templates(kinds, _listed(desk, THE_SITE), publisher)
    yield _document(desk, snippets.PATH, snippets.MEDIA_TYPE, lines.encode())


def _redirects(desk: Desk, private: PrivateFeeds) -> Iterator[Document]:
    folders = [
        (f"{KINDS[kind]}/{old}/", f"{KINDS[kind]}/{new}/") for kind, old, new in desk.archive.terms.former()
    ]
    moved = [Moved(old, new) for old, new in folders if not private.has(old)]
    gone = [f"{KINDS[kind]}/{slug}/" for kind, slug in desk.archive.terms.retired()]
    moved += [Moved(folder, None) for folder in gone if not private.has(folder)]
    if moved:
        for name in desk.plan.settings.redirects:
            rules = RULES[name](moved, desk.publisher.feeds_url)
            yield _document(desk, name, TEXT, rules.encode())


def _listed(desk: Desk, term: Term) -> ListedFeed:
    channel = desk.plan.channel(term, desk.publisher, EPOCH)
    return ListedFeed(
        kind=term.kind,
        title=channel.title,
        slug=term.slug,
        id=channel.id,
        page=channel.alternate,
        addresses={format_.name: channel.self_base + format_.file for format_ in desk.plan.formats},
        description=channel.description,
        language=channel.language,
    )


def _document(desk: Desk, path: str, media_type: str, body: bytes) -> Document:
    return document(path, media_type, body, modified_at(desk, path))
