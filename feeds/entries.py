"""Entries: articles rendered once in each format, and reused in every feed that holds them."""

from __future__ import annotations

from collections.abc import Sequence, Set

from feeds.archive.values import Listed
from feeds.archive.withdrawals import notice_of
from feeds.desk import Desk
from feeds.formats import Format
from feeds.formats.rendering import Category, Rendering
from feeds.plan import Selection
from sources.article import Article
from sources.source import Rejected


def entries_of(
    desk: Desk, listed: Sequence[Listed], format_: Format, selection: Selection
) -> dict[int, bytes]:
    """Return the entries of a feed, rendering those that are not yet."""
    variant = _variant(format_, selection)
    ready = desk.archive.documents.entries(listed, variant)
    for item in listed:
        if item.article_id not in ready and (body := _render(desk, item, format_, selection)):
            if desk.keeps:
                desk.archive.documents.keep_entry(item.article_id, variant, body)
            ready[item.article_id] = body
    return ready


def _variant(format_: Format, selection: Selection) -> str:
    """Name a way of rendering an entry: `rss`, `atom summary`."""
    words = ["" if selection.content else "summary", "" if selection.images else "no-images"]
    return " ".join([format_.name, *filter(None, words)])


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
        if desk.keeps:
            desk.archive.readings.reject(rejected)
        desk.rejected.append(rejected)
        return None


def _shown(desk: Desk, article_id: int) -> Article:
    """Return an article, or the notice that stands in its place."""
    article = desk.archive.article(article_id)
    withdrawal = desk.archive.withdrawal_of(article_id)
    return notice_of(article, withdrawal) if withdrawal else article
