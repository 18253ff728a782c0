"""What feedgen 1.0 leaves out of a feed's head or gets wrong, mended by one extension of its own kind.

feedgen makes the elements it makes well. This extension adds what it cannot express;
tests/feeds/test_feedgen_defects.py pins each defect, and fails on the day it is gone. Entries are written as
text, in a fraction of the time; tests/feeds/test_entries_as_feedgen_writes_them.py holds them to feedgen's.
"""

from __future__ import annotations

from feedgen.ext.base import BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from feeds.channel import Channel
from feeds.formats.elements import IN_ENTRIES, IN_RSS_ITEMS, NAMESPACES
from feeds.formats.heads import add_modules, namespaces_of
from feeds.formats.podcast import add_show
from feeds.formats.tree import add

RSS = "application/rss+xml"


class MendedFeed(BaseExtension):  # type: ignore[misc]  # feedgen ships no types
    """Adds to a feed what feedgen can't say. `channel` and `media_type` are set before rendering.

    Namespaces are declared once, on the root.
    """

    channel: Channel
    media_type: str

    def extend_ns(self) -> dict[str, str]:
        """Return the namespaces that the document uses."""
        of_entries = IN_RSS_ITEMS if self.media_type == RSS else IN_ENTRIES
        return {**of_entries, **{prefix: NAMESPACES[prefix] for prefix in namespaces_of(self.channel)}}

    def extend_atom(self, feed: etree._Element) -> etree._Element:
        """Add what modules say of the feed."""
        add_modules(feed, self.channel)
        return feed

    def extend_rss(self, rss: etree._Element) -> etree._Element:
        """Add the links that feedgen writes in Atom alone, and what modules say of the feed."""
        channel = rss[0]
        for link in links(self.channel, "rss.xml", RSS):
            add(channel, "atom:link", **link)
        add_modules(channel, self.channel)
        add_show(channel, self.channel)
        return rss


def links(channel: Channel, file: str, media_type: str) -> list[dict[str, str]]:
    """Return the links to the documents before and after one (RFC 5005, section 4), and to the licence."""
    bases = {"prev-archive": channel.previous, "next-archive": channel.next, "current": channel.current}
    found = [{"href": base + file, "rel": rel, "type": media_type} for rel, base in bases.items() if base]
    if channel.publisher.license:
        found.append({"href": channel.publisher.license, "rel": "license"})  # RFC 4946 (F-45)
    return found


def new_feed(channel: Channel, file: str, media_type: str) -> FeedGenerator:
    """Make feedgen's feed without entries. The alternate link comes last: RSS `link` is the last one set."""
    feed = FeedGenerator()
    feed.register_extension("mended", MendedFeed)
    feed.mended.channel = channel
    feed.mended.media_type = media_type
    feed.id(channel.id)
    feed.title(channel.title)
    feed.subtitle(channel.description)
    feed.description(channel.description)
    feed.link(href=channel.self_base + file, rel="self", type=media_type)
    for link in links(channel, file, media_type):
        feed.link(**link)
    feed.link(href=channel.alternate, rel="alternate", type="text/html")
    feed.updated(channel.updated)
    feed.author(name=channel.publisher.name)
    feed.generator("tagwire")
    if channel.icon:
        feed.icon(channel.icon)
        feed.image(url=channel.icon, title=channel.title, link=channel.alternate)
    if channel.logo:
        feed.logo(channel.logo)  # Atom only
    if channel.ttl:
        feed.ttl(channel.ttl)  # RSS only
    if channel.language:
        feed.language(channel.language)
    if channel.publisher.rights:
        feed.rights(channel.publisher.rights)
    return feed
