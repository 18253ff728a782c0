"""Page microdata: the article that itemprop attributes mark up in the visible page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sources.pages.index import Index
from sources.pages.schema_org import article_fields, rank
from sources.pages.tree import words

if TYPE_CHECKING:
    from lxml.etree import _Element

MANY = 100  # bodies; a page with more is no single article
LONGEST = 2000  # characters of an element's text that a property may take
# What a link's words say, rather than where it leads.
NAMES = frozenset(
    "author creator editor contributor publisher keywords articleSection headline name about".split()
)


def microdata_fields(page: Index, base: str) -> dict[str, Any]:
    """Return what the page's article in microdata states; {} when there is none.

    The body is not among it: body.py takes that from the tree, with its markup.
    """
    article = _article(page)
    node: dict[str, Any] = {}
    for element in page.items:
        names = element.get("itemprop", "").split()
        if names and _owner(element) is article:
            for name in names:
                node.setdefault(name, []).append(_value(element, name))
    if not _body_is_text(node):
        node.pop("articleBody", None)
    return article_fields(node, base) if node else {}


def bodies(page: Index) -> list[_Element]:
    """Return the elements that are an article's body."""
    return [item for item in page.items if "articleBody" in item.get("itemprop", "").split()]


def _article(page: Index) -> _Element | None:
    """Choose the item that is the page's article; None where itemprops stand without one (N-04)."""
    scopes = (item for item in page.items if item.get("itemscope") is not None)
    items = [item for item in scopes if rank(_typed(item)) is not None]
    told = {holder for body in bodies(page)[:MANY] for holder in body.iterancestors()} if items else set()
    return next((item for item in items if item in told), next(iter(items), None))


def _typed(item: _Element) -> dict[str, Any]:
    return {"@type": item.get("itemtype", "").split()}


def _owner(element: _Element) -> _Element | None:
    """Return the item that a property belongs to; a page as such is nobody."""
    for item in element.iterancestors():
        if item.get("itemscope") is not None:
            return None if item.get("itemtype", "").endswith("Page") else item
    return None


def _value(element: _Element, name: str) -> Any:
    if element.get("itemscope") is None:
        return _plain_value(element, name)
    inner: dict[str, Any] = {}
    for part in element.iterdescendants():
        keys = part.get("itemprop", "").split()
        if keys and _owner(part) is element:
            for key in keys:
                inner.setdefault(key, _plain_value(part, key))
    return inner or {"name": words(element, LONGEST)}


def _plain_value(element: _Element, name: str) -> Any:
    if (content := element.get("content")) is not None:
        return content
    if element.tag == "time" and element.get("datetime"):
        return element.get("datetime")
    if element.tag in {"img", "source", "audio", "video", "amp-img"}:
        return element.get("data-src") or element.get("src")
    if href := element.get("href"):
        return {"name": words(element, LONGEST), "url": href} if name in NAMES else href
    return words(element, LONGEST) if name != "articleBody" else None


def _body_is_text(node: dict[str, Any]) -> bool:
    return any(isinstance(value, str) for value in node.get("articleBody", []))
