"""Hints: the headline and the date that a listing shows beside a link."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from sources.listings.furniture import HEADINGS
from sources.pages.tree import words
from sources.pages.values import date_in
from sources.text import one_line

if TYPE_CHECKING:
    from lxml.etree import _Element

    from sources.listings.anchors import Anchor

MOST = 1000  # articles of a page that hints are looked for
LEVELS = 8  # from a link up to the entry it is in
PARTS = 40  # pieces of text in an entry that may be its date
SHORTEST, LONGEST_DATE = 8, 60  # characters
YEAR = re.compile(r"(?:19|20)\d\d")
LONGEST_TITLE = 200
HEADLINE = 4  # words; `Read more` is none


def hints(found: Iterable[Anchor], addresses: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return what stands beside the links of these addresses: `title`, `published`; only what is there."""
    wanted = set(addresses[:MOST])
    groups: dict[str, list[Anchor]] = {}
    for anchor in found:
        if anchor.address in wanted and not anchor.is_aside:
            groups.setdefault(anchor.address, []).append(anchor)
    shared = _shared([group[0].element for group in groups.values()])
    beside = {}
    for address, group in groups.items():
        entry = _entry(group[0].element, shared)
        seen = {"title": _title(group, entry), "published": _date(entry)}
        beside[address] = {name: value for name, value in seen.items() if value}
    return beside


def _title(group: list[Anchor], entry: _Element) -> str:
    """Return the headline: the longest of the links' words, or the entry's where they say `Read more`."""
    best = max(group, key=lambda anchor: (anchor.is_heading, len(anchor.text)))
    text = best.text
    if not best.is_heading and best.words < HEADLINE:
        heading = next(entry.iter(*HEADINGS), None)
        text = words(heading, LONGEST_TITLE) if heading is not None else ""
    return "" if len(text) > LONGEST_TITLE or text.endswith(("…", "...")) else text


def _shared(elements: Iterable[_Element]) -> set[_Element]:
    """Return the elements that hold more than one article: an entry ends below them."""
    seen: set[_Element] = set()
    shared: set[_Element] = set()
    for element in elements:
        for up in islice(element.iterancestors(), LEVELS):
            (shared if up in seen else seen).add(up)
    return shared


def _entry(element: _Element, shared: set[_Element]) -> _Element:
    entry = element
    for up in islice(element.iterancestors(), LEVELS):
        if up in shared or up.tag in {"body", "main"}:
            break
        entry = up
    return entry


def _date(entry: _Element) -> str:
    for time in islice(entry.iter("time"), PARTS):
        if value := date_in(time.get("datetime")):
            return str(value)
    for part in islice(entry.itertext(), PARTS):
        text = one_line(str(part)[: LONGEST_DATE * 2])
        if SHORTEST <= len(text) <= LONGEST_DATE and YEAR.search(text) and (value := date_in(text)):
            return str(value)
    return ""
