"""Page layers: how one value is chosen, or made, from what several layers say of an article."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sources.identity import fold
from sources.text import one_line

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
ROLES = ("author", "editor", "photographer", "contributor")


@dataclass(frozen=True, slots=True)
class Layer:
    """One place in a page that tells of its article: what it is called, and Article fields, maybe empty."""

    name: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A value that was chosen, and the name of the layer it came from; None and "" where there is none."""

    value: Any = None
    where: str = ""


def first(layers: Sequence[Layer], name: str) -> Chosen:
    """Return the first layer's value for a field that has one."""
    return next(
        (Chosen(layer.fields[name], layer.name) for layer in layers if layer.fields.get(name)), Chosen()
    )


def headline(layers: Sequence[Layer], publisher: str | None) -> Chosen:
    """Return the headline without the site's name behind or before it: `Headline - GenPI.co`."""
    titles = [Chosen(str(title), layer.name) for layer in layers if (title := layer.fields.get("title"))]
    if not publisher:
        return next(iter(titles), Chosen())
    name = re.escape(one_line(publisher))
    ends = re.compile(rf"\s+[-|–—·»:]+\s+{name}\s*$|^\s*{name}\s+[-|–—·«:]+\s+", re.IGNORECASE)
    cut = (Chosen(ends.sub("", title.value), title.where) for title in titles)
    # A headline that is only the site's name is its logo.
    return next((title for title in cut if fold(title.value) not in {"", fold(publisher)}), Chosen())


def people(layers: Sequence[Layer], publisher: str | None) -> Chosen:
    """Take each role from the first layer that names somebody in it; nobody is named twice.

    The newsroom in the author's place names nobody: it is the publisher, and stands in anyway.
    """
    chosen: dict[str, dict[str, Any]] = {}
    where: dict[str, None] = {}
    newsroom = fold(publisher or "")
    for role in ROLES:
        for layer in layers:
            named = [person for person in layer.fields.get("authors") or () if person["role"] == role]
            if found := [person for person in named if fold(person["name"]) != newsroom]:
                for person in found:
                    told = {key: value for key, value in person.items() if value}
                    chosen.setdefault(fold(person["name"]), told)
                where[layer.name] = None
                break
    return Chosen(list(chosen.values()), ", ".join(where))


def language(stated: Sequence[Chosen]) -> Chosen:
    """Return the first of several values that is a language's code: `id_ID` is id-ID, `Indonesian` none."""
    for choice in stated:
        tag = str(choice.value or "").strip().partition(".")[0].replace("_", "-")
        if LANGUAGE.fullmatch(tag):
            return Chosen(tag, choice.where)
    return Chosen()
