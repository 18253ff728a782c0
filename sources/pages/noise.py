"""Page noise: what stands inside a story's markup and is no part of the story, and how it is cut (I-05)."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sources.identity import fold
from sources.media_types import media_type_of
from sources.pages.markup import Markup, load_markup
from sources.pages.tree import cut_out, words
from sources.text import shorten

if TYPE_CHECKING:
    from lxml.etree import _Element

Cut = list[str]  # what was cut, `Baca juga: Harga naik (related)`, for people who look into a page

LESSER = 3  # a box with more than this part of a story's text is no extra
MANY_MEASURES = 20  # times a story's length; boxes in boxes in boxes are measured over and over
LONGEST_NAMES = 500  # characters
LONGEST_SENTENCE = 250
# What a list of links may have; no honest one has more, and hostile ones cost hours without limits.
LONGEST_LIST = 3000  # characters
MANY_LINKS = 50
MANY_ASIDES = 20
FEW_WORDS = 4  # a link alone in a paragraph with fewer is no headline
SHOWN = 60  # characters of a thing that was cut
LINES = (
    "p",
    "div",
    "li",
    "strong",
    "b",
    "em",
    "i",
    "a",
    "span",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "center",
    "section",
)
HOLDERS = frozenset({*LINES, "ul", "ol"})
LINKS = ("a", "ul", "ol", "p", "div")


def remove_noise(body: _Element, markup: Markup, title: str | None, base: str) -> Cut:
    """Cut everything from `body` that is no part of the story; `title` is cut where it is repeated.

    base: the page's address, which tells links to the site's own pages. Returns what was cut, as text.
    """
    for element in list(body.iter(*markup.machinery)):
        drop(element, body)
    cut = [_dropped(element, "embedded", body) for element in list(body.iter(*markup.embedded))]
    cut += cut_boxes(body)
    for aside in list(islice(body.iter("aside"), MANY_ASIDES)):
        if _is_mostly_links(aside):
            cut.append(_dropped(aside, "related", body))
    cut += _cut_sentences(body, markup, base)
    for heading in list(body.iter("h1", "h2", "h3")):
        if title and fold(words(heading, LONGEST_SENTENCE)) == fold(title):
            cut.append(_dropped(heading, "headline", body))
    return cut


def cut_boxes(body: _Element) -> Cut:
    """Cut the boxes whose class or id says that they are none of the story's; return them as text.

    A name that only holds such a word may be a wrapper's, so what is in the box must be the lesser part.
    """
    boxes = [(element, kind) for element in body.iter() if (kind := kind_of(element))]
    if not boxes:
        return []
    cut, whole, told, measured = [], len(words(body)), told_in(body), 0
    for element, kind in boxes:
        if measured <= whole * MANY_MEASURES and _is_in(element, body):
            length = len(words(element, whole // LESSER))
            measured += length
            is_lesser = length * LESSER <= whole and told_in(element) * LESSER <= told
            if is_lesser and not _has(element, "blockquote", "table"):
                cut.append(_dropped(element, kind, body))
    return cut


def kind_of(element: _Element) -> str | None:
    """Return the kind of box that an element's class or id calls it, or None."""
    classes, own = element.get("class"), element.get("id")
    if not classes and not own:
        return None
    return _kind_of_box(f"{classes or ''} {own or ''}"[:LONGEST_NAMES])


@lru_cache(16384)  # a page says the same names over and over, and a site on every page
def _kind_of_box(names: str) -> str | None:
    """Return the kind of box that class names tell of; `articleRelated_box` is `article-related-box`."""
    match = load_markup().names.search(re.sub(r"_+|-+|(?<=[a-z])(?=[A-Z])", "-", names).lower())
    return match.lastgroup if match else None


def told_in(element: _Element) -> int:
    """Return how many characters of text the paragraphs in an element have."""
    return sum(len(words(paragraph)) for paragraph in element.iter("p"))


def _has(element: _Element, *tags: str) -> bool:
    return next(element.iterdescendants(*tags), None) is not None


def _is_in(element: _Element, body: _Element) -> bool:
    return any(holder is body for holder in element.iterancestors())


def _dropped(element: _Element, kind: str, body: _Element) -> str:
    """Drop an element, and return how it is shown: by its words, or else by its name."""
    name = ".".join([str(element.tag), *element.get("class", "").split()[:1]])
    shown = shorten(words(element, SHOWN + 1) or name, SHOWN)
    drop(element, body)
    return f"{shown} ({kind})"


def drop(element: _Element, body: _Element) -> None:
    """Drop an element and whatever it alone filled, unless it is the body or has already gone."""
    while _is_in(element, body):
        holder = element.getparent()
        cut_out(element)
        if (
            holder is None
            or holder.tag not in HOLDERS
            or any(True for _ in holder)
            or (holder.text or "").strip()
        ):
            return  # an image that held a <noscript> is no empty box
        element = holder


def _is_mostly_links(element: _Element) -> bool:
    told = len(words(element, LONGEST_LIST))
    links = islice(element.iter("a"), MANY_LINKS)
    linked = sum(len(words(link, LONGEST_LIST)) for link in links)
    return told <= LONGEST_LIST and linked * 2 >= told and not _has(element, "img", "blockquote")


def _cut_sentences(body: _Element, markup: Markup, base: str) -> Cut:
    cut = []
    # From the inside out, so that a box is judged when what is cut inside it has gone.
    for element in reversed(list(body.iter(*LINES))):
        line = words(element, LONGEST_SENTENCE)
        if not line or len(line) > LONGEST_SENTENCE or _has(element, "img", "video", "audio", "table"):
            continue
        if markup.labels.fullmatch(line):
            cut += _cut_links_after(element, line, body)
            cut.append(_dropped(element, "related", body))
        elif match := markup.sentences.fullmatch(line):
            cut.append(_dropped(element, match.lastgroup or "", body))
        elif element.tag == "p" and _is_headline(element, line, base):
            cut.append(_dropped(element, "related", body))
    return cut[::-1]


def _cut_links_after(label: _Element, line: str, body: _Element) -> Cut:
    """Cut what a label announces: `Baca juga:`, and then a link, or a list of nothing but links."""
    if (label.tail or "").strip():
        return []
    after, holder = label.getnext(), label.getparent()
    # The label is often in <strong>, alone in its paragraph.
    while after is None and holder is not None and holder is not body and words(holder, len(line)) == line:
        after, holder = holder.getnext(), holder.getparent()
    if after is not None and after.tag in LINKS and _is_all_links(after):
        return [_dropped(after, "related", body)]
    return []


def _is_all_links(element: _Element) -> bool:
    links = islice(element.iter("a"), MANY_LINKS)
    linked = "".join(words(link, LONGEST_LIST) for link in links).replace(" ", "")
    return linked != "" and linked == words(element, LONGEST_LIST).replace(" ", "")


def _is_headline(paragraph: _Element, line: str, base: str) -> bool:
    """Is this paragraph nothing but another story's headline: one link to a page of the same site?"""
    links = list(islice(paragraph.iter("a"), 2))
    if len(links) != 1 or len(line.split()) < FEW_WORDS or words(links[0], LONGEST_SENTENCE) != line:
        return False
    try:
        there = urlsplit(links[0].get("href", "").strip())
    except ValueError:
        return False
    is_own = there.netloc in {"", urlsplit(base).netloc} and bool(there.path)
    return is_own and media_type_of(there.path) in {None, "text/html"}
