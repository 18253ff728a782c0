"""XML tree: a small document parsed with nothing resolved, fetched or expanded, its broken places mended."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sources.xml.text import APART

if TYPE_CHECKING:
    from lxml.etree import _Element

# HTML that nobody escaped: elements without an end tag, which would swallow all that follows. Those that
# feeds have elements of the same name as (`source`, `link`) are not among them.
VOID = re.compile(
    rf"{APART}|<(?P<end>/?)(?P<name>br|hr|img|input|wbr)(?=[\s/>])"
    r"(?P<attributes>(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*+)>",
    re.IGNORECASE,
)
STORY = frozenset("description summary content encoded body fullitem abstract title".split())
MOST_ELEMENTS = 1000  # of an entry, or of what a feed says of itself
LONGEST_FIELD = 2000  # characters of what is neither story nor title: names, dates, addresses


def parse_xml(text: str) -> _Element | None:
    """Parse mended text; what is not well-formed is read as it was probably meant. None where that fails."""
    from lxml import etree

    try:
        return _parse(text, recover=False)
    except etree.XMLSyntaxError:
        pass
    try:
        root = _parse(VOID.sub(_closed, text), recover=True)
    except etree.XMLSyntaxError:
        return None
    if root is not None:
        _name_plainly(root)
    return root


def _parse(text: str, *, recover: bool) -> _Element | None:
    from lxml import etree

    # huge_tree stays off: 256 levels and 10 MB in one text are enough for any story.
    parser = etree.XMLParser(
        encoding="utf-8",
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    # Beyond a limit the parser drops the rest without a word: half a story is none.
    return None if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log) else root


def _closed(match: re.Match[str]) -> str:
    if not match["name"]:
        return match[0]
    return "" if match["end"] else f"<{match['name']}{match['attributes'].rstrip('/')}/>"


def _name_plainly(root: _Element) -> None:
    """Take the colon out of names whose prefix is declared nowhere: no other parser would have them."""
    for element in root.iter():
        tag = str(element.tag)
        if ":" in tag and not tag.startswith("{"):
            element.tag = tag.replace(":", "_")
        for name in [key for key in map(str, element.attrib) if ":" in key and not key.startswith("{")]:
            del element.attrib[name]


def namespace(element: _Element) -> str:
    """Return an element's namespace; "" where it has none."""
    return str(element.tag).rpartition("}")[0].lstrip("{")


def local(element: _Element) -> str:
    """Return an element's name without its namespace, in small letters."""
    return str(element.tag).rpartition("}")[2].lower()


def text_in(element: _Element | None) -> str:
    """Return all text inside an element, stripped; "" where there is no element."""
    return "".join(map(str, element.itertext())).strip() if element is not None else ""


def is_core(element: _Element) -> bool:
    """Is this one of RSS's, Atom's or Dublin Core's own elements, and not some extension's?"""
    uri = namespace(element).lower()
    return not uri or any(name in uri for name in ("rss", "atom", "rdf", "purl.org/dc", "xhtml"))


def trim(document: _Element) -> None:
    """Cut what no feed needs but its stories: feedparser compares each tag with each, and reads bylines
    and dates with patterns whose time grows with the square of the length.
    """
    waiting, seen = [document], 0
    while waiting:
        element = waiting.pop()
        seen += 1
        if seen > MOST_ELEMENTS:
            if (parent := element.getparent()) is not None:
                parent.remove(element)
        elif local(element) not in STORY or not is_core(element):
            element.text = (element.text or "")[:LONGEST_FIELD]
            for child in element:
                child.tail = (child.tail or "")[:LONGEST_FIELD]
            waiting.extend(reversed(element))
