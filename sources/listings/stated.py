"""Stated lists: the articles that a page's JSON-LD says it lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sources.pages.json_ld import read_json
from sources.pages.values import address_in, each

if TYPE_CHECKING:
    from lxml.etree import _Element

INSIDE = ("@graph", "mainEntity", "hasPart", "blogPost")


def stated_addresses(root: _Element, base: str) -> list[str]:
    """Return the addresses of the longest ItemList, or of a collection's parts; [] where there is none."""
    lists = [
        found
        for script in root.iter("script")
        if (script.get("type") or "").strip().lower().startswith("application/ld+json")
        for value in read_json(script.text or "")
        for found in _lists(value, base)
    ]
    return max(lists, key=len, default=[])


def _lists(value: Any, base: str) -> list[list[str]]:
    found: list[list[str]] = []
    waiting = [value]
    for item in waiting:
        if isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, Mapping):
            if "ItemList" in each(item.get("@type")):
                found.append(_addresses(item.get("itemListElement"), base))
            else:
                found.extend(_addresses(item.get(name), base) for name in ("hasPart", "blogPost"))
            waiting.extend(item[name] for name in INSIDE if name in item)
    return found


def _addresses(entries: Any, base: str) -> list[str]:
    things = [
        entry["item"] if isinstance(entry, Mapping) and "item" in entry else entry for entry in each(entries)
    ]
    return [address for thing in things if (address := address_in(thing, base))]
