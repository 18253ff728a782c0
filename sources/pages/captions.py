"""Page captions: words under pictures that only a class tells from the story, made figcaptions."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from sources.pages.tree import words

if TYPE_CHECKING:
    from lxml.etree import _Element

NAMED = re.compile(
    r"(?:^|[\s_-]|(?-i:(?<=[a-z])(?=C)))caption(?:-text|-full|__text)?(?=[\s_-]|$)", re.IGNORECASE
)
LONGEST = 1000  # characters of a caption and what stands beside it
MANY = 200
LEVELS = 3  # from a caption up to what holds its picture
TAGS = ("div", "p", "span", "dd", "small", "em")
BOXES = frozenset({"div", "span", "section", "dl", "center", "aside"})


def mark_captions(body: _Element) -> None:
    """Make a figure with a figcaption of a picture and the words that are marked as its caption."""
    words_under = (element for element in body.iter(*TAGS) if NAMED.search(element.get("class", "")))
    for element in list(islice(words_under, MANY)):
        if next(element.iterancestors("figure"), None) is not None:
            continue
        holder = _with_picture(element, body)
        if holder is not None and len(words(holder, LONGEST)) <= LONGEST:
            _figure(holder)
            element.tag = "figcaption"


def _with_picture(caption: _Element, body: _Element) -> _Element | None:
    """Return the nearest element around a caption that holds a picture, and no other words."""
    if next(caption.iter("img"), None) is not None:
        return None
    for holder in islice(caption.iterancestors(), LEVELS):
        if holder is body:
            return None
        if next(holder.iter("img"), None) is not None:
            return holder
    return None


def _figure(holder: _Element) -> None:
    """Make a box a figure; what is no box, as an item of a list, gets one inside."""
    if holder.tag in BOXES:
        holder.tag = "figure"
        return
    figure = holder.makeelement("figure")
    figure.text, holder.text = holder.text, None
    figure.extend(list(holder))
    holder.append(figure)
