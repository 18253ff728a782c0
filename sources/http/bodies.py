"""A body read and unpacked in small steps, so that what is counted is never far behind what is held.

httpx unpacks a whole chunk before anyone can count it: 64 kB of gzip may become 64 MB.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterable, Iterator

from sources.http.values import RequestError

STEP = 64 * 1024  # bytes unpacked at a time
# RFC 9659 holds the zstd coding to windows of 8 MB; brotli's is 16 MB by its format.
ZSTD_WINDOW_LOG = 23
GZIP = 16 + zlib.MAX_WBITS
EARLY = "the body ends before it is complete; try again"

Unpack = Callable[[Iterable[bytes]], Iterator[bytes]]


def read_body(raw: Iterable[bytes], coding: str, limit: int, cut: bool = False) -> bytes:
    """Return a body, unpacked.

    raw     the bytes as they came
    coding  the Content-Encoding header's value
    limit   in bytes; a body that goes on is refused, or with `cut` left there
    Raises RequestError when it is too long, incomplete, broken, or packed in a way that was not asked for.
    """
    unpack = CODINGS.get(coding.strip().lower() or "identity")
    if unpack is None:
        raise RequestError(f"the body is packed as {coding[:40]!r}, which was not asked for; mend the server")
    body = bytearray()
    for piece in unpack(_counted(raw, limit)):
        body += piece
        if len(body) > limit and not cut:
            raise too_long(limit)
        if len(body) > limit:
            break
    return bytes(memoryview(body)[:limit])


def too_long(limit: int) -> RequestError:
    """Return the error for a body over the limit."""
    return RequestError(
        f"the body is longer than {limit:,} bytes; fetch it to a file and name that, or raise the limit"
    )


def _counted(raw: Iterable[bytes], limit: int) -> Iterator[bytes]:
    # What unpacks to nothing would otherwise go on for ever. STEP: a short body may be longer when packed.
    count = 0
    for chunk in raw:
        count += len(chunk)
        if count > limit + STEP:
            raise too_long(limit)
        yield chunk


def _identity(raw: Iterable[bytes]) -> Iterator[bytes]:
    return iter(raw)


def _gzip(raw: Iterable[bytes]) -> Iterator[bytes]:
    unpacker, started = zlib.decompressobj(GZIP), False
    for chunk in raw:
        data, piece = chunk, b""
        while data or len(piece) >= STEP:
            if unpacker.eof and data[:1] != b"\x1f":
                return  # padding after the last member, as some servers send; browsers let it pass
            if unpacker.eof:
                unpacker = zlib.decompressobj(GZIP)  # RFC 1952: members may follow one another
            started = True
            try:
                piece = unpacker.decompress(data, STEP)
            except zlib.error as error:
                raise _broken("gzip", error) from error
            yield piece
            data = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
    if started and not unpacker.eof:
        raise RequestError(EARLY, again=True)


def _brotli(raw: Iterable[bytes]) -> Iterator[bytes]:
    import brotli  # type: ignore[import-untyped]  # it ships no types

    unpacker, started = brotli.Decompressor(), False
    for chunk in raw:
        data, more, started = chunk, True, True
        while more:
            try:
                piece = unpacker.process(data, output_buffer_limit=STEP)
            except brotli.error as error:
                raise _broken("brotli", error) from error
            yield piece
            data = b""
            # It "can accept more data" while it still holds output, so what came counts too.
            more = not unpacker.is_finished() and (piece != b"" or not unpacker.can_accept_more_data())
    if started and not unpacker.is_finished():
        raise RequestError(EARLY, again=True)


def _zstd(raw: Iterable[bytes]) -> Iterator[bytes]:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd

    options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: ZSTD_WINDOW_LOG}
    unpacker, started = zstd.ZstdDecompressor(options=options), False
    for chunk in raw:
        data, more = chunk, True
        while more:
            if unpacker.eof:
                unpacker = zstd.ZstdDecompressor(options=options)  # RFC 8878: frames may follow one another
            started = True
            try:
                piece = unpacker.decompress(data, STEP)
            except zstd.ZstdError as error:
                raise _broken("zstd", error) from error
            yield piece
            data = unpacker.unused_data if unpacker.eof else b""
            more = data != b"" or not (unpacker.eof or unpacker.needs_input)
    if started and not unpacker.eof:
        raise RequestError(EARLY, again=True)


def _broken(coding: str, error: Exception) -> RequestError:
    return RequestError(f"the body is no sound {coding} ({error}); try later, or tell the site")


# The content codings that are asked for, best liked first.
CODINGS: dict[str, Unpack] = {"gzip": _gzip, "br": _brotli, "zstd": _zstd, "identity": _identity}
