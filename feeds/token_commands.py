"""What the `token` commands do: let subscribers and programs in, let them in no longer, say who they are."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime
from typing import Any

from feeds.archive.archive import Archive
from feeds.archive.privacy import PrivateFeeds
from feeds.archive.tokens import SCOPES, TokenError
from feeds.output import print_json, say, table
from sources.text import one_line, strip_forbidden

OK = 0
DEFAULT = "feeds"  # what a token is for, unless the command says
SITE = "site"
LONGEST = 200  # characters of a name
NAMED = 20  # feeds, in a message


def add(arguments: Namespace, archive: Archive, now: datetime) -> int:
    """Make a token and show its secret, once; inside a transaction. Raises TokenError.

    arguments: name, scope and feed (lists, or None), json, quiet.
    """
    name, scopes = _name(arguments.name), arguments.scope or [DEFAULT]
    for scope in scopes:
        if scope not in SCOPES:
            raise TokenError(f"--scope {scope}: known are {', '.join(SCOPES)}")
    if arguments.feed and DEFAULT not in scopes:
        raise TokenError(f"--feed is for tokens that read feeds: add --scope {DEFAULT}, or leave it out")
    private = archive.privacy.feeds()
    feeds = [_folder(text, private) for text in arguments.feed or ()]
    secret = archive.tokens.add(name, scopes, feeds, now)
    data = {"name": name, "secret": secret, "scopes": sorted(set(scopes)), "feeds": sorted(set(feeds))}
    if arguments.json:
        print_json(data)
    else:  # also if quiet: it is what the command is for
        print(secret)
    return OK


def revoke(arguments: Namespace, archive: Archive) -> int:
    """Let someone in no longer; inside a transaction. Raises TokenError. arguments: name, json, quiet."""
    if not archive.tokens.revoke(arguments.name):
        raise TokenError(f"{arguments.name}: no such token; `token list` shows those there are")
    say(arguments, {"revoked": arguments.name}, f"revoked: {arguments.name}")
    return OK


def show(arguments: Namespace, archive: Archive) -> int:
    """Show who has tokens, and for what. arguments: json."""
    rows: list[dict[str, Any]] = [
        {
            "name": token.name,
            "scopes": sorted(token.scopes),
            "feeds": list(token.feeds),
            "created": token.created.isoformat(),
        }
        for token in archive.tokens.every()
    ]
    if arguments.json:
        print_json({"tokens": rows})
    else:
        table("tokens", [(row["name"], _line(row)) for row in rows])
    return OK


def _line(row: dict[str, Any]) -> str:
    feeds = f" ({', '.join(row['feeds'])})" if row["feeds"] else ""
    return f"{', '.join(row['scopes'])}{feeds}, since {row['created'][:10]}"


def _name(text: str) -> str:
    """Return a name that fits on one line of a table and a log. Raises TokenError."""
    if not text.strip() or strip_forbidden(text)[1] or one_line(text) != text or len(text) > LONGEST:
        raise TokenError(f"{text!r} is no name: write one line of text, such as `reader of Ani`")
    return text


def _folder(text: str, private: PrivateFeeds) -> str:
    """Return the folder of a private feed as it is kept. Raises TokenError for what is none."""
    name = text.strip("/")
    folder = f"{name}/"
    if name == SITE and private.is_all:
        return SITE
    if folder in private.folders or (name.startswith("combine/") and private.has(folder)):
        return folder
    known = sorted({*private.folders.values(), *(f"combine/{name}/" for name in private.sets)})
    mend = (
        f"private are {', '.join(known[:NAMED])}" if known else "make one private in publish.toml, then build"
    )
    raise TokenError(f"--feed {text}: no private feed lies there; {mend}{', …' if known[NAMED:] else ''}")
