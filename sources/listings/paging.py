"""Paging: the page of a listing that comes after this one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sources.listings.addresses import address_of
from sources.pages.metadata import base_of
from sources.pages.tree import words

if TYPE_CHECKING:
    from lxml.etree import _Element

NEXT = re.compile(
    r"\W*(?:next(?: page| posts?)?|older(?: posts| entries| articles| stories)?|selanjutnya|berikutnya|"
    r"(?:halaman|laman) (?:berikut|selanjut)(?:nya)?|berita (?:sebelumnya|lama)|lebih lama|seterusnya|"
    r"suivante?|siguiente|weiter|load more|more|lainnya)\W*|[›»→>]+",
    re.IGNORECASE,
)
# What stands before a page's number in its address.
IN_PATH = r"(?:/(?:page|hal|halaman|laman|index|p))?[/-]?(?<!\d)"
IN_QUERY = r"(?:^|&)(?:page|paged|pg|p|hal|halaman|laman|page_no|pageno)="
LONGEST = 60  # characters of a link's words
FILE = re.compile(r"[^/]*\.[A-Za-z]{2,5}$")


def next_listing(root: _Element, url: str, number: int) -> str | None:
    """Return the address of the listing's page of this number, or None where this page names none.

    root    the page before it, parsed
    url     that page's address
    number  2 for the page after the first

    rel=next comes first, then a link with the number in its address, then one that says `Next`.
    It is always another page of the same listing, on the same host.
    """
    base = base_of(root, [], url, url)
    stated, numbered, named = [], [], []
    own = _listing(url, number - 1)
    for element, address in _links(root, base):
        if not _goes_on(address, own) or address == address_of(url, url):
            continue
        if "next" in (element.get("rel") or "").lower().split():
            stated.append(address)
        if _listing(address, number) == own != _whole(address):
            numbered.append(address)
        if element.tag == "a" and NEXT.fullmatch(_says(element)):
            named.append(address)
    return next(iter([*stated, *numbered, *named]), None)


def _links(root: _Element, base: str) -> Iterator[tuple[_Element, str]]:
    for element in root.iter("a", "link"):
        if element.tag == "a" or "next" in (element.get("rel") or "").lower().split():
            address = address_of(element.get("href") or "", base)
            if address is not None:
                yield element, address


def _says(element: _Element) -> str:
    text = words(element, LONGEST)
    return text or element.get("aria-label") or element.get("title") or ""


def _listing(address: str, number: int) -> tuple[str, str, str]:
    """Return host, path and query of a listing's page without what makes it the page of this number."""
    parts = urlsplit(address)
    path = re.sub(rf"{IN_PATH}{number}(?:/|/index\.html?)?$", "", parts.path)
    query = re.sub(rf"{IN_QUERY}{number}(?=&|$)", "", parts.query)
    return parts.netloc, path.rstrip("/"), query.lstrip("&")


def _whole(address: str) -> tuple[str, str, str]:
    parts = urlsplit(address)
    return parts.netloc, parts.path.rstrip("/"), parts.query


def _goes_on(address: str, own: tuple[str, str, str]) -> bool:
    """Is an address a page of the same listing: below it, or beside it where pages are files?"""
    host, path, _ = own
    parts = urlsplit(address)
    folder = FILE.sub("", path).rstrip("/")
    return parts.netloc == host and f"{parts.path.rstrip('/')}/".startswith(f"{folder}/")
