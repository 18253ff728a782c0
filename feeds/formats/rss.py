"""RSS 2.0, after the RSS Advisory Board's specification and best-practices profile."""

from __future__ import annotations

import html
from collections.abc import Iterator
from functools import lru_cache

from feeds.channel import Channel
from feeds.formats import frames
from feeds.formats.dates import rfc_822
from feeds.formats.elements import NO_STORY, SHARED, Parts, around_story, element, story
from feeds.formats.media import enclosures, pictures
from feeds.formats.podcast import episode
from feeds.formats.rendering import Category, Rendering, lead
from sources.article import Article

ITEM = b"    <item/>\n"
MARGIN = b"      "


def entry(article: Article, rendering: Rendering) -> Parts:
    """Render an article as an `item`. Raises ValueError for what XML can't hold."""
    summary = article.summary or lead(article.content or "")
    told = NO_STORY
    if article.content and rendering.content:
        # A story of pictures alone has no words to stand before it (F-12).
        told = story(MARGIN, b"content:encoded" if summary else b"description", article.content)
    after = [*_core(article, rendering), *_modules(article, rendering)]
    return around_story(ITEM, _headline(article, summary), told, after)


def _headline(article: Article, summary: str) -> Iterator[bytes]:
    """Write what stands before the story, in the order of RSS's specification."""
    yield element(MARGIN, b"title", article.title)
    if article.url:
        yield element(MARGIN, b"link", article.url)
    if summary:
        # Readers take `description` for HTML: plain text is escaped once more than XML asks.
        yield element(MARGIN, b"description", html.escape(summary, quote=False))


def _core(article: Article, rendering: Rendering) -> Iterator[bytes]:
    """Write what RSS itself knows besides."""
    yield element(MARGIN, b"guid", article.id, isPermaLink="false")
    yield from map(_category, rendering.categories)
    if article.comments_url:
        yield element(MARGIN, b"comments", article.comments_url)
    yield element(MARGIN, b"pubDate", rfc_822(article.published))


@lru_cache(maxsize=SHARED)  # many articles share a tag
def _category(category: Category) -> bytes:
    return element(MARGIN, b"category", category.name, domain=category.url)


def _modules(article: Article, rendering: Rendering) -> Iterator[bytes]:
    """Write what modules say: bylines, the date of change, one enclosure, the rest as media."""
    for person in article.authors:
        yield element(MARGIN, b"dc:creator" if person.role == "author" else b"dc:contributor", person.name)
    if article.credit:
        yield element(MARGIN, b"dc:source", article.credit)
    if article.rights:
        yield element(MARGIN, b"dc:rights", article.rights)
    if article.language and article.language != rendering.publisher.language:
        yield element(MARGIN, b"dc:language", article.language)
    # feedparser and SimplePie read it (F-21).
    yield element(MARGIN, b"atom:updated", article.updated.isoformat())
    yield from enclosures(MARGIN, article)
    if rendering.images:
        yield from pictures(MARGIN, article)
    yield from episode(MARGIN, article, rendering.images)


def frame(channel: Channel, file: str) -> tuple[bytes, bytes]:
    """Render the channel: all that stands before the items, and all that stands after (F-11)."""
    return frames.frame(channel, file, _frame)


def _frame(channel: Channel, file: str) -> tuple[bytes, bytes]:
    from feeds.formats.mend import new_feed

    feed = new_feed(channel, file, "application/rss+xml")
    head, end, _ = feed.rss_str(pretty=True).partition(b"  </channel>")
    return head, end + b"\n</rss>\n"
