"""RSS 2.0, after the RSS Advisory Board's specification and best-practices profile."""

from __future__ import annotations

import html

from feeds.channel import Channel
from feeds.formats.mend import new_entry, new_feed, serialise
from feeds.formats.rendering import Rendering, lead
from sources.article import Article


def entry(article: Article, rendering: Rendering) -> bytes:
    """Render an article as an `item`."""
    item = new_entry(article, rendering)
    if summary := article.summary or lead(article.content or ""):
        # Readers take `description` for HTML: plain text is escaped once more than XML asks.
        item.description(html.escape(summary, quote=False), isSummary=True)
    if article.content and rendering.content:
        item.content(article.content)
    return serialise(item.rss_entry(), "rss", "channel")


def frame(channel: Channel, file: str) -> tuple[bytes, bytes]:
    """Render the channel: all that stands before the items, and all that stands after (F-11)."""
    feed = new_feed(channel, file, "application/rss+xml")
    head, end, _ = feed.rss_str(pretty=True).partition(b"  </channel>")
    return head, end + b"\n</rss>\n"
