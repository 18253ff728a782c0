"""Private feeds: who asks, and whether they may have what they ask for. Values in, values out."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote_plus

from feeds.archive.privacy import PrivateFeeds, folder_at
from feeds.archive.tokens import Token
from feeds.server.prepared import Headers

FOR = "for/"  # before a token in a path, for readers that know no other way
SITE = "site"  # what a token calls the site's own feed
SERVE, UNKNOWN, REFUSED = 200, 401, 403
NEVER_KEPT: Headers = ((b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store"))


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with a request.

    status      SERVE: as ever, 304 and 404 included; else the whole answer is here
    path        to serve, without a token
    is_private  from the folder of private feeds, with headers as `privately` makes them
    """

    status: int
    path: str
    is_private: bool
    headers: Headers = ()
    body: bytes = b""


def decide(
    path: str,
    query: str,
    authorization: str | None,
    private: PrivateFeeds,
    token_of: Callable[[str], Token | None],
    realm: str = "feeds",
) -> Decision:
    """Say whether a request is for a private feed, and whether it may have it.

    path, query: as `secret_of` takes them. authorization: the header, if there is one.
    private: of this moment. token_of: see `feeds.archive.tokens.Tokens.of`; asked for private feeds alone.
    What lies in no private feed's folder is served, or not found, as if there were no tokens.
    """
    secret, path = secret_of(path, query, authorization)
    if not private.holds(path):
        return Decision(SERVE, path, is_private=False)
    token = token_of(secret) if secret else None
    if token is None:
        challenge = (b"www-authenticate", _challenge(realm))
        said = b"This feed is private: send your token as the password.\n"
        return Decision(UNKNOWN, path, is_private=True, headers=(challenge, *NEVER_KEPT), body=said)
    if not covers(token, path, private):
        said = b"Your token does not open this feed.\n"
        return Decision(REFUSED, path, is_private=True, headers=NEVER_KEPT, body=said)
    return Decision(SERVE, path, is_private=True)


def secret_of(path: str, query: str, authorization: str | None) -> tuple[str | None, str]:
    """Return the secret that came with a request, None if none did, and the path without it.

    path   relative to the feeds, percent-decoded: `tags/riset/atom.xml`, `for/<token>/tags/riset/atom.xml`
    query  as it was sent; the secret is its `token`

    What stands in the address counts before the header, which may be meant for a server in front of this.
    """
    if path.startswith(FOR):
        secret, _, path = path.removeprefix(FOR).partition("/")
        return secret or None, path
    for name, _, value in (pair.partition("=") for pair in query.split("&")):
        if name == "token" and value:
            return unquote_plus(value), path
    return _authorized(authorization or ""), path


def _authorized(header: str) -> str | None:
    """Read Authorization: Bearer (RFC 6750, section 2.1), or Basic with the secret as password (RFC 7617)."""
    scheme, _, rest = header.strip().partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip() or None
    if scheme.lower() != "basic":
        return None
    try:
        return base64.b64decode(rest.strip(), validate=True).decode().partition(":")[2] or None
    except (binascii.Error, ValueError):
        return None


def covers(token: Token, path: str, private: PrivateFeeds) -> bool:
    """Does a token open the feed that a path lies in? It goes on to when the feed moves."""
    folder = folder_at(path)
    if "feeds" not in token.scopes or folder is None:
        return False
    return not token.feeds or private.now(folder or SITE) in map(private.now, token.feeds)


def privately(headers: Headers) -> Headers:
    """Return the headers of a public answer, 200 or 304, as they are for a private feed.

    No shared cache may keep it, no other site's page read it, and no link in it give the address away. `Vary`
    stays: the bytes are the same for all, and Authorization need not be named (RFC 9110, section 12.5.5).
    """
    kept = [(name, value) for name, value in headers if not name.startswith(b"access-control-")]
    closed = [(name, _closed(value) if name == b"cache-control" else value) for name, value in kept]
    return (*closed, (b"referrer-policy", b"no-referrer"))


def _closed(cache_control: bytes) -> bytes:
    """Say for how long it is fresh, to the reader alone, and nothing of handing out stale ones."""
    fresh = re.search(rb"max-age=\d+", cache_control)
    return b"private, " + (fresh[0] if fresh else b"no-cache")


def _challenge(realm: str) -> bytes:
    """Write WWW-Authenticate (RFC 7617, section 2); what a quoted string can't hold is left out."""
    plain = re.sub(r'[^ -~]|["\\]', "", realm)
    return f'Basic realm="{plain}", charset="UTF-8"'.encode()
