"""Page paragraphs: the one box that holds a page's paragraphs and little else, where no markup names a body.

That is how most news pages look, and it is told in a fraction of the time that a guess takes. Where anything
speaks against it, it is no answer: then the guess must be made.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING

from sources.pages.index import Index
from sources.pages.noise import LESSER, kind_of, told_in
from sources.pages.tree import words

if TYPE_CHECKING:
    from lxml.etree import _Element

SHORTEST = 40  # characters; shorter paragraphs are captions, dates and buttons as often as not
FEWEST = 250  # characters of a story that can be told from a notice about cookies
# What is looked for in a stated text, and how much of it: no story has more.
MANY, LONGEST = 1000, 100_000
MOST = 0.8  # of a page's paragraphs that must be in the box
DENSE = 0.9  # of the box's text that must be in paragraphs, or what stands between them
AGREE = (0.8, 1.25)  # times the stated text that a box may have to be the story it states
FURNITURE = ("nav", "footer", "aside", "header", "form", "noscript", "a")
BETWEEN = ("li", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "figure")


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
    return None if box.tag in {"html", "body"} else (box, total)


def told_by_writers(page: Index) -> int:
    """Return how many characters a page's paragraphs have, without those of its comments and furniture."""
    return _told(page, {p: words(p) for p in page.tags["p"]}).get(page.root, 0)


def is_story(box: _Element, total: int) -> bool:
    """Does a box still hold a page's paragraphs and little else, when what is no story's has been cut?"""
    told = told_in(box)
    return told >= max(FEWEST, total * MOST) and told + _between(box) >= len(words(box)) * DENSE


def is_stated(box: _Element, stated: str) -> bool:
    """Has a box as much text as the page states to be its story, and its middle too?"""
    told, middle = words(box), len(stated) // 2
    least, most = (len(stated) * times for times in AGREE)
    return least <= len(told) <= most and stated[middle : middle + SHORTEST] in told


def _between(box: _Element) -> int:
    """Return how many characters a box has in lists, headings and quotations, outside of its paragraphs."""
    lines = [
        (block, len(words(block)))
        for block in box.iter(*BETWEEN)
        if next(block.iterancestors("p", *BETWEEN), None) is None
    ]
    return sum(length - told_in(block) for block, length in lines if not _is_furniture(block, length))


def _told(page: Index, lines: Mapping[_Element, str]) -> dict[_Element | None, int]:
    """Return how many characters of these paragraphs each element holds, furniture left out.

    Nor does the world around a box of noise hold what is inside, unless that is the greater part of a page.
    What readers say looks as stories do, and may be most of all.
    """
    told: dict[_Element | None, int] = {}
    for paragraph, line in lines.items():
        if not _is_furniture(paragraph, len(line)):
            holder = paragraph.getparent()
            told[holder] = told.get(holder, 0) + len(line)
    lesser = sum(told.values()) / LESSER
    # From the inside out, so that each element is asked once, however deep all of it nests.
    for element in reversed(list(page.root.iter())):
        if (length := told.get(element, 0)) and (holder := element.getparent()) is not None:
            kind = kind_of(element)
            if kind is None or (length > lesser and kind != "comments"):
                told[holder] = told.get(holder, 0) + length
    return told


def _is_furniture(block: _Element, length: int) -> bool:
    """Is it mostly links, or in a part of the page that holds no story?"""
    linked = sum(len(words(link)) for link in block.iter("a"))
    return linked * 2 > length or any(not _is_around_all(box) for box in block.iterancestors(*FURNITURE))


def _is_around_all(box: _Element) -> bool:
    """Is it the form that ASP.NET sets around all of a page?"""
    holder = box.getparent()
    return box.tag == "form" and holder is not None and holder.tag == "body"
