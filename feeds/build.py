"""From a channel and its rendered entries to a Document. No clock, no I/O."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from feeds.archive.values import Withdrawal
from feeds.channel import Channel
from feeds.delta import layout_of
from feeds.document import Document, document
from feeds.formats import Format
from feeds.formats.elements import Parts


def build(
    channel: Channel,
    format_: Format,
    entries: Sequence[Parts],
    modified: int,
    withdrawn: Iterable[Withdrawal] = (),
    rows: Sequence[int] = (),
) -> Document:
    """Put a feed together: its frame around entries that were rendered before.

    modified   when the bytes changed, should they turn out to differ from those in place
    withdrawn  what was taken out of the feed: a tombstone each, where the format has one
    rows       of the entries' articles, where the document's layout is wanted too
    """
    head, tail = format_.frame(channel, format_.file)
    tombstones = b"".join(map(format_.tombstone, withdrawn)) if format_.tombstone else b""
    # Joined at once: half a megabyte is not copied a second time.
    parts = [head, *chain.from_iterable((*entry, format_.separator) for entry in entries)]
    body = b"".join([*(parts[:-1] if entries else parts), tombstones, tail])
    layout = layout_of(head, entries, format_.separator, rows) if rows else b""
    return document(channel.folder + format_.file, format_.media_type, body, modified, layout)
