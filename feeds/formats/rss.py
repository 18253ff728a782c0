"""RSS 2.0, after the RSS Advisory Board's specification and best-practices profile."""

from __future__ import annotations

import html
from collections.abc import Mapping

from feeds.channel import Channel, Publisher
from feeds.formats.mend import new_entry, new_feed, serialise
from sources.article import Article
from sources.text import shorten, text_of

LEAD = 280  # characters of the story that stand in `description` where an article has no summary


def entry(article: Article, publisher: Publisher, tag_urls: Mapping[str, str]) -> bytes:
    """Render an article as an `item`. tag_urls: the address of each of its tags, by name."""
    item = new_entry(article, publisher, tag_urls)
    if summary := article.summary or lead(article.content or ""):
        # Readers take `description` for HTML: plain text is escaped once more than XML asks.
        item.description(html.escape(summary, quote=False), isSummary=True)
    if article.content:
        item.content(article.content)
    return serialise(item.rss_entry(), "rss", "channel")


def lead(content: str) -> str:
    """Return how a story begins: RSS wants a `description` before the full text (F-12)."""
    return shorten(text_of(content), LEAD)


def frame(channel: Channel, file: str) -> tuple[bytes, bytes]:
    """Render the channel: all that stands before the items, and all that stands after (F-11)."""
    feed = new_feed(channel, file, "application/rss+xml")
    head, end, _ = feed.rss_str(pretty=True).partition(b"  </channel>")
    return head, end + b"\n</rss>\n"
