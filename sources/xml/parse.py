"""feedparser, asked for what it is good at: what the elements of all the kinds of feed mean."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.etree import _Element

# What feedparser raises on documents nobody thought of; it has no exception of its own for them.
FAILURES = (ValueError, LookupError, TypeError, AttributeError, AssertionError, ArithmeticError, RuntimeError)


def parse_feed(document: _Element, base: str) -> Any:
    """Give a document to feedparser; return its `FeedParserDict`, its HTML as it stood, its links resolved.

    document  well-formed, so that only feedparser's strict parser sees it: the loose one has no bound in time
    base      what links resolve against; "" if that isn't known
    Raises ValueError when feedparser trips over the document.
    """
    import feedparser
    from lxml import etree

    data = etree.tostring(document, encoding="utf-8", xml_declaration=True)
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": base}
    try:
        return feedparser.parse(
            io.BytesIO(data), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except FAILURES as error:
        raise ValueError(f"feedparser trips over it: {type(error).__name__}") from error
