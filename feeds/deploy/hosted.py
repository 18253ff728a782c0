"""Hosted: the output folder at Netlify or Cloudflare, which read `_headers` beside the files."""

from __future__ import annotations

from collections.abc import Iterator

from feeds.archive.terms import KINDS
from feeds.deploy.headers import Deployment, Kind, cache_control, fixed, kinds, link, links, root

FILE, LEFT_OUT = "_headers", ".assetsignore"
# What lies in the output folder and is no document.
NOT_FOR_READERS = (".tagwire", "redirects.*", ".htaccess", "*.gz", "*.br", "*.zst")
SAID = """\
# Headers of the feeds. Put this file at the top of what you upload, with `_redirects`, which tagwire writes
# (redirects = ["_redirects"] in publish.toml). ETag, Vary and compression are the host's own affair.
# A rule can't know how an address was spelt: rel="self" is told of the site's own feeds alone; all feeds
# say it themselves.
"""


def netlify(site: Deployment) -> dict[str, str]:
    """Write the headers. What is no document is to be left out by whoever uploads."""
    return {FILE: f"{SAID}# Leave out of the upload: {' '.join(NOT_FOR_READERS)}\n{_rules(site)}"}


def cloudflare(site: Deployment) -> dict[str, str]:
    """Write the headers, and what is not to be uploaded. Of the 100 rules that it reads these are 42."""
    return {FILE: SAID + _rules(site), LEFT_OUT: "\n".join(NOT_FOR_READERS) + "\n"}


def _rules(site: Deployment) -> str:
    lines: list[str] = []
    for kind in kinds(site):
        for path in _paths(kind):
            lines += [f"{root(site)}{path}", *(f"  {line}" for line in _headers(site, kind, path))]
    return "\n".join(lines) + "\n"


def _paths(kind: Kind) -> Iterator[str]:
    """Yield patterns that no two have an address in common: both would have their say, joined by a comma."""
    if not kind.as_sent:
        yield kind.file
        return
    below = kind.file if kind.is_current else f"archive/:page/{kind.file}"
    yield below
    yield from (f"{folder}/:slug/{below}" for folder in KINDS.values())


def _headers(site: Deployment, kind: Kind, path: str) -> Iterator[str]:
    yield f"Content-Type: {kind.media_type}"
    yield f"Cache-Control: {cache_control(kind)}"
    yield from (f"{name}: {value}" for name, value in fixed(site, kind).items() if name != "Vary")
    own = [link(site.publisher.feeds_url + path, "self")] if kind.as_sent and ":" not in path else []
    if found := own + links(site, kind):
        yield f"Link: {', '.join(found)}"
