"""Page own markup: what a site's own classes and meta names say, by the selectors of markup.toml."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sources.pages.credits import credits_in
from sources.pages.markup import Markup, find
from sources.pages.tree import words
from sources.pages.values import address_in, date_in, names_in, text_in
from sources.printed import one_spelling
from sources.relative_dates import day_ago, time_ago

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LONGEST = 1000  # characters of an element's text that a field may take
CHANGED = re.compile(r"\b(?:diperbarui|diperbaharui|diupdate|updated|pembaruan)\b\s*:?", re.IGNORECASE)


def own_markup_fields(root: HtmlElement, markup: Markup, base: str) -> dict[str, Any]:
    """Return what the site's own markup states, the visible page last (N-02)."""
    values = {name: _values(root, selectors) for name, selectors in markup.fields.items() if name != "body"}
    printed = [person for line in values["byline"] for person in credits_in(line, markup)]
    return {
        "title": text_in(values["title"]),
        "summary": text_in(values["summary"]),
        **_dates(values),
        "authors": [
            *_people(root, markup.fields["authors"], "author", markup, base),
            *_people(root, markup.fields["editors"], "editor", markup, base),
            *(person for person in printed if person["role"] != "credit"),
        ],
        "credit": next((person["name"] for person in printed if person["role"] == "credit"), None),
        "publisher": text_in(values["publisher"]),
        "tags": names_in(_first_found(root, markup.fields["tags"])),
        "section": text_in(values["section"]),
        "rights": text_in(values["rights"]),
    }


def _dates(values: dict[str, list[str]]) -> dict[str, Any]:
    """Read the dates; one line may hold both: `22 Nov 2024, 03:02 WIB, diperbarui 23 Nov 2024` (I-06)."""
    first = [CHANGED.split(value)[0] for value in values["published"]]
    again = [part for value in values["published"] for part in CHANGED.split(value)[1:2]]
    return {"published": date_in(first), "updated": date_in([*values["updated"], *again])}


def relative_date(root: HtmlElement, markup: Markup) -> str | None:
    """Return a date that counts from when the page was fetched (`2 jam yang lalu`): better than none."""
    selectors = (*markup.fields["published"], "time")
    printed = (one_spelling(value) for value in _values(root, selectors))
    return next((text for text in printed if time_ago(text) is not None or day_ago(text)), None)


def _values(root: HtmlElement, selectors: tuple[str, ...]) -> list[str]:
    """Return what each selector finds, selector by selector: the order of trust, not the page's."""
    return [
        value for selector in selectors for element in find(root, selector) if (value := value_of(element))
    ]


def _first_found(root: HtmlElement, selectors: tuple[str, ...]) -> list[str]:
    for selector in selectors:
        if values := _values(root, (selector,)):
            return values
    return []


def value_of(element: HtmlElement) -> str:
    """Return what an element says: a meta's content, a time's datetime, else its words."""
    if element.tag == "meta":
        return str(element.get("content") or "")
    if element.tag == "time" and date_in(element.get("datetime")):
        return str(element.get("datetime"))
    return words(element, LONGEST)[:LONGEST]


def _people(
    root: HtmlElement, selectors: tuple[str, ...], role: str, markup: Markup, base: str
) -> list[dict[str, Any]]:
    """Return those whom the first selector that finds anyone names."""
    for selector in selectors:
        people = []
        for element in find(root, selector):
            name = value_of(element)
            if labelled := [p for p in credits_in(name, markup) if p["role"] != "credit"]:
                people.extend(labelled)
            elif name and "://" not in name:
                url = address_in(element.get("href"), base)
                people.append({"name": name, "role": role, "url": url})
        if people:
            return people
    return []
