"""JSON bodies: a request's bytes as records, each with its place; strict, since a program wrote them.

What RFC 8259 leaves open is closed as in I-JSON (RFC 7493): UTF-8, no key twice, no half of a surrogate pair.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sources.records.document import records_in, strings_in
from sources.records.reader import SHOWN, Unreadable
from sources.records.values import LONE_SURROGATE, LONGEST_NUMBER, clean

NO_OBJECT = "not a JSON object: a record is {…}"


def document(data: bytes) -> Any:
    """Parse a JSON document. Raises ValueError that says what is wrong and where."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 at byte {error.start + 1}: send it as UTF-8") from error
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_constant, parse_int=_integer)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}") from error
    except RecursionError as error:
        raise ValueError("nested too deep to be read: a record needs a few levels") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice[:100]!a} stands twice in one object: leave one out")
    return found


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON: send null, or leave it out")


def _integer(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise ValueError(f"a number of {len(digits):,} digits: send it as text")
    return int(digits)


def one(data: bytes) -> Any:
    """Read a body that is one record. Raises ValueError."""
    return _record(document(data))


def several(data: bytes) -> Iterator[tuple[str, Any]]:
    """Yield (position, record or Unreadable) of a JSON body with one record or many. Raises ValueError."""
    return ((position, _record(value)) for position, value in records_in(document(data)))


def lines(data: bytes) -> Iterator[tuple[str, Any]]:
    """Yield (position, record or Unreadable) of JSON Lines; a broken line stops no other."""
    for number, line in enumerate(data.split(b"\n"), start=1):
        if line.strip():
            yield f"line {number}", _line(line)


def _line(line: bytes) -> Any:
    try:
        return one(line)
    except ValueError as error:
        return Unreadable(line[:SHOWN].decode(errors="replace"), str(error))


def _record(value: Any) -> Any:
    if not isinstance(value, dict):
        return Unreadable(json.dumps(clean(value))[:SHOWN], NO_OBJECT)
    if any(map(LONE_SURROGATE.search, strings_in(value))):
        shown = json.dumps(clean(value))[:SHOWN]
        return Unreadable(
            shown, "half of a surrogate pair is in its text, which is no character: take it out"
        )
    return clean(value)
