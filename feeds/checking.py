"""Checking: what is wrong with the way a page names its feeds (autodiscovery, F-90)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from feeds.formats import FORMATS
from sources.identity import canonical_url
from sources.pages.tree import decode, parse

if TYPE_CHECKING:
    from lxml.etree import _Element

TYPES = {format_.file: format_.media_type.partition(";")[0] for format_ in FORMATS}


@dataclass(frozen=True, slots=True)
class Link:
    """A `<link>` as a browser takes it. address: where its href leads, seen from the page."""

    href: str
    address: str
    type: str
    is_alternate: bool
    is_in_head: bool


def check_page(html: bytes, url: str, expected: Sequence[str]) -> list[str]:
    """Say what is wrong with a page's links to its feeds; each message names the page and the mend.

    url: where the page was found, after redirects.
    expected: the feeds that the page ought to name, absolute, its own before the site's.
    """
    links = _links(html, url)
    wanted = {_same(address) for address in expected}
    found = [_wrong_with(address, links, wanted) for address in expected]
    found.append(_another_first(links, expected))
    return [f"{url}: {wrong}" for wrong in found if wrong]


def _links(html: bytes, url: str) -> list[Link]:
    root = parse(decode(html))
    if root is None:
        return []
    base = urljoin(
        url, next((str(element.get("href")) for element in root.iter("base") if element.get("href")), "")
    )
    return [_link(element, base) for element in root.iter("link") if element.get("href")]


def _link(element: _Element, base: str) -> Link:
    href = str(element.get("href")).strip()
    return Link(
        href=href,
        address=_same(href, base),
        type=str(element.get("type", "")).partition(";")[0].strip().lower(),
        is_alternate="alternate" in str(element.get("rel", "")).lower().split(),
        is_in_head=any(above.tag == "head" for above in element.iterancestors()),
    )


def _same(url: str, base: str = "") -> str:
    """Return what two spellings of one address share; an address that is none is left as it is."""
    try:
        return canonical_url(url, base)
    except ValueError:
        return url


def _type_of(address: str) -> str | None:
    """Return the media type of a feed by its file's name; None where the name doesn't say."""
    return TYPES.get(urlsplit(address).path.rpartition("/")[2])


def _wrong_with(address: str, links: Sequence[Link], wanted: set[str]) -> str | None:
    there = [link for link in links if link.address == _same(address)]
    if not there:
        return _missing(address, [link for link in links if link.address not in wanted])
    # Named twice, once rightly, is named rightly.
    return min((_fault(address, link) for link in there), key=len) or None


def _fault(address: str, link: Link) -> str:
    if not link.is_in_head:
        return (
            f"names {address} in its body, where readers do not look: move the <link> into <head>, before any"
            " element that may not stand there"
        )
    if not link.is_alternate:
        return f'names {address} without rel="alternate": set it'
    right = {_type_of(address)} - {None} or set(TYPES.values())
    if link.type not in right:
        said = f'as type="{link.type}"' if link.type else "without a type"
        return f'names {address} {said}: set type="{" or ".join(sorted(filter(None, right)))}"'
    return ""


def _missing(address: str, others: Sequence[Link]) -> str:
    for link in others:
        if urlsplit(link.address)[1:] == urlsplit(_same(address))[1:]:
            scheme, said = urlsplit(address).scheme, urlsplit(link.address).scheme
            return f"names {link.address}, not {address}: write {scheme} for {said}"
    for link in others:
        if _is_meant_for(link, address):
            return f'has href="{link.href}", which leads to {link.address}: write {address}'
    type_ = _type_of(address)
    typed = f' type="{type_}"' if type_ else ""
    return f'does not name {address}: add <link rel="alternate"{typed} href="{address}"> to its <head>'


def _is_meant_for(link: Link, address: str) -> bool:
    """Does a relative href only look like the feed's address? Then the page's place has led it astray."""
    parts = urlsplit(link.href)
    if parts.scheme or parts.netloc or not parts.path or not _is_feed(link):
        return False
    path = urlsplit(address).path
    if parts.path.startswith("/"):
        return path == parts.path
    return path.endswith("/" + parts.path.lstrip("./"))


def _is_feed(link: Link) -> bool:
    return link.is_alternate and link.type in TYPES.values()


def _another_first(links: Sequence[Link], expected: Sequence[str]) -> str | None:
    """Readers take the first feed that a page names: it has to be the page's own, in whatever format."""
    named = [link.address for link in links if _is_feed(link) and link.is_in_head]
    own = _folder(_same(expected[0])) if expected else ""
    if own not in map(_folder, named) or _folder(named[0]) == own:
        return None
    return f"names {named[0]} before its own feed, {expected[0]}: move its own to the top"


def _folder(address: str) -> str:
    return address.rpartition("/")[0]
