"""People: whom a record names, from printed bylines and from objects, with what each did."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sources.records.names import FIELDS, ROLES, folded_key
from sources.records.shapes import first, folded, several, text

BY = re.compile(r"^\s*(?:by|oleh)\s*[: ]\s*(?=\S)", re.IGNORECASE)


def authors(given: Mapping[str, Any]) -> list[dict[str, str]]:
    """Gather a folded record's people, the authors first."""
    found = list(first(given, FIELDS["authors"], _people) or [])
    for role in ("editor", "contributor", "photographer"):
        found += [{"role": role, **person} for person in first(given, FIELDS[role], _people) or []]
    return found


def _people(value: Any) -> list[dict[str, str]]:
    people = (_person(item) if isinstance(item, Mapping) else _byline(item) for item in several(value))
    return [person for person in people if person]


def _byline(value: Any) -> dict[str, str] | None:
    name = text(value) if isinstance(value, str) else None
    return {"name": BY.sub("", name)} if name else None


def _person(value: Mapping[str, Any]) -> dict[str, str] | None:
    inner = folded(value)
    name = text(inner)
    if name is None:
        return None
    person = {"name": name}
    if role := text(inner.get("role")):
        person["role"] = ROLES.get(folded_key(role), "contributor")
    if url := first(inner, ("url", "uri"), text):
        person["url"] = url
    if email := text(inner.get("email")):
        person["email"] = email
    return person
