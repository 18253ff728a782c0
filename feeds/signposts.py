"""Signposts: the documents beside the feeds that lead to them: directory, autodiscovery, redirects."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from feeds.archive.terms import KINDS, THE_SITE, Term
from feeds.desk import Desk, modified_at
from feeds.directory import feeds_json, menu, opml, snippets
from feeds.directory.listing import ListedFeed
from feeds.document import Document, document
from feeds.formats import licence
from feeds.redirects import RULES, Moved

EPOCH = datetime.fromtimestamp(0, UTC)
TEXT = "text/plain; charset=utf-8"


def signposts(desk: Desk) -> Iterator[Document]:
    """Yield the documents that tell of all feeds; they change when a feed begins, moves or is renamed."""
    feeds = [_listed(desk, term) for term in desk.archive.terms_with_feeds()]
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
    if reservation := licence.tdm_reservation(publisher):
        yield _document(desk, licence.TDM_FILE, "application/json", reservation)
    yield from _redirects(desk)


def _redirects(desk: Desk) -> Iterator[Document]:
    moved = [
        Moved(f"{KINDS[kind]}/{old}/", f"{KINDS[kind]}/{new}/") for kind, old, new in desk.archive.former()
    ]
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
