"""Media: an entry's pictures, sounds and films, as Media RSS, iTunes and others put them into feeds."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from sources.media_types import media_type_of
from sources.xml.tree import local, namespace, text_in

if TYPE_CHECKING:
    from lxml.etree import _Element

MEDIA_RSS = "http://search.yahoo.com/mrss"  # often written without the slash it ends in (F-60)
ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
AVATARS = "gravatar.com/avatar/"  # WordPress.com gives the author's portrait as the entry's picture
WIDEST = 2560  # pixels; of several renditions the widest up to this: beyond it are files for print
STATES = {"deleted": "canceled", "blocked": "withheld"}  # F-63

Medium = dict[str, Any]


def take_media(entry: _Element, base: str | None) -> dict[str, Any]:
    """Take an entry's media elements out of it; return `images`, `enclosures`, `status`, `tags`, `summary`.

    base  what relative addresses resolve against; None leaves them as they are
    """
    elements = [child for child in entry if namespace(child).rstrip("/") == MEDIA_RSS]
    found = list(_contents(elements)) + list(_other_images(entry))
    all_ = [item for group in _groups(elements) for item in group]
    out: dict[str, Any] = sort_media(found, base)
    if not out["images"]:  # a thumbnail is the same picture, only smaller
        thumbnails = [_medium(item, "image") for item in _named(all_, "thumbnail")]
        out["images"] = sort_media(thumbnails[:1], base)["images"]
    out["status"] = next((STATES.get(item.get("state", "")) for item in _named(all_, "status")), None)
    out["tags"] = list(_tags(all_))
    out["summary"] = next(filter(None, map(_text, _named(all_, "description"))), None)
    for element in elements:
        entry.remove(element)
    return out


def _tags(elements: list[_Element]) -> Iterator[str]:
    for category in _named(elements, "category"):
        yield category.get("label") or text_in(category)
    for keywords in _named(elements, "keywords"):
        yield from text_in(keywords).split(",")


def _text(element: _Element) -> str:
    """Return a text as HTML, which `admit` makes plain: plain text may speak of `<b>`."""
    text = text_in(element)
    return text if element.get("type") == "html" else html.escape(text, quote=False)


def sort_media(media: Iterable[Medium], base: str | None) -> dict[str, list[Medium]]:
    """Tell pictures from what is heard, watched or read, by what they are said to be or end in."""
    out: dict[str, list[Medium]] = {"images": [], "enclosures": []}
    for medium in media:
        url = _joined(base, str(medium.get("url") or "").strip())
        if url and AVATARS not in url:
            kind = medium.pop("kind", None) or _kind(medium.get("media_type"), url)
            medium["url"] = url
            out["images" if kind == "image" else "enclosures"].append(medium)
    return out


def merge(media: Iterable[Medium]) -> list[Medium]:
    """Name each once, with all that is said of it in any place."""
    found: dict[str, Medium] = {}
    for medium in media:
        said = {key: value for key, value in medium.items() if value}
        found[medium["url"]] = {**said, **found.get(medium["url"], {})}
    return list(found.values())


def _joined(base: str | None, url: str) -> str:
    try:
        return urljoin(base, url) if base and url else url
    except ValueError:  # `http://[`
        return ""


def _kind(media_type: str | None, url: str) -> str:
    try:
        return str(media_type or media_type_of(url) or "").partition("/")[0]
    except ValueError:
        return ""


def _groups(elements: list[_Element]) -> Iterator[list[_Element]]:
    """Give what belongs together: the elements of each media:group, and those outside of any."""
    for group in _named(elements, "group"):
        yield list(group)
    yield [element for element in elements if local(element) != "group"]


def _contents(elements: list[_Element]) -> Iterator[Medium]:
    for group in _named(elements, "group"):
        if contents := _named(group, "content"):
            # A group holds renditions of one thing (F-61).
            yield _described(_best(contents), [*group, *elements])
    loose = _named(elements, "content")
    for content in loose:
        # What stands beside several pictures says nothing of which it means.
        yield _described(content, elements if len(loose) == 1 else [])


def _best(contents: list[_Element]) -> _Element:
    for content in contents:
        if content.get("isDefault") == "true":
            return content
    fitting = [content for content in contents if _width(content) <= WIDEST]
    return max(fitting, key=_width) if fitting else min(contents, key=_width)


def _width(content: _Element) -> int:
    width = content.get("width") or ""
    return int(width) if width.isascii() and width.isdecimal() and len(width) < 9 else 0


def _described(content: _Element, around: list[_Element]) -> Medium:
    children = [*content, *around]
    medium = _medium(content, content.get("medium"))
    medium["caption"] = next(filter(None, map(_text, _named(children, "description"))), None)
    medium["credit"] = next(filter(None, map(text_in, _named(children, "credit"))), None)
    return medium


def _medium(element: _Element, kind: str | None) -> Medium:
    given = element.attrib
    if not kind and not given.get("type") and not _kind(None, given.get("url", "")):
        kind = "image"  # nothing says what it is: mostly a picture from a service
    return {
        "url": given.get("url") or text_in(element),
        "kind": kind,
        "media_type": given.get("type"),
        "length": given.get("fileSize"),
        "width": given.get("width"),
        "height": given.get("height"),
    }


def _other_images(entry: _Element) -> Iterator[Medium]:
    """Give the pictures that stand in `itunes:image`, and in the `image` some put into RSS items."""
    for child in entry:
        if local(child) == "image" and namespace(child).lower() in ("", ITUNES):
            inner = next((item for item in child if local(item) == "url"), None)
            url = child.get("href") or child.get("url") or text_in(inner) or text_in(child)
            yield {"url": url, "kind": "image"}


def _named(elements: Iterable[_Element], name: str) -> list[_Element]:
    return [element for element in elements if local(element) == name]
