"""Gathering: what a source holds, worked out for the archive; parts of it are read by several processes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from feeds.archive.incoming import Incoming, incoming
from feeds.workers import spread
from sources.article import Article
from sources.pieces import Parted, Piece, read_all
from sources.source import Gone, Item, Rejected, Site, Source, Visited

Taken = Incoming | Rejected | Visited | Gone


def gathered(source: Source, site: Site, remembered: Mapping[str, str]) -> Iterator[Taken]:
    """Yield what a source holds, in its order. Raises SourceError after what came before it."""
    if isinstance(source, Parted):
        for found in spread(partial(_read_piece, site), source.pieces(site, remembered)):
            yield from found
    else:
        yield from map(_worked_out, source.read(site, remembered))


def _read_piece(site: Site, found: Item | Piece) -> list[Taken]:
    return list(map(_worked_out, read_all([found], site)))


def _worked_out(item: Item) -> Taken:
    return incoming(item) if isinstance(item, Article) else item
