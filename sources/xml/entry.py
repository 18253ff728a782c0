"""Entry: one entry of a feed, parsed apart from the others, as a record for `sources.record.admit`."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from sources.identity import fold
from sources.xml.dates import moment
from sources.xml.media import ITUNES, sort_media, take_media
from sources.xml.parse import parse_feed
from sources.xml.story import story
from sources.xml.tree import is_core, local, namespace, text_in

if TYPE_CHECKING:
    from lxml.etree import _Element

BASE = "{http://www.w3.org/XML/1998/namespace}base"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
HTML_TYPES = ("text/html", "application/xhtml+xml", None)

Fields = dict[str, Any]  # feedparser's, which answers for names that are not there


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
    authors: tuple[dict[str, Any], ...] = ()


def read_head(document: _Element, url: str | None, *, is_atom: bool) -> Head:
    """Read what a feed without its entries says for all of them."""
    base = base_of(document, url)
    feed = parse_feed(document, base).feed
    named = (child for part in (document, *document) for child in part if local(child) == "publisher")
    publisher = next(filter(None, (text_in(child) for child in named)), None)
    return Head(
        url=url,
        is_atom=is_atom,
        title=publisher or _text(feed, "title"),
        language=_language(_text(feed, "language"), _lang_of(document)),
        rights=_text(feed, "rights"),
        # Only in Atom are a feed's authors those of its entries (RFC 4287, section 4.2.1).
        authors=tuple(_people(feed, "authors", "author")) if is_atom else (),
    )


def read_entry(document: _Element, head: Head) -> dict[str, Any]:
    """Read the one entry in a document; give what it says under the Article's names.

    Raises ValueError when there is none.
    """
    element = next((item for item in document.iter() if local(item) in ("item", "entry")), None)
    if element is None:
        raise ValueError("there is no entry in it")
    base = base_of(document, head.url)
    # RSS means addresses from where the article is, if it means anything (F-13); Atom is clear.
    stated = base if head.is_atom or any(item.get(BASE) for item in document.iter()) else None
    media = take_media(element, stated)
    given = _take_id(element)
    bylines = [] if head.is_atom else _bylines(element)
    entries = parse_feed(document, base).entries
    entry: Fields = entries[0] if entries else {}
    raw = {
        **_names(entry, element, head, bylines),
        **_dates(entry),
        **given,
        **story(entry, stated, head.is_atom),
    }
    raw["url"] = _address(entry) or given.get("url")
    raw["status"] = media["status"]
    raw["tags"] = raw["tags"] or media["tags"]
    if not raw.get("content") and not raw.get("text"):
        raw["summary"] = raw.get("summary") or media["summary"]
    attached = sort_media(_attached(entry), stated)
    for field, found in attached.items():
        raw[field] = _unique([*found, *media[field]] if field == "enclosures" else [*media[field], *found])
    return {field: value for field, value in raw.items() if value}


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
        if is_link and text.startswith(("http://", "https://")) and _is_web(text):
            found["url"] = text
        entry.remove(child)
    return found


def _bylines(entry: _Element) -> list[dict[str, Any]]:
    """Read an RSS item's authors as printed: feedparser's way to part name and e-mail address cuts names."""
    found: dict[str, list[_Element]] = {"creator": [], "author": [], "itunes": []}
    for child in entry:
        if local(child) in found:
            found["itunes" if namespace(child).lower() == ITUNES else local(child)].append(child)
    # RSS, Dublin Core and iTunes name the same people, each in its own way (F-18).
    for people in found.values():
        names = (next((part for part in person if local(part) == "name"), person) for person in people)
        if bylines := [{"name": text, "role": "author"} for text in map(text_in, names) if text]:
            return bylines
    return []


def _names(entry: Fields, element: _Element, head: Head, bylines: list[dict[str, Any]]) -> dict[str, Any]:
    source = entry.get("source")
    origin = _text(source, "title") if isinstance(source, dict) else None
    publisher = _text(entry, "publisher") or origin or head.title
    authors = bylines or list(_people(entry, "authors", "author")) or list(head.authors)
    authors += _people(entry, "contributors", "contributor")
    credit = _text(entry, "dc_source")
    title = _text(entry, "title")
    if title and head.is_atom and _detail(entry, "title").get("type") == "text/plain":
        title = html.escape(title, quote=False)  # `<b>` in it is meant to be read
    return {
        "title": title,
        "authors": _distinct(authors, publisher),
        "tags": list(_tags(entry)),
        "language": _language(_text(entry, "language"), element.get(LANG), head.language),
        "credit": credit if credit and "://" not in credit else None,
        "rights": _text(entry, "rights") or head.rights,
        "publisher": publisher,
    }


def _dates(entry: Fields) -> dict[str, Any]:
    def one(name: str) -> Any:
        # feedparser answers for a missing `updated` with `published`, and a warning; dict does not.
        return moment(dict.get(entry, name), dict.get(entry, f"{name}_parsed"))

    return {
        "published": one("published") or one("created"),
        "updated": one("updated"),
        "expires": one("validity_end") or one("expired"),
    }


def _text(fields: Any, name: str) -> str | None:
    """Return a text among what feedparser gives: an unknown element of that name makes it anything."""
    value = fields.get(name)
    return value.strip() or None if isinstance(value, str) else None


def _detail(entry: Fields, name: str) -> Fields:
    detail = entry.get(f"{name}_detail")
    return detail if isinstance(detail, dict) else {}


def _several(fields: Any, name: str) -> Iterator[Fields]:
    values = fields.get(name)
    yield from (item for item in values if isinstance(item, dict)) if isinstance(values, list) else ()


def _people(fields: Any, name: str, role: str) -> Iterator[dict[str, Any]]:
    for person in _several(fields, name):
        if named := _text(person, "name"):
            yield {"name": named, "role": role, "url": _text(person, "href")}


def _distinct(people: list[dict[str, Any]], publisher: str | None) -> list[dict[str, Any]]:
    """Name nobody twice; the newsroom in the author's place names nobody, and stands in anyway."""
    named: dict[str, dict[str, Any]] = {}
    for person in people:
        if fold(person["name"]) != fold(publisher or ""):
            named.setdefault(fold(person["name"]), person)
    return list(named.values())


