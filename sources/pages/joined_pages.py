"""Joined pages: one record of a story that was read page by page (I-04)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sources.identity import fold
from sources.pages.body import fragment, inner_html, outer_html
from sources.pages.layers import Layer, people
from sources.text import one_line, paragraphs

if TYPE_CHECKING:
    from lxml.etree import _Element


def join(records: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the record of a story whose pages were read one by one, in order.

    It is the first page's; the stories of the others follow in `content`, without the paragraphs that
    are repeated at the seams, and their pictures and people join in.
    """
    first = records[0]
    joined = {key: value for key, value in first.items() if key not in {"more_pages", "all_pages"}}
    if len(records) > 1:
        bodies = map(_body, records)
        kept = _without_repeats([list(body) if body is not None else [] for body in bodies])
        joined = {**joined, "content": "\n".join(filter(None, map(_html, kept)))}
        joined.pop("text", None)
    layers = [Layer(str(number), record) for number, record in enumerate(records)]
    images: dict[str, Any] = {}
    for image in (image for record in records for image in record.get("images", [])):
        images.setdefault(image["url"], image)
    merged = {
        "images": list(images.values()),
        "authors": people(layers, first.get("publisher")).value,
        "cut": [line for record in records for line in record.get("cut", [])],
    }
    return {**joined, **{name: value for name, value in merged.items() if value}}


def _body(record: dict[str, Any]) -> _Element | None:
    """Return the box whose children are the paragraphs of a page's story."""
    text = record.get("text") or ""
    content = record.get("content") or paragraphs([block for block in re.split(r"\n\s*\n", text) if block])
    holder = fragment(content) if content else None
    body = next(iter(holder), None) if holder is not None else None
    # One box around all of it is no paragraph.
    while body is not None and not (body.text or "").strip() and [child.tag for child in body] == ["div"]:
        body = body[0]
    if body is not None and (body.text or "").strip():
        bare = body.makeelement("span")
        bare.text, body.text = body.text, None
        body.insert(0, bare)
    return body


def _html(blocks: list[_Element]) -> str:
    if not blocks:
        return ""
    box = blocks[0].makeelement("div")
    box.extend(blocks)
    return inner_html(box)


def _without_repeats(pages: list[list[_Element]]) -> list[list[_Element]]:
    """Cut what a page ends with as the next one does too, and begins with that was already said."""
    kept: list[list[_Element]] = []
    said: set[str] = set()
    for page, following in zip(pages, [*pages[1:], []], strict=True):
        start, end = 0, len(page)
        for mine, next_one in zip(reversed(page), reversed(following), strict=False):
            if _said(mine) != _said(next_one):
                break
            end -= 1
        while start < end and _said(page[start]) in said:
            start += 1
        kept.append(page[start:end])
        said |= {_said(block) for block in page[start:end]}
    return kept


def _said(block: _Element) -> str:
    """Return the words of a block, and what follows it bare; of a picture, its HTML."""
    told = fold(one_line("".join(map(str, block.itertext())) + (block.tail or "")))
    return told or outer_html(block).strip()
