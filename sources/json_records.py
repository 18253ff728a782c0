"""JSON records: what a JSON document or a JSON Lines stream holds, one record at a time, with its place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

# Under which keys an answer or an export keeps its list of records, and inside which objects.
LISTS = (
    "items",
    "articles",
    "entries",
    "posts",
    "data",
    "records",
    "results",
    "value",
    "docs",
    "item",
    "entry",
)
WRAPPERS = ("data", "response", "result", "feed", "rss", "channel")
SHOWN = 2_000  # characters of an unreadable record that are kept to show
DEEPEST = (
    100  # levels of nesting; what lies deeper is left out: it's no part of an article, and walks recurse
)
LONGEST_LINE = 16 * 1024 * 1024  # bytes; one line without end must not fill the memory
LONGEST_NUMBER = 100  # digits; Python refuses to read an integer of 4,300
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
# What errors="surrogateescape" makes of a byte that is not UTF-8.
ESCAPED_BYTE = re.compile("[\udc80-\udcff]")
BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record that is no JSON object: its text, at most 2,000 characters of it, and the reason."""

    text: str
    reason: str


def read_records(stream: BinaryIO) -> Iterator[tuple[str, Any]]:
    """Yield (position, record) for each record; a record is a JSON object, or `Unreadable`.

    JSON Lines is read line by line in constant memory: "line 17". A JSON document is read whole: one object
    is "record 1", a list "record 1", "record 2" …, an object around a list "items[0]", "items[1]" ….
    Which of the two it is shows in the first two lines, not in a file name. An empty stream has no records.
    Raises OSError when the stream does.
    """
    head, seen = _head(stream)
    if not seen:
        return
    if seen[0].startswith(b"<"):
        yield "line 1", Unreadable(_shown(seen[0]), "this is XML or HTML, not JSON")
    elif _is_document(seen):
        yield from _read_document(b"".join([*head, stream.read()]))
    else:
        yield from _read_lines(head, stream)


def _head(stream: BinaryIO) -> tuple[list[bytes], list[bytes]]:
    """Read up to the second line that is not blank; give all lines, and those two stripped."""
    head: list[bytes] = []
    seen: list[bytes] = []
    while len(seen) < 2 and (line := stream.readline()):
        head.append(line if head else line.removeprefix(BOM))
        if text := head[-1].strip():
            seen.append(text)
    return head, seen


def _is_document(seen: list[bytes]) -> bool:
    """Do these first two lines begin one document? Else each line is a record of its own."""
    first = seen[0]
    if not first.startswith(b"{"):
        return first.startswith(b"[")  # JSON Lines of lists would hold no records
    if len(seen) == 1:
        return True
    if not isinstance(_read_line(first), Unreadable):
        return False
    # A broken line 1 is followed by the next record; an object over several lines breaks after [ { , or :
    return not seen[1].startswith(b"{") or first[-1:] in b"[{,:"


def _read_lines(head: list[bytes], stream: BinaryIO) -> Iterator[tuple[str, Any]]:
    number = 0
    for line in head:
        number += 1
        if text := line.strip():
            yield f"line {number}", _read_line(text)
    while line := stream.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            _skip_line(stream)
            yield f"line {number}", Unreadable(_shown(line), f"the line is longer than {LONGEST_LINE} bytes")
        elif text := line.strip():
            yield f"line {number}", _read_line(text)


def _skip_line(stream: BinaryIO) -> None:
    while (rest := stream.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
        pass


def _read_line(line: bytes) -> Any:
    try:
        return _record(_load(line.decode()))
    except UnicodeDecodeError as error:
        return Unreadable(_shown(line), f"not UTF-8 at byte {error.start + 1}: save it as UTF-8")
    except ValueError as error:
        return Unreadable(_shown(line), str(error))


def _read_document(data: bytes) -> Iterator[tuple[str, Any]]:
    text = data.decode(errors="surrogateescape")
    try:
        document = _load(text)
    except ValueError as error:
        yield "record 1", Unreadable(_shown(data), str(error))
        return
    is_utf8 = ESCAPED_BYTE.search(text) is None
    for position, value in _records_of(document):
        yield position, _read_value(value, is_utf8)


def _read_value(value: Any, is_utf8: bool) -> Any:
    """Check one record of a document; a byte that is not UTF-8 costs only the record it stands in."""
    record = _record(value)
    if is_utf8 or not any(map(ESCAPED_BYTE.search, _strings(value))):
        return record
    return Unreadable(_shown(json.dumps(record, ensure_ascii=False)), "not UTF-8: save it as UTF-8")


def _strings(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, (list, dict)):
            waiting.extend(item)
            waiting.extend(item.values() if isinstance(item, dict) else ())


def _records_of(document: Any) -> Iterator[tuple[str, Any]]:
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


def _load(text: str) -> Any:
    """Parse JSON as systems export it: raw tabs in strings pass, NaN is null. Raises ValueError, why."""
    try:
        return json.loads(text, strict=False, parse_constant=lambda _: None, parse_int=_integer)
    except json.JSONDecodeError as error:
        line = f"line {error.lineno}, " if error.lineno > 1 else ""
        raise ValueError(f"not JSON: {error.msg} at {line}column {error.colno}") from error
    except RecursionError as error:
        raise ValueError("nested too deep to be read") from error


def _integer(digits: str) -> int | None:
    return int(digits) if len(digits) <= LONGEST_NUMBER else None


def _record(value: Any) -> Any:
    cleaned = _clean(value, DEEPEST)
    if isinstance(cleaned, dict):
        return cleaned
    return Unreadable(_shown(json.dumps(cleaned, ensure_ascii=False)), "not a JSON object: a record is {…}")


def _clean(value: Any, levels: int) -> Any:
    """Replace lone halves of surrogate pairs, which no encoding can write; leave out what nests too deep."""
    if isinstance(value, str):
        return LONE_SURROGATE.sub("\ufffd", value) if not value.isascii() else value
    if not isinstance(value, (dict, list)):
        return value
    if not levels:
        return None
    if isinstance(value, list):
        return [_clean(item, levels - 1) for item in value]
    return {_clean(key, levels): _clean(item, levels - 1) for key, item in value.items()}


def _shown(text: str | bytes) -> str:
    """Cut a record to what is worth showing."""
    if isinstance(text, bytes):
        text = text[: 4 * SHOWN].decode(errors="replace")
    return LONE_SURROGATE.sub("\ufffd", text[:SHOWN])
