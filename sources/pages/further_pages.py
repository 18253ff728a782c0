"""Further pages: where the rest of a story is that its site spreads over several pages (I-04)."""

from __future__ import annotations

import re
from itertools import islice
from urllib.parse import parse_qsl, urlencode, urlsplit

from sources.pages.index import Index
from sources.pages.markup import load_markup
from sources.pages.values import address_in

MOST = 30  # a story with more pages is none
MANY_LINKS = 1000
PARAMETERS = ("page", "halaman", "hal", "pg")
NUMBER = re.compile(r"[1-9]\d?")
# By its look; thousands of links are told from the few by this alone.
NUMBERED = re.compile(rf"[?&;](?:{'|'.join(PARAMETERS)})=[1-9]\d?(?:&|$)|/[1-9]\d?/?(?:\?|$)")
# What stands behind a story's path on its further pages: `/2`, `/page/2`, `/halaman/2`.
BEHIND = re.compile(r"(?P<shape>/(?:(?:page|halaman|hal)/)?)(?P<number>[1-9]\d?)(?P<end>/?)")
# Addresses that list stories; their pages are no story's.
LISTING = re.compile(
    r"/(?:tags?|topi[ck]s?|categor(?:y|ies)|kategori|authors?|penulis|search|cari|indeks)(?:/|$)",
    re.IGNORECASE,
)


def other_pages(page: Index, address: str, base: str) -> list[str]:
    """Return the addresses of a story's pages from the second on, in order; at most `MOST`.

    address: the story's own, which is its first page's; base: what the page's links resolve against.
    A page counts whose address is the story's with a number: `?page=2`, `/2`, `/page/2`. The pages between
    the numbers that are linked are there as well. Pages of lists and of comments are none.
    """
    own = urlsplit(address)
    is_front_page = not own.path.strip("/") and not own.query
    if is_front_page or LISTING.search(own.path):
        return []
    found: dict[int, str] = {}
    links = [*page.tags["a"], *page.tags["link"]]
    addresses = (link.get("href", "").strip() for link in links)
    for href in islice(filter(NUMBERED.search, addresses), MANY_LINKS):
        there = address_in(href, base)
        if there and (place := _place(there, address)):
            found.setdefault(place[1], place[0])
    last = max(found, default=1)
    if not 2 <= last <= MOST:
        return []
    shape = found[last]
    return [found.get(number, shape).replace("\0", str(number)) for number in range(2, last + 1)]


def _place(there: str, address: str) -> tuple[str, int] | None:
    """Return an address with NUL in its number's place, and the number; None where it is no further page."""
    own, other = urlsplit(address), urlsplit(there)
    if other.hostname != own.hostname or other.fragment:
        return None
    mine, theirs = parse_qsl(own.query), parse_qsl(other.query)
    added = [pair for pair in theirs if pair not in mine]
    if [pair for pair in theirs if pair in mine] != mine:
        return None  # it may be the page of another story: `?id=8`
    path = own.path.rstrip("/")
    if not added and path and other.path.startswith(path):
        behind = BEHIND.fullmatch(other.path, len(path))
        numbered = other._replace(path=f"{path}{behind['shape']}\0{behind['end']}") if behind else None
        return (numbered.geturl(), int(behind["number"])) if behind and numbered else None
    if other.path.rstrip("/") != path or len(added) != 1:
        return None
    name, number = added[0]
    if name not in PARAMETERS or not NUMBER.fullmatch(number):
        return None
    query = "&".join(filter(None, (urlencode(mine), f"{name}=\0")))
    return other._replace(query=query).geturl(), int(number)


def all_pages_address(address: str) -> str | None:
    """Return where a site has all pages of a story on one, or None where it is not known to."""
    parts = urlsplit(address)
    for hosts, switch in load_markup().all_pages:
        if hosts.fullmatch(parts.hostname or ""):
            if switch.startswith("/"):
                return parts._replace(path=parts.path.rstrip("/") + switch).geturl()
            return parts._replace(query="&".join(filter(None, (parts.query, switch)))).geturl()
    return None
