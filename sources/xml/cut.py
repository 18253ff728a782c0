"""Cut: the text of a feed taken apart into its head and its entries, so that none can spoil another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sources.xml.text import APART, entities, mend, without_prolog

FAR = 64 * 1024  # characters before a root element; servers print warnings above a feed
LONGEST_TAG = 8 * 1024  # characters; it is parsed again with every entry
ATTRIBUTES = r"(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*+"
ROOT = re.compile(rf"<((?:[\w.-]{{1,40}}:)?(?:rss|feed|RDF|channel))(?=[\s/>]){ATTRIBUTES}>", re.IGNORECASE)
CHANNEL = re.compile(rf"<(channel)(?=[\s>]){ATTRIBUTES}>", re.IGNORECASE)
# What feeds use and forget to declare. Declared on the root, an entry's own declaration goes before.
NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}


@dataclass(frozen=True, slots=True)
class Cut:
    """A feed in pieces.

    opening   the start tags around every entry
    closing   their end tags
    head      the feed without its entries, opening included
    entries   each entry's text, in order
    rest      what a feed that breaks off begins of its last entry; None where it is whole
    is_atom   Atom, which says of each text what it is, and not RSS, which doesn't
    """

    opening: str
    closing: str
    head: str
    entries: tuple[str, ...]
    rest: str | None
    is_atom: bool


def cut(text: str) -> Cut | None:
    """Take a feed apart; None where there is no feed."""
    own = entities(text)
    text = without_prolog(text)
    root = ROOT.search(text, 0, FAR)
    if not root or len(root[0]) > LONGEST_TAG:
        return None
    body = mend(text[root.end() :], own)
    name = root[1].lower()
    spans = list(_spans(body, root[1]))
    head, before = [], 0
    for start, end in spans:
        head.append(body[before:start])
        before = len(body) if end is None else end
    head.append(body[before:])
    opening = _declare(root[0], root[1])
    channel = CHANNEL.search(head[0]) if name.endswith("rss") else None
    if channel and len(channel[0]) > LONGEST_TAG:
        channel = None
    return Cut(
        opening=opening + (channel[0] if channel else ""),
        closing=(f"</{channel[1]}>" if channel else "") + f"</{root[1]}>",
        head=opening + "".join(head),
        entries=tuple(body[start:end] for start, end in spans if end is not None),
        rest=_rest(body, spans, root),
        is_atom=name.endswith("feed"),
    )


def _spans(body: str, root: str) -> Iterator[tuple[int, int | None]]:
    """Give where each entry starts and ends; one that never ends ends where the next starts."""
    start: int | None = None
    own, colon, kind = root.rpartition(":")
    # Entries have the root's prefix; in RSS 1.0, whose root is of another namespace, any.
    name = r"(?:[\w.-]{1,40}:)?" if kind.lower() == "rdf" else re.escape(own + colon)
    token = re.compile(
        rf"{APART}|<(?P<close>/?)(?P<name>{name}(?:item|entry))(?=[\s/>]){ATTRIBUTES}>", re.IGNORECASE
    )
    for match in token.finditer(body):
        if not match["name"]:
            continue
        if match["close"]:
            if start is not None:
                yield start, match.end()
            start = None
            continue
        if start is not None:
            yield start, match.start()
        start = match.start()
        if match[0].endswith("/>"):
            yield start, match.end()
            start = None
    if start is not None:
        yield start, None


def _rest(body: str, spans: list[tuple[int, int | None]], root: re.Match[str]) -> str | None:
    if spans and spans[-1][1] is None:
        return body[spans[-1][0] :]
    end = spans[-1][1] if spans else 0
    is_closed = root[0].endswith("/>") or re.search(rf"</{re.escape(root[1])}\s*(?:>|$)", body[end:])
    return None if is_closed else ""


def _declare(root: str, name: str) -> str:
    declared = "".join(
        f' xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items() if f"xmlns:{prefix}" not in root
    )
    return f"<{name}{declared}{mend(root[len(name) + 1 :])}"
