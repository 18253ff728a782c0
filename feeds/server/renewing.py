"""Renewing: what was packed of a document is packed of its next version before anybody is given that.

A poll would wait for it otherwise. For these milliseconds the last version is given; whoever asks for it in a
coding in which it is not held gets the next one, and waits.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor

from feeds.server.coding import encode
from feeds.server.files import version_of
from feeds.server.packing import is_long_work
from feeds.server.prepared import Prepared
from feeds.server.priority import step_back
from feeds.server.shelf import Shelf

MOST = 32  # documents at a time; of more, the others are packed when they are asked for
LONGEST = 0.25  # seconds for which a last version is given, should the machine have too much to do
NICE = 10  # of the thread: it gets a tenth of the processor when polls want all of it


def renew(shelf: Shelf, paths: Sequence[str], packer: Executor) -> None:
    """Begin to pack documents that were written anew, in the codings in which their last version is held.

    To be called in the event loop, before anybody is told that they changed. Feeds that nobody polled are
    not packed; of many, those that were polled last are.
    """
    held = [(target, shelf.held_at(target)) for target in map(shelf.address_of, paths)]
    wanted = [(target, before) for target, before in held if before is not None and _codings(before)]
    wanted.sort(key=lambda one: one[1].good_until, reverse=True)  # polls move it on
    is_at_work = bool(shelf.renewing)
    until = time.monotonic() + LONGEST
    shelf.renewing.update((target, until) for target, _ in wanted[: MOST - len(shelf.renewing)])
    if shelf.renewing and not is_at_work:
        shelf.renewal = asyncio.get_running_loop().create_task(_work(shelf, packer))


def packer() -> ThreadPoolExecutor:
    """Return a thread to pack in that steps back: otherwise polls wait for the processor while it packs."""
    return ThreadPoolExecutor(1, "renewing", initializer=step_back, initargs=(NICE,))


def _codings(prepared: Prepared) -> list[str]:
    """Return the codings in which a document is held, as far as it takes long to pack it."""
    return [
        variant.coding
        for variant in prepared.variants.values()
        if variant.body is not None and is_long_work(prepared, variant.coding)
    ]


async def _work(shelf: Shelf, packer: Executor) -> None:
    while shelf.renewing:
        target = next(iter(shelf.renewing))
        try:
            await _renew(shelf, target, packer)
        finally:
            shelf.renewing.pop(target, None)


async def _renew(shelf: Shelf, target: bytes, packer: Executor) -> None:
    """Pack a document, and again if it changes meanwhile; put it in the place of its last version."""
    loop = asyncio.get_running_loop()
    while (before := shelf.held_at(target)) and version_of(before.file) != before.version:
        made = shelf.made(before.path, time.monotonic())
        if made is None:
            return
        new, plain = made
        bodies = await loop.run_in_executor(packer, _packed, _codings(before), plain)
        if shelf.held_at(target) is before:
            shelf.put(target, new)
        there = shelf.held_at(target)  # it may have been asked for in another coding, and so be there already
        if there is None or there.version != new.version:
            return
        for coding, body in bodies.items():
            shelf.keep(there, coding, body)


def _packed(codings: Iterable[str], plain: bytes) -> dict[str, bytes]:
    return {coding: encode(coding, plain) for coding in codings}
