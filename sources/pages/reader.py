"""HTML page: a news page read into one record, layer by layer, the most trusted first.

    JSON-LD ─▶ Open Graph ─▶ microdata ─▶ the site's own markup ─▶ trafilatura     (N-02)

The body goes the other way: markup keeps paragraphs, figures and links, JSON-LD's articleBody does not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sources.pages.body import find_body, fragment, inner_html, is_whole, pictures, resolve, tidy
from sources.pages.credits import take_credits, take_date
from sources.pages.guess import guess_body, guess_fields
from sources.pages.json_ld import json_ld_fields
from sources.pages.layers import Layer, first, headline, language, people
from sources.pages.markup import Markup, load_markup
from sources.pages.media import merge_media, recordings
from sources.pages.metadata import base_of, open_graph_fields, page_address, properties
from sources.pages.microdata import microdata_fields
from sources.pages.own_markup import own_markup_fields
from sources.pages.tree import decode, parse, words
from sources.source import Site
from sources.text import TAG

if TYPE_CHECKING:
    from lxml.html import HtmlElement

SINGLE = "summary published updated modified expires publisher tags section credit rights".split()
SNIFFED = 4096
HTML_BEGINS = re.compile(
    r"(?>\s+|<!--.*?-->|<\?xml[^>]*>)*+"  # possessive: a row of comments must not be read in every way
    r"<(?:!doctype\s+html|(?:html|head|body|title|meta|link|script|style|article|main|div|table|h1|p|br)\b)",
    re.IGNORECASE | re.DOTALL,
)


def is_html(data: bytes) -> bool:
    """Do these bytes begin as a web page does? Feeds, other XML, JSON and plain text do not."""
    return HTML_BEGINS.match(decode(data[:SNIFFED]).replace("\0", "")) is not None


def read_page(html: bytes, url: str | None, site: Site, charset: str | None = None) -> dict[str, Any]:
    """Return what a news page says, as a record for `sources.record.admit`; odd markup never raises.

    url      where the page was found; None for a file that came without
    charset  what HTTP says of it
    The record has the Article's field names and only what was found; values stay as printed, `content` is
    the story's HTML as it stood, without what is no part of it. A body known only as text is `text`.
    """
    text = decode(html, charset)
    root = parse(text)
    if root is None:
        return {"url": url} if url else {}
    record = _read(root, text, url, site)
    return {name: value for name, value in record.items() if value}


def _read(root: HtmlElement, text: str, url: str | None, site: Site) -> dict[str, Any]:
    markup, metas = load_markup(), properties(root)
    base = base_of(root, metas, url, site.url)
    address = page_address(root, metas, url, base, markup)
    json_ld, open_graph = json_ld_fields(root, address, base), open_graph_fields(metas, base)
    microdata, own = microdata_fields(root, base), own_markup_fields(root, markup, base)
    layers: list[Layer] = [json_ld, open_graph, microdata, own, {"title": _title_element(root)}]
    publisher = first(layers, "publisher") or site.publisher
    body = _body(root, text, layers, headline(layers, publisher), base, markup)
    layers.append(_edges(body, markup))
    if not (headline(layers, publisher) and first(layers, "published")):
        layers.append(guess_fields(text, address))
    return {
        **{name: first(layers, name) for name in SINGLE},
        "url": address or first(layers, "url"),
        "title": headline(layers, publisher),
        "authors": people(layers, publisher),
        # Many sites leave og:locale at their software's default.
        "language": language(
            [json_ld.get("language"), microdata.get("language"), root.get("lang"), open_graph["language"]]
        ),
        **_media(layers, body, base, markup),
        **_content(body, layers),
    }


def _title_element(root: HtmlElement) -> str:
    title = next(root.iter("title"), None)
    return words(title) if title is not None else ""


def _body(
    root: HtmlElement, text: str, layers: Sequence[Layer], title: str | None, base: str, markup: Markup
) -> HtmlElement | None:
    """Return the element that holds the story and nothing else, its addresses absolute."""
    body = find_body(root, markup, title)
    if body is None or not is_whole(body):
        guess = guess_body(text, base)
        if guess is not None:
            tidy(guess, markup, title)
        body = _better(body, guess, layers)
    if body is None and (content := first(layers, "content")):
        body = fragment(content)
        if body is not None:
            tidy(body, markup, title)
    if body is not None:
        resolve(body, base)
    return body


def _better(
    found: HtmlElement | None, guess: HtmlElement | None, layers: Sequence[Layer]
) -> HtmlElement | None:
    """Choose the longer of two; a guess with less than half of what articleBody has is none."""
    told = first(layers, "text") or TAG.sub(" ", first(layers, "content") or "")
    if guess is None or len(words(guess)) * 2 < len(told):
        return found
    return guess if found is None or len(words(guess)) > len(words(found)) else found


def _edges(body: HtmlElement | None, markup: Markup) -> Layer:
    """Take out of the story's first and last lines who made it and when, and return that."""
    if body is None:
        return {}
    named = take_credits(body, markup)
    return {
        "authors": [person for person in named if person["role"] != "credit"],
        "credit": next((person["name"] for person in named if person["role"] == "credit"), None),
        "published": take_date(body),
    }


def _media(layers: Sequence[Layer], body: HtmlElement | None, base: str, markup: Markup) -> dict[str, Any]:
    """Return the pictures that the layers name, told of by the body's captions; else the body's first."""
    inside = pictures(body, base) if body is not None else []
    named = merge_media([layer.get("images") or () for layer in layers], base, markup)
    merged = merge_media([named, inside], base, markup)
    heard = merge_media([layer.get("enclosures") or () for layer in layers], base, markup)
    return {"images": merged[: len(named) or 1], "enclosures": recordings(heard)}


def _content(body: HtmlElement | None, layers: Sequence[Layer]) -> dict[str, str | None]:
    content = inner_html(body) if body is not None else None
    return {"content": content} if content else {"text": first(layers, "text")}
