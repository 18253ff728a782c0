"""Shapes: a value taken out of whatever it is wrapped in: an object around one word, a list, digits.

Every reader here takes any JSON value and gives None where it isn't what is looked for; nothing raises.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from sources.records.names import WORDS, folded_key

EMPTY: tuple[object, ...] = (None, "", [], {}, ())
DEEPEST = 6  # wrappings taken off one value
NO_DATE = re.compile(r"\s*000[01]-")  # how databases say: none
NUMBER = re.compile(r"\s*(\d{1,15})(?:\.0+)?\s*(?:px)?\s*")


def folded(record: Any) -> dict[str, Any]:
    """Give an object with folded keys and without empty values; of two like keys the plainest counts.

    What is no object has no keys.
    """
    found: dict[str, Any] = {}
    if isinstance(record, Mapping):
        for key, name in _names_of(tuple(record)):
            if record[key] not in EMPTY:
                found.setdefault(name, record[key])
    return found


@lru_cache(maxsize=1024)  # the records of an export have the same keys
def _names_of(keys: tuple[object, ...]) -> list[tuple[str, str]]:
    """Return the keys that are texts, each with its folded form, those first that are so written."""
    named = [(key, folded_key(key)) for key in keys if isinstance(key, str)]
    return sorted(named, key=lambda pair: pair[0] != pair[1])


def first(given: Mapping[str, Any], names: tuple[str, ...], read: Callable[[Any], Any]) -> Any:
    """Give what `read` makes of the first of these folded keys under which it finds anything."""
    for name in names:
        value = given.get(name)
        if value is not None and (found := read(value)) not in EMPTY:
            return found
    return None


def several(value: Any) -> list[Any]:
    """Give one or several as a list."""
    return list(value) if isinstance(value, (list, tuple)) else [value]


def members(value: Any) -> list[Any]:
    """Give one or several as a list, `main` first; ninjs 1.x has an object with named members instead."""
    if isinstance(value, Mapping):
        inner = list(value.values())
        return inner if all(isinstance(item, Mapping) for item in inner) else [value]
    items = [item for item in several(value) if item not in EMPTY]
    return sorted(items, key=lambda item: not (isinstance(item, Mapping) and item.get("role") == "main"))


def bare(value: Any) -> Any:
    """Take a value out of what it's wrapped in: `{"rendered": …}`, `[{"role": "main", "value": …}]`."""
    for _ in range(DEEPEST):
        if isinstance(value, Mapping):
            value = first(folded(value), WORDS, lambda inner: inner)
        elif isinstance(value, (list, tuple)):
            value = next(iter(members(value)), None)
        else:
            return value
    return None


def scalar(value: Any) -> str | int | float | None:
    """Read a text that isn't blank, or a number that stands for one."""
    found = bare(value)
    if isinstance(found, bool) or not isinstance(found, (str, int, float)):
        return None
    return None if isinstance(found, str) and not found.strip() else found


def text(value: Any) -> str | None:
    """Read a text that isn't blank."""
    found = scalar(value)
    return found if isinstance(found, str) else None


def moment(value: Any) -> str | int | float | None:
    """Read a date as it was written, but for what databases write where there is none."""
    found = scalar(value)
    return None if not found or (isinstance(found, str) and NO_DATE.match(found)) else found


def number(value: Any) -> int | None:
    """Read a whole number: `640`, `"640"`, `"640px"`."""
    found = scalar(value)
    if isinstance(found, str):
        match = NUMBER.fullmatch(found)
        return int(match[1]) if match else None
    return int(found) if found is not None and found == found // 1 else None


def words(value: Any) -> str | list[str | int] | None:
    """Read tags. A list of nothing but numbers points into a table that isn't here."""
    if isinstance(value, str):
        return value
    found = [scalar(item) for item in several(value)]
    if not any(isinstance(item, str) for item in found):
        return None
    return [item for item in found if isinstance(item, (str, int))]


def listing(value: Any) -> str | None:
    """Read one name or several as one line."""
    found = words(value)
    return ", ".join(map(str, found)) if isinstance(found, list) else found


def language(value: Any) -> str | None:
    """Read a language; schema.org's Language has a name, and its code as `alternateName`."""
    return text(folded(value).get("alternatename")) or text(value)
