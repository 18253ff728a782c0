"""Entries: the articles of a feed, each rendered in every format it comes in."""

from __future__ import annotations

from collections.abc import Sequence, Set

from feeds.archive.terms import Term
from feeds.archive.values import Listed
from feeds.desk import Desk
from feeds.formats import Format
from feeds.formats.rendering import Category, Rendering
from feeds.plan import Selection
from feeds.rendered import Entry
from sources.article import Article
from sources.source import Rejected


def entries_of(
    desk: Desk, listed: Sequence[Listed], formats: Sequence[Format], selection: Selection
) -> dict[str, dict[int, bytes]]:
    """Return the entries of a feed, by format and article. One that a format can't hold is set aside there;
    its neighbours are published.
    """
    ready = {format_.name: _kept(desk, listed, _variant(format_, selection)) for format_ in formats}
    missing = [item for item in listed if any(item.article_id not in found for found in ready.values())]
    articles = desk.archive.shown([item.article_id for item in missing])
    for item in missing:
        article = articles[item.article_id]
        tags = tuple(desk.archive.tags_of(article.tags))
        rendering = _rendering(desk, tags, selection)
        for format_ in formats:
            if item.article_id in ready[format_.name]:
                continue
            try:
                body = format_.entry(article, rendering)
            except ValueError as error:
                _set_aside(desk, article, format_, error)
                continue
            ready[format_.name][item.article_id] = body
            if item.digest:
                key = (_variant(format_, selection), item.article_id, item.digest)
                desk.rendered.keep(key, Entry(article.tags, tags, body))
    return ready


def _kept(desk: Desk, listed: Sequence[Listed], variant: str) -> dict[int, bytes]:
    """Return the entries rendered before whose articles, and tags, are still what they were."""
    found = {}
    for item in listed:
        entry = desk.rendered.find((variant, item.article_id, item.digest)) if item.digest else None
        if entry and entry.tags == tuple(desk.archive.tags_of(entry.names)):
            found[item.article_id] = entry.body
    return found


def _variant(format_: Format, selection: Selection) -> str:
    """Name a way of rendering an entry: `rss`, `atom summary`."""
    words = ["" if selection.content else "summary", "" if selection.images else "no-images"]
    return " ".join([format_.name, *filter(None, words)])


def _rendering(desk: Desk, tags: Sequence[Term], selection: Selection) -> Rendering:
    categories = tuple(Category(tag.name, desk.publisher.page_of(tag)) for tag in tags)
    return Rendering(desk.publisher, categories, selection.content, selection.images)


def fitting_of(
    listed: Sequence[Listed], entries: dict[int, bytes], max_bytes: int | None, kept: Set[int] = frozenset()
) -> list[Listed]:
    """Return the articles whose entries fit; the first always does, one that can't be rendered never."""
    fit: list[Listed] = []
    length = 0
    for item in listed:
        length += len(entries.get(item.article_id, b""))
        is_over = max_bytes is not None and length > max_bytes and fit and item.article_id not in kept
        if item.article_id in entries and not is_over:
            fit.append(item)
    return fit


def _set_aside(desk: Desk, article: Article, format_: Format, error: ValueError) -> None:
    reason = f"can't be written as {format_.name}: {error}; mend the record"
    record = article.model_dump(mode="json")
    desk.rejected.append(Rejected(f"feeds/{format_.name}", article.id, "", reason, record))