def _tags(entry: Fields) -> Iterator[str]:
    for tag in _several(entry, "tags"):
        label, term = _text(tag, "label"), _text(tag, "term")
        if label or (term and "://" not in term):  # blog software tags entries with what kind they are
            yield label or str(term)


def _language(*stated: str | None) -> str | None:
    """Return the first that is a language's code; a name in its place says nothing (F-24)."""
    tags = [(text or "").strip().replace("_", "-") for text in stated]
    return next((tag for tag in tags if LANGUAGE.fullmatch(tag)), None)


def _lang_of(document: _Element) -> str | None:
    return next((value for element in (document, *document) if (value := element.get(LANG))), None)


def _address(entry: Fields) -> str | None:
    """Find the article's own page among an entry's links."""
    if original := _text(entry, "feedburner_origlink"):
        return original
    for link in _several(entry, "links"):
        href = _text(link, "href")
        if href and link.get("rel") == "alternate" and link.get("type") in HTML_TYPES and _is_web(href):
            return href
    return None


def _is_web(href: str) -> bool:
    try:
        return urlsplit(href).scheme in ("http", "https", "")
    except ValueError:
        return False


def _attached(entry: Fields) -> Iterator[dict[str, Any]]:
    for link in _several(entry, "links"):
        if link.get("rel") == "enclosure":
            yield {"url": link.get("href"), "media_type": link.get("type"), "length": link.get("length")}
    for content in _several(entry, "content"):
        if (src := _text(content, "src")) and content.get("type") not in HTML_TYPES:
            yield {"url": src, "media_type": content.get("type")}


def _unique(media: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Name each once, with all that is said of it in either place."""
    found: dict[str, dict[str, Any]] = {}
    for medium in media:
        said = {key: value for key, value in medium.items() if value}
        found[medium["url"]] = {**said, **found.get(medium["url"], {})}
    return list(found.values())
