"""Headers: what every server is told of the files in the output folder, and how to know them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from feeds.archive.terms import KINDS
from feeds.channel import Publisher
from feeds.directory import feeds_json, menu, opml, snippets
from feeds.formats import FORMATS, Format
from feeds.formats.licence import TDM_FILE

MINUTE, HOUR, DAY = 60, 3600, 86_400  # seconds
WHILE_ASKING = 10 * MINUTE  # how long at most a cache may hand out the old one while it asks for the new
ON_ERROR = DAY  # and while the server does not answer
VARY = "Accept-Encoding"  # and nothing else (S-28)
ALLOWED = "GET, HEAD"
# A tag may come back marked with a coding, in the quotes or behind them: it is ours all the same (S-23).
MARKED = "[-;](?:gzip|br|zstd)(.?)"
# What means something in the settings of some server. Folders, hosts and addresses can do without it.
MEANINGFUL = re.compile(r"""[\s"'`\\$;<>{}|^\x00-\x1f\x7f]""")
IN_PATTERNS = re.compile(r"[*?\[\]]")  # and in the folder, which stands in patterns
TERMS = f"(?:{'|'.join(KINDS.values())})"
# As our own addresses are written, before anything is decoded: slugs are case-folded, and what is not ASCII
# is escaped (feeds.channel).
SLUG_AS_SENT = "(?:[a-z0-9_.~+,-]|%[89A-F][0-9A-F])+"
PAGE = "archive/[0-9]+/"  # a sealed page (RFC 5005, section 4)


