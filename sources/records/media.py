"""Media: a record's pictures, sounds, films and files, out of whatever key and shape they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sources.media_types import media_type_of
from sources.records.names import ADDRESS, FIELDS, MEDIA
from sources.records.shapes import EMPTY, first, folded, members, number, scalar, several, text
from sources.records.status import status

KINDS = {"picture": "image", "graphic": "image", "video": "video", "audio": "audio"}  # ninjs's `type`
WIDEST = 2560  # pixels; of several renditions the widest up to this: beyond it are files for print
LIKE_ADDRESS = re.compile(r"/|\.\w{2,5}\s*$")  # `photo` may hold a photographer's name
# `data:` and `blob:` are no addresses a feed can give, and must not stand in the way of the next key's.
OTHER_SCHEME = re.compile(r"\s*(?!https?:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)

Medium = dict[str, Any]


def media(given: Mapping[str, Any]) -> dict[str, list[Medium]]:
    """Find a folded record's `images` and `enclosures`, each told by its media type, whatever its key."""
    out: dict[str, list[Medium]] = {"images": [], "enclosures": []}
    for field, medium in _found(given):
        kind = _kind(medium)
        out["images" if kind == "image" else "enclosures" if kind else field].append(medium)
    return out


def _found(given: Mapping[str, Any]) -> Iterator[tuple[str, Medium]]:
    for medium in first(given, FIELDS["images"], _media) or []:
        yield "images", medium
    for name in FIELDS["enclosures"]:
        for medium in _media(given.get(name)):
            yield "enclosures", medium
    associated = filter(None, map(folded, members(given.get("associations"))))
    for item in (given, *filter(_is_shown, associated)):
        if medium := _rendition(item):
            yield "enclosures", medium


def _media(value: Any) -> list[Medium]:
    return [medium for item in several(value) if (medium := _medium(item))]


def _medium(value: Any) -> Medium | None:
    inner = folded(value) if isinstance(value, Mapping) else {"url": value}
    url = first(inner, ADDRESS, text)
    if not url or OTHER_SCHEME.match(url) or not LIKE_ADDRESS.search(url):
        return None
    medium = {"url": url, "media_type": first(inner, MEDIA["media_type"], _media_type)}
    for field in ("length", "width", "height"):
        medium[field] = first(inner, MEDIA[field], number)
    medium["duration"] = first(inner, MEDIA["duration"], scalar)
    for field in ("caption", "credit"):
        medium[field] = first(inner, MEDIA[field], text)
    return {field: value for field, value in medium.items() if value not in EMPTY}


def _media_type(value: Any) -> str | None:
    found = text(value) or ""  # `type` may be `ImageObject`
    return found if "/" in found else None


def _kind(medium: Medium) -> str:
    try:
        media_type = medium.get("media_type") or media_type_of(medium["url"]) or ""
    except ValueError:  # `http://[`; admit says so
        return ""
    return str(media_type).partition("/")[0]


def _is_shown(item: Mapping[str, Any]) -> bool:
    """Is this ninjs association a part of the story: not another story, and not withheld?"""
    return item.get("type") != "text" and status(item) not in ("withheld", "canceled")


def _rendition(item: Mapping[str, Any]) -> Medium | None:
    """Give the best of the renditions of one ninjs picture, film or sound."""
    nature = KINDS.get(str(item.get("type")))
    fitting = [
        medium
        for medium in map(_medium, members(item.get("renditions")))
        if medium and _kind(medium) in ({nature} if nature else set(KINDS.values()))
    ]
    if not fitting:
        return None
    small = [medium for medium in fitting if _width(medium) <= WIDEST]
    best = max(small, key=_width) if small else min(fitting, key=_width)
    return {**best, **{field: first(item, MEDIA[field], text) for field in ("caption", "credit")}}


def _width(medium: Medium) -> int:
    return int(medium.get("width", 0))
