"""Kinds: what some bytes are, found by looking, and how records are read out of each kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, BinaryIO

from sources.article import Article
from sources.compressed import plain_name
from sources.dumps.page import is_dump, read_dump
from sources.markdown.reader import is_markdown, read_markdown
from sources.pages.reader import is_html, read_page
from sources.pieces import Foreign, Raw, Records
from sources.records.reader import Unreadable, is_json, read_unparsed
from sources.source import Rejected, Site, SourceError
from sources.tables import is_csv, read_csv
from sources.text import decode
from sources.xml.feeds import is_feed, read_feed
from sources.xml.wordpress import is_wordpress_export, read_export

SNIFF = 64 * 1024  # bytes looked at to tell what a file is
PAGE_LIMIT = 8 * 1024 * 1024  # bytes; a longer page or dump is no single article
FEED_LIMIT = 64 * 1024 * 1024  # bytes; feeds are read whole

PIECE = 100  # records, at most, that are handed out together

# What a kind's reader yields: the place within the file, "" where it is one article, and the record.
Read = Iterator[tuple[str, Raw]]


@dataclass(frozen=True, slots=True)
class Found:
    """Some bytes, and where they were found.

    source, position  for reports: the source's name, and the file within it
    name              the file's own name, without the ending of a compression
    stream            the bytes, unpacked
    url, media_type, charset, at  as HTTP told them; at: when it answered
    fields            a content system's own field names, as the settings map them
    pages             the address that a folder of Markdown has on the site, with a slash at its end
    """

    source: str
    position: str
    name: str
    stream: BinaryIO
    url: str | None = None
    media_type: str | None = None
    charset: str | None = None
    at: datetime | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    pages: str | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file: how it looks, by its first bytes and its name, and how it is read."""

    looks: Callable[[bytes, str], bool]
    read: Callable[[Found, Site], Read]


def read(found: Found, site: Site) -> Iterator[Article | Rejected]:
    """Yield what a file holds, whatever its kind; a file of no known kind is one rejection."""
    for piece in pieces(found, site):
        yield from piece.read(site)


def pieces(found: Found, site: Site) -> Iterator[Records]:
    """Yield the records of a file, some at a time; what came before a failure is handed on before it is."""
    some: list[tuple[str, Raw]] = []
    as_piece = partial(Records, found.source, found.position, found.at)
    try:
        for place_and_record in _records(found, site):
            some.append(place_and_record)
            if len(some) == PIECE:
                yield as_piece(some)
                some = []
    except (SourceError, OSError):
        yield as_piece(some)
        raise
    yield as_piece(some)


def _records(found: Found, site: Site) -> Read:
    head = _look(found.stream)
    kind = next((kind for kind in KINDS if kind.looks(head, found.name)), None)
    if kind is not None:
        return kind.read(found, site)
    reason = "of no kind that is known: not JSON, CSV, Markdown, a feed, a web page or a page's text"
    return iter([("", Unreadable(head[:200].decode("utf-8", "replace"), reason))])


def _look(stream: BinaryIO) -> bytes:
    if stream.seekable():
        head = stream.read(SNIFF)
        stream.seek(0)
        return head
    peeked: bytes = stream.peek(SNIFF)  # type: ignore[attr-defined]  # what can't seek is a BufferedReader
    return peeked


def _json(found: Found, _site: Site) -> Read:
    return _foreign(read_unparsed(found.stream), found)


def _rows(found: Found, _site: Site) -> Read:
    return _foreign(read_csv(found.stream), found)


def _foreign(records: Iterator[tuple[str, Any]], found: Found) -> Read:
    for place, record in records:
        yield place, record if isinstance(record, Unreadable) else Foreign(record, found.fields)


def _feed(found: Found, _site: Site) -> Read:
    data = found.stream.read(FEED_LIMIT + 1)
    if len(data) > FEED_LIMIT:
        yield "", _too_long(data, FEED_LIMIT, "a feed")
    else:
        # The charset of HTTP rules over what the document says of itself.
        content_type = f"{found.media_type}; charset={found.charset}" if found.charset else None
        yield from read_feed(data, found.url, content_type)


def _export(found: Found, _site: Site) -> Read:
    return read_export(found.stream)


def _single(found: Found, parse: Callable[[bytes], Raw | None]) -> Read:
    """Read a file that is one article, or none."""
    data = found.stream.read(PAGE_LIMIT + 1)
    raw = _too_long(data, PAGE_LIMIT, "a single article") if len(data) > PAGE_LIMIT else parse(data)
    if raw is not None:
        yield "", raw


def _markdown(found: Found, _site: Site) -> Read:
    return _single(
        found, lambda data: read_markdown(data, plain_name(found.position) or found.name, found.pages)
    )


def _page(found: Found, site: Site) -> Read:
    return _single(found, lambda data: read_page(data, found.url, site, found.charset))


def _dump(found: Found, site: Site) -> Read:
    return _single(found, lambda data: {"url": found.url, **read_dump(decode(data), site)})


def _too_long(data: bytes, limit: int, kind: str) -> Unreadable:
    shown = data[:200].decode("utf-8", "replace")
    return Unreadable(shown, f"longer than {limit >> 20} MB, so not {kind}; split it")


def _is_dump(head: bytes, _name: str) -> bool:
    # Where the look ends, a letter may be cut in two: whole lines only.
    text = decode(head if len(head) < SNIFF else head.rpartition(b"\n")[0])
    return "\0" not in text and is_dump(text)


# The first that recognises a file reads it: the clearest marks come first, plain text last.
KINDS = (
    Kind(is_markdown, _markdown),
    Kind(lambda head, _: is_json(head), _json),
    Kind(lambda head, _: is_wordpress_export(head), _export),
    Kind(lambda head, _: is_feed(head), _feed),
    Kind(lambda head, _: is_html(head), _page),
    Kind(is_csv, _rows),
    Kind(_is_dump, _dump),
)
