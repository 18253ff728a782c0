"""HTML page: a news page read into one record, layer by layer, the most trusted first.

    JSON-LD ─▶ Open Graph ─▶ microdata ─▶ the site's own markup ─▶ trafilatura     (N-02)

The body goes the other way: markup keeps paragraphs, figures and links, JSON-LD's articleBody does not. One
that no markup names is the box of the page's paragraphs, and a guess only where there is no such box.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sources.pages.body import inner_html, pictures
from sources.pages.credits import take_credits, take_date
from sources.pages.further_pages import all_pages_address, other_pages
from sources.pages.guess import guess_fields
from sources.pages.index import Index, index
from sources.pages.json_ld import json_ld_fields
from sources.pages.layers import Chosen, Layer, first, headline, language, people
from sources.pages.markup import Markup, load_markup
from sources.pages.media import merge_media, recordings
from sources.pages.metadata import base_of, open_graph_fields, page_address, properties
from sources.pages.microdata import microdata_fields
from sources.pages.own_markup import own_markup_fields, relative_date
from sources.pages.story import Story, find_story
from sources.pages.tree import decode, parse, words
from sources.source import Site

if TYPE_CHECKING:
    from lxml.etree import _Element

SINGLE = "summary published updated modified expires publisher tags section credit rights".split()
DATES = {"published", "updated"}
SOUGHT_ONCE = (*DATES, *"summary tags section publisher rights".split())
MOST_SHOWN = 50  # of the things that were cut from a story
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
    Besides, for those who look into a page: `found`, the name of the layer that each field came from, and
    `cut`, what was taken out of the body. `more_pages` lists where the rest of a story is that has several
    pages (I-04), and `all_pages` is where its site has all of it on one.
    """
    text = decode(html, charset)
    root = parse(text)
    if root is None:
        return {"url": url} if url else {}
    record = _read(root, text, url, site)
    return {name: value for name, value in record.items() if value}


def _read(root: _Element, text: str, url: str | None, site: Site) -> dict[str, Any]:
    markup = load_markup()
    page = index(root, markup.sought)
    metas = properties(page)
    base = base_of(root, metas, url, site.url)
    address, where = page_address(page, metas, url, base, markup)
    json_ld = Layer("JSON-LD", json_ld_fields(page, address, base))
    open_graph = Layer("Open Graph", open_graph_fields(metas, base))
    microdata = Layer("microdata", microdata_fields(page, base))
    layers = [json_ld, open_graph, microdata]
    layers.append(Layer("markup", own_markup_fields(page, markup, base, _known(layers))))
    layers.append(Layer("title element", {"title": _title_element(page)}))
    publisher = first(layers, "publisher").value or site.publisher
    paging = _paging(page, address, url, base)
    story = find_story(page, layers, headline(layers, publisher).value, base, markup)
    layers.append(Layer("text's edges", _edges(story, markup)))
    if not first(layers, "published").value:
        layers.append(Layer("markup, relative", {"published": relative_date(page, markup)}))
    if not (headline(layers, publisher).value and first(layers, "published").value):
        layers.append(Layer("trafilatura", guess_fields(text, address)))
    lang = Layer("html element", {"language": root.get("lang")})
    chosen = {
        **{name: first(layers, name) for name in SINGLE},
        "url": Chosen(address, where) if address else first(layers, "url"),
        "title": headline(layers, publisher),
        "authors": people(layers, publisher),
        # Many sites leave og:locale at their software's default.
        "language": language(
            [first([layer], "language") for layer in (json_ld, microdata, lang, open_graph)]
        ),
        **_media(layers, story, base, markup),
        **_content(story, layers),
    }
    return {
        **{name: choice.value for name, choice in chosen.items()},
        # A page of a list has no date of its own.
        **(paging if story and chosen["published"].value else {}),
        "found": {name: choice.where for name, choice in chosen.items() if choice.value},
        "cut": story.cut[:MOST_SHOWN] if story else [],
    }


def _known(layers: Sequence[Layer]) -> frozenset[str]:
    """Return the fields that need not be looked for any more."""
    known = frozenset(name for name in SOUGHT_ONCE if first(layers, name).value)
    # One printed line may hold both dates.
    return known if known >= DATES else known - DATES


def _title_element(page: Index) -> str:
    title = next(iter(page.tags["title"]), None)
    return words(title) if title is not None else ""


def _paging(page: Index, address: str | None, url: str | None, base: str) -> dict[str, Any]:
    """Return where the rest of the story is (I-04); nothing when this is all of it."""
    whole = all_pages_address(address) if address else None
    more = other_pages(page, address, base) if address and url != whole else []
    return {"more_pages": more, "all_pages": whole} if more else {}


def _edges(story: Story | None, markup: Markup) -> dict[str, Any]:
    """Take out of the story's first and last lines who made it and when, and return that."""
    if story is None:
        return {}
    named = take_credits(story.element, markup)
    return {
        "authors": [person for person in named if person["role"] != "credit"],
        "credit": next((person["name"] for person in named if person["role"] == "credit"), None),
        "published": take_date(story.element),
    }


def _media(layers: Sequence[Layer], story: Story | None, base: str, markup: Markup) -> dict[str, Chosen]:
    """Return the pictures that the layers name, told of by the body's captions; else the body's first."""
    inside = pictures(story.element, base) if story else []
    named = merge_media([layer.fields.get("images") or () for layer in layers], base, markup)
    merged = merge_media([named, inside], base, markup)
    heard = merge_media([layer.fields.get("enclosures") or () for layer in layers], base, markup)
    return {
        "images": Chosen(merged[: len(named) or 1], first(layers, "images").where or "story"),
        "enclosures": Chosen(recordings(heard), first(layers, "enclosures").where),
    }


def _content(story: Story | None, layers: Sequence[Layer]) -> dict[str, Chosen]:
    """Return the story as `content`, its HTML; one known only as text is `text`."""
    content = inner_html(story.element) if story else ""
    return {"content": Chosen(content, story.where)} if story and content else {"text": first(layers, "text")}
