"""Reader: a sitemap's entries, one by one as its bytes stream by (sitemaps.org, protocol 0.9).

A sitemap is cut at its entries' end tags, and each entry is read on its own: what is broken in one costs that
one, and no more than one is in memory. No entity is expanded but short names for plain text (F-27).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

from sources.pages.reader import is_html
from sources.records.reader import Unreadable
from sources.sitemaps.entry import SHOWN, Entry, at_address, read_entries
from sources.source import SourceError
from sources.xml.feeds import is_feed
from sources.xml.text import APART, WIDE, declared_charset, decode_xml, entities, mend, without_prolog

CHUNK = 64 * 1024  # bytes read at once, and looked at to tell what they are
LONGEST_ENTRY = 1024 * 1024  # characters
MOST_ENTRIES = 200_000  # read of one sitemap; the protocol allows 50,000
NAME = r"<(?P<prefix>(?:[\w.-]{1,40}:)?)(?P<name>urlset|sitemapindex)(?=[\s/>])"
BEGINS = re.compile(NAME, re.IGNORECASE)
ROOT = re.compile(NAME + r"[^>]*>", re.IGNORECASE)
ADDRESS = re.compile(rb"(?:\xef\xbb\xbf)?\s*https?://\S+\s", re.IGNORECASE)
WIDE_MARKS = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def is_sitemap(head: bytes) -> bool:
    """Do these first bytes (64 kB are plenty) begin as an XML sitemap or an index of sitemaps does?"""
    return BEGINS.match(without_prolog(decode_xml(head))) is not None


def read_sitemap(stream: BinaryIO, base: str = "") -> Iterator[Entry]:
    """Yield the pages that a sitemap lists (Listed), or the sitemaps that an index names (Nested).

    stream  the bytes, unpacked; its length is for whoever opened it to bound
    base    the sitemap's own address, for relative addresses
    An entry that can't be read, and the place where the sitemap breaks off, is Unreadable. A text with
    one address a line is a sitemap, too. Raises SourceError when the bytes are no sitemap.
    """
    # `read1` gives what there is before a fault of the stream; `read` would lose it.
    chunks = iter(lambda: stream.read1(CHUNK), b"")  # type: ignore[attr-defined]  # all binary streams but raw ones have it
    head = next(chunks, b"")
    if is_sitemap(head):
        entries = _of_xml(head, chunks, base)
    elif ADDRESS.match(head + b"\n"):
        entries = _of_lines(head, chunks, base)
    else:
        raise SourceError(_what_else(head))
    try:
        for number, entry in enumerate(entries):
            if number == MOST_ENTRIES:
                reason = f"more than {MOST_ENTRIES:,} addresses, of 50,000 allowed: split the sitemap"
                yield Unreadable("", f"{reason}; those after are not read")
                return
            yield entry
    except SourceError as error:
        yield Unreadable("", f"the sitemap breaks off: {error}")


def _what_else(head: bytes) -> str:
    if is_feed(head):
        return "no sitemap but a feed: name it in the settings as `path`, which reads more out of it"
    kind = "a web page" if is_html(head) else "something else"
    return f"no sitemap (no <urlset>, no <sitemapindex>) but {kind}; check the address"


# --- XML ---


def _of_xml(head: bytes, chunks: Iterator[bytes], base: str) -> Iterator[Entry]:
    texts = _decoded(head, chunks)
    first = next(texts)
    own = entities(first)
    body = without_prolog(first)
    root = ROOT.match(body)
    if root is None:
        yield Unreadable(body[:SHOWN], "the first tag never ends: fetch it again")
        return
    rest = ""
    for piece, is_entry in _cut(chain([body[root.end() :]], texts), root["prefix"]):
        if is_entry:
            yield from read_entries(mend(piece, own), base)
        else:
            rest = piece
    if len(rest) > LONGEST_ENTRY:
        yield Unreadable(
            rest[:SHOWN], f"more than {LONGEST_ENTRY >> 20} MB in one entry: not read from here on"
        )
    elif f"</{root['prefix']}{root['name']}" not in rest and not root[0].endswith("/>"):
        yield Unreadable(rest[:SHOWN], "the sitemap breaks off here: fetch it again")


def _decoded(head: bytes, chunks: Iterator[bytes]) -> Iterator[str]:
    """Decode piece by piece. The protocol wants UTF-8; UTF-16 and Western declarations are heeded."""
    encoding = next((name for start, name in (*WIDE, *WIDE_MARKS) if head.startswith(start)), None)
    if encoding is None:
        declared = (declared_charset(head) or "").lower()
        encoding = "cp1252" if declared in {"iso-8859-1", "windows-1252"} else "utf-8"
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for chunk in chain([head], chunks):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", True)


def _cut(texts: Iterator[str], prefix: str) -> Iterator[tuple[str, bool]]:
    """Give each text up to an entry's end tag, and last, marked False, what is left; CDATA and comments hold
    no tags. Stops where an entry is too long.
    """
    token = re.compile(rf"{APART}|(?P<close></{re.escape(prefix)}(?:url|sitemap)\s*>)", re.IGNORECASE)
    buffer = ""
    for text in texts:
        buffer += text
        start = at = 0
        while found := token.search(buffer, at):
            at = found.end()
            if found["close"]:
                yield buffer[start:at], True
                start = at
        buffer = buffer[start:]
        if len(buffer) > LONGEST_ENTRY:
            break
    yield buffer, False


# --- plain text ---


def _of_lines(head: bytes, chunks: Iterator[bytes], base: str) -> Iterator[Entry]:
    rest = b""
    for chunk in chain([head], chunks, [b"\n"]):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            if loc := line.decode("utf-8-sig", "replace").strip():
                yield at_address(loc, base)
        if len(rest) > LONGEST_ENTRY:
            raise SourceError("a line is far too long for an address")
