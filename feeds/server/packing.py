"""Packing: a document's bytes in a coding, made at the first poll that wants them.

What takes long is packed in another thread: the poller that asked waits for it, and nobody else does. Whoever
asks for the same meanwhile waits for the same work.
"""

from __future__ import annotations

import asyncio

from feeds.server.coding import IDENTITY, encode
from feeds.server.prepared import Prepared
from feeds.server.shelf import Shelf

LONG = 32_768  # bytes that take less time to pack, some 0.3 ms, than the ordinary way costs


def is_long_work(prepared: Prepared, coding: str) -> bool:
    """Say whether to pack a document takes so long that others should not wait for it."""
    return coding != IDENTITY and prepared.version.size > LONG


async def packed(shelf: Shelf, prepared: Prepared, coding: str) -> bytes | None:
    """Return a document's bytes in a coding; None if a newer version has come: ask for that."""
    if not is_long_work(prepared, coding):
        return shelf.body(prepared, coding)
    body = shelf.ready_made(prepared, coding)
    if body is not None:
        return body
    work = shelf.packing.get((prepared, coding))
    if work is None:
        plain = shelf.plain(prepared)
        if plain is None:
            return None
        work = asyncio.create_task(_pack(shelf, prepared, coding, plain))
        shelf.packing[prepared, coding] = work
    return await asyncio.shield(work)  # a client that goes takes nothing away from the others


async def _pack(shelf: Shelf, prepared: Prepared, coding: str, plain: bytes) -> bytes:
    try:
        return shelf.keep(prepared, coding, await asyncio.to_thread(encode, coding, plain))
    finally:
        del shelf.packing[prepared, coding]
