"""Entries: the articles of a feed, each rendered in every format it comes in."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace

from feeds.archive.terms import Term
from feeds.archive.values import Listed
from feeds.desk import Desk
from feeds.formats import Format
from feeds.formats.elements import Parts, length_of
from feeds.formats.rendering import Category, Rendering
from feeds.plan import Selection
from feeds.rendered import NOTHING, Entry
from sources.article import Article
from sources.source import Rejected


def entries_of(
    desk: Desk, listed: Sequence[Listed], formats: Sequence[Format], selection: Selection
) -> dict[str, dict[int, Parts]]:
    """Return the entries of a feed, by format and article. One that a format can't hold is set aside there;
    its neighbours are published.
    """
    ways = {format_.name: _way(format_, selection) for format_ in formats}
    wanted = set(ways.values())
    found = {item.article_id: entry for item in listed if (entry := _kept(desk, item))}
    missing = [item for item in listed if not found.get(item.article_id, NOTHING).bodies.keys() >= wanted]
    articles = desk.archive.shown([item.article_id for item in missing]) if missing else {}
    desk.archive.terms.look_up(("tag", name) for article in articles.values() for name in article.tags)
    for item in missing:
        row = item.article_id
        found[row] = _rendered(desk, articles[row], found.get(row), formats, selection)
        if item.digest:
            desk.rendered.keep((row, item.digest), found[row])
    return {
        name: {row: entry.bodies[way] for row, entry in found.items() if way in entry.bodies}
        for name, way in ways.items()
    }


def _kept(desk: Desk, item: Listed) -> Entry | None:
    """Return an entry rendered before, if its article and the names of its tags are what they were."""
    if item.digest is None:
        return None
    key = item.article_id, item.digest
    entry = desk.rendered.find(key)
    if entry is None or entry.asked == desk.archive.terms.changes:
        return entry
    if entry.tags != tuple(desk.archive.terms.of_tags(entry.names)):
        return None
    entry = replace(entry, asked=desk.archive.terms.changes)
    desk.rendered.keep(key, entry)
    return entry


def _rendered(
    desk: Desk, article: Article, kept: Entry | None, formats: Sequence[Format], selection: Selection
) -> Entry:
    """Render an article in those ways in which it was not rendered yet."""
    tags = kept.tags if kept else tuple(desk.archive.terms.of_tags(article.tags))
    bodies = dict(kept.bodies) if kept else {}
    rendering = _rendering(desk, tags, selection)
    for format_ in formats:
        way = _way(format_, selection)
        if way not in bodies:
            try:
                bodies[way] = format_.entry(article, rendering)
            except ValueError as error:
                _set_aside(desk, article, format_, error)
    return Entry(article.tags, tags, desk.archive.terms.changes, bodies)


def _way(format_: Format, selection: Selection) -> str:
    """Name a way of rendering an entry: `rss`, `atom summary`."""
    words = ["" if selection.content else "summary", "" if selection.images else "no-images"]
    return " ".join([format_.name, *filter(None, words)])


def _rendering(desk: Desk, tags: Sequence[Term], selection: Selection) -> Rendering:
    categories = tuple(Category(tag.name, desk.publisher.page_of(tag)) for tag in tags)
    return Rendering(desk.publisher, categories, selection.content, selection.images)


def fitting_of(
    listed: Sequence[Listed], entries: dict[int, Parts], max_bytes: int | None, kept: Set[int] = frozenset()
) -> list[Listed]:
    """Return the articles whose entries fit; the first always does, one that can't be rendered never."""
    there = [item for item in listed if item.article_id in entries]
    if max_bytes is None:
        return there
    fit: list[Listed] = []
    length = 0
    for item in there:
        length += length_of(entries[item.article_id])
        if length <= max_bytes or not fit or item.article_id in kept:
            fit.append(item)
    return fit


def _set_aside(desk: Desk, article: Article, format_: Format, error: ValueError) -> None:
    reason = f"can't be written as {format_.name}: {error}; mend the record"
    record = article.model_dump(mode="json")
    desk.rejected.append(Rejected(f"feeds/{format_.name}", article.id, "", reason, record))
