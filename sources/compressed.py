"""Compressed: a stream unpacked while it is read, whatever it was packed with: gzip, zstd, bzip2 or xz."""

from __future__ import annotations

import bz2
import io
import lzma
import re
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from sources.source import SourceError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

STEP = 64 * 1024  # bytes read, and bytes unpacked, at a time
MEMORY = 128 * 1024 * 1024  # bytes a packer's window may take; a hostile file can ask for gigabytes
WINDOW_LOG = 27  # the same for zstd, as a power of two
HEAD = 10  # bytes that tell every kind
ENDINGS = (".gz", ".zst", ".bz2", ".xz")


def open_plain(stream: BinaryIO, limit: int | None = None) -> BinaryIO:
    """Give a stream of what `stream` holds when unpacked; one that isn't packed is given as it is.

    Nothing seeks but to undo the look at the first bytes, where that can be done. What is packed twice is
    unpacked once. `peek(65536)` on an unpacked stream shows as much of it, where there is as much.
    limit: bytes it may unpack to; None for no limit. What isn't packed has none.

    Reading raises SourceError when the data is broken, cut off or too long, once everything before the
    fault was read: lines up to the last whole one, and whole `read(n)`s. The message names no file; whoever
    knows the name adds it. Closing the result leaves `stream` open.
    """
    head = _head(stream)
    kind = next((kind for kind in KINDS if kind.magic.match(head)), None)
    if kind is not None:
        return _buffered(_within(limit, _unpacked(kind, _pieces(head, stream)), kind.name))
    if stream.seekable():
        stream.seek(-len(head), io.SEEK_CUR)
        return stream
    return _buffered(_pieces(head, stream))


def plain_name(name: str) -> str:
    """Give a file's name without the ending of its packing: `arsip.csv` for `arsip.csv.gz`."""
    ending = next((ending for ending in ENDINGS if name.lower().endswith(ending)), "")
    return name[: len(name) - len(ending)]


# --- the four kinds ---


@dataclass(slots=True)
class _Gzip:
    """zlib's decompressor with the manners of the others: it keeps input that it has no room for yet."""

    zlib: Any = field(default_factory=lambda: zlib.decompressobj(wbits=zlib.MAX_WBITS | 16))
    eof: bool = False
    needs_input: bool = True
    unused_data: bytes = b""

    def decompress(self, data: bytes, max_length: int = -1, /) -> bytes:
        out: bytes = self.zlib.decompress(self.zlib.unconsumed_tail + data, max_length)
        self.eof, self.unused_data = self.zlib.eof, self.zlib.unused_data
        self.needs_input = not (self.eof or self.zlib.unconsumed_tail or len(out) == max_length)
        return out


def _bzip2() -> Any:
    return bz2.BZ2Decompressor()


def _xz() -> Any:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MEMORY)


def _zstd() -> Any:
    return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: WINDOW_LOG})


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of packing: how it begins, what unpacks one member of it, what that raises."""

    name: str
    magic: re.Pattern[bytes]
    unpacker: Callable[[], Any]  # with eof, needs_input, unused_data, decompress(), as bz2 and lzma have them
    fault: type[Exception]


KINDS = (
    _Kind("gzip", re.compile(rb"\x1f\x8b\x08"), _Gzip, zlib.error),
    # The second is a skippable frame, which parallel packers put first (RFC 8878, section 3.1.2).
    _Kind("zstd", re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18"), _zstd, zstd.ZstdError),
    _Kind("bzip2", re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)"), _bzip2, OSError),
    _Kind("xz", re.compile(rb"\xfd7zXZ\x00"), _xz, lzma.LZMAError),
)


# --- the stream ---


def _head(stream: BinaryIO) -> bytes:
    head = b""
    while len(head) < HEAD and (piece := stream.read(HEAD - len(head))):
        head += piece
    return head


def _pieces(head: bytes, stream: BinaryIO) -> Iterator[bytes]:
    if head:
        yield head
    while piece := stream.read(STEP):
        yield piece


def _unpacked(kind: _Kind, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Unpack one member after the other; NULs between and behind them are padding."""
    data = b""
    while data := data.lstrip(b"\0") or _past_padding(pieces):
        unpacker = kind.unpacker()
        while not unpacker.eof:
            yield _unpack(kind, unpacker, data)
            data = next(pieces, b"") if unpacker.needs_input else b""
            if not data and unpacker.needs_input:
                raise SourceError(f"the {kind.name} data breaks off: copy or download the file again")
        data = unpacker.unused_data


def _past_padding(pieces: Iterator[bytes]) -> bytes:
    return next(filter(None, (piece.lstrip(b"\0") for piece in pieces)), b"")


def _unpack(kind: _Kind, unpacker: Any, data: bytes) -> bytes:
    try:
        out: bytes = unpacker.decompress(data, STEP)
        return out
    except kind.fault as error:
        mend = "copy or download the file again"
        if any(word in str(error).lower() for word in ("memory", "window")):
            mend = f"pack it with a window of at most {MEMORY >> 20} MB"
        raise SourceError(f"the {kind.name} data is broken ({error}): {mend}") from error


def _within(limit: int | None, pieces: Iterator[bytes], kind: str) -> Iterator[bytes]:
    left = limit
    for piece in pieces:
        if left is not None:
            if len(piece) > left:
                yield piece[:left]
                raise SourceError(f"the {kind} data unpacks to more than {limit} bytes: split the file")
            left -= len(piece)
        yield piece


def _outcomes(pieces: Iterator[bytes]) -> Iterator[bytes | SourceError | OSError]:
    """Give the pieces, and a fault as the last of them: what was read before it is handed out first."""
    try:
        yield from filter(None, pieces)
    except (SourceError, OSError) as fault:
        yield fault


class _Pieces(io.RawIOBase):
    """The raw stream that io.BufferedReader needs, out of pieces."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._outcomes = _outcomes(pieces)
        self._rest: bytes | SourceError | OSError = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer as far as can be, so that one look sees past the end of a small member."""
        view = memoryview(buffer).cast("B")
        filled = 0
        while filled < len(view):
            self._rest = self._rest or next(self._outcomes, b"")
            if isinstance(self._rest, Exception):
                if filled:
                    break
                raise self._rest
            if not self._rest:
                break
            taken = self._rest[: len(view) - filled]
            view[filled : filled + len(taken)] = taken
            filled += len(taken)
            self._rest = self._rest[len(taken) :]
        return filled


def _buffered(pieces: Iterator[bytes]) -> BinaryIO:
    return io.BufferedReader(_Pieces(pieces), STEP)
