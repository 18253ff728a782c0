"""Translate: any record in, with anyone's field names and shapes; one for `sources.record.admit` out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sources.article import Article
from sources.records.media import media
from sources.records.names import ADDRESS, FIELDS, fields_in
from sources.records.people import authors
from sources.records.shapes import (
    EMPTY,
    first,
    folded,
    language,
    listing,
    moment,
    number,
    scalar,
    several,
    text,
    words,
)
from sources.records.status import status
from sources.records.story import story


def translate(record: Mapping[str, Any]) -> dict[str, Any]:
    """Give a record with anyone's field names as a raw record for `sources.record.admit`.

    tagwire's own names win; keys that nobody knows are left out; nothing is validated, and nothing raises.
    A record with `date_basis` is an Article's own JSON and passes as it is.
    """
    if "date_basis" in record:
        return {name: record[name] for name in Article.model_fields if record.get(name) not in EMPTY}
    given = folded(record)
    if "headline" in given and "versioncreated" in given:
        given.pop("title", None)  # ninjs 1.x: `title` is for the desk, `headline` for readers
    there = fields_in(frozenset(given))
    raw = {field: first(given, FIELDS[field], READERS[field]) for field in READERS.keys() & there}
    raw |= {"id": _id(given), "url": _url(given), "rights": _rights(given), "status": status(given)}
    raw |= {**story(given), **_tagging(given)}
    if not there.isdisjoint(PEOPLE):
        raw["authors"] = authors(given)
    if not (there.isdisjoint(MEDIA) and given.keys().isdisjoint(RENDITIONS)):
        raw |= media(given)
    return {field: value for field, value in raw.items() if value not in EMPTY}


PEOPLE = ("authors", "editor", "contributor", "photographer")
MEDIA = ("images", "enclosures")
RENDITIONS = ("associations", "renditions")  # of ninjs


def _id(given: Mapping[str, Any]) -> str | int | None:
    """Find the id: a number, which is unique only in its own table, where there is nothing better (F-04)."""
    found: str | int | None = first(given, FIELDS["id"], _id_text) or first(given, FIELDS["id"], number)
    return found


def _id_text(value: Any) -> str | None:
    found = text(value)  # `#article` and `_:b0` are names within one page
    return None if found is None or found.startswith(("#", "_:")) else found


def _ids(value: Any) -> str | list[str | int] | None:
    return words(list(value.values()) if isinstance(value, Mapping) else value)


def _url(given: Mapping[str, Any]) -> str | None:
    if found := first(given, FIELDS["url"], _address):
        return str(found)
    guid = given.get("guid")
    found = text(guid) or ""
    is_link = str(folded(guid).get("ispermalink")).lower() != "false"
    return found if is_link and found.startswith(("http://", "https://")) else None


def _address(value: Any) -> str | None:
    """Find a page's address among links that may say what they are."""
    for item in several(value):
        if isinstance(item, str) and item.strip():
            return item
        link = folded(item)
        found = first(link, (*ADDRESS, "id"), text)
        if found and link.get("rel", "alternate") in ("alternate", "canonical"):
            return str(found)
    return None


def _rights(given: Mapping[str, Any]) -> str | None:
    """Join what a record says of rights into one line for people to read."""
    stated = first(given, FIELDS["rights"], lambda value: text(value) or _address(value))
    terms = text(given.get("usageterms"))
    if stated and terms and stated != terms and "rights" not in given:
        return f"{stated} {terms}"
    if not stated and (holder := text(given.get("copyrightholder"))):
        return f"© {holder}"
    return stated or text(folded(given.get("rightsinfo")).get("linkedrights"))


def _tagging(given: Mapping[str, Any]) -> dict[str, Any]:
    """Find tags and section; a single category that the tags don't come from is the section."""
    tags = first(given, FIELDS["tags"], words)
    section = first(given, FIELDS["section"], text)
    category = given.get("category") or given.get("kategori")
    if section is None and isinstance(category, (str, Mapping)) and words(category) != tags:
        section = text(category)
    return {"tags": tags, "section": section}


def _page(value: Any) -> str | None:
    """Read an address; `comments` may also be a number, or the comments themselves."""
    return value if isinstance(value, str) and "/" in value else None


READERS: dict[str, Callable[[Any], Any]] = {
    "title": scalar,
    **dict.fromkeys(("published", "updated", "modified", "embargoed_until", "expires"), moment),
    "publisher": text,
    "language": language,
    "credit": listing,
    "alternate_ids": _ids,
    "comments_url": _page,
}
