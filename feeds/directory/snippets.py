"""Snippets: the lines of HTML by which a page names its feeds (autodiscovery, F-90)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from html import escape

from feeds.archive.terms import KINDS
from feeds.channel import Publisher
from feeds.directory.listing import HEADINGS, MEDIA_TYPES, ListedFeed
from feeds.formats import FORMATS

PATH = "feeds-autodiscovery.txt"
MEDIA_TYPE = "text/plain; charset=utf-8"
LABELS = {"atom": "Atom", "rss": "RSS", "json": "JSON Feed"}


def snippet(feed: ListedFeed, site: ListedFeed) -> str:
    """Return the lines for the head of a feed's page: its own feed first, then the site's.

    Browsers and readers offer the first line first.
    """
    feeds = [feed] if feed == site else [feed, site]
    return "".join(_link(one, name, url) for one in feeds for name, url in one.formats)


def _link(feed: ListedFeed, name: str, url: str) -> str:
    title = f"{feed.title} ({LABELS[name]})" if len(feed.addresses) > 1 else feed.title
    return f'<link rel="alternate" type="{MEDIA_TYPES[name]}" title="{escape(title)}" href="{escape(url)}">\n'


def template_snippet(kind: str, site: ListedFeed, publisher: Publisher) -> str:
    """Return the lines for the template of a kind's pages, with `{slug}` and `{name}` where each differs.

    kind: one of `feeds.archive.terms.KINDS`. Every feed comes in the formats that the site's feed has.
    """
    folder = f"{publisher.feeds_url}{KINDS[kind]}/{{slug}}/"
    addresses = {format_.name: folder + format_.file for format_ in FORMATS if format_.name in site.addresses}
    title = f"{{name}} – {publisher.title}"
    return snippet(replace(site, kind=kind, title=title, addresses=addresses), site)


def templates(kinds: Iterable[str], site: ListedFeed, publisher: Publisher) -> str:
    """Return the file that web developers paste from: the lines for the site's pages and for each kind's."""
    parts = [
        "<!-- Paste these lines into the head of the pages they are for. {slug}: as in feeds.json,\n"
        "     percent-encoded. {name}: as people read it, escaped as HTML. -->\n\n"
        f"<!-- Front page -->\n{snippet(site, site)}"
    ]
    parts += [f"<!-- {HEADINGS[kind]} -->\n{template_snippet(kind, site, publisher)}" for kind in kinds]
    return "\n".join(parts)
