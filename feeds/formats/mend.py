"""What feedgen 1.0 leaves out or gets wrong, mended by one extension of its own kind.

feedgen makes the elements it makes well. This extension adds what it cannot express and rewrites what
it spoils; tests/feeds/test_feedgen_defects.py pins each defect, and fails on the day it is gone.
"""

from __future__ import annotations

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from feeds.channel import Channel
from feeds.formats.elements import ATOM, CONTENT, IN_ENTRIES, IN_RSS_ITEMS, NAMESPACES, add
from feeds.formats.heads import add_modules, namespaces_of
from feeds.formats.media import NO_TYPE, add_enclosures, add_images
from feeds.formats.podcast import add_episode, add_show
from feeds.formats.rendering import Rendering
from sources.article import Article

RSS = "application/rss+xml"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


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


class MendedEntry(BaseEntryExtension):  # type: ignore[misc]  # feedgen ships no types
    """Adds to an entry what feedgen can't say. `article` is set before rendering."""

    article: Article
    rendering: Rendering

    def extend_atom(self, entry: etree._Element) -> etree._Element:
        """Mend an Atom entry: links with all their attributes, xml:lang, pictures, the agency."""
        article = self.article
        if article.language:
            entry.set(XML_LANG, article.language)
        for link in entry.findall("link"):  # feedgen writes no attribute but href
            link.set("rel", "alternate")
            link.set("type", "text/html")
        for enclosure in article.enclosures:
            media_type = enclosure.media_type or NO_TYPE
            add(entry, "link", href=enclosure.url, rel="enclosure", type=media_type, length=enclosure.length)
        if article.credit:
            add(entry, "dc:source", article.credit)
        if article.comments_url:  # RFC 4685; without a number, which would change the feed at every comment
            add(entry, "link", href=article.comments_url, rel="replies", type="text/html")
        if self.rendering.images:
            add_images(entry, article)
        return entry

    def extend_rss(self, item: etree._Element) -> etree._Element:
        """Mend an RSS item: full text, bylines, the date of change, one enclosure, the rest as media."""
        article = self.article
        for person in article.authors:
            add(item, "dc:creator" if person.role == "author" else "dc:contributor", person.name)
        if article.credit:
            add(item, "dc:source", article.credit)
        if article.rights:
            add(item, "dc:rights", article.rights)
        if article.language and article.language != self.rendering.publisher.language:
            add(item, "dc:language", article.language)
        add(item, "atom:updated", article.updated.isoformat())  # feedparser and SimplePie read it (F-21)
        add_enclosures(item, article)
        if self.rendering.images:
            add_images(item, article)
        add_episode(item, article, self.rendering.images)
        return item


def new_entry(article: Article, rendering: Rendering) -> FeedEntry:
    """Make feedgen's entry with all that RSS and Atom share: id, title, link, dates, categories."""
    entry = FeedEntry()
    entry.register_extension("mended", MendedEntry)
    entry.mended.article = article
    entry.mended.rendering = rendering
    entry.guid(article.id, permalink=False)
    entry.title(article.title)
    if article.url:
        entry.link(href=article.url)
    entry.published(article.published)
    entry.updated(article.updated)
    if article.comments_url:
        entry.comments(article.comments_url)  # RSS only
    for category in rendering.categories:
        entry.category(term=category.name, scheme=category.url)
    return entry


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


def serialise(entry: etree._Element, *around: str) -> bytes:
    """Write one entry as it will stand inside its document: indented, namespaces left to the root."""
    root = parent = etree.Element(around[0], nsmap={"atom": ATOM, "content": CONTENT, **IN_RSS_ITEMS})
    for tag in around[1:]:
        parent = etree.SubElement(parent, tag)
    parent.append(entry)
    text = etree.tostring(root, encoding="UTF-8", pretty_print=True)
    start = text.index(b"<" + entry.tag.encode())
    end = text.rindex(b"</" + entry.tag.encode() + b">") + len(entry.tag) + 3
    return b"  " * len(around) + text[start:end] + b"\n"
