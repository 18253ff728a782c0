"""Page own markup: what a site's own classes and meta names say, by the selectors of markup.toml."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sources.pages.credits import credits_in
from sources.pages.index import Index, select, standing
from sources.pages.markup import Markup
from sources.pages.tree import words
from sources.pages.values import LONGEST_DATE, address_in, date_in, names_in, text_in
from sources.printed import one_spelling
from sources.relative_dates import day_ago, time_ago

if TYPE_CHECKING:
    from lxml.etree import _Element

TEXTS = ("title", "summary", "publisher", "section", "rights")
SOUGHT = (*TEXTS, "published", "updated", "byline")
LONGEST = 1000  # characters of an element's text that a field may take
CHANGED = re.compile(r"\b(?:diperbarui|diperbaharui|diupdate|updated|pembaruan)\b\s*:?", re.IGNORECASE)


def own_markup_fields(page: Index, markup: Markup, base: str, known: frozenset[str]) -> dict[str, Any]:
    """Return what the site's own markup states, the visible page last (N-02).

    known: fields that a more trusted layer states; they are not looked for where that takes long.
    """
    values = {name: _values(page, markup.fields[name]) for name in SOUGHT if name not in known}
    printed = [person for line in values["byline"] for person in credits_in(line, markup)]
    return {
        **{name: text_in(values.get(name)) for name in TEXTS},
        **_dates(values),
        "authors": [
            *_people(page, markup.fields["authors"], "author", markup, base),
            *_people(page, markup.fields["editors"], "editor", markup, base),
            *(person for person in printed if person["role"] != "credit"),
        ],
        "credit": next((person["name"] for person in printed if person["role"] == "credit"), None),
        "tags": [] if "tags" in known else names_in(_first_found(page, markup.fields["tags"])),
    }


def _dates(values: dict[str, list[str]]) -> dict[str, Any]:
    """Read the dates; one line may hold both: `22 Nov 2024, 03:02 WIB, diperbarui 23 Nov 2024` (I-06)."""
    printed = values.get("published", [])
    first = [CHANGED.split(value)[0] for value in printed]
    again = [part for value in printed for part in CHANGED.split(value)[1:2]]
    return {"published": date_in(first), "updated": date_in([*values.get("updated", []), *again])}


def relative_date(page: Index, markup: Markup) -> str | None:
    """Return a date that counts from when the page was fetched (`2 jam yang lalu`): better than none."""
    found = (
        element
        for selector in (*markup.fields["published"], "time")
        for element in standing(page, select(page, selector))
    )
    values = (value for element in found if (value := value_of(element)) and len(value) <= LONGEST_DATE)
    printed = map(one_spelling, values)
    return next((text for text in printed if time_ago(text) is not None or day_ago(text)), None)


def _values(page: Index, selectors: tuple[str, ...]) -> list[str]:
    """Return what each selector finds, selector by selector: the order of trust, not the page's."""
    return [
        value for selector in selectors for element in select(page, selector) if (value := value_of(element))
    ]


def _first_found(page: Index, selectors: tuple[str, ...]) -> list[str]:
    for selector in selectors:
        if values := _values(page, (selector,)):
            return values
    return []


def value_of(element: _Element) -> str:
    """Return what an element says: a meta's content, a time's datetime, else its words."""
    if element.tag == "meta":
        return str(element.get("content") or "")
    if element.tag == "time" and date_in(element.get("datetime")):
        return str(element.get("datetime"))
    return words(element, LONGEST)[:LONGEST]


def _people(
    page: Index, selectors: tuple[str, ...], role: str, markup: Markup, base: str
) -> list[dict[str, Any]]:
    """Return those whom the first selector that finds anyone names."""
    for selector in selectors:
        people = []
        for element in select(page, selector):
            name = value_of(element)
            if labelled := [p for p in credits_in(name, markup) if p["role"] != "credit"]:
                people.extend(labelled)
            elif name and "://" not in name:
                url = address_in(element.get("href"), base)
                people.append({"name": name, "role": role, "url": url})
        if people:
            return people
    return []
