"""Text: what a feed may carry. XML's characters, one-line titles, plain words out of HTML."""

from __future__ import annotations

import codecs
import html
import re
from functools import cache

# Characters that XML allows and nothing shows: byte-order marks, noncharacters, C1 controls. The last
# are mostly Windows-1252 quotes and dashes taken for Latin-1; HTML maps them back, and so do we.
REPAIRED = {
    0xFEFF: "",
    **dict.fromkeys(range(0xFDD0, 0xFDF0), ""),
    **{plane + end: "" for plane in range(0x10000, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF)},
    **{code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)},
}
PLAIN = bytes(code for code in range(0x80) if code >= 0x20 or code in b"\t\n\r")
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
BREAKABLE = re.compile(r"[^\S\u00a0\u202f]+")
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
# A tag by its look; `a < b` and `<3` are text.
TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)(?:\s[^<>]*)?/?>")
UNSAID = re.compile(r"<(script|style)\b[^>]*>.*?</\1\s*>|<!--(?:.*?-->|.*)", re.IGNORECASE | re.DOTALL)
INLINE = frozenset("a abbr b bdi cite code em font i mark q s small span strong sub sup u".split())


# Sets of so many characters take some milliseconds to compile: they are when a text needs them.


@cache
def forbidden() -> re.Pattern[str]:
    """Return what finds characters outside of XML 1.0's production [2] Char: one stray U+000B kills a whole
    document for every reader (F-16).
    """
    return re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@cache
def _unshown() -> re.Pattern[str]:
    return re.compile(f"[{''.join(map(chr, REPAIRED))}]")


@cache
def _out_of_place() -> re.Pattern[str]:
    """Return what finds all that either of them takes out, as the complement of what stays: most texts hold
    none, and one quick look tells.
    """
    planes = "".join(f"{chr(plane)}-{chr(plane + 0xFFFD)}" for plane in range(0x10000, 0x110000, 0x10000))
    return re.compile(f"[^\t\n\r\u0020-\u007f\u00a0-\ud7ff\ue000-\ufdcf\ufdf0-\ufefe\uff00-\ufffd{planes}]")


def strip_forbidden(text: str) -> tuple[str, int]:
    """Return `text` without the characters XML 1.0 forbids, and how many there were."""
    if not _has_out_of_place(text):
        return text, 0
    if not text.isascii():
        text = _unshown().sub(lambda m: REPAIRED[ord(m[0])], text)
    return forbidden().subn("", text)


def _has_out_of_place(text: str) -> bool:
    """Is there anything to take out? What is plain ASCII is left out of the search: most of most texts."""
    rest = text.encode("utf-8", "surrogatepass").translate(None, PLAIN)
    return bool(rest) and _out_of_place().search(rest.decode("utf-8", "surrogatepass")) is not None


def decode(data: bytes) -> str:
    """Decode a plain text: UTF-8, UTF-16 with its mark, or else what old Windows programs write."""
    if data[:2] in UTF_16:
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def writable(text: str) -> str:
    """Return `text` with what no encoding can write as escapes: file names may hold any bytes."""
    return text.encode("utf-8", "backslashreplace").decode()


def one_line(text: str) -> str:
    """Fold every run of white space to one space: what a title or a name needs."""
    return " ".join(text.split())


def prose(text: str) -> str:
    """Fold white space as a browser does; spaces that hold words together stay what they are."""
    return BREAKABLE.sub(" ", text).strip()


def plain(text: str) -> str:
    """Turn a headline or summary that came as HTML into plain text; leave plain text alone (F-15).

    CMS exports write `Tom &amp; Jerry` and `<em>Kompas</em>`; `a < b` and `AT&T` are not HTML and stay.
    """
    if "<" in text:
        text = TAG.sub(lambda m: "" if m[1].lower() in INLINE else " ", UNSAID.sub(" ", text))
    if "&" in text:
        text = ENTITY.sub(lambda m: html.unescape(m[0]), text)
    return text


def shorten(text: str, limit: int) -> str:
    """Return a text of at most `limit` characters and an ellipsis, cut between words where it can be."""
    if len(text) <= limit:
        return text
    cut = text[: limit + 1].rpartition(" ")[0] or text[:limit]
    return cut.rstrip(" ,;:–—-") + "…"


def paragraphs(lines: list[str]) -> str:
    """Make HTML of plain paragraphs, one string each."""
    return "\n".join(f"<p>{html.escape(line, quote=False)}</p>" for line in lines)


def text_of(content: str) -> str:
    """Return the words of clean HTML on one line."""
    return one_line(html.unescape(re.sub(r"<[^>]+>", " ", content)))
