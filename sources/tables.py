"""Tables: the rows of a CSV file as records, one at a time, each with its place; a CMS's own names mapped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from sources.csv_rows import BadRow, cells_of, lines_of, rows_of
from sources.records.names import FIELDS, folded_key
from sources.records.reader import SHOWN, Unreadable
from sources.records.shapes import EMPTY, several
from sources.records.values import clean, parse, writable

DELIMITERS = ",;\t|"
STEP = 64 * 1024  # bytes read at a time
# What a column may be called; dates, addresses, markup and sentences are no names.
NAME = re.compile(r"(?=.*[^\W\d_])(?!\d|.*://)[^\r\n<>{}\[\]]{1,64}")
STATED = re.compile(r"sep=([,;\t|])\s*", re.IGNORECASE)  # Excel's way to name the delimiter
KNOWN = {name for names in FIELDS.values() for name in names}
NAMING = {*FIELDS["title"], *FIELDS["url"]}
TELLING = {*FIELDS["published"], *FIELDS["updated"], *FIELDS["content"]}
PROSE = {*FIELDS["title"], *FIELDS["summary"], *FIELDS["content"]}
WHOLE = ("title", "content")  # fields that `translate` puts together from all their names

HEADER = "no header: the first line must name the columns, as in title,url,published,content"


def is_csv(head: bytes, name: str) -> bool:
    """Is this CSV, by its name (.csv, .tsv) or by columns for a headline or address and a date or text?"""
    if name.lower().endswith((".csv", ".tsv")):
        return True
    first = next((text.strip() for _, text in lines_of(iter([head])) if text.strip()), "")
    names = {folded_key(cell) for cell in cells_of(first, _delimiter(first))}
    return not first.startswith(("[", "{", "<")) and bool(names & NAMING) and bool(names & TELLING)


def read_csv(stream: BinaryIO) -> Iterator[tuple[str, dict[str, Any] | Unreadable]]:
    """Yield (position, record) for each row, in constant memory: "line 7" is where the row begins.

    The first row names the columns; a name that stands twice has a list. The delimiter is found by looking.
    UTF-8, UTF-16 with a byte-order mark, else windows-1252, line by line. Empty rows are passed over; one
    that can't be read is `Unreadable` alone. A cell that holds a JSON list or object is parsed, but for
    headlines and texts. Raises OSError when the stream does.
    """
    lines = lines_of(iter(lambda: stream.read(STEP), b""))
    first = next((line for line in lines if line[1].strip()), None)
    if first is None:
        return
    stated = STATED.fullmatch(first[1])
    delimiter = stated[1] if stated else _delimiter(first[1])
    rows = rows_of(lines, delimiter, None if stated else first)
    rows = ((number, row) for number, row in rows if isinstance(row, BadRow) or any(map(str.strip, row)))
    number, header = next(rows, (0, []))
    if isinstance(header, BadRow) or not _is_header(header):
        yield f"line {number or first[0]}", _unreadable(first[1], HEADER)
        return
    names = [cell.strip() for cell in header]
    for number, row in rows:
        if isinstance(row, BadRow):
            yield f"line {number}", _unreadable(row.text, row.reason)
        else:
            yield f"line {number}", _record(names, row, delimiter)


def rename(record: Mapping[str, Any], field_map: Mapping[str, str]) -> dict[str, Any]:
    """Give a record with a CMS's own names under the names that `translate` knows.

    field_map: own name -> field, as in {"judul_berita": "title", "isi.html": "content"}. A dot leads into an
    object, a number into a list, and a name to what every object of a list has under it. A mapped name that
    holds something wins over every other name of the same field; of two for one field the first does.
    """
    if not field_map:
        return dict(record)
    found: dict[str, Any] = {}
    for name, field in field_map.items():
        value = record[name] if name in record else _at(record, name.split("."))
        if value not in EMPTY and field not in found:
            # An id that is a number would yield to any other that is none.
            found[field] = str(value) if field == "id" and isinstance(value, int) else value
    hidden = {folded_key(field) for field in found}
    hidden |= {name for field in WHOLE if field in found for name in FIELDS[field]}
    rest = {key: record[key] for key in record if key not in field_map and folded_key(str(key)) not in hidden}
    return {**rest, **found}


def _at(value: Any, path: list[str]) -> Any:
    """Follow a path; there is no more of it than of what the settings wrote."""
    if not path:
        return value
    if isinstance(value, Mapping):
        return _at(value.get(path[0]), path[1:])
    if not isinstance(value, list):
        return None
    if path[0].isdecimal():
        index = int(path[0])
        return _at(value[index], path[1:]) if index < len(value) else None
    items = (_at(item, path) for item in value if isinstance(item, Mapping))
    return [item for item in items if item not in EMPTY]


def _delimiter(header: str) -> str:
    """Find what stands between a header's names: what makes most known names of it, and most names."""

    def names(delimiter: str) -> tuple[int, int]:
        cells = cells_of(header.strip(), delimiter)
        return sum(folded_key(cell) in KNOWN for cell in cells), len(cells)

    return max(DELIMITERS, key=names)


def _is_header(row: list[str]) -> bool:
    names = [cell.strip() for cell in row if cell.strip()]
    is_known = any(folded_key(name) in KNOWN for name in names)
    return all(map(NAME.fullmatch, names)) and (is_known or len(names) > 1)


def _record(names: list[str], row: list[str], delimiter: str) -> dict[str, Any] | Unreadable:
    if len(row) != len(names) and (len(row) < len(names) or any(map(str.strip, row[len(names) :]))):
        reason = f"{len(row)} cells where the header has {len(names)}: quote cells that hold {delimiter!r}"
        return _unreadable(delimiter.join(row), reason)
    record: dict[str, Any] = {}
    for name, cell in zip(names, row, strict=False):
        if name in record:
            held = [*several(record[name]), *several(_value(name, cell))]
            record[name] = [value for value in held if value not in EMPTY]
        elif name:
            record[name] = _value(name, cell)
    return record


def _value(name: str, cell: str) -> Any:
    return cell if folded_key(name) in PROSE else cell_value(cell)


def cell_value(cell: str) -> Any:
    """Read a cell: its text, or the list or object that is written there in JSON."""
    if not cell.lstrip().startswith(("[", "{")):
        return cell
    try:
        return clean(parse(cell)) or cell
    except ValueError:
        return cell


def _unreadable(text: str, reason: str) -> Unreadable:
    return Unreadable(writable(text.rstrip("\r\n")[:SHOWN]), reason)
