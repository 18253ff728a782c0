"""WXR cut: a WordPress export taken apart into its items as it streams by, by its bytes alone.

Cutting goes before parsing, so one item's fault is its own and no more than one item is in memory. (A parser
that is fed a stream stops at the first loose `<`, and doesn't tell what it has not read.)
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from sources.xml.text import decode_xml

CHUNK = 256 * 1024  # bytes read at once
LONGEST_TAG = 100  # bytes; a tag that starts so near to a chunk's end may go on in the next
LONGEST_ITEM = 8 * 1024 * 1024  # bytes; what is longer is no single article
TOKEN = re.compile(rb"<!\[CDATA\[|<!--|(?P<open><item(?=[\s>])[^<>]*>)|(?P<close></item\s*>)")
ENDS = {b"<![CDATA[": b"]]>", b"<!--": b"-->"}

Piece = tuple[str, bytes]


def pieces(stream: BinaryIO) -> Iterator[Piece]:
    """Give ("head", what is before the first item), ("item", …) for each, and at the end what is left over:
    ("rest", …), or ("cut", …) where that is the beginning of an item.

    An item that is too long comes empty. Raises OSError when the stream does.
    """
    cutter = _Cutter()
    chunk = stream.read(CHUNK)
    if b"\0" in chunk[:LONGEST_TAG]:  # UTF-16, which WordPress never writes: read it whole
        stream = io.BytesIO(decode_xml(chunk + stream.read()).encode("utf-8", "replace"))
        chunk = stream.read(CHUNK)
    while chunk:
        yield from cutter.feed(chunk)
        chunk = stream.read(CHUNK)
    if cutter.state == "head":
        yield "head", cutter.buffer
    yield "cut" if cutter.state == "item" else "rest", cutter.buffer


@dataclass(slots=True)
class _Cutter:
    """Where in the stream we are.

    buffer, start, at  bytes not given away yet, from `start`; those before `at` have been looked at
    until              what ends the CDATA or comment we are in; b"" outside
    state              what the bytes from `start` on belong to: `head`, `item` or `rest`
    """

    buffer: bytes = b""
    start: int = 0
    at: int = 0
    until: bytes = b""
    state: str = "head"
    is_long: bool = False

    def feed(self, chunk: bytes) -> Iterator[Piece]:
        """Take more bytes; give the pieces that end in them."""
        self.buffer += chunk
        while token := self._next():
            if token["open"]:
                if self.state != "rest":  # the head ends, or an item whose end tag was forgotten
                    yield self._give(token.start())
                self.start, self.state = token.start(), "item"
            elif token["close"] and self.state == "item":
                yield self._give(token.end())
                self.start, self.state = token.end(), "rest"
        self._forget()

    def _next(self) -> re.Match[bytes] | None:
        """Find the next tag of an item outside of CDATA and comments; None where more bytes are needed."""
        while True:
            if self.until:
                end = self.buffer.find(self.until, self.at)
                if end < 0:
                    self.at = max(self.at, len(self.buffer) - len(self.until))
                    return None
                self.at, self.until = end + len(self.until), b""
            token = TOKEN.search(self.buffer, self.at)
            if not token:
                self.at = max(self.at, len(self.buffer) - LONGEST_TAG)
                return None
            self.at, self.until = token.end(), ENDS.get(token[0], b"")
            if not self.until:
                return token

    def _give(self, end: int) -> Piece:
        piece = b"" if self.is_long else self.buffer[self.start : end]
        self.is_long = False
        return self.state, piece

    def _forget(self) -> None:
        if self.at - self.start > LONGEST_ITEM:
            self.start, self.is_long = self.at, self.state == "item"
        self.buffer, self.at, self.start = self.buffer[self.start :], self.at - self.start, 0
