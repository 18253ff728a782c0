"""Addresses to ask: read once and checked, so that what is dialled is what was judged."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sources.http.values import RequestError

if TYPE_CHECKING:
    import httpx

    from sources.http.exchange import Answer

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})
SHOWN = 300  # characters of an address in a message


def read_url(url: str) -> httpx.URL:
    """Return an address, read: http(s), with a host, without a login. Raises RequestError."""
    import httpx

    try:
        found = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:  # ValueError: a lone surrogate, say
        raise RequestError(f"no sound address ({error}); check it") from error
    if found.scheme not in {"http", "https"}:
        raise RequestError("only http and https addresses are fetched; check the address")
    if not found.raw_host or (found.port is not None and not 0 < found.port < 65536):
        raise RequestError("no sound address: its host or port is wrong; check it")
    if found.userinfo:
        raise RequestError("the address holds a user name or password; take it out")
    return found


def host_of(url: httpx.URL) -> str:
    """Return the host's name as DNS has it: lower case, ASCII, no dot at the end."""
    return url.raw_host.decode("ascii").lower().rstrip(".")


def robots_url(url: httpx.URL) -> str:
    """Return the address of the robots.txt that rules over this address (RFC 9309, section 2.3)."""
    return str(url.copy_with(raw_path=b"/robots.txt", fragment=None))


def redirect_of(url: httpx.URL, answer: Answer) -> str | None:
    """Return the address that an answer redirects to, or None. Raises RequestError on an unsound one."""
    import httpx

    location = answer.headers.get("location", "").strip()
    if answer.status not in REDIRECTS or not location:
        return None
    try:
        return str(url.join(location).copy_with(fragment=None))
    except (httpx.InvalidURL, ValueError) as error:  # ValueError: a lone surrogate, say
        raise RequestError(f"the server redirects to no sound address ({error}); tell the site") from error


def shown(url: str) -> str:
    """Return an address fit for a message: on one line, not too long, without a password."""
    clean = "".join(c if c.isprintable() else "?" for c in re.sub(r"//[^/?#]*@", "//", url))
    return clean if len(clean) <= SHOWN else clean[:SHOWN] + "…"
