"""Start: where a site's first sitemaps are: at an address, in its robots.txt, or where they usually are."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from sources.http.values import FetchError
from sources.sitemaps.pages import Asked, host_of
from sources.sitemaps.walk import GONE, Walk
from sources.source import Rejected, SourceError, Visited

USUAL = ("/sitemap.xml", "/sitemap_index.xml", "/news-sitemap.xml")


def follow(url: str, walk: Walk) -> Iterator[Rejected | Visited]:
    """Walk from an address: of a sitemap, an index, a robots.txt, or a site's front page.

    Raises SourceError if there is no sitemap.
    """
    path = urlsplit(url).path
    if path in {"", "/"}:
        yield from _from_site(url, walk)
    elif path.endswith("/robots.txt"):
        robots, named = _named_in(url, walk)
        if not named:
            raise SourceError(f"{url}: names no sitemap; name the sitemap itself, if there is one")
        yield from walk.begin_with(named, robots)
    else:
        yield from walk.begin(*walk.visits.get(url))
    yield from walk.go_on()


def _named_in(url: str, walk: Walk) -> tuple[Asked, list[str]]:
    """Return the sitemaps that a robots.txt names (sitemaps.org, "specifying the sitemap location")."""
    from protego import Protego

    fetched, visited = walk.visits.get(url)
    walk.pages.hosts |= {host_of(url), host_of(fetched.url)}
    text = fetched.body.decode("utf-8-sig", "replace")
    # Open: its text is needed each time.
    return Asked(visited, open=True), [urljoin(fetched.url, name) for name in Protego.parse(text).sitemaps]


def _from_site(url: str, walk: Walk) -> Iterator[Rejected | Visited]:
    address = urljoin(url, "/robots.txt")
    try:
        robots, named = _named_in(address, walk)
    except FetchError as error:
        yield walk.visits.failed(address, error)
    else:
        yield from walk.begin_with(named, robots)
        if named:
            return
    yield from _from_usual(url, walk)


def _from_usual(url: str, walk: Walk) -> Iterator[Rejected | Visited]:
    for path in USUAL:
        address = urljoin(url, path)
        try:
            yield from walk.begin(*walk.visits.get(address))
            return
        except FetchError as error:
            if error.status not in GONE:
                raise
            yield walk.visits.failed(address, error)
        except SourceError:  # a web page that says "not found" and is answered with 200
            continue
    raise SourceError(f"{url}: no sitemap, neither in robots.txt nor at {', '.join(USUAL)}; name its address")
