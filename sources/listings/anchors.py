"""Anchors: the links of a listing page, each with what tells a headline from a menu."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sources.listings.addresses import article_address, looks_like_article
from sources.listings.furniture import HEADINGS, furniture
from sources.pages.tree import words

if TYPE_CHECKING:
    from lxml.etree import _Element

LONGEST = 300  # characters read of a link's text
NO_SPACES = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")  # scripts written without spaces
NOT_LISTED = frozenset("author tag category next prev sponsored".split())  # values of `rel`
# What stands before a link inside a sentence, or before one to another story.
IN_A_SENTENCE = re.compile(r"[a-z,]\s*$")
ALSO = re.compile(r"(?:baca|read|lihat|simak|see)\s+(?:juga|also)\W*$", re.IGNORECASE)
VARIES = re.compile(r"\d+|^(?:odd|even|first|last|active)$")


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link to another page.

    address     canonical
    text        its headline, or else its words, on one line
    element     the <a> itself
    path        stands for the elements it lies in: the links of one list share it
    is_heading  its text is a heading's
    is_marked   the page says that it leads to an entry: rel=bookmark, or an h-entry's u-url
    in_main     it comes after the page's <h1> or inside its <main>
    is_typical  its address looks like an article's
    is_aside    it is in a menu, a sidebar, a box of popular stories, or within a sentence
    """

    address: str
    text: str
    element: _Element
    path: int
    is_heading: bool
    is_marked: bool
    in_main: bool
    is_typical: bool
    is_aside: bool

    @property
    def words(self) -> int:
        """How many words its text has, about."""
        return max(len(self.text.split()), len(NO_SPACES.findall(self.text)) // 3)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the walk through the tree is: inside these elements."""

    path: int = 0
    is_heading: bool = False
    is_aside: bool = False
    in_main: bool = False
    in_anchor: bool = False


def anchors(root: _Element, base: str) -> list[Anchor]:
    """Return the page's links to other pages, in order. One walk, whose time is linear in the page.

    base: what relative addresses resolve against.
    """
    found = []
    for element, place in _walk(root):
        address = article_address(element.get("href") or "", base)
        rel = set((element.get("rel") or "").lower().split())
        if address is None or rel & NOT_LISTED:
            continue
        heading = next(element.iter(*HEADINGS), None)
        found.append(
            Anchor(
                address=address,
                text=words(element if heading is None else heading, LONGEST)[:LONGEST],
                element=element,
                path=place.path,
                is_heading=place.is_heading or heading is not None,
                is_marked="bookmark" in rel or "u-url" in (element.get("class") or "").split(),
                in_main=place.in_main,
                is_typical=looks_like_article(address),
                is_aside=place.is_aside or _is_in_text(element),
            )
        )
    return found


def _walk(root: _Element) -> Iterator[tuple[_Element, _Place]]:
    """Yield every link, with the place it is in."""
    import lxml.etree

    aside = furniture(root)
    numbers: dict[tuple[int, str, str], int] = {}
    places = [_Place()]
    after_title = False
    for event, element in lxml.etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            places.pop()
            continue
        outer = places[-1]
        after_title = after_title or element.tag == "h1"
        places.append(
            _Place(
                path=numbers.setdefault((outer.path, element.tag, _kind(element)), len(numbers) + 1),
                is_heading=outer.is_heading or element.tag in HEADINGS,
                is_aside=outer.is_aside or element in aside,
                in_main=outer.in_main or after_title or element.tag == "main",
                in_anchor=outer.in_anchor or element.tag == "a",
            )
        )
        if element.tag == "a" and not outer.in_anchor:
            yield element, places[-1]


def _kind(element: _Element) -> str:
    """Return the first class that entries of one list share: `post` of `post-123 tag-x first`."""
    names = (VARIES.sub("", name) for name in (element.get("class") or "")[:LONGEST].split())
    return next(filter(None, names), "")


def _is_in_text(element: _Element) -> bool:
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return False
    text = (parent.text if before is None else before.tail) or ""
    return bool(ALSO.search(text[-LONGEST:]) or (parent.tag == "p" and IN_A_SENTENCE.search(text[-LONGEST:])))
