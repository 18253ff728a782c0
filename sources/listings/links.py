"""Listing links: the articles that a listing page lists, told from its menus, sidebars and footers."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sources.listings.addresses import article_address, looks_like_article, may_be_article
from sources.listings.anchors import Anchor, anchors
from sources.listings.hints import hints
from sources.listings.stated import stated_addresses
from sources.pages.metadata import base_of

if TYPE_CHECKING:
    from lxml.etree import _Element

HEADLINE = 4  # words that a headline has and a menu's entry has not
SHORT_HEADLINE = 3
ENOUGH = 10  # more links than these make a list no likelier
LEAST = 1.0  # the score of a list that may be one of articles


@dataclass(frozen=True, slots=True)
class Listed:
    """An article that a listing lists.

    url    absolute and canonical
    hints  `title` and `published`, as seen beside the link; an article's own page knows better
    """

    url: str
    hints: dict[str, str] = field(default_factory=dict)


def article_links(root: _Element, url: str, links: re.Pattern[str] | None = None) -> list[Listed]:
    """Return the articles that a listing page lists, in the page's order, each once.

    root   the page, parsed
    url    its address
    links  what articles' addresses match: taken instead of a guess where it is given

    What the page states comes first: a list in JSON-LD, links marked rel=bookmark or u-url. Else links
    that lie in the same elements are one list, and the list of headlines in the page's main part is it.
    A page without such a list gives [].
    """
    base = base_of(root, [], url, url)
    found = anchors(root, base)
    if links is not None:
        matching = [anchor for anchor in found if links.search(anchor.address)]
        chosen = [anchor for anchor in matching if not anchor.is_aside] or matching
        addresses = _distinct(chosen)
    else:
        found = [anchor for anchor in found if may_be_article(anchor.address, url)]
        addresses = _agreed(_stated(root, base, url, found), _distinct(_listed(found)))
    beside = hints(found, addresses)
    return [Listed(address, beside.get(address, {})) for address in addresses]


def _distinct(found: Iterable[Anchor]) -> list[str]:
    return list(dict.fromkeys(anchor.address for anchor in found))


def _stated(root: _Element, base: str, url: str, found: Iterable[Anchor]) -> list[str]:
    """Return the addresses stated in JSON-LD; sections and services are listed there, too."""
    headlines = {anchor.address for anchor in found if anchor.words >= HEADLINE}
    stated = (article_address(address, base) for address in stated_addresses(root, base))
    return list(
        dict.fromkeys(
            address
            for address in stated
            if address
            and may_be_article(address, url)
            and (looks_like_article(address) or address in headlines)
        )
    )


def _agreed(stated: list[str], seen: list[str]) -> list[str]:
    """Choose what is stated; many state only the first few, then what is seen goes on from there."""
    return seen if set(stated) <= set(seen) else stated


def _listed(found: list[Anchor]) -> list[Anchor]:
    """Return the links of the best list, and the headlines around it that belong to it."""
    groups: dict[int, list[tuple[int, Anchor]]] = {}
    for position, anchor in enumerate(found):
        if not anchor.is_aside:
            groups.setdefault(0 if anchor.is_marked else anchor.path, []).append((position, anchor))
    best = max(groups.values(), key=_score, default=[])
    if _score(best) < LEAST:
        return []
    typical = sum(anchor.is_typical for _, anchor in best) * 2 > len(best)
    last = best[-1][0]
    inside = {id(anchor) for _, anchor in best if _fits(anchor, typical)}
    return [
        anchor
        for anchor in found[: last + 1]
        if id(anchor) in inside or (_is_neighbour(anchor, typical) and not anchor.is_aside)
    ]


def _score(group: list[tuple[int, Anchor]]) -> float:
    """Say how likely these links are the page's list: how good each is, and how many there are."""
    best: dict[str, float] = {}
    for _, anchor in group:
        best[anchor.address] = max(best.get(anchor.address, 0.0), _likelihood(anchor))
    if not best or sum(best.values()) < LEAST * len(best):
        return 0.0
    return sum(best.values()) / len(best) * math.log2(1 + min(len(best), ENOUGH))


def _likelihood(anchor: Anchor) -> float:
    return (
        min(anchor.words, HEADLINE) / HEADLINE
        + anchor.is_typical
        + anchor.is_heading / 2
        + anchor.in_main / 2
        + anchor.is_marked
    )


def _fits(anchor: Anchor, typical: bool) -> bool:
    """Is a link in the best list an article's? In the plainest pages, menus lie in the same elements."""
    if anchor.is_marked or anchor.words >= HEADLINE:
        return True
    return anchor.is_typical if typical else anchor.words >= SHORT_HEADLINE


def _is_neighbour(anchor: Anchor, typical: bool) -> bool:
    """Is a link before the list's end one of its headlines, set in another way: a large first one, say?"""
    return anchor.in_main and anchor.words >= HEADLINE and (anchor.is_typical or not typical)
