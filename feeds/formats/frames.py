"""Frames: what stands around a feed's entries, made by feedgen once for feeds that differ in few texts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from feeds.channel import Channel
from feeds.formats.dates import rfc_822
from feeds.formats.elements import checked, escape, quoted

Make = Callable[[Channel, str], tuple[bytes, bytes]]

# What differs from feed to feed. All else is the newsroom's, or is there or not.
TEXTS = ("id", "title", "description", "alternate", "self_base", "previous", "next", "current")
UPDATED = datetime(1900, 1, 1, tzinfo=UTC)  # stands for any date
BLANK = re.compile('("?)\ue000([a-z_]+)\ue001'.encode())


def frame(channel: Channel, file: str, make: Make) -> tuple[bytes, bytes]:
    """Return what `make` would: all that stands before the entries, and all that stands after.

    make: renders a channel with feedgen. Raises ValueError for what XML can't hold, as that does.
    """
    if channel.podcast:  # a show's guid is made of its address
        return make(channel, file)
    texts = {name: text for name in TEXTS if (text := getattr(channel, name)) is not None}
    blanks: dict[str, Any] = {"folder": "", **{name: _blank(name) for name in texts}}
    parts, tail = _blank_frame(replace(channel, updated=UPDATED, **blanks), file, make)
    texts |= {"iso": channel.updated.isoformat(), "rfc": rfc_822(channel.updated)}
    filled = [parts[0]]
    for quote, name, rest in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        text = texts[name.decode()]
        filled += (quote, quoted(text) if quote else escape(text), rest)
    return checked(b"".join(filled)), tail


def _blank(name: str) -> str:
    return f"\ue000{name}\ue001"


@lru_cache(maxsize=64)
def _blank_frame(channel: Channel, file: str, make: Make) -> tuple[list[bytes], bytes]:
    """Return a head, parted where texts go: before each, whether it is an attribute's, and which it is."""
    head, tail = make(channel, file)
    for written, name in ((UPDATED.isoformat(), "iso"), (rfc_822(UPDATED), "rfc")):
        head = head.replace(written.encode(), _blank(name).encode())
    return BLANK.split(head), tail
