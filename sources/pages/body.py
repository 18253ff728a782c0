"""Page body: the element that holds the story, made fit to stand alone, and its HTML."""

from __future__ import annotations

import html as escapes
import re
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from sources.pages.captions import mark_captions
from sources.pages.index import Index, select, standing
from sources.pages.markup import Markup
from sources.pages.microdata import bodies
from sources.pages.noise import Cut, remove_noise
from sources.pages.tree import parse, words
from sources.pages.values import joined, number_in

if TYPE_CHECKING:
    from lxml.etree import _Element

MANY = 20  # a page with more bodies or pictures than this is read no further
LONGEST_FEW = 1000  # characters in which so few words are counted
FEW_WORDS = 25  # under this many, what a selector found may be a teaser
STORY = re.compile(r"\b(?:hentry|post|story)\b")  # classes of a box with a story of its own
LONGEST_CAPTION = 1000
AMP = {"amp-img": "img", "amp-anim": "img", "amp-video": "video", "amp-audio": "audio"}
ADDRESSES = ("src", "href", "poster", "cite")
ADDRESSED = "a area audio blockquote del embed iframe img ins link q source track video".split()
CANDIDATE = re.compile(r"([^\s,]\S*[^\s,]|[^\s,])(\s+[^,]*)?(?:,|$)")


def find_body(page: Index, markup: Markup, title: str | None, base: str) -> tuple[_Element, str, Cut] | None:
    """Return the element that holds the story, which layer named it, and what was cut from it; or None.

    Microdata's articleBody comes first (N-04), then what markup.toml knows, in its order. The first
    one with more than a few words or a picture wins; else the one with the most words.
    """
    best: tuple[_Element, str, Cut] | None = None
    named = (("markup", standing(page, select(page, selector))) for selector in markup.fields["body"])
    for where, elements in chain([("microdata", bodies(page))], named):
        for element in _candidates(elements):
            found = (element, where, tidy(element, markup, title, base))
            if is_whole(element):
                return found
            best = found if best is None or _count(element) > _count(best[0]) else best
    return best


def _candidates(elements: list[_Element]) -> list[_Element]:
    """Return what may be the story, the longest first; one that its site keeps in pieces is put together."""
    bodies = [element for element in elements[:MANY] if element.tag != "meta"]
    if len(bodies) < 2:
        return bodies
    longest_first = sorted(bodies, key=lambda element: -len(words(element)))
    pieces = {words(body): body for body in bodies if _is_piece_with(longest_first[0], body)}
    if len(pieces) < 2:
        return longest_first
    whole = bodies[0].makeelement("div")
    whole.extend(pieces.values())
    return [whole]


def _is_piece_with(longest: _Element, other: _Element) -> bool:
    """Are these pieces of one story: named alike, with one grandparent, and no story of its own between?"""
    return other is longest or (
        other.get("class") == longest.get("class")
        and words(other) != ""
        and _place(other) == _place(longest)
        and not any(
            holder is other or holder is longest for e in (other, longest) for holder in e.iterancestors()
        )
    )


def _place(element: _Element) -> tuple[_Element | None, _Element | None]:
    """Return an element's grandparent, and the box around it that has a story of its own."""
    holders = list(element.iterancestors())
    return next(iter(holders[1:2]), None), next((holder for holder in holders if _is_story(holder)), None)


def _is_story(box: _Element) -> bool:
    named = STORY.search(box.get("class", "")) is not None
    return named or box.tag == "article" or box.get("itemscope") is not None


def _count(element: _Element) -> int:
    return len(words(element, LONGEST_FEW).split())


def is_whole(element: _Element) -> bool:
    """Is there enough in `element` to take it for a story?"""
    count = _count(element)
    return count >= FEW_WORDS or (count > 0 and next(element.iter("img"), None) is not None)


def fragment(content: str) -> _Element | None:
    """Make an element of a piece of HTML that came without a page."""
    root = parse(f"<div>{content}</div>")
    return next(root.iter("body"), None) if root is not None else None


def tidy(body: _Element, markup: Markup, title: str | None, base: str) -> Cut:
    """Turn AMP's and lazy pictures into pictures, and cut what is no part of the story; return what."""
    for element in body.iter(*AMP):
        element.tag = AMP[element.tag]
    for image in body.iter("img"):
        for name in markup.lazy:
            if lazy := image.attrib.pop(name, ""):
                image.set("src", str(lazy))
    cut = remove_noise(body, markup, title, base)
    mark_captions(body)
    return cut


def resolve(body: _Element, base: str, *tags: str) -> None:
    """Make the addresses in a body absolute, or some tags' only: its page's own base is known only here."""
    for element in body.iter(*(tags or ADDRESSED)):
        for name in ADDRESSES:
            if value := element.get(name):
                element.set(name, _joined(base, value))
        if srcset := element.get("srcset"):
            resolved = (_joined(base, m[1]) + (m[2] or "").rstrip() for m in CANDIDATE.finditer(srcset))
            element.set("srcset", ", ".join(resolved))


def _joined(base: str, value: str) -> str:
    try:
        return joined(base, value.strip())
    except ValueError:  # what it is worth, the sanitiser will say
        return value


def inner_html(body: _Element) -> str:
    """Return the HTML inside an element."""
    parts = [escapes.escape(body.text or "", quote=False), *map(outer_html, body)]
    content = "".join(parts).strip()
    # What was cut leaves its line ends behind; in <pre> a blank line is text.
    return content if "<pre" in content else re.sub(r"\n(?:[ \t]*\n)+", "\n", content)


def outer_html(element: _Element) -> str:
    """Return an element as HTML, with the text behind it."""
    import lxml.etree

    return lxml.etree.tostring(element, encoding="unicode", method="html")


def pictures(body: _Element, base: str) -> list[dict[str, Any]]:
    """Return the pictures in a body with what their figures say of them."""
    found = []
    for image in islice(body.iter("img"), MANY):
        src = image.get("src") or ""
        figure = next(image.iterancestors("figure"), None)
        caption = next(figure.iter("figcaption"), None) if figure is not None else None
        width, height = number_in(image.get("width")), number_in(image.get("height"))
        is_counter = width == 1 or height == 1
        if src and not src.startswith("data:") and not is_counter:
            text = words(caption, LONGEST_CAPTION) if caption is not None else image.get("alt")
            found.append(
                {"url": _joined(base, src), "width": width, "height": height, "caption": text or None}
            )
    return found
