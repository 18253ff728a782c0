"""Fields: single values out of what feedparser says of an entry, which strange elements may have spoilt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from sources.identity import fold

# feedparser's own dict, which answers for some names that are not in it.
Fields = dict[str, Any]
Person = dict[str, Any]

LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
PAGE_TYPES = ("text/html", "application/xhtml+xml", None)


def text_of(fields: Fields, name: str) -> str | None:
    """Return a text; None where there is none, or an unknown element of that name made it something else."""
    value = fields.get(name)
    return value.strip() or None if isinstance(value, str) else None


def detail_of(fields: Fields, name: str) -> Fields:
    """Return what is said of a text: its media type, its base."""
    detail = fields.get(f"{name}_detail")
    return detail if isinstance(detail, dict) else {}


def several(fields: Fields, name: str) -> Iterator[Fields]:
    """Give the mappings in a list; none where there is no list."""
    values = fields.get(name)
    yield from (item for item in values if isinstance(item, dict)) if isinstance(values, list) else ()


def people(fields: Fields, name: str, role: str) -> Iterator[Person]:
    """Give the people in a list of them, those with a name."""
    for person in several(fields, name):
        if named := text_of(person, "name"):
            yield {"name": named, "role": role, "url": text_of(person, "href")}


def distinct(persons: list[Person], publisher: str | None) -> list[Person]:
    """Name nobody twice; the newsroom in the author's place names nobody, and stands in anyway."""
    named: dict[str, Person] = {}
    for person in persons:
        if fold(person["name"]) != fold(publisher or ""):
            named.setdefault(fold(person["name"]), person)
    return list(named.values())


def tags(entry: Fields) -> Iterator[str]:
    """Give an entry's tags as readers see them."""
    for tag in several(entry, "tags"):
        label, term = text_of(tag, "label"), text_of(tag, "term")
        if label or (term and "://" not in term):  # blog software tags entries with what kind they are
            yield label or str(term)


def language(*stated: str | None) -> str | None:
    """Return the first that is a language's code; a name in its place says nothing (F-24)."""
    codes = [(text or "").strip().replace("_", "-") for text in stated]
    return next((code for code in codes if LANGUAGE.fullmatch(code)), None)


def address(entry: Fields) -> str | None:
    """Find the article's own page among an entry's links."""
    if original := text_of(entry, "feedburner_origlink"):
        return original
    for link in several(entry, "links"):
        href = text_of(link, "href")
        if href and link.get("rel") == "alternate" and link.get("type") in PAGE_TYPES and is_web(href):
            return href
    return None


def is_web(href: str) -> bool:
    """Is this an address on the web, or relative to one?"""
    try:
        return urlsplit(href).scheme in ("http", "https", "")
    except ValueError:
        return False


def attached(entry: Fields) -> Iterator[Fields]:
    """Give an entry's enclosures, and content that is somewhere else and no text."""
    for link in several(entry, "links"):
        if link.get("rel") == "enclosure":
            yield {"url": link.get("href"), "media_type": link.get("type"), "length": link.get("length")}
    for content in several(entry, "content"):
        if (src := text_of(content, "src")) and content.get("type") not in PAGE_TYPES:
            yield {"url": src, "media_type": content.get("type")}
