"""Page noise: what stands inside a story's markup and is no part of the story, and how it is cut (I-05)."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from sources.identity import fold
from sources.pages.markup import Markup, find
from sources.pages.tree import words

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LONGEST_SENTENCE = 250
# What a list of links may have; no honest one has more, and hostile ones cost hours without limits.
LONGEST_LIST = 3000  # characters
MANY_LINKS = 50
MANY_ASIDES = 20
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


def remove_noise(body: HtmlElement, markup: Markup, title: str | None) -> None:
    """Cut everything from `body` that is no part of the story; `title` is cut where it is repeated."""
    for element in find(body, *markup.noise):
        drop(element, body)
    for aside in list(islice(body.iter("aside"), MANY_ASIDES)):
        if _is_mostly_links(aside):
            drop(aside, body)
    _cut_sentences(body, markup)
    for heading in list(body.iter("h1", "h2", "h3")):
        if title and fold(words(heading, LONGEST_SENTENCE)) == fold(title):
            drop(heading, body)


def drop(element: HtmlElement, body: HtmlElement) -> None:
    """Drop an element and whatever it alone filled, unless it is the body or has already gone."""
    while any(holder is body for holder in element.iterancestors()):
        holder = element.getparent()
        element.drop_tree()
        if (
            holder is None
            or holder.tag not in HOLDERS
            or any(True for _ in holder)
            or (holder.text or "").strip()
        ):
            return  # an image that held a <noscript> is no empty box
        element = holder


def _is_mostly_links(element: HtmlElement) -> bool:
    told = len(words(element, LONGEST_LIST))
    links = islice(element.iter("a"), MANY_LINKS)
    linked = sum(len(words(link, LONGEST_LIST)) for link in links)
    return told <= LONGEST_LIST and linked * 2 >= told and not find(element, "img", "blockquote")


def _cut_sentences(body: HtmlElement, markup: Markup) -> None:
    # From the inside out, so that a box is judged when what is cut inside it has gone.
    for element in reversed(list(body.iter(*LINES))):
        line = words(element, LONGEST_SENTENCE)
        if not line or len(line) > LONGEST_SENTENCE or find(element, "img", "video", "audio", "table"):
            continue
        if markup.labels.fullmatch(line):
            _cut_links_after(element, line, body)
        if markup.labels.fullmatch(line) or markup.sentences.fullmatch(line):
            drop(element, body)


def _cut_links_after(label: HtmlElement, line: str, body: HtmlElement) -> None:
    """Cut what a label announces: `Baca juga:`, and then a link, or a list of nothing but links."""
    if (label.tail or "").strip():
        return
    after, holder = label.getnext(), label.getparent()
    # The label is often in <strong>, alone in its paragraph.
    while after is None and holder is not None and holder is not body and words(holder, len(line)) == line:
        after, holder = holder.getnext(), holder.getparent()
    if after is not None and after.tag in LINKS and _is_all_links(after):
        drop(after, body)


def _is_all_links(element: HtmlElement) -> bool:
    links = islice(element.iter("a"), MANY_LINKS)
    linked = "".join(words(link, LONGEST_LIST) for link in links).replace(" ", "")
    return linked != "" and linked == words(element, LONGEST_LIST).replace(" ", "")
