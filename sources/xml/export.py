"""Export: the items of a WordPress export file, and what the file says of the whole site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from sources.records.reader import Unreadable
from sources.xml.text import declared_charset, decode_part, mend, without_prolog
from sources.xml.tree import local, parse_xml, text_in
from sources.xml.wxr_cut import LONGEST_ITEM, pieces

if TYPE_CHECKING:
    from lxml.etree import _Element

SHOWN = 2_000  # characters of an unreadable item that are kept to show
# WordPress writes these prefixes into every export, whatever the version.
OPENING = (
    '<rss xmlns:wp="http://wordpress.org/export/1.2/" '
    'xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:wfw="http://wellformedweb.org/CommentAPI/">'
)


@dataclass(slots=True)
class Blog:
    """What an export says of the whole site, as far as it has been read.

    charset  how the file says it is written
    people   the names readers see, by login
    images   the addresses of uploaded files, by their number
    """

    title: str = ""
    language: str = ""
    url: str = ""
    charset: str | None = None
    people: dict[str, str] = field(default_factory=dict)
    images: dict[str, str] = field(default_factory=dict)


def items(stream: BinaryIO, blog: Blog, *, only: bytes = b"") -> Iterator[_Element | Unreadable]:
    """Give each item, and what stands in the way of one; fill `blog` on the way.

    only  pass over items that don't hold these bytes
    Ends in an Unreadable where the file breaks off. Raises OSError when the stream does.
    """
    for kind, piece in pieces(stream):
        if kind == "head":
            _learn(piece, blog)
        elif kind == "item" and only in piece:
            item = _item(piece, blog)
            if not isinstance(item, Unreadable) and child(item, "post_type") == "attachment":
                blog.images[child(item, "post_id")] = child(item, "attachment_url")
            yield item
        elif kind == "cut" or (kind == "rest" and b"</rss" not in piece):
            yield Unreadable(_shown(piece), "the export breaks off here: export it again")


def _learn(head: bytes, blog: Blog) -> None:
    blog.charset = declared_charset(head)
    root = parse_xml(mend(without_prolog(decode_part(head, blog.charset))))
    if root is None:
        return
    channel = next((part for part in root if local(part) == "channel"), root)
    blog.title, blog.language = child(channel, "title"), child(channel, "language")
    blog.url = child(channel, "base_blog_url") or child(channel, "link")
    for author in (part for part in channel if local(part) == "author"):
        blog.people[child(author, "author_login")] = child(author, "author_display_name")


def _item(piece: bytes, blog: Blog) -> _Element | Unreadable:
    if not piece:
        return Unreadable("", f"longer than {LONGEST_ITEM >> 20} MB, so no single article")
    root = parse_xml(f"{OPENING}{mend(decode_part(piece, blog.charset))}</rss>")
    if root is None or not len(root):
        return Unreadable(_shown(piece), "not XML, and too broken or nested too deep to be mended")
    return root[0]


def child(element: _Element, name: str) -> str:
    """Return the text of the first child of that name in any namespace; "" where there is none."""
    return text_in(next((part for part in element if local(part) == name), None))


def _shown(piece: bytes) -> str:
    return piece[: 4 * SHOWN].decode("utf-8", "replace")[:SHOWN]
