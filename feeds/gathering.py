"""Gathering: what a source holds, worked out for the archive; parts of it are read by several processes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import chain, groupby
from typing import NamedTuple, TypeAlias

from feeds.archive.given import Rows
from feeds.archive.incoming import Incoming, incoming
from feeds.workers import spread
from sources.article import Article
from sources.pieces import Foreign, Parted, Piece, Raw, Records
from sources.source import Gone, Item, Rejected, Site, Source, SourceError, Visited


class Known(NamedTuple):
    """Records that are as they were when their file or address was read last, and gave articles then.

    records: the digest of each, and the article's row
    """

    records: list[tuple[bytes, int]]


READ = (Article, Rejected, Visited, Gone, Known)  # what a source hands out beside parts to be read
Taken: TypeAlias = Incoming | Rejected | Visited | Gone | Known
# From a file or an address to its records.
Before: TypeAlias = Callable[[str], Rows]
TOGETHER = 1000  # known records; there may be a million in a row


def gathered(source: Source, site: Site, remembered: Mapping[str, str], before: Before) -> Iterator[Taken]:
    """Yield what a source holds, in its order. Raises SourceError after what came before it.

    before: the records of a file or an address that need not be read again
    """
    if isinstance(source, Parted):
        tasks = _unread(source.pieces(site, remembered), before)
        for found in spread(partial(_read_task, site), tasks, lambda task: isinstance(task, READ)):
            yield from found
    else:
        yield from map(_worked_out, source.read(site, remembered))


def _unread(found: Iterator[Item | Piece], before: Before) -> Iterator[Item | Piece | Known]:
    """Leave out the records that are known; of those between two others many are told of together."""
    known = Known([])
    try:
        for one in chain.from_iterable(_sorted_out(one, before) for one in found):
            if isinstance(one, Known):
                known.records.extend(one.records)
            if known.records and (len(known.records) >= TOGETHER or not isinstance(one, Known)):
                yield known
                known = Known([])
            if not isinstance(one, Known):
                yield one
    except (SourceError, OSError):
        yield known
        raise
    yield known


def _sorted_out(one: Item | Piece, before: Before) -> Iterator[Item | Piece | Known]:
    """Divide records into those that are known and those to be read, in their order."""
    if not isinstance(one, Records) or not (rows := before(one.position or one.source)):
        yield one
        return
    digests = [digest_of(raw) for _, raw in one.records]
    found = zip(digests, map(rows.find, digests), one.records, strict=True)
    for is_known, some in groupby(found, lambda each: each[1] is not None):
        if is_known:
            yield Known([(digest, row) for digest, row, _ in some if row is not None])
        else:
            yield replace(one, records=[record for *_, record in some])


def _read_task(site: Site, task: Item | Piece | Known) -> list[Taken]:
    if isinstance(task, READ):
        return [_worked_out(task)]
    if isinstance(task, Records):
        items = zip(task.read(site), task.records, strict=True)
        return [_worked_out(item, digest_of(raw)) for item, (_, raw) in items]
    return [_worked_out(item) for item in task.read(site)]


def _worked_out(item: Item | Known, record: bytes = b"") -> Taken:
    return incoming(item, record) if isinstance(item, Article) else item


def digest_of(raw: Raw) -> bytes:
    """Return 8 bytes that stand for a record as it was found."""
    found = raw.record if isinstance(raw, Foreign) else raw
    data = found if isinstance(found, bytes) else repr(found).encode(errors="backslashreplace")
    return hashlib.sha256(data).digest()[:8]
