"""Reader: the records of a JSON document or a JSON Lines stream, one at a time, each with its place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from sources.records.document import records_in, strings_in
from sources.records.values import clean, parse, writable

SHOWN = 2_000  # characters of an unreadable record that are kept to show
LONGEST_LINE = 16 * 1024 * 1024  # bytes; one line without end must not fill the memory
# What errors="surrogateescape" makes of a byte that is not UTF-8.
ESCAPED_BYTE = re.compile("[\udc80-\udcff]")
BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record that is no JSON object: its text, at most 2,000 characters of it, and the reason."""

    text: str
    reason: str


def is_json(head: bytes) -> bool:
    """Do these first bytes begin JSON or JSON Lines? One line of junk may stand above the records."""
    lines = [line for line in map(bytes.strip, head.removeprefix(BOM).splitlines()) if line][:2]
    if not lines or lines[0].startswith(b"<"):
        return False
    return lines[0].startswith((b"{", b"[")) or lines[-1].startswith(b"{")


def read_records(stream: BinaryIO) -> Iterator[tuple[str, Any]]:
    """Yield (position, record) for each record; a record is a JSON object, or `Unreadable`.

    JSON Lines is read line by line in constant memory: "line 17". A JSON document is read whole: one object
    is "record 1", a list "record 1", "record 2" …, an object around a list "items[0]", "items[1]" ….
    Which of the two it is shows in the first two lines, not in a file name. An empty stream has no records.
    Raises OSError when the stream does.
    """
    for position, found in read_unparsed(stream):
        yield position, read_line(found) if isinstance(found, bytes) else found


def read_unparsed(stream: BinaryIO) -> Iterator[tuple[str, Any]]:
    """Yield as `read_records` does, but lines of JSON Lines as they are, for `read_line`."""
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
    if not isinstance(read_line(first), Unreadable):
        return False
    # A broken line 1 is followed by the next record; an object over several lines breaks after [ { , or :
    return not seen[1].startswith(b"{") or first[-1:] in b"[{,:"


# --- JSON Lines ---


def _read_lines(head: list[bytes], stream: BinaryIO) -> Iterator[tuple[str, Any]]:
    number = 0
    for line in head:
        number += 1
        if text := line.strip():
            yield f"line {number}", text
    while line := stream.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            _skip_line(stream)
            yield f"line {number}", Unreadable(_shown(line), f"the line is longer than {LONGEST_LINE} bytes")
        elif text := line.strip():
            yield f"line {number}", text


def _skip_line(stream: BinaryIO) -> None:
    while (rest := stream.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
        pass


def read_line(line: bytes) -> Any:
    """Read one line of JSON Lines: a record, or `Unreadable`."""
    try:
        return _record(parse(line.decode()))
    except UnicodeDecodeError as error:
        return Unreadable(_shown(line), f"not UTF-8 at byte {error.start + 1}: save it as UTF-8")
    except ValueError as error:
        return Unreadable(_shown(line), str(error))


# --- a document ---


def _read_document(data: bytes) -> Iterator[tuple[str, Any]]:
    text = data.decode(errors="surrogateescape")
    try:
        document = parse(text)
    except ValueError as error:
        yield "record 1", Unreadable(_shown(data), str(error))
        return
    is_utf8 = ESCAPED_BYTE.search(text) is None
    for position, value in records_in(document):
        yield position, _read_value(value, is_utf8)


def _read_value(value: Any, is_utf8: bool) -> Any:
    """Check one record of a document; a byte that is not UTF-8 costs only the record it stands in."""
    record = _record(value)
    if is_utf8 or not any(map(ESCAPED_BYTE.search, strings_in(value))):
        return record
    return Unreadable(_shown(json.dumps(record, ensure_ascii=False)), "not UTF-8: save it as UTF-8")


# --- both ---


def _record(value: Any) -> Any:
    cleaned = clean(value)
    if isinstance(cleaned, dict):
        return cleaned
    return Unreadable(_shown(json.dumps(cleaned, ensure_ascii=False)), "not a JSON object: a record is {…}")


def _shown(text: str | bytes) -> str:
    """Cut a record to what is worth showing."""
    if isinstance(text, bytes):
        text = text[: 4 * SHOWN].decode(errors="replace")
    return writable(text[:SHOWN])
