"""Page credits: who did what, from visible lines like `Penulis: Sari Dewi | Editor: Budi Hartono` (I-08)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sources.pages.markup import Markup
from sources.pages.noise import drop
from sources.pages.tree import words
from sources.pages.values import date_in

if TYPE_CHECKING:
    from lxml.html import HtmlElement

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
    longest_first = sorted(markup.roles, key=len, reverse=True)
    labels, bare = "|".join(map(re.escape, longest_first)), "|".join(map(re.escape, markup.bare))
    parts = re.split(rf"\b({labels})\s*:\s*|^\s*({bare})\s+", line, flags=re.IGNORECASE)
    people = []
    for i in range(1, len(parts), 3):
        name = parts[i + 2].strip(" \t|;,/•·()[]–—-")
        if not _is_name(name):
            return []
        people.append({"name": name, "role": markup.roles[(parts[i] or parts[i + 1]).lower()]})
    return [] if parts[0].strip(" |([") else people


def _is_name(text: str) -> bool:
    """Tell a name from what somebody says in an interview printed as `Reporter: Apa kabar?`."""
    return (
        0 < len(text) <= LONGEST_NAME and not re.search(r"[?!:]|[a-z]{4}\.\s", text) and not text[0].islower()
    )


def take_credits(body: HtmlElement, markup: Markup) -> list[dict[str, Any]]:
    """Take the lines of credits at either edge of a story out of it, and return whom they name."""
    lines = [
        element
        for element in body.iter(*BLOCKS)
        if (element.text or "").strip() or len(element) == 0 or element.tag == "p"
        if words(element, LONGEST_LINE)
    ]
    edges = lines if len(lines) <= AT_TOP + AT_END else lines[:AT_TOP] + lines[-AT_END:]
    people = []
    for element in edges:
        if element is not body and (found := credits_in(words(element, LONGEST_LINE), markup)):
            people.extend(found)
            drop(element, body)
    return people


def take_date(body: HtmlElement) -> str | None:
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
