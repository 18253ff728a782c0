"""Redirects: where feeds went that moved, as rules for the web servers that serve the files.

Each file covers all below a moved folder: every format, and the archive documents. Targets are absolute, so
that a server behind a proxy that speaks TLS does not send readers back to http.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from feeds.formats import FORMATS

FILES = tuple(format_.file for format_ in FORMATS)
# What means something in the settings of a web server. No path of a feed holds it.
MEANINGFUL = re.compile(r"""[\s"'`\\$%?#*:;<>{}|^\x00-\x1f\x7f]""")
UNESCAPED = "/+,"  # as in the feeds' own addresses
# What Cloudflare reads of one `_redirects` file: rules without `*`, and rules with it.
CLOUDFLARE_STATIC, CLOUDFLARE_DYNAMIC = 2000, 100


class RedirectError(ValueError):
    """A move can't be told to a web server. The message names it and the mend."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A folder (`tags/as/`) or a file that went elsewhere, relative to the feeds, not percent-encoded.

    new: None when it is gone for good (410).
    """

    old: str
    new: str | None

    @property
    def is_folder(self) -> bool:
        """Does all below it move too?"""
        return self.old.endswith("/")


def settle(moves: Iterable[Moved]) -> list[Moved]:
    """Return moves that each lead to the end at once, in one order: what lies in a folder before the folder.

    moves: the earliest first; the last word on an address holds, and an address that something moves to is
    in use again. Raises RedirectError.
    """
    now: dict[str, str | None] = {}
    for move in moves:
        _check(move)
        if move.new is not None:
            now.pop(move.new, None)
        if move.new != move.old:
            now[move.old] = move.new
    # Servers that take the first rule that fits must see the narrower one first: it sorts after the wider.
    return [Moved(old, _end(old, now)) for old in sorted(now, reverse=True)]


def _check(move: Moved) -> None:
    for path in (move.old, move.new or ""):
        if found := MEANINGFUL.search(path):
            raise RedirectError(f"{path!r} holds {found[0]!r}: leave it out of the address")
    if not move.old or move.old.startswith("/") or (move.new or "").startswith("/"):
        raise RedirectError(f"{move.old!r}: write a path below the feeds, without a slash before it")
    if move.new is not None and move.is_folder != (move.new == "" or move.new.endswith("/")):
        raise RedirectError(f"{move.old} -> {move.new}: a folder moves to a folder, a file to a file")


def _end(old: str, now: dict[str, str | None]) -> str | None:
    """Follow the moves from one address to where they end."""
    path = now[old]
    for _ in now:
        moved = _moved_above(path, now)
        if path is None or moved is None:
            return path
        target = now[moved]
        path = None if target is None else target + path[len(moved) :]
    raise RedirectError(f"{old} moves into itself, by way of {now[old]}: give it another address")


def _moved_above(path: str | None, now: dict[str, str | None]) -> str | None:
    """Return the path itself or the nearest folder above it, if either moved."""
    while path:
        if path in now:
            return path
        path = path.rstrip("/").rpartition("/")[0] + "/" if "/" in path.rstrip("/") else None
    return None


def nginx(moves: Iterable[Moved], feeds_url: str) -> str:
    """Write rules for nginx. It holds paths against the decoded address, so they stand there decoded.

    moves: see `settle`. feeds_url: where the feeds are served, absolute, with a closing slash.
    """
    lines = ["# Feeds that moved. Include this file inside the server block."]
    # nginx takes the longest path that fits, wherever it stands, and starts fastest when they are sorted.
    for move in reversed(settle(moves)):
        old = _path(feeds_url) + move.old
        place = f'location {"^~" if move.is_folder else "="} "{old}"'
        if move.new is None:
            lines.append(f"{place} {{ return 410; }}")
        elif move.is_folder:
            target = f'"{_url(feeds_url, move.new)}$1"'
            lines.append(f'{place} {{ rewrite "^{re.escape(old)}(.*)$" {target} permanent; }}')
        else:
            lines.append(f'{place} {{ return 301 "{_url(feeds_url, move.new)}$is_args$args"; }}')
    return _text(lines)


def caddy(moves: Iterable[Moved], feeds_url: str) -> str:
    """Write rules for Caddy, as one map from the decoded path. Arguments as in `nginx`."""
    lines = [
        "# Feeds that moved. Import this file inside the site block.",
        "map {http.request.orig_uri.path} {feed_moved} {",
        "\tdefault here",
    ]
    for move in settle(moves):
        old = _path(feeds_url) + move.old
        target = "gone" if move.new is None else _url(feeds_url, move.new)
        rest = "" if move.new is None else "${1}"
        lines.append(f"\t~^{re.escape(old)}(.*)$ {target}{rest}" if move.is_folder else f"\t{old} {target}")
    lines += [
        "}",
        "@feed_moved not vars {feed_moved} here gone",
        "redir @feed_moved {feed_moved} permanent",
        "@feed_gone vars {feed_moved} gone",
        "respond @feed_gone 410",
    ]
    return _text(lines)


def apache(moves: Iterable[Moved], feeds_url: str) -> str:
    """Write rules for Apache's mod_alias, which takes the first that fits. Arguments as in `nginx`."""
    lines = [
        "# Feeds that moved. As .htaccess it is read at every request: with more than some hundred lines,",
        "# Include it inside the VirtualHost instead.",
    ]
    for move in settle(moves):
        old = _path(feeds_url) + move.old
        new = None if move.new is None else _url(feeds_url, move.new)
        lines.append(f'Redirect 410 "{old}"' if new is None else f'Redirect 301 "{old}" "{new}"')
    return _text(lines)


def hosted(moves: Iterable[Moved], feeds_url: str) -> str:
    """Write `_redirects` for Netlify and Cloudflare, which hold paths as they are sent: percent-encoded.

    The feed files come first, each by itself: Cloudflare reads few rules with `*`, which the archive
    documents need. Arguments as in `nginx`.
    """
    fixed, wide = [], []
    for move in settle(moves):
        for file in FILES if move.is_folder else ("",):
            fixed.append(_hosted(move, file, file, feeds_url))
        if move.is_folder:
            wide.append(_hosted(move, "*", ":splat", feeds_url))
    lines = [
        "# Feeds that moved, for Netlify and Cloudflare. Netlify serves an old file that is still there",
        "# instead of its rule. Cloudflare knows no 410: it passes over such lines and answers 404.",
    ]
    if len(fixed) > CLOUDFLARE_STATIC or len(wide) > CLOUDFLARE_DYNAMIC:
        lines.insert(
            0,
            f"# TOO MANY RULES for Cloudflare: it reads {CLOUDFLARE_STATIC} without * and"
            f" {CLOUDFLARE_DYNAMIC} with it; here are {len(fixed)} and {len(wide)}.",
        )
    return _text([*lines, *fixed, *wide])


def _hosted(move: Moved, old_end: str, new_end: str, feeds_url: str) -> str:
    old = quote(_path(feeds_url) + move.old, safe=UNESCAPED) + old_end
    if move.new is None:
        return f"{old} {old.replace('*', new_end)} 410!"
    return f"{old} {_url(feeds_url, move.new)}{new_end} 301"


def _path(feeds_url: str) -> str:
    return unquote(urlsplit(feeds_url).path)


def _url(feeds_url: str, path: str) -> str:
    return feeds_url + quote(path, safe=UNESCAPED)


def _text(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"


RULES: dict[str, Callable[[Iterable[Moved], str], str]] = {
    "redirects.nginx.conf": nginx,
    "redirects.caddy": caddy,
    ".htaccess": apache,
    "_redirects": hosted,
}
