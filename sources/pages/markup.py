"""Page markup: the selectors of known sites, read from markup.toml, and how to search by them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.etree import XPath
    from lxml.html import HtmlElement

PART = re.compile(
    r"(?P<tag>^(?:[a-z][a-z0-9-]*|\*))|\.(?P<class>[\w-]+)|#(?P<id>[\w-]+)"
    r"|\[(?P<name>[\w:-]+)(?:(?P<operator>[~^*]?=)(?P<value>[^\]\"]+))?\]"
)
UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Markup:
    """What markup.toml holds, ready for use.

    fields      for each field, the selectors of all sites, the most trusted first
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
    return Markup(
        fields=_join_sites(data["site"]),
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


def narrowed(markup: Markup, root: HtmlElement) -> Markup:
    """Return the markup without the selectors that name what a page doesn't: most are of other sites."""
    import lxml.etree

    attributes: Any = lxml.etree.XPath("//@class | //@id | //@name | //@rel", smart_strings=False)(root)
    said = set(" ".join(attributes).split())
    said |= {word.lower() for word in said}
    fields = {
        field: tuple(selector for selector in selectors if _names(selector) <= said)
        for field, selectors in markup.fields.items()
    }
    return replace(markup, fields=fields)


@cache
def _names(selector: str) -> frozenset[str]:
    """Return the classes, ids, names and rels without which a selector finds nothing."""
    parts = [part for step in selector.split() for part in PART.finditer(step)]
    classes = {name for part in parts if (name := part["class"] or part["id"])}
    values = {
        p["value"].lower() for p in parts if p["name"] in {"name", "rel"} and p["operator"] in {"=", "~="}
    }
    return frozenset(classes | values)


def find(root: HtmlElement, *selectors: str) -> list[HtmlElement]:
    """Return the elements inside `root` that one of the selectors fits, in the page's order.

    A selector is the plain part of CSS: tag, .class, #id, [name], [name=value], ~=, ^=, *=, and a space for
    "inside"; attribute values compare without regard to case and hold no spaces.
    """
    found: Any = _compiled(selectors)(
        root
    )  # a union with strings and numbers, by the stubs; never these here
    return list(found)


@cache
def _compiled(selectors: tuple[str, ...]) -> XPath:
    import lxml.etree

    return lxml.etree.XPath(" | ".join(xpath_of(selector) for selector in selectors))


def xpath_of(selector: str) -> str:
    """Translate a selector to XPath. Raises ValueError for what `find` does not offer."""
    return "".join(
        f".//{_step(step)}" if i == 0 else f"//{_step(step)}" for i, step in enumerate(selector.split())
    )


def _step(step: str) -> str:
    tag, tests, end = "*", "", 0
    while end < len(step):
        part = PART.match(step, end) if end else PART.match(step)
        if not part:
            raise ValueError(f"{step!r} is no selector that can be read from {step[end:]!r} on")
        tag = part["tag"] or tag
        tests += "" if part["tag"] else f"[{_test(part)}]"
        end = part.end()
    return tag + tests


def _test(part: re.Match[str]) -> str:
    if part["class"]:
        return f"@class and contains(concat(' ', normalize-space(@class), ' '), ' {part['class']} ')"
    if part["id"]:
        return f"@id='{part['id']}'"
    name, wanted = f"@{part['name']}", (part["value"] or "").lower()
    held = f"translate({name}, '{UPPER}', '{UPPER.lower()}')"
    tests = {
        None: name,
        "=": f"{held}='{wanted}'",
        "~=": f"contains(concat(' ', normalize-space({held}), ' '), ' {wanted} ')",
        "^=": f"starts-with({held}, '{wanted}')",
        "*=": f"contains({held}, '{wanted}')",
    }
    # Most elements don't have the attribute: asked first, that is all that is asked.
    return f"{name} and {tests[part['operator']]}"
