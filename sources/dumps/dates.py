"""The dates in a line of a page dump, as the page prints them, and the words that announce them (I-06)."""

from __future__ import annotations

import re

from sources.dates import PRINTED
from sources.dumps import furniture

ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?")
# A zone that dates.py does not know stays with the date, which is then rejected instead of misread.
STRANGE_ZONE = re.compile(r"\s?\(?[A-Z]{3,4}\b\)?")


def date_kind(label: str) -> str | None:
    """Say which date a label announces; empty when there is no label, None when it is no label."""
    if not label:
        return ""
    return next((kind for kind in ("published", "updated") if furniture.find(kind, label)), None)


def dates_in(text: str) -> tuple[list[str], list[str], str]:
    """Return the dates in a line, what stands before each, and what stands after the last."""
    dates: list[str] = []
    before: list[str] = []
    position = 0
    while matches := [m for shape in (ISO, *PRINTED) if (m := shape.search(text, position))]:
        match = min(matches, key=lambda m: (m.start(), -m.end()))
        end = match.end()
        if ":" in match[0] and (zone := STRANGE_ZONE.match(text, end)):
            end = zone.end()
        dates.append(text[match.start() : end].strip(" ,"))
        before.append(text[position : match.start()])
        position = end
    return dates, before, text[position:]
