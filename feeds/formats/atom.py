"""Atom 1.0 (RFC 4287)."""

from __future__ import annotations

import html
from collections.abc import Iterator
from functools import lru_cache

from feeds.channel import Channel
from feeds.formats import frames
from feeds.formats.elements import NO_STORY, SHARED, Parts, around, around_story, element, story
from feeds.formats.media import NO_TYPE, pictures
from feeds.formats.rendering import Category, Rendering, lead
from sources.article import Article, Person

MARGIN = b"    "


def entry(article: Article, rendering: Rendering) -> Parts:
    """Render an article as an `entry`. Raises ValueError for what XML can't hold."""
    start = element(b"  ", b"entry", None, **{"xml:lang": article.language})
    summary = article.summary or ("" if rendering.content else lead(article.content or ""))
    before, told = [*_core(article, rendering)], NO_STORY
    if article.content and rendering.content:
        told = story(MARGIN, b"content", article.content, type="html")
    elif not article.url:
        # An entry needs content or an alternate link (section 4.1.2); the words it has stand in.
        words = html.escape(summary or article.title, quote=False)
        before.append(element(MARGIN, b"content", f"<p>{words}</p>", type="html"))
    after = [*_about(article, rendering, summary), *_more(article, rendering)]
    return around_story(start, before, told, after)


def _core(article: Article, rendering: Rendering) -> Iterator[bytes]:
    """Write what every entry must have (section 4.1.2)."""
    yield element(MARGIN, b"id", article.id)
    yield element(MARGIN, b"title", article.title)
    yield element(MARGIN, b"updated", article.updated.isoformat())
    yield from _people(article, rendering)


def _about(article: Article, rendering: Rendering, summary: str) -> Iterator[bytes]:
    """Write what else the standard's section 4.2 knows."""
    if article.url:
        yield element(MARGIN, b"link", href=article.url, rel="alternate", type="text/html")
    if summary:
        yield element(MARGIN, b"summary", summary)
    yield from map(_category, rendering.categories)
    for person in article.authors:
        if person.role != "author":
            yield _person(b"contributor", person)
    yield element(MARGIN, b"published", article.published.isoformat())
    if article.rights:
        yield element(MARGIN, b"rights", article.rights)


@lru_cache(maxsize=SHARED)  # many articles share a tag
def _category(category: Category) -> bytes:
    return element(MARGIN, b"category", term=category.name, scheme=category.url)


def _people(article: Article, rendering: Rendering) -> Iterator[bytes]:
    """Write the authors; the publisher stands in where none is known (F-31)."""
    authors = [person for person in article.authors if person.role == "author"]
    if not authors:
        yield _byline(b"author", article.publisher or rendering.publisher.name)
    for person in authors:
        yield _person(b"author", person)


def _person(role: bytes, person: Person) -> bytes:
    return _byline(role, person.name, person.email, person.url)


@lru_cache(maxsize=SHARED)  # many articles share a byline
def _byline(role: bytes, name: str, email: str | None = None, url: str | None = None) -> bytes:
    fields = {b"name": name, b"email": email, b"uri": url}
    said = [element(MARGIN + b"  ", key, value) for key, value in fields.items() if value]
    return around(element(MARGIN, role), said)


def _more(article: Article, rendering: Rendering) -> Iterator[bytes]:
    """Write enclosures, and what modules say: the agency, replies, pictures."""
    for media in article.enclosures:
        kind = media.media_type or NO_TYPE
        yield element(MARGIN, b"link", href=media.url, rel="enclosure", type=kind, length=media.length)
    if article.credit:
        yield element(MARGIN, b"dc:source", article.credit)
    if article.comments_url:  # RFC 4685; without a number, which would change the feed at every comment
        yield element(MARGIN, b"link", href=article.comments_url, rel="replies", type="text/html")
    if rendering.images:
        yield from pictures(MARGIN, article)


def frame(channel: Channel, file: str) -> tuple[bytes, bytes]:
    """Render the feed: all that stands before the entries, and all that stands after."""
    return frames.frame(channel, file, _frame)


def _frame(channel: Channel, file: str) -> tuple[bytes, bytes]:
    from feeds.formats.mend import new_feed

    feed = new_feed(channel, file, "application/atom+xml")
    head, end, _ = feed.atom_str(pretty=True).partition(b"</feed>")
    return head, end + b"\n"
