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
from feeds.formats.rendering import Rendering
from sources.article import Article, Media

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",  # with the closing slash (F-60)
}
HISTORY = "http://purl.org/syndication/history/1.0"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# RSS wants a type on every enclosure (F-19); in Atom, readers take one without for a web page.
NO_TYPE = "application/octet-stream"


def _name(prefixed: str) -> str:
    prefix, _, local = prefixed.partition(":")
    return f"{{{NAMESPACES.get(prefix, ATOM)}}}{local}"


def _add(
    parent: etree._Element, prefixed: str, text: str | None = None, **attributes: str | int | None
) -> etree._Element:
    element = etree.SubElement(parent, _name(prefixed))
    for key, value in attributes.items():
        if value is not None:
            element.set(key, str(value))
    element.text = text
    return element


class MendedFeed(BaseExtension):  # type: ignore[misc]  # feedgen ships no types
    """Adds to a feed what feedgen can't say. `channel` is set before rendering.

    Namespaces are declared once, on the root; those of archives only there, to change no other bytes.
    """

    channel: Channel

    def extend_ns(self) -> dict[str, str]:
        """Return the namespaces that the document uses."""
        return {**NAMESPACES, "fh": HISTORY} if self.channel.is_archive else NAMESPACES

    def extend_atom(self, feed: etree._Element) -> etree._Element:
        """Mark an archive document (RFC 5005, section 4)."""
        if self.channel.is_archive:
            etree.SubElement(feed, f"{{{HISTORY}}}archive")
        return feed

    def extend_rss(self, rss: etree._Element) -> etree._Element:
        """Add the links to older and newer documents, which feedgen writes in Atom alone."""
        channel = rss[0]
        for rel, href in links(self.channel, "rss.xml"):
            _add(channel, "atom:link", href=href, rel=rel, type="application/rss+xml")
        if self.channel.is_archive:
            etree.SubElement(channel, f"{{{HISTORY}}}archive")
        return rss


def links(channel: Channel, file: str) -> list[tuple[str, str]]:
    """Return (rel, address) of the documents before and after one (RFC 5005, section 4)."""
    bases = {"prev-archive": channel.previous, "next-archive": channel.next, "current": channel.current}
    return [(rel, base + file) for rel, base in bases.items() if base]


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
            link = etree.SubElement(entry, "link", href=enclosure.url, rel="enclosure")
            link.set("type", enclosure.media_type or NO_TYPE)
            if enclosure.length is not None:
                link.set("length", str(enclosure.length))
        if article.credit:
            _add(entry, "dc:source", article.credit)
        for image in article.images if self.rendering.images else ():
            _media_content(entry, image, "image")
        return entry

    def extend_rss(self, item: etree._Element) -> etree._Element:
        """Mend an RSS item: full text, bylines, the date of change, one enclosure, the rest as media."""
        article = self.article
        for person in article.authors:
            _add(item, "dc:creator" if person.role == "author" else "dc:contributor", person.name)
        if article.credit:
            _add(item, "dc:source", article.credit)
        if article.rights:
            _add(item, "dc:rights", article.rights)
        if article.language and article.language != self.rendering.publisher.language:
            _add(item, "dc:language", article.language)
        _add(item, "atom:updated", article.updated.isoformat())  # RSS has no element of its own (F-21)
        for number, enclosure in enumerate(article.enclosures):
            if number == 0:  # one an item, and all three attributes (F-19)
                attributes = {
                    "url": enclosure.url,
                    "length": str(enclosure.length or 0),
                    "type": enclosure.media_type or NO_TYPE,
                }
                etree.SubElement(item, "enclosure", attributes)
            else:
                _media_content(item, enclosure, (enclosure.media_type or "").partition("/")[0])
        for image in article.images if self.rendering.images else ():
            _media_content(item, image, "image")
        return item


def _media_content(parent: etree._Element, media: Media, medium: str) -> None:
    """Add Media RSS for one picture, sound or film (F-61, F-62): no group, since none has renditions."""
    content = _add(
        parent,
        "media:content",
        url=media.url,
        fileSize=media.length,
        type=media.media_type,
        medium=medium if medium in {"image", "audio", "video"} else None,
        height=media.height,
        width=media.width,
    )
    if media.caption:
        _add(content, "media:description", media.caption, type="plain")
    if media.credit:
        _add(content, "media:credit", media.credit, role="photographer", scheme="urn:ebu")


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
    for category in rendering.categories:
        entry.category(term=category.name, scheme=category.url)
    return entry


def new_feed(channel: Channel, file: str, media_type: str) -> FeedGenerator:
    """Make feedgen's feed without entries. The alternate link comes last: RSS `link` is the last one set."""
    feed = FeedGenerator()
    feed.register_extension("mended", MendedFeed)
    feed.mended.channel = channel
    feed.id(channel.id)
    feed.title(channel.title)
    feed.subtitle(channel.description)
    feed.description(channel.description)
    feed.link(href=channel.self_base + file, rel="self", type=media_type)
    for rel, href in links(channel, file):
        feed.link(href=href, rel=rel, type=media_type)
    feed.link(href=channel.alternate, rel="alternate", type="text/html")
    feed.updated(channel.updated)
    feed.author(name=channel.publisher.name)
    feed.generator("tagwire")
    if channel.icon:
        feed.icon(channel.icon)
        feed.image(url=channel.icon, title=channel.title, link=channel.alternate)
    if channel.publisher.language:
        feed.language(channel.publisher.language)
    if channel.publisher.rights:
        feed.rights(channel.publisher.rights)
    return feed


def serialise(entry: etree._Element, *around: str) -> bytes:
    """Write one entry as it will stand inside its document: indented, namespaces left to the root."""
    root = parent = etree.Element(around[0], nsmap={"atom": ATOM, "content": CONTENT, **NAMESPACES})
    for tag in around[1:]:
        parent = etree.SubElement(parent, tag)
    parent.append(entry)
    text = etree.tostring(root, encoding="UTF-8", pretty_print=True)
    start = text.index(b"<" + entry.tag.encode())
    end = text.rindex(b"</" + entry.tag.encode() + b">") + len(entry.tag) + 3
    return b"  " * len(around) + text[start:end] + b"\n"
