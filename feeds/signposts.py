"""Signposts: the documents beside the feeds that lead to them: directory, autodiscovery, redirects."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from functools import partial

from feeds.archive.privacy import PrivateFeeds
from feeds.archive.terms import KINDS, THE_DIRECTORY, THE_SITE, Term
from feeds.channel import Publisher, base_of, folder_of, id_of
from feeds.desk import Desk, modified_at
from feeds.directory import feeds_json, menu, opml, snippets
from feeds.directory.listing import ListedFeed, place
from feeds.document import Document, document
from feeds.formats import FORMATS, Format, licence
from feeds.plan import Plan
from feeds.ready import differs
from feeds.redirects import RULES, Moved
from feeds.sinks.sink import Sink, write

TEXT = "text/plain; charset=utf-8"
# Every path that a signpost may have.
PATHS = (*opml.PATHS, feeds_json.PATH, menu.PATH, snippets.PATH, licence.TDM_FILE, *RULES)


def signposts(desk: Desk) -> Iterator[Document]:
    """Yield the documents that tell of all public feeds.

    They change when a feed begins, moves, is renamed, or becomes private. Where all are private, none is.
    Each is made when it is asked for: of 200,000 feeds it may have 100 MB.
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
    unwanted = set(PATHS)

    def is_changed(document: Document) -> bool:
        unwanted.discard(document.path)
        return differs(desk, sink, document)

    changed = write(sink, filter(is_changed, signposts(desk)))
    gone = [*desk.archive.documents.gone(), *filter(desk.archive.documents.published, sorted(unwanted))]
    sink.remove(gone)
    for kind, slug, _ in desk.archive.terms.former():  # also what a killed build left there
        sink.clear(f"{KINDS[kind]}/{slug}/", [format_.file for format_ in FORMATS])
    desk.archive.documents.forget(gone)
    desk.archive.versions.forget(gone)
    desk.archive.documents.record(THE_DIRECTORY, changed)
    desk.archive.documents.finish(THE_DIRECTORY)
    return [document.path for document in changed]


def _directory(desk: Desk, private: PrivateFeeds) -> Iterator[Document]:
    rows, publisher, settings = _in_order(desk, private), desk.publisher, desk.plan.settings
    yield from _outlines(desk, rows)
    yield _document(
        desk, feeds_json.PATH, feeds_json.MEDIA_TYPE, feeds_json.feeds_json(_feeds(desk, rows), publisher)
    )
    if settings.menu:
        yield _document(desk, menu.PATH, menu.MEDIA_TYPE, menu.menu(_feeds(desk, rows), publisher))
    kinds = [kind for kind, folder in KINDS.items() if folder in settings.of]
    (site,) = _feeds(desk, [THE_SITE.term_id])
    lines = snippets.templates(kinds, site, publisher)
    yield _document(desk, snippets.PATH, snippets.MEDIA_TYPE, lines.encode())


def _in_order(desk: Desk, private: PrivateFeeds) -> array[int]:
    """Return the rows of all public feeds, in the order in which the directory tells of them.

    What it tells is asked for again for each document: of 200,000 feeds it takes 200 MB.
    """
    public = (term for term in desk.archive.terms.with_feeds() if not private.has(folder_of(term)))
    title = partial(desk.plan.title, publisher=desk.publisher)
    places = ((*place(term.kind, title(term), term.slug), term.term_id) for term in public)
    return array("q", (row for *_, row in sorted(places)))


def _feeds(desk: Desk, rows: Sequence[int]) -> Iterator[ListedFeed]:
    listed = partial(_listed, desk.plan, desk.publisher, desk.plan.formats)
    return map(listed, desk.archive.terms.numbered(rows))


def _outlines(desk: Desk, rows: Sequence[int]) -> Iterator[Document]:
    outline = opml.opml(_feeds(desk, rows), desk.publisher)
    for path in opml.PATHS:
        yield _document(desk, path, opml.MEDIA_TYPE, outline)


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


def _listed(plan: Plan, publisher: Publisher, formats: Sequence[Format], term: Term) -> ListedFeed:
    title, description, page, language = plan.called(term, publisher)
    base = base_of(term, publisher)
    return ListedFeed(
        kind=term.kind,
        title=title,
        slug=term.slug,
        id=id_of(term, publisher),
        page=page,
        addresses={format_.name: base + format_.file for format_ in formats},
        description=description,
        language=language,
    )


def _document(desk: Desk, path: str, media_type: str, body: bytes) -> Document:
    return document(path, media_type, body, modified_at(desk, path))
