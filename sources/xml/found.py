"""Found: in which of an entry's elements each field of its record stood, for those who look into a feed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sources.xml.tree import local

if TYPE_CHECKING:
    from lxml.etree import _Element

# By field, the elements that it is read from, in lower case, the most trusted first.
ELEMENTS = {
    "id": ("guid", "id"),
    "url": ("origlink", "link", "guid"),
    "title": ("title",),
    "content": ("encoded", "content", "body", "description", "summary"),
    "text": ("content", "description", "summary"),
    "summary": ("summary", "description", "subtitle"),
    "published": ("pubdate", "published", "issued", "created", "date"),
    "updated": ("updated", "modified", "date"),
    "expires": ("valid", "expirationdate"),
    "authors": ("creator", "author", "contributor"),
    "tags": ("category", "subject", "keywords"),
    "images": ("content", "thumbnail", "group", "image", "enclosure"),
    "enclosures": ("enclosure", "link", "content"),
    "language": ("language",),
    "credit": ("source",),
    "rights": ("rights", "copyright"),
    "publisher": ("publisher", "source"),
}


def elements_of(entry: _Element) -> dict[str, str]:
    """Return the names of an entry's elements as printed, by their local names."""
    found: dict[str, str] = {}
    for child in entry:
        if name := local(child):
            printed = str(child.tag).rpartition("}")[2]
            found.setdefault(name.lower(), f"{child.prefix}:{printed}" if child.prefix else printed)
    return found


def found_in(record: Mapping[str, Any], elements: Mapping[str, str]) -> dict[str, str]:
    """Say for each field where it stood; what no element of the entry says, its feed does."""
    return {
        field: next((elements[name] for name in names if name in elements), "the feed itself")
        for field, names in ELEMENTS.items()
        if record.get(field)
    }
