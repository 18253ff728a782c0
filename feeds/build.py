"""From a channel and its rendered entries to a Document. No clock, no I/O."""

from __future__ import annotations

from collections.abc import Iterable

from feeds.channel import Channel
from feeds.document import Document, document
from feeds.formats import Format


def build(channel: Channel, format_: Format, entries: Iterable[bytes], modified: int) -> Document:
    """Put a feed together: its frame around entries that were rendered before.

    modified: when the bytes changed, should they turn out to differ from those in place.
    """
    head, tail = format_.frame(channel, format_.file)
    body = head + format_.separator.join(entries) + tail
    return document(channel.folder + format_.file, format_.media_type, body, modified)
