"""Page markup: the selectors of known sites and what is no part of a story, read from markup.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from sources.pages.selectors import names_in


@dataclass(frozen=True, slots=True)
class Markup:
    """What markup.toml holds, ready for use.

    fields      for each field, the selectors of all sites, the most trusted first
    sought      the classes and ids that they name
    roles       what a label in a visible credit makes of the name behind it: a role, or `credit`
    bare        labels that need no colon: `Oleh Sari Dewi`
    machinery   elements that are no part of a story, and that nobody sees as one
    embedded    elements that bring other pages into a story
    names       what boxes are called that are no part of a story; the group is the kind of box
    sentences   whole paragraphs that are none; the group is their kind
    labels      paragraphs that announce a list of links to other stories
    lazy        attributes that hold an image's address until a script moves it
    size        where an image's address names its size
    switches    query parameters that choose a page of a story, not a story
    all_pages   hosts, and what leads to all pages of a story on one there
    """

    fields: Mapping[str, tuple[str, ...]]
    sought: frozenset[str]
    roles: Mapping[str, str]
    bare: tuple[str, ...]
    machinery: tuple[str, ...]
    embedded: tuple[str, ...]
    names: re.Pattern[str]
    sentences: re.Pattern[str]
    labels: re.Pattern[str]
    lazy: tuple[str, ...]
    size: re.Pattern[str]
    switches: Mapping[str, re.Pattern[str]]
    all_pages: tuple[tuple[re.Pattern[str], str], ...]


@cache
def load_markup() -> Markup:
    """Read markup.toml, once."""
    data = tomllib.loads(files("sources.pages").joinpath("markup.toml").read_text(encoding="utf-8"))
    fields = _join_sites(data["site"])
    return Markup(
        fields=fields,
        sought=frozenset(name for selectors in fields.values() for name in names_in(selectors)),
        roles={label: role for role, labels in data["credits"]["roles"].items() for label in labels},
        bare=tuple(data["credits"]["bare"]),
        machinery=tuple(data["noise"]["machinery"]),
        embedded=tuple(data["noise"]["embedded"]),
        names=re.compile(rf"(?:^|(?<=[- ]))(?:{_named(data['noise']['names'])})(?=[- ]|$)"),
        sentences=re.compile(_named(data["noise"]["sentences"]), re.IGNORECASE),
        labels=re.compile("|".join(data["noise"]["labels"]), re.IGNORECASE),
        lazy=tuple(data["images"]["lazy"]),
        size=re.compile(data["images"]["size_in_url"]),
        switches={name: re.compile(values) for name, values in data["switches"].items()},
        all_pages=tuple((re.compile("|".join(at["hosts"])), at["switch"]) for at in data["all_pages"]),
    )


def _join_sites(sites: list[dict[str, Any]]) -> dict[str, tuple[str, ...]]:
    fields: dict[str, tuple[str, ...]] = {}
    for site in sites:
        for field, selectors in site.items():
            if field != "name":
                fields[field] = fields.get(field, ()) + tuple(selectors)
    return fields


def _named(kinds: Mapping[str, list[str]]) -> str:
    """Return one pattern for all, in which the group that matches has the kind's name."""
    return "|".join(f"(?P<{kind}>{'|'.join(patterns)})" for kind, patterns in kinds.items())
