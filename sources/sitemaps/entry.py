"""Entry: one `<url>` or `<sitemap>` of a sitemap, and what it says of the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag

from sources.identity import absolute_url
from sources.records.reader import Unreadable
from sources.xml.export import child
from sources.xml.tree import local, parse_xml

if TYPE_CHECKING:
    from lxml.etree import _Element

LONGEST_URL = 8 * 1024  # characters; the protocol allows 2,048
SHOWN = 500  # characters of an unreadable entry that are kept to show
MOST_IMAGES = 10  # kept of a page's; the protocol allows 1,000
BEGINS = re.compile(r"<(?:url|sitemap)[\s>]", re.IGNORECASE)
PREFIX = re.compile(r"(</?)[\w.-]{1,40}:")


@dataclass(frozen=True, slots=True)
class Listed:
    """A page that a sitemap lists.

    url      absolute, without fragment
    lastmod  when it changed last, as written; "" where nothing is said
    record   what Google's news and image extensions say of it, named as the Article's fields
    """

    url: str
    lastmod: str = ""
    record: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Nested:
    """A sitemap that an index names, and when that changed last, as written."""

    url: str
    lastmod: str = ""


Entry = Listed | Nested | Unreadable


def read_entries(text: str, base: str) -> Iterator[Entry]:
    """Yield what mended XML up to an entry's end tag holds: one entry, or more where end tags are missing.

    Prefixes go: many sitemaps use `news:` and `image:` and declare them nowhere.
    """
    plain = PREFIX.sub(r"\1", text)
    root = parse_xml(f"<sitemap-entries>{plain}</sitemap-entries>") if BEGINS.search(plain) else None
    elements = [] if root is None else [part for part in root.iter() if local(part) in {"url", "sitemap"}]
    if not elements:
        yield Unreadable(text.strip()[:SHOWN], "no entry, or too broken or nested too deep to be mended")
    for element in elements:
        if local(element) == "url":
            yield at_address(child(element, "loc"), base, child(element, "lastmod"), _record(element))
        else:
            found = at_address(child(element, "loc"), base, child(element, "lastmod"))
            yield Nested(found.url, found.lastmod) if isinstance(found, Listed) else found


def at_address(
    loc: str, base: str, lastmod: str = "", record: Mapping[str, Any] | None = None
) -> Listed | Unreadable:
    """Return the page at an address; one that is no http(s) address is Unreadable.

    base  the sitemap's own address: the protocol wants absolute ones, and not all keep to it
    """
    if not loc or len(loc) > LONGEST_URL:
        return Unreadable(
            loc[:SHOWN], "an entry without an address (<loc>)" if not loc else "a far too long <loc>"
        )
    try:
        return Listed(urldefrag(absolute_url(loc, base)).url, lastmod, record or {})
    except ValueError as error:
        return Unreadable(loc[:SHOWN], f"<loc> must be an http(s) address: {error}")


def _record(url: _Element) -> dict[str, Any]:
    """Read the news and image extensions; `xhtml:link`, video and the rest say nothing for an article."""
    images = [
        {"url": child(part, "loc"), "caption": child(part, "caption")}
        for part in url
        if local(part) == "image"
    ]
    record: dict[str, Any] = {"images": [image for image in images if image["url"]][:MOST_IMAGES]}
    news = _first(url, "news")
    if news is not None:
        record |= {
            "title": child(news, "title"),
            "published": child(news, "publication_date"),
            "tags": child(news, "keywords"),
        }
        publication = _first(news, "publication")
        if publication is not None:
            record |= {"publisher": child(publication, "name"), "language": child(publication, "language")}
    return {name: value for name, value in record.items() if value}


def _first(element: _Element, name: str) -> _Element | None:
    return next((part for part in element if local(part) == name), None)
