"""Tree: how an element is added to a head that feedgen makes."""

from __future__ import annotations

from lxml import etree

from feeds.formats.elements import NAMESPACES


def add(
    parent: etree._Element, name: str, text: str | None = None, **attributes: str | int | None
) -> etree._Element:
    """Add an element to a tree, of a head that feedgen makes; otherwise as `element`."""
    prefix, _, local = name.rpartition(":")
    element = etree.SubElement(parent, f"{{{NAMESPACES[prefix]}}}{local}" if prefix else local)
    for key, value in attributes.items():
        if value is not None:
            element.set(key, str(value))
    element.text = text
    return element
