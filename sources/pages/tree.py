"""Page tree: the bytes of a web page as text, and its text as a tree that can be searched."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from functools import cache, partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import HTMLParser, _Element

BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
DECLARED = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
# As browsers read these labels: nobody who writes them means the control characters of ISO 8859-1.
WESTERN = frozenset({"ascii", "iso8859-1"})
# Python's text codecs that are no character sets.
NO_CHARSETS = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape", "utf-7", "undefined"})
# What `surrogateescape` makes of the bytes that are no UTF-8, as windows-1252 has them.
STRAY = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0x100)}
LINE_ENDS = "br p div li tr td th dt dd h1 h2 h3 h4 h5 h6 section header".split()
# What XML forbids, as bytes: a pattern over the text of a whole page takes longer than parsing it.
CONTROLS = bytes(code for code in range(0x20) if chr(code) not in "\t\n\r")
NONCHARACTERS = ("\ufffe", "\uffff")
# References to what XML forbids.
FORBIDDEN_REFERENCE = re.compile(
    r"&#(?:[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]|[dD][89a-fA-F][0-9a-fA-F]{2}|[fF]{3}[eEfF])(?![0-9a-fA-F])"
    r"|0*(?:[0-8]|1[124-9]|2\d|3[01]|55(?:29[6-9]|[3-9]\d\d)|56\d{3}|57(?:[0-2]\d|3[0-3])\d|5734[0-3]|6553[45])"
    r"(?!\d));?"
)


def decode(html: bytes, charset: str | None = None) -> str:
    """Return the text of a page: by BOM, else HTTP's charset, else meta charset, else UTF-8.

    Bytes that are no UTF-8 are read as windows-1252, which is what they are when UTF-8 was not declared
    and where somebody pasted them into a UTF-8 page.
    """
    for bom, name in BOMS:
        if html.startswith(bom):
            return html[len(bom) :].decode(name, "replace")
    declared = DECLARED.search(html[:4096])
    # A page whose meta could be read as ASCII is not UTF-16, whatever it says (WHATWG HTML, 13.2.3.2).
    meta = declared[1].decode("ascii", "replace").lower() if declared else ""
    for label in (charset, "utf-8" if meta.startswith("utf-16") else meta):
        if label and (text := _decode_as(html, label)) is not None:
            return text
    return _decode_utf8(html)


def _decode_as(html: bytes, label: str) -> str | None:
    try:
        name = codecs.lookup(label.strip().strip("'\"")).name.replace("_", "-")
        if name in NO_CHARSETS:
            return None
        if name == "utf-8":
            return _decode_utf8(html)
        return html.decode("cp1252" if name in WESTERN else name, "replace")
    except (LookupError, ValueError):  # unknown, no text encoding, or no label at all
        return None


def _decode_utf8(html: bytes) -> str:
    try:
        return html.decode()
    except UnicodeDecodeError:
        return html.decode("utf-8", "surrogateescape").translate(STRAY)


def parse(text: str) -> _Element | None:
    """Parse a page, or a piece of one, into a tree without comments; None where there is nothing in it."""
    import lxml.etree

    # lxml refuses to move text that XML forbids, so none may come in, by reference either.
    data = FORBIDDEN_REFERENCE.sub("", text).encode("utf-8", "replace").translate(None, CONTROLS)
    for nothing in NONCHARACTERS:
        if nothing in text:
            data = data.replace(nothing.encode(), b"")
    try:
        root = lxml.etree.fromstring(data, parser=_parser())
    except lxml.etree.LxmlError:
        return None
    if root is None:
        return None
    # Minified pages set nothing between two lines but their tags; `words` would run them together.
    for element in root.iter(*LINE_ENDS):
        tail = element.tail
        if not tail or tail[0] != "\n":
            element.tail = f"\n{tail or ''}"
    return root


@cache
def _parser() -> HTMLParser:
    """Return the parser of all pages; its elements are plain ones: lxml.html's take thrice the time to reach.

    Without huge_tree it drops all that follows the 256th level: pages that never close a <span> get there.
    With it the limit is 2048, which is still no danger to anyone.
    """
    import lxml.etree

    return lxml.etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, collect_ids=False
    )


def words(element: _Element, limit: int | None = None) -> str:
    """Return the text inside an element on one line; no more is read once `limit` is passed."""
    if len(element) == 0:  # as most are that are asked
        return " ".join((element.text or "").split())
    # Where nothing nests, what is read is read once, and at once.
    if limit is None or not any(map(len, element)):
        return " ".join(_text_writer()(element).split())
    parts: list[str] = []
    length = 0
    for part in element.itertext():
        parts.append(str(part))
        length += len(part)
        if length > limit:
            break
    return " ".join("".join(parts).split())


@cache
def _text_writer() -> Callable[[_Element], str]:
    import lxml.etree

    return partial(lxml.etree.tostring, method="text", encoding="unicode", with_tail=False)


def cut_out(element: _Element) -> None:
    """Take an element out of its tree, with all in it; the text behind it stays."""
    holder, before, tail = element.getparent(), element.getprevious(), element.tail
    if holder is None:
        return
    if tail and before is not None:
        before.tail = (before.tail or "") + tail
    elif tail:
        holder.text = (holder.text or "") + tail
    holder.remove(element)
