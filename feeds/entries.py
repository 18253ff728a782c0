"""Entries: the articles of a feed, each rendered in every format it comes in."""

from __future__ import annotations

from collections.abc import Sequence, Set

from feeds.archive.values import Listed
from feeds.desk import Desk
from feeds.formats import Format
from feeds.formats.rendering import Category, Rendering
from feeds.plan import Selection
from sources.article import Article
from sources.source import Rejected


def entries_of(
    desk: Desk, listed: Sequence[Listed], formats: Sequence[Format], selection: Selection
) -> dict[str, dict[int, bytes]]:
    """Return the entries of a feed, by format and article. One that a format can't hold is set aside there;
    its neighbours are published.
    """
    ready: dict[str, dict[int, bytes]] = {format_.name: {} for format_ in formats}
    for article_id, article in desk.archive.shown([item.article_id for item in listed]).items():
        tags = desk.archive.tags_of(article)
        categories = tuple(Category(tag.name, desk.publisher.page_of(tag)) for tag in tags)
        rendering = Rendering(desk.publisher, categories, selection.content, selection.images)
        for format_ in formats:
            try:
                ready[format_.name][article_id] = format_.entry(article, rendering)
            except ValueError as error:
                _set_aside(desk, article, format_, error)
    return ready


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
