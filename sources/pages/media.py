"""Page media: one list of pictures or recordings out of what several layers say of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from sources.media_types import media_type_of
from sources.pages.markup import Markup
from sources.pages.values import address_in


def merge_media(
    layers: Iterable[Iterable[Mapping[str, Any]]], base: str, markup: Markup
) -> list[dict[str, Any]]:
    """Return each picture once, in order of trust, with all that any layer knows of it."""
    found: dict[str, dict[str, Any]] = {}
    for item in (item for layer in layers for item in layer):
        if url := address_in(item.get("url"), base):
            known = found.setdefault(_same(url), {"url": url})
            for name, value in item.items():
                if value and name not in known:
                    known[name] = value
    return [_with_size(media, markup) for media in found.values()]


def _same(url: str) -> str:
    """Return what two addresses of one file share: `a.jpg?w=700` is `a.jpg`; `show.php?id=7` is itself."""
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path}" if media_type_of(url) else url.partition("://")[2]


def _with_size(media: dict[str, Any], markup: Markup) -> dict[str, Any]:
    """Add the size that the address names, where nothing else does (I-03)."""
    match = markup.size.search(media["url"])
    if match and "width" not in media and "height" not in media:
        return {**media, "width": int(match["width"]), "height": int(match["height"])}
    return media


def recordings(media: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what can be told to be sound or film; a player's page is neither."""
    found = []
    for item in media:
        kind = item.get("media_type") or media_type_of(item["url"])
        if kind and kind.startswith(("audio/", "video/")):
            found.append({**item, "media_type": kind})
    return found
