"""Furniture: the parts of a listing page that hold links to articles, but are not its list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from sources.text import one_line

if TYPE_CHECKING:
    from lxml.etree import _Element

TAGS = frozenset("nav aside footer dialog".split())
ROLES = frozenset("navigation complementary contentinfo search dialog menu".split())
ENTRIES = frozenset("main article section li".split())  # a <header> in one of these is not the page's
# Parts of class names and ids. What only says that a page has a sidebar is none itself.
NAMES = re.compile(
    r"(?<![a-z])(?<!has-)(?<!with-)(?<!no-)"
    r"(?:nav|navbar|navigation|(?:sub|mega)?menu|side-?bar|foot|footer|breadcrumbs?|pagination|pager|paging|"
    r"(?:ter)?populer|popular|most-?(?:read|viewed|popular|commented)|trending|tag-?cloud|"
    r"related|terkait|baca-?juga|recommend(?:ed|ations?)?|rekomendasi|comments|comment-?list|komentar|"
    r"recent-?(?:posts|entries|comments)|sponsor(?:ed)?|advertorial|iklan)(?![a-z])"
)
# `Berita terkait nelayan` may well be the title of the list itself; `Berita terkait` is not.
TITLES = re.compile(
    r"\b(?:(?:ter|paling )?populer|popular|most (?:read|viewed|commented|shared)|trending|terkait\W*$|"
    r"related(?: (?:posts|articles|stories|news))?\W*$|baca juga|read also|also read|rekomendasi|recommended|"
    r"pilihan (?:editor|redaksi)|editor['’]?s['’]? picks?|jangan lewatkan|don['’]t miss|"
    r"you (?:may|might) (?:also )?like|recent comments|komentar|berita lainnya|"
    r"paling (?:banyak )?(?:dibaca|dikomentari)|tag cloud|more stories|advertorial)\b",
    re.IGNORECASE,
)
HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
TITLE_TAGS = "h2 h3 h4 h5 h6 div span p strong b font th dt".split()
LONGEST_TITLE = 40  # characters
LEVELS = 4  # from a box's title up to what stands beside its list
FOLLOWING = 50  # elements after a title that it may stand over


def furniture(root: _Element) -> set[_Element]:
    """Return the elements whose links are no part of the list: menus, sidebars, boxes of popular stories."""
    content = _with_ancestors(root.iter("h1", "main", "body"))
    linking = _with_ancestors(root.iter("a"))
    found = {element for element in root.iter("*") if _is_furniture(element)}
    for element in root.iter(*TITLE_TAGS):
        if element not in linking and TITLES.search(_title(element)):
            found.update(_titled(element, linking))
    return found - content


def _with_ancestors(elements: Iterator[_Element]) -> set[_Element]:
    """Return these elements and all that they lie in; nothing is climbed through twice."""
    found: set[_Element] = set()
    for start in elements:
        element: _Element | None = start
        while element is not None and element not in found:
            found.add(element)
            element = element.getparent()
    return found


def _is_furniture(element: _Element) -> bool:
    if element.tag in TAGS or element.get("role") in ROLES:
        return True
    if element.tag == "header":
        return not any(up.tag in ENTRIES for up in islice(element.iterancestors(), LEVELS))
    name = f"{element.get('class') or ''} {element.get('id') or ''}"
    return NAMES.search(name.lower()) is not None


def _title(element: _Element) -> str:
    """Return the words of a short line that is no link's."""
    if len(element) > 2 or any(up.tag == "a" for up in islice(element.iterancestors(), LEVELS)):
        return ""
    # No deeper than its children: what holds a whole page is no title, and must not be read at each level.
    parts = [element.text, *(part for child in element for part in (child.text, child.tail))]
    text = one_line(" ".join(part[: LONGEST_TITLE * 2] for part in parts if part))
    return text if len(text) <= LONGEST_TITLE else ""


def _titled(title: _Element, linking: set[_Element]) -> list[_Element]:
    """Return what a title stands over: what follows it, up to the next heading, where there are links."""
    for element in (title, *islice(title.iterancestors(), LEVELS)):
        if element.tag in {"body", "main", "article"}:
            break
        found = []
        for after in islice(element.itersiblings(), FOLLOWING):
            if after.tag in HEADINGS:
                break
            found.append(after)
        if not linking.isdisjoint(found):
            return found
    return []
