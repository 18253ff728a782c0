"""YAML: values as they were written, and nothing that takes long: built from a parser's events, counted.

`yaml.safe_load` would make dates of dates and numbers of `1:30`, `007` and `1_000`, read `no` as false, and
follow aliases that grow without bound.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

MOST_VALUES = 10_000  # those that aliases repeat are counted each time
LONG = 1000  # characters that count as one value more
DEEPEST = 20  # lists and objects inside each other
NULLS = {"", "~", "null", "Null", "NULL"}
TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}

Sized = tuple[Any, int]  # a value, and how many values it is


def read_yaml(text: str) -> Any:
    """Read one document: objects, lists, text, true, false and null. Raises ValueError with the reason."""
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the one in C is not in every build
    try:
        events = iter(yaml.parse(text, Loader=loader))
        found: Any = {}
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                found, _ = _value(next(events), events, {}, DEEPEST)
                break
        return found
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "a character that YAML forbids"
        place = f" at line {mark.line + 2}" if mark else ""  # the fence is line 1
        raise ValueError(f"the front matter is not YAML: {problem}{place}") from error


def _value(event: Any, events: Iterator[Any], anchors: dict[str, Sized], levels: int) -> Sized:
    import yaml

    if isinstance(event, yaml.AliasEvent):
        if event.anchor not in anchors:
            raise ValueError(f"the front matter repeats *{event.anchor}, which isn't defined before")
        return anchors[event.anchor]
    if isinstance(event, yaml.ScalarEvent):
        found: Sized = (_scalar(event), 1 + len(event.value) // LONG)
    elif not levels:
        raise ValueError("the front matter is nested too deep")
    elif isinstance(event, yaml.SequenceStartEvent):
        found = _sequence(events, anchors, levels - 1)
    else:
        found = _mapping(events, anchors, levels - 1)
    if found[1] > MOST_VALUES:
        raise ValueError(f"the front matter holds more than {MOST_VALUES} values")
    if event.anchor:
        anchors[event.anchor] = found
    return found


def _scalar(event: Any) -> Any:
    text: str = event.value
    if event.style:  # quoted, or a block
        return text
    return None if text in NULLS else TRUTHS.get(text, text)


def _sequence(events: Iterator[Any], anchors: dict[str, Sized], levels: int) -> Sized:
    import yaml

    items: list[Any] = []
    size = 1
    while not isinstance(event := next(events), yaml.SequenceEndEvent):
        item, count = _value(event, events, anchors, levels)
        items.append(item)
        size = _within(size + count)
    return items, size


def _mapping(events: Iterator[Any], anchors: dict[str, Sized], levels: int) -> Sized:
    import yaml

    found: dict[str, Any] = {}
    merged: dict[str, Any] = {}
    size = 1
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        key, key_size = _value(event, events, anchors, levels)
        value, value_size = _value(next(events), events, anchors, levels)
        size = _within(size + key_size + value_size)
        if key == "<<":
            for one in value if isinstance(value, list) else [value]:
                merged = {**one, **merged} if isinstance(one, dict) else merged
        elif isinstance(key, (str, bool)):
            found[str(key)] = value
    return {**merged, **found}, size


def _within(size: int) -> int:
    if size > MOST_VALUES:
        raise ValueError(f"the front matter holds more than {MOST_VALUES} values")
    return size
