"""Page credits: who did what, from visible lines like `Penulis: Sari Dewi | Editor: Budi Hartono` (I-08)."""

from __future__ import annotations

import re
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from sources.pages.markup import Markup
from sources.pages.noise import drop
from sources.pages.tree import words
from sources.pages.values import date_in

if TYPE_CHECKING:
    from lxml.etree import _Element

LONGEST_LINE = 200
LONGEST_NAME = 60
AT_TOP, AT_END = 2, 5  # how many lines from either edge of a story may be credits
BLOCKS = (
    "p",
    "div",
    "li",
    "strong",
    "b",
    "em",
    "i",
    "span",
    "small",
    "h4",
    "h5",
    "h6",
    "section",
    "footer",
    "header",
)


def credits_in(line: str, markup: Markup) -> list[dict[str, Any]]:
    """Return the people that a line of credits names, and nothing else; [] when it is any other line.

    Each has `name` and `role`; the role `credit` marks the source of a report, which is no person.
    """
    if len(line) > LONGEST_LINE:
        return []
    parts = _labels(tuple(markup.roles), markup.bare).split(line)
    people = []
    for i in range(1, len(parts), 3):
        name = parts[i + 2].strip(" \t|;,/•·()[]–—-")
        if not _is_name(name):
            return []
        people.append({"name": name, "role": markup.roles[(parts[i] or parts[i + 1]).lower()]})
    return [] if parts[0].strip(" |([") else people


@cache
def _labels(labels: tuple[str, ...], bare: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = "|".join(map(re.escape, sorted(labels, key=len, reverse=True)))
    return re.compile(rf"\b({longest_first})\s*:\s*|^\s*({'|'.join(map(re.escape, bare))})\s+", re.IGNORECASE)


def _is_name(text: str) -> bool:
    """Tell a name from what somebody says in an interview printed as `Reporter: Apa kabar?`."""
    return (
        0 < len(text) <= LONGEST_NAME and not re.search(r"[?!:]|[a-z]{4}\.\s", text) and not text[0].islower()
    )


def take_credits(body: _Element, markup: Markup) -> list[dict[str, Any]]:
    """Take the lines of credits at either edge of a story out of it, and return whom they name."""
    blocks = list(body.iter(*BLOCKS))
    top = list(islice(filter(_is_line, blocks), AT_TOP))
    end = list(islice(filter(_is_line, reversed(blocks)), AT_END))
    people = []
    for element in [*top, *(line for line in reversed(end) if line not in top)]:
        if element is not body and (found := credits_in(words(element, LONGEST_LINE), markup)):
            people.extend(found)
            drop(element, body)
    return people


def _is_line(element: _Element) -> bool:
    is_told = (element.text or "").strip() or len(element) == 0 or element.tag == "p"
    return bool(is_told and words(element, LONGEST_LINE))


def take_date(body: _Element) -> str | None:
    """Return the date on one of a story's first lines, for pages that mark up none; cut such a line."""
    for element in body.iter(*BLOCKS):
        line = words(element, LONGEST_NAME)
        if line and len(line) <= LONGEST_NAME and isinstance(date := date_in(line), str):
            if line == date:
                drop(element, body)
            return date
        if len(line) > LONGEST_NAME and element.tag == "p":
            return None  # the story has begun; a date from here on is part of it
    return None
