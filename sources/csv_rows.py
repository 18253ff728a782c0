"""Rows: the bytes of a CSV file taken apart into lines and rows of cells (RFC 4180), in constant memory.

Python's csv module is not used: its limit of 131,072 characters a cell, which a story with pictures in it
can pass, is one for the whole process; and it doesn't say on which line a row began.
"""

from __future__ import annotations

import codecs
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain

LONGEST_ROW = 8 * 1024 * 1024  # characters, and 64 for each line: a longer row is no single article
UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}

UNCLOSED = "a quoted cell that begins in this row isn't closed, or a quote inside it isn't doubled"
TOO_LONG = f"the row is longer than {LONGEST_ROW >> 20} MB, so no single article"

Line = tuple[int, str]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that can't be taken apart: its first line, and the reason."""

    text: str
    reason: str


def lines_of(blocks: Iterator[bytes]) -> Iterator[Line]:
    """Give numbered lines with their ends. What is far too long for a row is cut, and stays too long.

    Read are UTF-8, UTF-16 with a byte-order mark, and else windows-1252, line by line.
    """
    rest = bytearray()
    number = 1
    for block in _with_line_ends(_utf8(blocks)):
        *whole, last = block.split(b"\n")
        for part in whole:
            yield number, _decode(rest + part + b"\n" if rest else part + b"\n")
            rest = bytearray()
            number += 1
        if len(rest) <= 4 * LONGEST_ROW:
            rest += last
    if rest:
        yield number, _decode(rest)


def _utf8(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Take off a byte-order mark, and turn UTF-16 into UTF-8."""
    first = next(blocks, b"")
    encoding = UTF_16.get(first[:2])
    if encoding is None:
        yield first.removeprefix(codecs.BOM_UTF8)
        yield from blocks
    else:
        decoder = codecs.getincrementaldecoder(encoding)("replace")
        yield decoder.decode(first[2:]).encode()
        yield from (decoder.decode(block).encode() for block in blocks)
        yield decoder.decode(b"", final=True).encode()


def _with_line_ends(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Turn old Macintosh line ends, in a file that begins with no others, into those of today."""
    first = next(blocks, b"")
    is_old = b"\r" in first and b"\n" not in first
    for block in chain([first], blocks):
        yield block.replace(b"\r", b"\n") if is_old else block


def _decode(line: bytes | bytearray) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


# --- lines to rows (RFC 4180) ---


@dataclass(slots=True)
class _Lines:
    """Lines to take one by one. Those that a row took can be put back, to be read again."""

    lines: Iterator[Line]
    waiting: deque[Line]
    taken: list[Line] = field(default_factory=list)
    size: int = 0

    def begin(self) -> Line | None:
        """Take a row's first line."""
        self.taken, self.size = [], 0
        self.more()
        return self.taken[0] if self.taken else None

    def more(self) -> str | None:
        """Take a row's next line; None at the end and where the row gets too long."""
        line = self.waiting.popleft() if self.waiting else next(self.lines, None)
        if line is None:
            return None
        self.taken.append(line)
        self.size += len(line[1]) + 64  # what a short line takes in memory
        return line[1] if len(self.taken) == 1 or self.size <= LONGEST_ROW else None

    def put_back(self) -> None:
        """Keep a row's first line alone."""
        self.waiting.extendleft(reversed(self.taken[1:]))


def rows_of(
    lines: Iterator[Line], delimiter: str, first: Line | None = None
) -> Iterator[tuple[int, list[str] | BadRow]]:
    """Give each row with the number of its first line. A row that isn't sound costs only that line.

    first: a line that was taken from `lines` already, to look at it.
    """
    source = _Lines(lines, deque([first] if first else []))
    while line := source.begin():
        number, text = line
        if len(text) > LONGEST_ROW:
            yield number, BadRow(text, TOO_LONG)
        elif '"' not in text:
            yield number, text.rstrip("\r\n").split(delimiter)
        elif cells := _cells(text, delimiter, source.more):
            yield number, cells
        else:
            source.put_back()
            yield number, BadRow(text, UNCLOSED)


def cells_of(line: str, delimiter: str) -> list[str]:
    """Take one line apart; where a quote isn't closed, as if there were none."""
    return _cells(line, delimiter, lambda: None) or line.split(delimiter)


def _cells(text: str, delimiter: str, more: Callable[[], str | None]) -> list[str] | None:
    """Take a row apart, with as many more lines as its quoted cells run over; None if one isn't closed."""
    cells: list[str] = []
    start = 0
    while True:
        quoted = ""
        if text.startswith('"', start):
            found = _quoted(text, start + 1, delimiter, more)
            if found is None:
                return None
            quoted, text, start = found
        end = text.find(delimiter, start)
        if end < 0:
            return [*cells, quoted + text[start:].rstrip("\r\n")]
        cells.append(quoted + text[start:end])
        start = end + 1


def _quoted(
    text: str, start: int, delimiter: str, more: Callable[[], str | None]
) -> tuple[str, str, int] | None:
    """Read a cell from behind its first quote: its text, the line that it ends in, and where."""
    parts: list[str] = []
    line: str | None = text
    first = text
    while line is not None:
        end = line.find('"', start)
        if end < 0:
            parts.append(line[start:])
            line, start = more(), 0
        elif line.startswith('"', end + 1):
            parts.append(line[start : end + 1])
            start = end + 2
        elif line is not first and not line.startswith((delimiter, "\r", "\n"), end + 1) and line[end + 1 :]:
            return None  # the next row's cell begins here: the first quote wasn't meant as one
        else:
            parts.append(line[start:end])
            return "".join(parts), line, end + 1
    return None
