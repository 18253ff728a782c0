"""Elements: the namespaces that our XML feeds use, and how an element of one is added."""

from __future__ import annotations

from lxml import etree

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"

# What any entry may hold. A document declares them on its root, since it doesn't know its entries.
IN_ENTRIES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",  # with the closing slash (F-60)
}
IN_RSS_ITEMS = {**IN_ENTRIES, "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd"}

# What only a feed's head holds, and only where it is asked for: no other document's bytes change.
IN_HEADS = {
    "fh": "http://purl.org/syndication/history/1.0",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "webfeeds": "http://webfeeds.org/rss/1.0",
}
NAMESPACES = {"atom": ATOM, **IN_RSS_ITEMS, **IN_HEADS}


def add(
    parent: etree._Element, name: str, text: str | None = None, **attributes: str | int | None
) -> etree._Element:
    """Add an element by its prefixed name, `dc:creator`. Attributes that are None are left out."""
    prefix, _, local = name.rpartition(":")
    element = etree.SubElement(parent, f"{{{NAMESPACES[prefix]}}}{local}" if prefix else local)
    for key, value in attributes.items():
        if value is not None:
            element.set(key, str(value))
    element.text = text
    return element
