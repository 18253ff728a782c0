"""Page markup: the selectors of known sites, read from markup.toml, and how to search by them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
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
    noise       selectors of what is no part of a story
    sentences   whole paragraphs that are no part of a story, as patterns
    labels      paragraphs that announce a list of links to other stories
    lazy        attributes that hold an image's address until a script moves it
    size        where an image's address names its size
    switches    query parameters that choose a page of a story, not a story
    """

    fields: Mapping[str, tuple[str, ...]]
    roles: Mapping[str, str]
    bare: tuple[str, ...]
    noise: tuple[str, ...]
    sentences: re.Pattern[str]
    labels: re.Pattern[str]
    lazy: tuple[str, ...]
    size: re.Pattern[str]
    switches: Mapping[str, re.Pattern[str]]


@cache
def load_markup() -> Markup:
    """Read markup.toml, once."""
    data = tomllib.loads(files("sources.pages").joinpath("markup.toml").read_text(encoding="utf-8"))
    return Markup(
        fields=_join_sites(data["site"]),
        roles={label: role for role, labels in data["credits"]["roles"].items() for label in labels},
        bare=tuple(data["credits"]["bare"]),
        noise=tuple(data["noise"]["selectors"]),
        sentences=_either(data["noise"]["sentences"]),
        labels=_either(data["noise"]["labels"]),
        lazy=tuple(data["images"]["lazy"]),
        size=re.compile(data["images"]["size_in_url"]),
        switches={name: re.compile(values) for name, values in data["switches"].items()},
    )


def _join_sites(sites: list[dict[str, Any]]) -> dict[str, tuple[str, ...]]:
    fields: dict[str, tuple[str, ...]] = {}
    for site in sites:
        for field, selectors in site.items():
            if field != "name":
                fields[field] = fields.get(field, ()) + tuple(selectors)
    return fields


def _either(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


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
        return f"contains(concat(' ', normalize-space(@class), ' '), ' {part['class']} ')"
    if part["id"]:
        return f"@id='{part['id']}'"
    if not part["operator"]:
        return f"@{part['name']}"
    held, wanted = f"translate(@{part['name']}, '{UPPER}', '{UPPER.lower()}')", part["value"].lower()
    return {
        "=": f"{held}='{wanted}'",
        "~=": f"contains(concat(' ', normalize-space({held}), ' '), ' {wanted} ')",
        "^=": f"starts-with({held}, '{wanted}')",
        "*=": f"contains({held}, '{wanted}')",
    }[part["operator"]]
