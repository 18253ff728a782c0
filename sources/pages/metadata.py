"""Page metadata: what the head of a page says in Open Graph's words, and where the page lives."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from sources.pages.index import Index
from sources.pages.markup import Markup
from sources.pages.values import address_in, date_in, media_type_in, number_in, text_in

if TYPE_CHECKING:
    from lxml.etree import _Element

Properties = list[tuple[str, str]]  # in the page's order, which ties og:image:width to its og:image


def properties(page: Index) -> Properties:
    """Return the names and contents of the page's meta elements, names in lower case."""
    found = []
    for meta in page.tags["meta"]:
        name, content = meta.get("property") or meta.get("name"), meta.get("content")
        if name and content and content.strip():
            found.append((name.strip().lower(), content))
    return found


def open_graph_fields(metas: Properties, base: str) -> dict[str, Any]:
    """Return what Open Graph and its `article:*` state (N-03)."""
    first = dict(reversed(metas))
    authors = _all(metas, "article:author") + _all(metas, "og:article:author")
    return {
        "title": text_in(first.get("og:title")) or text_in(first.get("twitter:title")),
        "summary": text_in(first.get("og:description")) or text_in(first.get("twitter:description")),
        "published": date_in(
            [*_all(metas, "article:published_time"), *_all(metas, "og:article:published_time")]
        ),
        "updated": date_in([*_all(metas, "article:modified_time"), *_all(metas, "og:article:modified_time")]),
        # Facebook's word for a page that should be read anew: any change, however small.
        "modified": date_in(first.get("og:updated_time")),
        "expires": date_in(first.get("article:expiration_time")),
        # Many put their page on a social network here.
        "authors": [{"name": name, "role": "author"} for name in authors if "://" not in name],
        "publisher": text_in(first.get("og:site_name")),
        "tags": _all(metas, "article:tag") + _all(metas, "og:article:tag"),
        "section": text_in(first.get("article:section")) or text_in(first.get("og:article:section")),
        "language": text_in(first.get("og:locale")),
        "images": _media(metas, "og:image", base) or _media(metas, "twitter:image", base),
        "enclosures": _media(metas, "og:audio", base) + _media(metas, "og:video", base),
    }


def _all(metas: Properties, name: str) -> list[str]:
    return [text for key, content in metas if key == name and (text := text_in(content))]


def _media(metas: Properties, name: str, base: str) -> list[dict[str, Any]]:
    """Read `og:image` and its kin: each followed by what is said of it."""
    found: list[dict[str, Any]] = []
    for key, content in metas:
        if key in {name, f"{name}:url", f"{name}:src"}:
            url = address_in(content, base)
            if url and not (found and found[-1]["url"] == url):
                found.append({"url": url})
        elif found and key in {f"{name}:width", f"{name}:height"}:
            found[-1].setdefault(key.rpartition(":")[2], number_in(content))
        elif found and key == f"{name}:alt":
            found[-1].setdefault("caption", text_in(content))
        elif found and key == f"{name}:type":
            # What follows the slash may be `html`: a player's page and no film.
            found[-1].setdefault("media_type", media_type_in(content))
    return found


def base_of(root: _Element, metas: Properties, url: str | None, site_url: str) -> str:
    """Return what the page's relative addresses resolve against: <base href>, its own address, the site's."""
    own = url or _canonical(root.iter("link"), site_url) or dict(reversed(metas)).get("og:url") or site_url
    base = next((tag.get("href") for tag in root.iter("base") if tag.get("href")), None)
    try:
        return str(urljoin(urljoin(site_url, own), base or ""))
    except ValueError:
        return site_url


def _canonical(links: Iterable[_Element], base: str) -> str | None:
    named = (link.get("href") for link in links if "canonical" in (link.get("rel") or "").lower().split())
    return address_in(list(named), base)


def page_address(
    page: Index, metas: Properties, url: str | None, base: str, markup: Markup
) -> tuple[str | None, str]:
    """Return where the story lives, without paging switches, and which of these says so.

    Its canonical link, else og:url, else `url`. An AMP page's canonical link leads to the page itself. One
    that names a site's front page is a mistake in a template, and would give every story the same address:
    it counts only where there is no other.
    """
    stated = (
        (_canonical(page.tags["link"], base), "canonical link"),
        (address_in(dict(reversed(metas)).get("og:url"), base), "Open Graph"),
        (address_in(url, base), "its own address"),
    )
    known = [(address, where) for address, where in stated if address]
    default = known[0] if known else (None, "")
    address, where = next((known for known in known if not _is_front_page(known[0])), default)
    return (without_switches(address, markup) if address else None), where


def _is_front_page(address: str) -> bool:
    parts = urlsplit(address)
    return parts.path in {"", "/", "/amp", "/amp/"} and not parts.query


def without_switches(address: str, markup: Markup) -> str:
    """Return an article's address without what chooses one of its pages, or all (I-04)."""
    parts = urlsplit(address)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(n, v) for n, v in pairs if not (n in markup.switches and markup.switches[n].fullmatch(v))]
    return address if len(kept) == len(pairs) else parts._replace(query=urlencode(kept)).geturl()