class DeployError(ValueError):
    """A configuration can't be written. The message names what stands against it, and the mend."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """What a configuration is written for.

    publisher  the newsroom; its feeds_url is where readers find the output folder
    folder     the output folder, absolute
    host       the name that readers ask for; address: the one to listen on, all if empty
    port       443 is TLS, whose certificates nginx and Apache must be given by hand
    formats    those that feeds come in
    max_age    seconds that a current feed may be kept; where feeds have a ttl, 60 times that (S-27)
    hubs       WebSub hubs, as the feeds themselves name them (F-81)
    access_log where nginx writes a line of JSON for each request
    """

    publisher: Publisher
    folder: Path
    host: str
    port: int = 80
    address: str = ""
    formats: Sequence[Format] = FORMATS
    max_age: int = 10 * MINUTE
    hubs: Sequence[str] = ()
    access_log: Path = Path("/var/log/nginx/tagwire.log")


@dataclass(frozen=True, slots=True)
class Kind:
    """Documents that are served alike.

    name        of letters and `_`, for the servers that want one
    file        the last part of their paths; of what there is but once, the path
    path        what their paths in the output folder look like, decoded; a regular expression without groups
    as_sent     likewise as our own addresses are written; None: they have no rel="self"
    media_type  as in Content-Type (S-32)
    max_age     in seconds
    at_root     lies below `.well-known/`, which belongs at the root of the host, wherever the feeds are
    is_current  what readers subscribe to; not a sealed page
    """

    name: str
    file: str
    path: str
    media_type: str
    max_age: int
    as_sent: str | None = None
    at_root: bool = False
    is_current: bool = False


def kinds(site: Deployment) -> Iterator[Kind]:
    """Yield every kind of document. What is none of them is not served: sidecars, rules, the workshop."""
    folder, folder_as_sent = f"(?:{TERMS}/[^/]+/)?", f"(?:{TERMS}/{SLUG_AS_SENT}/)?"
    for format_ in site.formats:
        # A sealed page changes when a story in it is corrected or withdrawn: it is not kept for ever.
        for name, page, max_age in (("", "", site.max_age), ("_archive", PAGE, HOUR)):
            below = page + re.escape(format_.file)
            yield Kind(
                name=format_.name + name,
                file=format_.file,
                path=folder + below,
                media_type=format_.media_type,
                max_age=max_age,
                as_sent=folder_as_sent + below,
                is_current=not page,
            )
    yield from _directory()


def _directory() -> Iterator[Kind]:
    directory = [(path, opml.MEDIA_TYPE) for path in opml.PATHS]
    directory += [(module.PATH, module.MEDIA_TYPE) for module in (feeds_json, menu, snippets)]
    directory += [(TDM_FILE, "application/json")]
    for path, media_type in directory:
        name = re.sub(r"\W+", "_", path.lstrip("."))
        at_root = path.startswith(".well-known/")
        yield Kind(name, path, re.escape(path), media_type, HOUR, at_root=at_root)


def cache_control(kind: Kind) -> str:
    """Return how long caches may keep a document (S-27, RFC 5861)."""
    while_asking = min(kind.max_age, WHILE_ASKING)
    return f"public, max-age={kind.max_age}, stale-while-revalidate={while_asking}, stale-if-error={ON_ERROR}"


def fixed(site: Deployment, kind: Kind) -> dict[str, str]:
    """Return the headers that every document of a kind has, but for Content-Type, Cache-Control and Link."""
    headers = {"Access-Control-Allow-Origin": "*", "Vary": VARY}
    publisher = site.publisher
    if kind.as_sent and publisher.tdm_reservation is not None:  # F-102
        headers["tdm-reservation"] = str(int(publisher.tdm_reservation))
        if publisher.tdm_policy:
            headers["tdm-policy"] = publisher.tdm_policy
    return headers


def links(site: Deployment, kind: Kind) -> list[str]:
    """Return the Link headers (RFC 8288) that all documents of a kind have in common: not rel="self"."""
    if not kind.as_sent:
        return []
    licences = [site.publisher.license] if site.publisher.license else []
    hubs = site.hubs if kind.is_current else ()  # a sealed page is announced to nobody
    return [link(url, "license") for url in licences] + [link(url, "hub") for url in hubs]


def link(url: str, rel: str) -> str:
    """Return the value of a Link header."""
    return f'<{url}>; rel="{rel}"'


def quoted(value: str) -> str:
    """Return a value in quotes, as Caddy and Apache write it."""
    return '"' + value.replace('"', '\\"') + '"'


def pattern(site: Deployment, kind: Kind) -> str:
    """Return the regular expression of a kind's decoded paths on the host; its group is the path below."""
    prefix = re.escape(unquote(root(site)))
    if kind.at_root and prefix != "/":
        return f"^/(?:{prefix[1:]})?({kind.path})$"
    return f"^{prefix}({kind.path})$"


def pattern_as_sent(site: Deployment, kind: Kind) -> str:
    """Return the regular expression of a kind's own addresses as they are sent, query and all."""
    return rf"{re.escape(root(site))}({kind.as_sent})(?:\?.*)?$"


def root(site: Deployment) -> str:
    """Return the path that the output folder has on the host, percent-encoded: `/` or `/umpan/`."""
    return urlsplit(site.publisher.feeds_url).path or "/"


def check(site: Deployment) -> None:
    """Refuse what can't be told to a server. Raises DeployError."""
    publisher = site.publisher
    urls = [publisher.feeds_url, publisher.license or "", publisher.tdm_policy or "", *site.hubs]
    for value in (
        str(site.folder),
        str(site.access_log),
        site.host,
        site.address,
        unquote(root(site)),
        *urls,
    ):
        found = MEANINGFUL.search(value) or (value == str(site.folder) and IN_PATTERNS.search(value))
        if found:
            raise DeployError(f"{value!r} holds {found[0]!r}, which means something to servers: leave it out")
    if not site.folder.is_absolute():
        raise DeployError(
            f"{site.folder}: a server does not know which folder you are in; give the whole path"
        )
    if site.max_age < 0:
        raise DeployError(f"{site.max_age}: max_age is in seconds, 0 or more")
    if not 0 < site.port < 65_536:
        raise DeployError(f"{site.port} is no port: choose one from 1 to 65535")
