"""Full text: what the page behind an entry's link adds to an entry that is a mere summary."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from sources.article import Article
from sources.identity import canonical_url
from sources.source import Rejected
from sources.text import text_of

FULL = 600  # characters
NEAR_THE_END = 300  # characters; blog software names the site after the mark
MORE = re.compile(
    r"\[\s*(?:…|\.\.\.)\s*\]|\b(?:read more|continue reading|baca selengkapnya|selengkapnya|lanjut baca)\b",
    re.IGNORECASE,
)
# Where the page may say more than the feed: these lists, if longer, and these fields, if the feed is silent.
LISTS = ("authors", "tags", "images", "enclosures")
UNSAID = ("summary", "section", "language", "credit", "rights")


def is_full(article: Article) -> bool:
    """Does an entry hold its whole story? It does if its content has 600 characters of text or more, and
    near its end neither […] nor `Read more`, `Baca selengkapnya`.

    A short story counts as none: then its page is asked for once, and the longer of the two texts is taken.
    """
    text = _text(article)
    return len(text) >= FULL and MORE.search(text[-NEAR_THE_END:]) is None


def page_of(raw: Mapping[str, Any], base: str) -> str | None:
    """Return the address of an entry's page; None where it names none but a site's front page."""
    link = raw.get("url")
    try:
        url = canonical_url(link, base) if isinstance(link, str) and link.strip() else None
    except ValueError:
        return None
    return None if url is None or is_front_page(url) else url


def is_front_page(url: str) -> bool:
    """Is this where many sites send those who ask for a page that is gone?"""
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


def holds_more(page: Article, entry: Article | Rejected) -> bool:
    """Has a page more text than its entry? An entry that is no Article has none."""
    return isinstance(entry, Rejected) or len(_text(page)) > len(_text(entry))


def completed(entry: Article, page: Article, raw: Mapping[str, Any]) -> Article:
    """Give an entry what its page says more of; id, title, dates and address are the feed's.

    raw: the entry as the feed gave it
    """
    longer = {name: max(getattr(entry, name), getattr(page, name), key=len) for name in LISTS}
    unsaid = {name: getattr(page, name) for name in UNSAID if not raw.get(name)}
    content = page.content if holds_more(page, entry) else entry.content
    return entry.model_copy(
        update={**longer, **unsaid, "content": content, "cleaned": max(entry.cleaned, page.cleaned)}
    )


def _text(article: Article) -> str:
    return text_of(article.content or "")
