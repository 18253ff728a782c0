"""Export: the items of a WordPress export file as a stream, and what the file says of the whole site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from sources.records.reader import Unreadable
from sources.xml.tree import local, text_in

if TYPE_CHECKING:
    from lxml.etree import _Element

# Bytes that XML allows in no document, and WordPress writes as they were typed.
CONTROLS = bytes(set(range(32)) - set(b"\t\n\r"))
TAIL = 4096  # bytes; a whole file's last end tag stands in them
SHOWN = 2_000  # characters of an unreadable item that are kept to show


@dataclass(slots=True)
class CleanStream:
    """A stream without control characters that remembers its end: what lxml reads from."""

    stream: BinaryIO
    tail: bytes = b""
    is_over: bool = False
    is_wide: bool | None = None

    def read(self, size: int = -1) -> bytes:
        """Read at most `size` bytes; b"" only at the end."""
        while data := self.stream.read(size):
            if self.is_wide is None:
                self.is_wide = b"\0" in data[:4]  # UTF-16, where every second byte looks like a control
            self.tail = (self.tail + data)[-TAIL:]
            if cleaned := data if self.is_wide else data.translate(None, CONTROLS):
                return cleaned
        self.is_over = True
        return b""

    def breaks_off(self) -> bool:
        """Did the stream end before the document did?"""
        return self.is_over and b"</rss" not in self.tail.replace(b"\0", b"")


@dataclass(slots=True)
class Blog:
    """What an export says of the whole site, as far as it has been read.

    people  the names readers see, by login
    images  the addresses of uploaded files, by their number
    """

    title: str = ""
    language: str = ""
    url: str = ""
    people: dict[str, str] = field(default_factory=dict)
    images: dict[str, str] = field(default_factory=dict)


def items(stream: BinaryIO, blog: Blog) -> Iterator[_Element | Unreadable]:
    """Give each whole item, and what stands in the way of the rest; fill `blog` on the way.

    An item is gone once the next is asked for: an export may be larger than the memory.
    """
    from lxml import etree

    source = CleanStream(stream)
    # recover: one bad byte must not cost all that follows. huge_tree stays off; nothing is expanded.
    elements = etree.iterparse(
        source,
        tag=("{*}item", "{*}author", "{*}channel"),
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    is_whole = False
    try:
        for _, element in elements:
            if source.breaks_off():  # what ends now was not ended by its end tag
                break
            is_whole = local(element) == "channel"
            if local(element) == "item":
                _learn(element, blog)
                yield element
                _forget(element)
            elif local(element) == "author":
                blog.people[child(element, "author_login")] = child(element, "author_display_name")
    except etree.XMLSyntaxError as error:
        yield Unreadable(_shown(source.tail), f"not XML: {error.msg}")
        return
    if not is_whole:
        yield Unreadable(_shown(source.tail), "the file breaks off or can't be read further: export it again")


def _learn(item: _Element, blog: Blog) -> None:
    channel = item.getparent()
    if channel is not None and not (blog.title or blog.url):
        blog.title, blog.language = child(channel, "title"), child(channel, "language")
        blog.url = child(channel, "base_blog_url") or child(channel, "link")
    if child(item, "post_type") == "attachment":
        blog.images[child(item, "post_id")] = child(item, "attachment_url")


def _forget(item: _Element) -> None:
    item.clear()
    parent = item.getparent()
    while parent is not None and item.getprevious() is not None:
        del parent[0]


def child(element: _Element, name: str) -> str:
    """Return the text of the first child of that name in any namespace; "" where there is none."""
    return text_in(next((item for item in element if local(item) == name), None))


def _shown(tail: bytes) -> str:
    return tail.decode("utf-8", "replace")[-SHOWN:]
