"""Page index: where in a page everything stands, noted in one walk.

Walking a page's tree once more for every question takes longer than parsing it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from sources.pages.selectors import Step, fits, steps_of

if TYPE_CHECKING:
    from lxml.etree import _Element


TAGS = ("a", "h1", "link", "meta", "p", "script", "time", "title")
# The attributes that selectors tell many elements of one tag by, and how they compare them.
NOTED = {"meta": ("name", "="), "a": ("rel", "~=")}


@dataclass(frozen=True, slots=True)
class Index:
    """A page's elements, each list in the page's order; what was cut since stays in it.

    root   of the page's tree
    tags   by tag, those that TAGS lists
    names  by class, `.story`, by id, `#story`, and by what NOTED lists, `meta[name=author]`
    items  those that are an item of microdata, or a property of one
    """

    root: _Element
    tags: Mapping[str, Sequence[_Element]]
    names: Mapping[str, Sequence[_Element]]
    items: Sequence[_Element]


def index(root: _Element, sought: frozenset[str]) -> Index:
    """Walk a page's tree once and note where everything stands; of classes and ids, those that are sought."""
    tags: dict[str, list[_Element]] = {tag: [] for tag in TAGS}
    names: dict[str, list[_Element]] = defaultdict(list)
    items = []
    for element in root.iter():
        get = element.get
        if (alike := tags.get(element.tag)) is not None:
            alike.append(element)
        if (classes := get("class")) and not sought.isdisjoint(said := classes.split()):
            for name in sought.intersection(said):
                names[f".{name}"].append(element)
        if (own := get("id")) in sought:
            names[f"#{own}"].append(element)
        if get("itemprop") is not None or get("itemscope") is not None:
            items.append(element)
    for tag, (attribute, operator) in NOTED.items():
        for element in tags[tag]:
            for value in element.get(attribute, "").lower().split():
                names[f"{tag}[{attribute}{operator}{value}]"].append(element)
    return Index(root, tags, dict(names), items)


def select(page: Index, selector: str) -> list[_Element]:
    """Return a page's elements that a selector of markup.toml fits, in the page's order."""
    steps, noted = steps_of(selector), _noted_in(selector)
    if not all(name in page.names for name in noted if name):
        return []  # as for most selectors: what they name is another site's
    name, tag = noted[-1], steps[-1].tag
    near = page.names[name] if name else page.tags[tag] if tag in page.tags else page.root.iter(tag)
    return [element for element in near if fits(element, steps)]


def standing(page: Index, elements: Sequence[_Element]) -> list[_Element]:
    """Return the elements that were not cut from the page: what was tells of other stories."""
    return [element for element in elements if page.root in element.iterancestors()]


@cache
def _noted_in(selector: str) -> tuple[str | None, ...]:
    """Return, for each step of a selector, the name under which an index has what may fit; or None."""
    return tuple(_noted_as(step) for step in steps_of(selector))


def _noted_as(step: Step) -> str | None:
    if step.id or step.classes:
        return f"#{step.id}" if step.id else f".{step.classes[0]}"
    tests = (
        f"{name}{sign}{value}" for name, sign, value in step.tests if NOTED.get(step.tag) == (name, sign)
    )
    return next((f"{step.tag}[{test}]" for test in tests), None)
