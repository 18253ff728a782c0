"""Entries: articles rendered once in each format, and reused in every feed that holds them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set

from feeds.archive.values import Listed
from feeds.archive.withdrawals import notice_of
from feeds.desk import Desk
from feeds.formats import Format
from feeds.formats.rendering import Category, Rendering
from feeds.plan import Selection
from sources.article import Article
from sources.source import Rejected

Entry = tuple[int, str, bytes]  # the article's row, the way of rendering, the bytes


def entries_of(
    desk: Desk, listed: Sequence[Listed], formats: Sequence[Format], selection: Selection
) -> dict[str, dict[int, bytes]]:
    """Return the entries of a feed, by format and article, rendering those that are not yet."""
    ready = kept_of(desk, listed, formats, selection)
    for article_id, variant, body in missing_of(desk, listed, formats, selection, ready):
        if desk.keeps:
            desk.archive.documents.keep_entry(article_id, variant, body)
        ready[variant][article_id] = body
    return {format_.name: ready[_variant(format_, selection)] for format_ in formats}


def kept_of(
    desk: Desk, listed: Sequence[Listed], formats: Sequence[Format], selection: Selection
) -> dict[str, dict[int, bytes]]:
    """Return the entries that are rendered already, by variant and article."""
    variants = [_variant(format_, selection) for format_ in formats]
    return {variant: desk.archive.documents.entries(listed, variant) for variant in variants}


def missing_of(
    desk: Desk,
    listed: Sequence[Listed],
    formats: Sequence[Format],
    selection: Selection,
    ready: Mapping[str, Mapping[int, bytes]],
) -> Iterator[Entry]:
    """Render the entries that are not ready yet; an article is fetched once for all its formats."""
    for item in listed:
        wanted = [f for f in formats if item.article_id not in ready[_variant(f, selection)]]
        if wanted:
            yield from _rendered(desk, item, wanted, selection)


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


def _rendered(desk: Desk, item: Listed, formats: Sequence[Format], selection: Selection) -> Iterator[Entry]:
    """Render an article. One that a format can't hold is set aside there; its neighbours are published."""
    article = _shown(desk, item.article_id)
    tags = desk.archive.tags_of(article)
    categories = tuple(Category(tag.name, desk.publisher.page_of(tag)) for tag in tags)
    rendering = Rendering(desk.publisher, categories, selection.content, selection.images)
    for format_ in formats:
        try:
            yield item.article_id, _variant(format_, selection), format_.entry(article, rendering)
        except ValueError as error:  # lxml's and feedgen's word on what XML can't hold
            _set_aside(desk, article, format_, error)


def _set_aside(desk: Desk, article: Article, format_: Format, error: ValueError) -> None:
    reason = f"can't be written as {format_.name}: {error}; mend the record"
    rejected = Rejected(f"feeds/{format_.name}", article.id, "", reason, article.model_dump(mode="json"))
    if desk.keeps:
        desk.archive.readings.reject(rejected)
    desk.rejected.append(rejected)


def _shown(desk: Desk, article_id: int) -> Article:
    """Return an article, or the notice that stands in its place."""
    article = desk.archive.article(article_id)
    withdrawal = desk.archive.withdrawal_of(article_id)
    return notice_of(article, withdrawal) if withdrawal else article
