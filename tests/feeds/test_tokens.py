"""Tokens: secrets shown once, people let in and out by name."""

from __future__ import annotations

import json
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from feeds import token_commands
from feeds.archive.sqlite import SqliteArchive
from feeds.archive.tokens import TokenError

NOW = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
def archive(tmp_path: Path) -> Any:
    """An archive with one private tag, Riset, which was called Studi before."""
    archive = SqliteArchive(tmp_path / "tagwire.db")
    with archive.transaction():
        archive.set_meta("tagging_entity", "kabarteluk.example,2005")
        term = archive.terms.rename(archive.terms.call("tag", "Studi", None, ()), "Riset", None)
        archive.privacy.settle(False, [term], ["kapal+laut"])
    yield archive
    archive.close()


def arguments(name: str = "", **more: Any) -> Namespace:
    """Return what the command line gives."""
    return Namespace(**{"name": name, "scope": None, "feed": None, "json": False, "quiet": False, **more})


def test_a_secret_leads_to_its_token_and_is_kept_nowhere(archive: Any, tmp_path: Path) -> None:
    """It begins with tw_, holds 256 bits, and stands in no file."""
    secret = archive.tokens.add("Ani", ["feeds"], ["tags/riset/"], NOW)
    assert secret.startswith("tw_")
    assert len(secret) >= 3 + 43
    token = archive.tokens.of(secret)
    assert (token.name, token.scopes, token.feeds) == ("Ani", {"feeds"}, ("tags/riset/",))
    assert token.created == NOW
    for other in (secret[:-1], secret.upper(), "", "tw_", "Ani"):
        assert archive.tokens.of(other) is None
    assert all(secret.encode() not in path.read_bytes() for path in tmp_path.iterdir())


def test_no_two_secrets_are_alike(archive: Any) -> None:
    """Each token has its own."""
    secrets = {archive.tokens.add(f"reader {n}", ["feeds"], (), NOW) for n in range(20)}
    assert len(secrets) == 20
    assert len(archive.tokens.every()) == 20


def test_a_name_stands_for_one(archive: Any) -> None:
    """A second token of a name is refused; the message says how to mend it, and the first goes on."""
    secret = archive.tokens.add("Ani", ["feeds"], (), NOW)
    with pytest.raises(TokenError, match="Ani has a token already: revoke it first"):
        archive.tokens.add("Ani", ["feeds"], (), NOW)
    assert archive.tokens.of(secret)


def test_who_was_revoked_is_out(archive: Any) -> None:
    """At once, and no one else is; the name may be used again, the secret not."""
    secret, other = (archive.tokens.add(name, ["feeds"], (), NOW) for name in ("Ani", "Budi"))
    assert archive.tokens.revoke("Ani") is True
    assert archive.tokens.revoke("Ani") is False
    assert archive.tokens.of(secret) is None
    assert archive.tokens.of(other).name == "Budi"
    assert archive.tokens.add("Ani", ["feeds"], (), NOW) != secret
    assert archive.tokens.of(secret) is None


def test_the_command_shows_the_secret_once(archive: Any, capsys: Any) -> None:
    """Alone on its line, so that a script may take it; `list` never shows it."""
    given = arguments("Ani", feed=["/tags/riset", "combine/kapal+laut/"])
    assert token_commands.add(given, archive, NOW) == 0
    secret = capsys.readouterr().out.strip()
    assert archive.tokens.of(secret).feeds == ("combine/kapal+laut/", "tags/riset/")
    token_commands.show(arguments(json=True), archive)
    out = capsys.readouterr().out
    assert json.loads(out)["tokens"] == [
        {
            "name": "Ani",
            "scopes": ["feeds"],
            "feeds": ["combine/kapal+laut/", "tags/riset/"],
            "created": "2030-01-01T00:00:00+00:00",
        }
    ]
    token_commands.show(arguments(), archive)
    assert secret not in out + capsys.readouterr().out


def test_the_command_speaks_json(archive: Any, capsys: Any) -> None:
    """`token add --json` gives the secret with what it opens; `revoke` says what it did."""
    token_commands.add(arguments("CMS", scope=["articles:write", "articles:read"], json=True), archive, NOW)
    given = json.loads(capsys.readouterr().out)
    assert given["scopes"] == ["articles:read", "articles:write"]
    assert archive.tokens.of(given["secret"]).scopes == {"articles:read", "articles:write"}
    token_commands.revoke(arguments("CMS", json=True), archive)
    assert json.loads(capsys.readouterr().out) == {"revoked": "CMS"}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"name": ""}, "is no name"),
        ({"name": "two\nlines"}, "is no name"),
        ({"name": " Ani"}, "is no name"),
        ({"name": "a\x1b[2J"}, "is no name"),
        ({"name": "x" * 201}, "is no name"),
        ({"name": "Ani", "scope": ["admin"]}, "known are feeds, articles:read, articles:write"),
        ({"name": "Ani", "scope": ["articles:read"], "feed": ["tags/riset/"]}, "add --scope feeds"),
        ({"name": "Ani", "feed": ["tags/risset/"]}, "private are combine/kapal\\+laut/, tags/riset/"),
        ({"name": "Ani", "feed": ["site"]}, "no private feed lies there"),
        ({"name": "Ani", "feed": [""]}, "no private feed lies there"),
    ],
)
def test_what_can_not_be_is_refused(archive: Any, given: dict[str, Any], message: str) -> None:
    """With the mend; nothing is kept of it."""
    with pytest.raises(TokenError, match=message):
        token_commands.add(arguments(**given), archive, NOW)
    assert archive.tokens.every() == []


def test_where_all_is_private_any_feed_that_there_is_may_be_named(archive: Any, capsys: Any) -> None:
    """The site's is called `site`; what is no feed's folder is refused, and not all are listed."""
    with archive.transaction():
        for number in range(30):
            archive.terms.call("tag", f"tag {number}", None, ())
        archive.privacy.settle(True, [], [])
    given = arguments("Ani", feed=["site", "tags/tag-3/", "combine/riset+tag-3"])
    assert token_commands.add(given, archive, NOW) == 0
    token = archive.tokens.of(capsys.readouterr().out.strip())
    assert token.feeds == ("combine/riset+tag-3/", "site", "tags/tag-3/")
    with pytest.raises(TokenError, match=r"tags/tiada: no private feed lies there; private are .*, …"):
        token_commands.add(arguments("Budi", feed=["tags/tiada"]), archive, NOW)


def test_revoking_nobody_is_an_error(archive: Any) -> None:
    """It names the command that shows who there is."""
    with pytest.raises(TokenError, match="Cici: no such token; `token list`"):
        token_commands.revoke(arguments("Cici"), archive)
