"""Document: where in one JSON value its records are, as exports and APIs wrap them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

# Under which keys an answer or an export keeps its list of records, and inside which objects.
LISTS = "items articles entries posts data records results value docs item entry".split()
WRAPPERS = "data response result feed rss channel".split()


def records_in(document: Any) -> Iterator[tuple[str, Any]]:
    """Yield (position, value): `record 1` for one object, `record 2` in a list, `items[1]` in an object."""
    if isinstance(document, list):
        yield from ((f"record {number}", value) for number, value in enumerate(document, start=1))
    elif found := _list_in(document):
        path, values = found
        yield from ((f"{path}[{index}]", value) for index, value in enumerate(values))
    else:
        yield "record 1", document


def _list_in(document: Any, levels: int = 3) -> tuple[str, list[Any]] | None:
    """Find the list of records in an object, and its path: `items`, `response.docs`, `rss.channel.item`."""
    if not isinstance(document, Mapping) or not levels:
        return None
    for key in LISTS:
        values = document.get(key)
        if isinstance(values, list) and (not values or any(isinstance(value, Mapping) for value in values)):
            return key, values
    for key in WRAPPERS:
        if found := _list_in(document.get(key), levels - 1):
            return f"{key}.{found[0]}", found[1]
    return None


def strings_in(value: Any) -> Iterator[str]:
    """Yield every string inside a value, keys included."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, (list, dict)):
            waiting.extend(item)
            waiting.extend(item.values() if isinstance(item, dict) else ())
