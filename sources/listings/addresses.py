"""Addresses of a site: which may be an article's, which look like one, and which belong to one site."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from sources.identity import canonical_url
from sources.pages.markup import load_markup
from sources.pages.metadata import without_switches

# Path segments that begin other lists, people and services, in English and Indonesian.
NO_ARTICLES = frozenset(
    "tag tags tagar topic topics topik category categories kategori kanal author authors penulis reporter "
    "editor redaksi profil profile user users member page pages search cari pencarian login masuk signin "
    "daftar register subscribe langganan rss feed feeds about tentang tentang-kami contact kontak "
    "hubungi-kami privacy privacy-policy kebijakan-privasi terms disclaimer pedoman pedoman-media-siber "
    "sitemap indeks cdn-cgi wp-admin wp-login.php cart checkout share".split()
)
NO_PAGE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|pdf|mp3|m4a|ogg|mp4|webm|mov|zip|apk|xml|json|css|js)$",
    re.IGNORECASE,
)
DATED = re.compile(r"/(?:19|20)\d\d[/-]\d\d?(?:[/-]|$)")
NUMBERED = re.compile(r"\d{4,}")
NUMBER_IN_QUERY = re.compile(r"\d{4,}|(?:^|&)(?:p=\d\d|\w*id=\d)")
SLUG_WORDS = 3  # words joined by hyphens that no menu's address has
COUNTRY_SECOND = 3  # letters that `co`, `com`, `or`, `web` in co.id, com.au have at most


def address_of(href: str, base: str) -> str | None:
    """Return the canonical http(s) address a link leads to, or None where it leads to no other page."""
    if href.lstrip()[:1] in {"", "#"}:
        return None
    try:
        return canonical_url(href, base)
    except ValueError:  # another scheme, or no address at all
        return None


def article_address(href: str, base: str) -> str | None:
    """Return an article's address: `address_of` without what chooses one page of the article (I-01, I-04)."""
    address = address_of(href, base)
    return without_switches(address, load_markup()) if address and "?" in address else address


def site_of(address: str) -> tuple[str, int | None]:
    """Return what a site's hosts share: `kompas.example` for www. and nasional.kompas.example; and the port.

    Portals list articles of all their sister hosts on one tag page.
    """
    parts = urlsplit(address)
    labels = (parts.hostname or "").split(".")
    if labels[-1].isdigit() or ":" in labels[0]:
        return ".".join(labels), parts.port
    is_country = len(labels[-1]) == 2 and len(labels) > 2 and len(labels[-2]) <= COUNTRY_SECOND
    return ".".join(labels[-3 if is_country else -2 :]), parts.port


def may_be_article(address: str, listing: str) -> bool:
    """Can an address be that of an article on the listing's site?

    Not: other sites, the listing itself and what lies above it, other lists, files.
    """
    if site_of(address) != site_of(listing):
        return False
    parts, own = urlsplit(address), urlsplit(listing)
    path, above = parts.path.rstrip("/").lower(), own.path.rstrip("/").lower() + "/"
    if not parts.query and parts.netloc == own.netloc and above.startswith(path + "/"):
        return False
    if path == above[:-1] and not NUMBER_IN_QUERY.search(parts.query):  # the listing, sorted or paged
        return False
    if not path and not parts.query:
        return False
    return not (NO_ARTICLES & set(path.split("/")[1:3])) and not NO_PAGE.search(path)


def looks_like_article(address: str) -> bool:
    """Has an address what articles' addresses have: a date, a number, or a headline joined by hyphens?"""
    parts = urlsplit(address)
    last = parts.path.rstrip("/").rpartition("/")[2]
    return bool(
        DATED.search(parts.path)
        or NUMBERED.search(parts.path)
        or NUMBER_IN_QUERY.search(parts.query)
        or len(re.split(r"[-_]", last)) > SLUG_WORDS - 1
    )
