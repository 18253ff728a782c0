"""Page guess: what trafilatura makes of a page that marks nothing up; slow, and the last to be asked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sources.pages.body import fragment

if TYPE_CHECKING:
    from lxml.etree import _Element

# Made for pages of the open web, it still meets trees that it does not expect; this is what it then
# raises. A page it can't read is a page without a guess.
FAILURES = (ValueError, TypeError, AttributeError, LookupError, RecursionError, AssertionError)
# Nothing that is read may hang on today's date; `extensive_search` would take the year of a copyright
# line for the date of the story.
DATES = {"original_date": True, "extensive_search": False, "max_date": "2200-12-31"}
SCRIPT = re.compile(r"<(/?)script\b[^>]{0,2000}>", re.IGNORECASE)
INNER = re.compile(r"<body[^>]*>(.*)</body>", re.DOTALL)


def guess_body(root: _Element, precise: bool) -> _Element | None:
    """Return an element with what looks like the story, or None; if `precise`, less of what may be none.

    The page's scripts must have gone: what trafilatura reads in JSON-LD has lost its paragraphs. Its
    pictures' addresses must be absolute: of `//host/a.jpg` trafilatura makes `http:`, whatever the page has.
    """
    import lxml.etree
    import lxml.html
    import trafilatura

    # It wants lxml.html's elements, and reads no head.
    body = next(root.iter("body"), root)
    page = lxml.html.document_fromstring(lxml.etree.tostring(body, encoding="unicode", method="html"))
    try:
        found = trafilatura.extract(
            page,
            output_format="html",
            include_comments=False,
            include_tables=True,
            include_images=True,
            include_links=True,
            include_formatting=True,
            favor_precision=precise,
        )
    except FAILURES:
        return None
    inner = INNER.search(found or "")
    return fragment(inner[1]) if inner else None


def guess_fields(text: str, url: str | None) -> dict[str, Any]:
    """Return headline, date, people and rights as far as they can be guessed.

    Its name of the site is often only the host, and its tags are any words in the head: neither is taken.
    """
    import trafilatura

    try:
        found = trafilatura.extract_metadata(
            _without_scripts(text), default_url=url, date_config=DATES, extensive=False
        )
    except FAILURES:
        return {}
    authors = [name.strip() for name in (found.author or "").split(";")]
    return {
        "title": found.title,
        "summary": found.description,
        "published": found.date,
        "authors": [{"name": name, "role": "author"} for name in authors if name],
        "rights": found.license,
    }


def _without_scripts(text: str) -> str:
    """Leave out the scripts: what trafilatura reads in JSON-LD has lost its paragraphs."""
    kept, start, inside = [], 0, False
    for tag in SCRIPT.finditer(text):
        if bool(tag[1]) == inside:  # a tag that opens, outside of a script, or closes one
            kept.append("" if inside else text[start : tag.start()])
            start, inside = tag.end(), not inside
    return "".join(kept) + ("" if inside else text[start:])
