"""Content codings: which one a client gets, and how bytes are put into it (RFC 9110, section 12.5.3)."""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable

IDENTITY = "identity"
PREFERRED = ("zstd", "br", "gzip")  # of those a client likes equally; zstd is as small as br, and faster
ENDINGS = {"zstd": ".zst", "br": ".br", "gzip": ".gz"}  # of files that hold a document ready in a coding
WORD = re.compile(r"\s*([a-z0-9*-]+)\s*(?:;\s*q\s*=\s*([01]?\.?\d{0,3})\s*)?", re.IGNORECASE)
LONGEST = 512  # bytes of a header that are read; a longer one is no reader's


def choose(accepted: bytes | None) -> str:
    """Return the coding for a client, by its Accept-Encoding; None: it sent none, and gets no coding.

    What can't be read is passed over. Who refuses all of them gets the document as it is.
    """
    return _choose(accepted) if accepted and len(accepted) <= LONGEST else IDENTITY


@functools.lru_cache(1024)
def _choose(accepted: bytes) -> str:
    weights = _weights(accepted.decode("latin-1"))
    of_others = weights.pop("*", 0.0)
    best, coding = weights.get(IDENTITY, 0.0), IDENTITY
    for name in reversed(PREFERRED):
        weight = weights.get(name, weights.get(f"x-{name}", 0.0))
        if weight and weight >= best:
            best, coding = weight, name
    if coding == IDENTITY and of_others > best:  # whoever takes anything takes gzip, if not for that word
        return next((name for name in reversed(PREFERRED) if name not in weights), IDENTITY)
    return coding


def _weights(accepted: str) -> dict[str, float]:
    words = (WORD.fullmatch(word) for word in accepted.split(","))
    return {word[1].lower(): float(word[2] or 1) for word in words if word and word[2] != "."}


def encode(coding: str, body: bytes) -> bytes:
    """Put bytes into a coding. The same bytes give the same bytes: no clock, no file name, no threads."""
    return ENCODERS[coding](body)


def _gzip(body: bytes) -> bytes:
    import deflate  # a third of zlib's time for the same size, and the same bytes on every processor

    return bytes(deflate.gzip_compress(body, 5))


def _br(body: bytes) -> bytes:
    import brotli  # type: ignore[import-untyped]  # it ships no types

    packed: bytes = brotli.compress(body, quality=4)
    return packed


def _zstd(body: bytes) -> bytes:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return zstd.compress(body, level=3)


ENCODERS: dict[str, Callable[[bytes], bytes]] = {"gzip": _gzip, "br": _br, "zstd": _zstd}
