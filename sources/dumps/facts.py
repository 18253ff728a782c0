"""What a page dump says around its story: dates, people, tags, publisher, agency, language, address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sources.dates import DAYS, MONTHS
from sources.dumps import furniture
from sources.dumps.lines import Line, is_sentence
from sources.source import Site
from sources.text import one_line
from sources.zones import ZONE_OF_LANGUAGE

DATELINES = 3  # paragraphs that may begin with a dateline


@dataclass(frozen=True, slots=True)
class Places:
    """Where on the page things stand: the headline, the date, the story's first and last line."""

    title: int | None
    date: int | None
    first: int
    last: int


def facts(rest: list[Line], story: list[Line], at: Places, site: Site) -> dict[str, Any]:
    """Gather what a page says around its story, by the Article's field names, and `timezone`.

    rest: the page's lines, those of the story blanked out.
    """
    language = furniture.language_of(
        "\n".join(line.text for line in (*rest, *story)), [line.language for line in rest], site.language
    )
    publisher, agency = _publisher(rest[: at.first] + rest[at.last + 1 :], story, site)
    return {
        **_dates(rest, at),
        "authors": [{"name": name, "role": role} for name, role in dict.fromkeys(_people(rest, at))],
        "tags": list(_tags(rest, at)),
        "publisher": publisher,
        "credit": _credit(rest, story, agency, {letters(publisher or ""), letters(site.publisher or "")}),
        "language": language,
        "timezone": ZONE_OF_LANGUAGE.get((language or "").split("-")[0].lower()),
        "url": _url(rest, site, publisher),
        "section": next((s for s in _said(rest, "section", "section") if len(s.split()) <= 3), None),
    }


def letters(name: str) -> str:
    """Return what `KabarTeluk.example` and `KABAR TELUK.example` share."""
    return re.sub(r"[\W_]", "", name.casefold())


def dateline(line: Line) -> re.Match[str] | None:
    """Find the dateline a paragraph begins with: `Name.com - `, `Place (AGENCY) - `."""
    found = furniture.find("dateline", line.text) if is_sentence(line) else None
    return found[0] if found else None


def loose_tags(line: Line) -> tuple[str, ...]:
    """Read tags that no label announces: `#a #b`, or words with wide gaps between them."""
    hashed = line.text.startswith("#")
    if line.kind != "text" or not (hashed or furniture.GAP.search(line.text)):
        return ()
    tags = furniture.tags_in(line.text) or ()
    return tags if hashed or len(tags) > 1 else ()


def _said(rest: list[Line], kind: str, group: str) -> Iterator[str]:
    for line in rest:
        if line.kind == kind and (said := furniture.part(kind, group, one_line(line.text))):
            yield said.strip(" .,|-–—")


def _dates(rest: list[Line], at: Places) -> dict[str, str]:
    """Take the dates that have labels, first those above the story, and one without for `published`."""
    # Below a heading stand other stories' dates.
    end = next((i for i, line in enumerate(rest) if i > at.last and line.kind == "ending"), len(rest))
    unlabelled = rest[:end] if at.date is None else rest[at.date : at.date + 1]
    found: dict[str, str] = {}
    for kind, date in (pair for line in rest[: at.first] for pair in line.dates if pair[0]):
        found.setdefault(kind, date)
    for kind, date in (pair for line in unlabelled for pair in line.dates):
        found.setdefault(kind or "published", date)
    for kind, date in (pair for line in rest[at.first : end] for pair in line.dates if pair[0]):
        found.setdefault(kind, date)
    return found


def _people(rest: list[Line], at: Places) -> Iterator[tuple[str, str]]:
    # A name without a label, right above a date that has one or begins with a dash.
    if at.date and at.date - 1 != at.title and rest[at.date - 1].kind == "text":
        above, date = rest[at.date - 1].text, rest[at.date]
        names = furniture.people(above) if date.kind == "dated" or date.text.startswith("-") else None
        if names and all(" " in name for name in names) and not furniture.is_place(above):
            yield from ((name, "author") for name in names)
    for index, line in enumerate(rest):
        if line.kind != "byline" or index < at.first:
            yield from line.people


def _tags(rest: list[Line], at: Places) -> tuple[str, ...]:
    labelled = [tag for line in rest if line.kind == "tags" for tag in line.names]
    if labelled:
        return tuple(labelled)
    # Below a heading or the copyright line, words with gaps between them are the page's menu.
    for line in rest[at.last + 1 :]:
        if line.kind in {"ending", "copyright"}:
            break
        if tags := loose_tags(line):
            return tags
    return ()


def _publisher(around: list[Line], story: list[Line], site: Site) -> tuple[str | None, str | None]:
    """Return who publishes the page, and the agency its dateline names instead of that.

    A name the page gives itself as an internet name comes first, then a paper's name in the dateline, then
    the copyright line, which often names a company nobody knows.
    """
    said = [match.groupdict() for line in story[:DATELINES] if (match := dateline(line))]
    own = next((d["publisher"] for d in said if d.get("publisher")), None)
    own = own or next((line.publisher for line in around if line.publisher), None)
    owner = next(reversed(list(_said(around, "copyright", "publisher"))), None)
    host = urlsplit(site.url).hostname or ""
    claimed = next((d["claimed"] for d in said if d.get("claimed")), None)
    if claimed and not _is_paper(claimed, [owner or "", site.publisher or "", host]):
        claimed = None
    agency = next((d["agency"] for d in said if d.get("agency")), None)
    publisher = own or claimed or owner
    if publisher is None and agency and letters(site.publisher or agency) == letters(agency):
        publisher = agency
    return publisher, agency


def _is_paper(name: str, witnesses: list[str]) -> bool:
    """Is it a paper's name, not a place's? Somebody says so, or it is words in capitals, none a place's."""
    if any(letters(name) in letters(witness) for witness in witnesses):
        return True
    return name.isupper() and len(re.split(r"[ -]", name)) > 1 and not furniture.is_place(name)


def _credit(rest: list[Line], story: list[Line], agency: str | None, ours: set[str]) -> str | None:
    """Name the agency the report leans on: labelled, said in the story, or in the dateline."""
    said = (furniture.part("agency", "name", one_line(line.text)) for line in story)
    for name in (*_said(rest, "source", "names"), *said, agency):
        tidy = _without_day(name or "")
        if tidy and letters(tidy) not in ours:
            return tidy
    return None


def _without_day(name: str) -> str:
    words = name.split()
    while words and words[-1].lower() in {*DAYS, *MONTHS}:
        words.pop()
    return " ".join(words)


def _url(rest: list[Line], site: Site, publisher: str | None) -> str | None:
    """Take the page's own address: of a page below the site's or the publisher's own host."""
    homes = [home for home in (_host(site.url), (publisher or "").lower()) if "." in home]
    for url in _said(rest, "address", "url"):
        host = _host(url)
        if (
            any(host == home or host.endswith("." + home) for home in homes)
            and url.rstrip("/").count("/") > 2
        ):
            return url
    return None


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:  # urlsplit's word on `http://[`
        return ""
