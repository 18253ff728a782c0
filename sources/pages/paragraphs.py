"""Page paragraphs: the one box that holds a page's paragraphs and little else, where no markup names a body.

That is how most news pages look, and it is told in a fraction of the time that a guess takes. Where anything
speaks against it, it is no answer: then the guess must be made.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING

from sources.pages.index import Index
from sources.pages.noise import kind_of, told_in
from sources.pages.tree import words

if TYPE_CHECKING:
    from lxml.etree import _Element

SHORTEST = 40  # characters; shorter paragraphs are captions, dates and buttons as often as not
FEWEST = 250  # characters of a story that can be told from a notice about cookies
# What is looked for in a stated text, and how much of it: no story has more.
MANY, LONGEST = 1000, 100_000
MOST = 0.8  # of a page's paragraphs that must be in the box
DENSE = 0.9  # of the box's text that must be in paragraphs
FURNITURE = ("nav", "footer", "aside", "header", "form", "noscript")


def box_of_paragraphs(page: Index, stated: str) -> tuple[_Element, int] | None:
    """Return the smallest element that holds nearly all of a page's paragraphs, and their length.

    stated: the story as JSON-LD has it, maybe ""; where any are in it, no other paragraphs count.
    None where that is the page itself, where there are too few, or where they are what readers say.
    """
    lines = {p: line for p in page.tags["p"] if len(line := words(p)) >= SHORTEST}
    stated = stated[:LONGEST]
    known = {p: line for p, line in islice(lines.items(), MANY) if line in stated}
    told = _told(page, known if sum(map(len, known.values())) >= FEWEST else lines)
    total = told.get(page.root, 0)
    if total < FEWEST:
        return None
    box, inner = page.root, [page.root]
    while inner:
        box = inner[0]
        inner = [child for child in box if told.get(child, 0) >= total * MOST]
    if box.tag in {"html", "body"} or _is_of_readers(box):
        return None
    return box, total


def _is_of_readers(box: _Element) -> bool:
    """Does it stand among a page's comments? They look as stories do."""
    return any(kind_of(holder) == "comments" for holder in (box, *box.iterancestors()))


def told_by_writers(page: Index) -> int:
    """Return how many characters a page's paragraphs have, without those of its comments."""
    told, comments = 0, set()
    for element in page.root.iter():
        if element.getparent() in comments or kind_of(element) == "comments":
            comments.add(element)
        elif element.tag == "p":
            told += len(words(element))
    return told


def is_story(box: _Element, total: int) -> bool:
    """Does a box still hold a page's paragraphs and little else, when what is no story's has been cut?"""
    told = told_in(box)
    return told >= max(FEWEST, total * MOST) and told >= len(words(box)) * DENSE


def _told(page: Index, lines: Mapping[_Element, str]) -> dict[_Element | None, int]:
    """Return how many characters of these paragraphs each element holds, furniture left out."""
    told: dict[_Element | None, int] = {}
    for paragraph, line in lines.items():
        if not _is_furniture(paragraph, len(line)):
            holder = paragraph.getparent()
            told[holder] = told.get(holder, 0) + len(line)
    # From the inside out, so that each element is asked once, however deep all of it nests.
    for element in reversed(list(page.root.iter())):
        if (length := told.get(element, 0)) and (holder := element.getparent()) is not None:
            told[holder] = told.get(holder, 0) + length
    return told


def _is_furniture(paragraph: _Element, length: int) -> bool:
    linked = sum(len(words(link)) for link in paragraph.iter("a"))
    return linked * 2 > length or next(paragraph.iterancestors(*FURNITURE), None) is not None
