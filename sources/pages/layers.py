"""Page layers: how one value is chosen, or made, from what several layers say of an article."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sources.identity import fold
from sources.text import one_line

Layer = Mapping[str, Any]  # Article field names, and values that may be missing
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
ROLES = ("author", "editor", "photographer", "contributor")


def first(layers: Sequence[Layer], name: str) -> Any:
    """Return the first layer's value for a field that has one."""
    return next((layer[name] for layer in layers if layer.get(name)), None)


def headline(layers: Sequence[Layer], publisher: str | None) -> str | None:
    """Return the headline without the site's name behind or before it: `Headline - GenPI.co`."""
    titles = [str(layer["title"]) for layer in layers if layer.get("title")]
    if not publisher:
        return next(iter(titles), None)
    name = re.escape(one_line(publisher))
    ends = re.compile(rf"\s+[-|–—·»:]+\s+{name}\s*$|^\s*{name}\s+[-|–—·«:]+\s+", re.IGNORECASE)
    cut = (ends.sub("", title) for title in titles)
    # A headline that is only the site's name is its logo.
    return next((title for title in cut if fold(title) not in {"", fold(publisher)}), None)


def people(layers: Sequence[Layer], publisher: str | None) -> list[dict[str, Any]]:
    """Take each role from the first layer that names somebody in it; nobody is named twice.

    The newsroom in the author's place names nobody: it is the publisher, and stands in anyway.
    """
    chosen: dict[str, dict[str, Any]] = {}
    newsroom = fold(publisher or "")
    for role in ROLES:
        named = ([p for p in layer.get("authors") or () if p["role"] == role] for layer in layers)
        found = ([p for p in group if fold(p["name"]) != newsroom] for group in named)
        for person in next((group for group in found if group), []):
            chosen.setdefault(fold(person["name"]), {key: value for key, value in person.items() if value})
    return list(chosen.values())


def language(stated: Sequence[Any]) -> str | None:
    """Return the first of several values that is a language's code: `id_ID` is id-ID, `Indonesian` none."""
    for value in stated:
        tag = str(value or "").strip().partition(".")[0].replace("_", "-")
        if LANGUAGE.fullmatch(tag):
            return tag
    return None
