"""Page body: the element that holds the story, made fit to stand alone, and its HTML."""

from __future__ import annotations

import html as escapes
import re
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from sources.pages.markup import Markup, find
from sources.pages.noise import remove_noise
from sources.pages.tree import parse, words
from sources.pages.values import number_in

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MANY = 20  # a page with more bodies or pictures than this is read no further
FEW_WORDS = 25  # under this many, what a selector found may be a teaser
LONGEST_CAPTION = 1000
AMP = {"amp-img": "img", "amp-anim": "img", "amp-video": "video", "amp-audio": "audio"}
ADDRESSES = ("src", "href", "poster", "cite")
CANDIDATE = re.compile(r"([^\s,]\S*[^\s,]|[^\s,])(\s+[^,]*)?(?:,|$)")


def find_body(root: HtmlElement, markup: Markup, title: str | None) -> HtmlElement | None:
    """Return the element that holds the story, cleaned of what is none, or None.

    Microdata's articleBody comes first (N-04), then what markup.toml knows, in its order. The first
    one with more than a few words or a picture wins; else the one with the most words.
    """
    best: HtmlElement | None = None
    for selector in ("[itemprop~=articleBody]", *markup.fields["body"]):
        for element in _longest_first(find(root, selector)):
            tidy(element, markup, title)
            if is_whole(element):
                return element
            best = element if _count(element) > _count(best) else best
    return best


def _longest_first(elements: list[HtmlElement]) -> list[HtmlElement]:
    bodies = [element for element in elements[:MANY] if element.tag != "meta"]
    return sorted(bodies, key=lambda element: -len(words(element)))


def _count(element: HtmlElement | None) -> int:
    return len(words(element).split()) if element is not None else 0


def is_whole(element: HtmlElement) -> bool:
    """Is there enough in `element` to take it for a story?"""
    count = _count(element)
    return count >= FEW_WORDS or (count > 0 and bool(find(element, "img")))


def fragment(content: str) -> HtmlElement | None:
    """Make an element of a piece of HTML that came without a page."""
    root = parse(f"<div>{content}</div>")
    return next(iter(find(root, "body")), None) if root is not None else None


def tidy(body: HtmlElement, markup: Markup, title: str | None) -> None:
    """Turn AMP's and lazy pictures into pictures, and cut what is no part of the story."""
    for element in body.iter(*AMP):
        element.tag = AMP[element.tag]
    for image in body.iter("img"):
        for name in markup.lazy:
            if lazy := image.attrib.pop(name, ""):
                image.set("src", str(lazy))
    remove_noise(body, markup, title)


def resolve(body: HtmlElement, base: str) -> None:
    """Make the addresses in a body absolute: its page's own base is known only here."""
    for element in body.iter():
        for name in ADDRESSES:
            if value := element.get(name):
                element.set(name, _joined(base, value))
        if srcset := element.get("srcset"):
            resolved = (_joined(base, m[1]) + (m[2] or "").rstrip() for m in CANDIDATE.finditer(srcset))
            element.set("srcset", ", ".join(resolved))


def _joined(base: str, value: str) -> str:
    try:
        return urljoin(base, value.strip())
    except ValueError:  # what it is worth, the sanitiser will say
        return value


def inner_html(body: HtmlElement) -> str:
    """Return the HTML inside an element."""
    import lxml.html

    parts = [escapes.escape(body.text or "", quote=False)]
    parts += [str(lxml.html.tostring(child, encoding="unicode")) for child in body]
    content = "".join(parts).strip()
    # What was cut leaves its line ends behind; in <pre> a blank line is text.
    return content if "<pre" in content else re.sub(r"\n(?:[ \t]*\n)+", "\n", content)


def pictures(body: HtmlElement, base: str) -> list[dict[str, Any]]:
    """Return the pictures in a body with what their figures say of them."""
    found = []
    for image in islice(body.iter("img"), MANY):
        src = image.get("src") or ""
        figure = next(image.iterancestors("figure"), None)
        caption = next(iter(find(figure, "figcaption")), None) if figure is not None else None
        width, height = number_in(image.get("width")), number_in(image.get("height"))
        is_counter = width == 1 or height == 1
        if src and not src.startswith("data:") and not is_counter:
            text = words(caption, LONGEST_CAPTION) if caption is not None else image.get("alt")
            found.append(
                {"url": _joined(base, src), "width": width, "height": height, "caption": text or None}
            )
    return found
