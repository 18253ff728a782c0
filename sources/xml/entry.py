"""Entry: one entry of a feed, parsed apart from the others, as a record for `sources.record.admit`."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from sources.text import one_line, plain
from sources.text import text_of as words_of
from sources.xml.dates import moment
from sources.xml.fields import (
    Fields,
    Person,
    address,
    attached,
    detail_of,
    distinct,
    is_web,
    language,
    people,
    tags,
    text_of,
)
from sources.xml.found import elements_of, found_in
from sources.xml.media import ITUNES, merge, sort_media, take_media
from sources.xml.parse import parse_feed
from sources.xml.story import story
from sources.xml.tree import is_core, local, namespace, text_in

if TYPE_CHECKING:
    from lxml.etree import _Element

BASE = "{http://www.w3.org/XML/1998/namespace}base"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
VALID_UNTIL = re.compile(r"\bend\s*=\s*([^;]{1,60})")  # dcterms:valid: `start=…; end=…` (F-68)
LONGEST_FILLER = 1000  # characters


@dataclass(frozen=True, slots=True)
class Head:
    """What a feed says for all its entries.

    url      where the feed was found: what relative addresses resolve against
    is_atom  Atom, whose texts say what they are
    """

    url: str | None
    is_atom: bool
    title: str | None = None
    language: str | None = None
    rights: str | None = None
    authors: tuple[Person, ...] = ()


def read_head(document: _Element, url: str | None, *, is_atom: bool) -> Head:
    """Read what a feed without its entries says for all of them. Raises ValueError if it can't be read."""
    feed = parse_feed(document, base_of(document, url)).feed
    named = (child for part in (document, *document) for child in part if local(child) == "publisher")
    stated = (value for part in (document, *document) if (value := part.get(LANG)))
    return Head(
        url=url,
        is_atom=is_atom,
        title=next(filter(None, map(text_in, named)), None) or text_of(feed, "title"),
        language=language(text_of(feed, "language"), next(stated, None)),
        rights=text_of(feed, "rights"),
        # Only in Atom are a feed's authors those of its entries (RFC 4287, section 4.2.1).
        authors=tuple(people(feed, "authors", "author")) if is_atom else (),
    )


def read_entry(document: _Element, head: Head) -> dict[str, Any]:
    """Read the one entry in a document; give what it says under the Article's names, and where (`found`).

    Raises ValueError when there is none, or it can't be read.
    """
    element = next((item for item in document.iter() if local(item) in ("item", "entry")), None)
    if element is None:
        raise ValueError("there is no entry in it")
    base, elements = base_of(document, head.url), elements_of(element)
    # RSS means addresses from where the article is, if it means anything (F-13); Atom is clear.
    stated = base if head.is_atom or any(item.get(BASE) for item in document.iter()) else None
    media = take_media(element, stated)
    given = _take_id(element)
    bylines = [] if head.is_atom else _bylines(element)
    entries = parse_feed(document, base).entries
    entry: Fields = entries[0] if entries else {}
    raw = {**given, **_names(entry, element, head, bylines), **_dates(entry, element)}
    raw |= story(entry, stated, head.is_atom)
    raw |= {"url": address(entry) or given.get("url"), "status": media["status"]}
    enclosed = sort_media(attached(entry), stated)
    raw["images"] = merge([*media["images"], *enclosed["images"]])
    raw["enclosures"] = merge([*enclosed["enclosures"], *media["enclosures"]])
    raw["tags"] = raw["tags"] or media["tags"]
    raw["summary"] = raw.get("summary") or (None if _story_of(raw) else media["summary"])
    if head.is_atom and not raw["url"] and _says_nothing_new(raw):
        raw |= {"content": None, "text": None}
    return {**{field: value for field, value in raw.items() if value}, "found": found_in(raw, elements)}


def _story_of(raw: dict[str, Any]) -> str:
    return raw.get("content") or raw.get("text") or ""


def _says_nothing_new(raw: dict[str, Any]) -> bool:
    """Is the content only the title or summary once more? Atom wants some where there is no link (F-33)."""
    content = _story_of(raw)
    if len(content) > LONGEST_FILLER:
        return False
    return words_of(content) in {one_line(plain(raw.get(name) or "")) for name in ("title", "summary")}


def base_of(document: _Element, url: str | None) -> str:
    """Return what addresses on a document's outermost elements resolve against; "" if that isn't known."""
    base = url or ""
    for element in (document, *[child for child in document if local(child) == "channel"][:1]):
        try:
            base = urljoin(base, element.get(BASE) or "")
        except ValueError:
            continue
    return base if base.startswith(("http://", "https://")) else ""


def _take_id(entry: _Element) -> dict[str, Any]:
    """Take the id out of an entry, letter by letter (F-39): feedparser would resolve it like a link."""
    found: dict[str, Any] = {"id": (entry.get(ABOUT) or "").strip()}
    for child in [child for child in entry if local(child) in ("guid", "id") and is_core(child)]:
        text = text_in(child)
        found["id"] = text or found["id"]
        is_link = local(child) == "guid" and (child.get("isPermaLink") or "true").strip().lower() == "true"
        if is_link and text.startswith(("http://", "https://")) and is_web(text):
            found["url"] = text
        entry.remove(child)
    return found


def _bylines(entry: _Element) -> list[Person]:
    """Read an RSS item's authors as printed: feedparser's way to part name and e-mail address cuts names."""
    found: dict[str, list[_Element]] = {"creator": [], "author": [], "itunes": []}
    for child in entry:
        if local(child) in found:
            found["itunes" if namespace(child).lower() == ITUNES else local(child)].append(child)
    # RSS, Dublin Core and iTunes name the same people, each in its own way (F-18).
    for group in found.values():
        names = (next((part for part in person if local(part) == "name"), person) for person in group)
        if bylines := [{"name": text, "role": "author"} for text in map(text_in, names) if text]:
            return bylines
    return []


def _names(entry: Fields, element: _Element, head: Head, bylines: list[Person]) -> dict[str, Any]:
    source = entry.get("source")
    origin = text_of(source, "title") if isinstance(source, dict) else None
    publisher = text_of(entry, "publisher") or origin or head.title
    authors = bylines or list(people(entry, "authors", "author")) or list(head.authors)
    authors += people(entry, "contributors", "contributor")
    credit, title = text_of(entry, "dc_source"), text_of(entry, "title")
    if title and head.is_atom and detail_of(entry, "title").get("type") == "text/plain":
        title = html.escape(title, quote=False)  # `<b>` in it is meant to be read
    return {
        "title": title,
        "authors": distinct(authors, publisher),
        "tags": list(tags(entry)),
        "language": language(text_of(entry, "language"), element.get(LANG), head.language),
        "credit": credit if credit and "://" not in credit else None,
        "rights": text_of(entry, "rights") or head.rights,
        "publisher": publisher,
    }


def _dates(entry: Fields, element: _Element) -> dict[str, Any]:
    def one(name: str) -> Any:
        # feedparser answers for a missing `updated` with `published`, and a warning; dict does not.
        return moment(dict.get(entry, name), dict.get(entry, f"{name}_parsed"))

    valid = text_in(next((child for child in element if local(child) == "valid"), None))
    until = VALID_UNTIL.search(valid)
    return {
        "published": one("published") or one("created"),
        "updated": one("updated"),
        "expires": moment(until[1], None) if until else one("expired"),
    }
