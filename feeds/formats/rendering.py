"""Rendering: how an article is written as an entry, whatever the format."""

from __future__ import annotations

from dataclasses import dataclass

from feeds.channel import Publisher
from sources.text import shorten, text_of

LEAD = 280  # characters
ENOUGH = 600  # characters of HTML, of which a lead takes few


@dataclass(frozen=True, slots=True)
class Category:
    """A tag in an entry: its name as the newsroom writes it, and the address of its page."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Rendering:
    """What an entry is made with besides its article.

    categories  its tags, in order
    content     the whole story, or only its summary
    images      whether pictures are named
    """

    publisher: Publisher
    categories: tuple[Category, ...] = ()
    content: bool = True
    images: bool = True


def lead(content: str) -> str:
    """Return how a story begins: it stands where a summary must, and none was written (F-12)."""
    words = text_of(_start(content))
    return shorten(words if len(words) > LEAD else text_of(content), LEAD)


def _start(content: str) -> str:
    """Return enough of a story to hold its lead, as a rule, with no tag or reference cut in two."""
    start = content[:ENOUGH]
    for opening, closing in ("&;", "<>"):  # in this order, as a reference may stand inside a tag
        cut = start.find(opening, start.rfind(closing) + 1)
        start = start if cut < 0 else start[:cut]
    return start
