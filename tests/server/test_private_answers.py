"""Private feeds: who is let in, by which way, and what the answers say."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

import pytest

from feeds.archive.privacy import PrivateFeeds, folder_at
from feeds.archive.tokens import Token
from feeds.server.private import decide, privately, secret_of

CREATED = datetime(2030, 1, 1, tzinfo=UTC)
FOLDERS = {"tags/riset/": "tags/riset/", "tags/studi/": "tags/riset/", "authors/ani/": "authors/ani/"}
PRIVATE = PrivateFeeds(folders=FOLDERS, sets=frozenset({"kapal+laut"}))
ALL = PrivateFeeds(is_all=True)
PATH = "tags/riset/atom.xml"


def token(*feeds: str, scopes: tuple[str, ...] = ("feeds",)) -> Token:
    """Return a token for some feeds; for none named, all."""
    return Token("Ani", frozenset(scopes), feeds, CREATED)


TOKENS = {
    "tw_all": token(),
    "tw_riset": token("tags/riset/"),
    "tw_studi": token("tags/studi/"),
    "tw_ani": token("authors/ani/"),
    "tw_site": token("site"),
    "tw_cms": token(scopes=("articles:read", "articles:write")),
}


def asked(path: str, query: str = "", authorization: str | None = None, private: Any = PRIVATE) -> Any:
    """Decide on a request."""
    return decide(path, query, authorization, private, TOKENS.get)


def basic(user: str, password: str) -> str:
    """Return the header that a feed reader sends."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@pytest.mark.parametrize(
    ("path", "query", "authorization"),
    [
        (PATH, "", "Bearer tw_riset"),
        (PATH, "", "bearer  tw_riset "),
        (PATH, "", basic("anyone", "tw_riset")),
        (PATH, "", basic("", "tw_riset")),
        (PATH, "", basic("pembaca", "tw_riset").replace("Basic", "BASIC")),
        (PATH, "token=tw_riset", None),
        (PATH, "_=123&token=tw%5Friset&x", basic("proxy", "secret of another")),
        (f"for/tw_riset/{PATH}", "", None),
        (f"for/tw_riset/{PATH}", "token=wrong", "Bearer wrong"),
    ],
)
def test_a_token_comes_by_any_way_that_readers_know(path: str, query: str, authorization: str | None) -> None:
    """And each way leads to the same path: the bytes are the same for every subscriber."""
    decision = asked(path, query, authorization)
    assert (decision.status, decision.path, decision.is_private) == (200, PATH, True)


@pytest.mark.parametrize(
    ("path", "query", "authorization"),
    [
        (PATH, "", None),
        (PATH, "token=", ""),
        (PATH, "Token=tw_riset", None),
        (PATH, "", "Bearer"),
        (PATH, "", "Bearer tw_riset2"),
        (PATH, "", "Digest username=tw_riset"),
        (PATH, "", "Basic !!!"),
        (PATH, "", "Basic /w=="),
        (PATH, "", basic("tw_riset", "")),
        (f"for//{PATH}", "", "Bearer tw_wrong"),
        (f"for/tw_wrong/{PATH}", "", None),
        ("tags/riset/nothing-there.xml", "", None),
        ("tags/studi/atom.xml", "", None),
    ],
)
def test_who_has_no_token_is_asked_for_one(path: str, query: str, authorization: str | None) -> None:
    """401 with a challenge that feed readers answer; nothing is kept of it (RFC 9110, section 15.5.2)."""
    decision = asked(path, query, authorization)
    assert (decision.status, decision.is_private) == (401, True)
    headers = dict(decision.headers)
    assert headers[b"www-authenticate"] == b'Basic realm="feeds", charset="UTF-8"'
    assert headers[b"cache-control"] == b"no-store"
    assert not {b"etag", b"last-modified", b"access-control-allow-origin"} & set(headers)
    assert b"tw_" not in decision.body


@pytest.mark.parametrize("secret", ["tw_ani", "tw_cms", "tw_site"])
def test_a_token_for_something_else_is_refused(secret: str) -> None:
    """403, without a challenge: asking again with the same would not help."""
    decision = asked(PATH, authorization=f"Bearer {secret}")
    assert decision.status == 403
    assert b"www-authenticate" not in dict(decision.headers)


@pytest.mark.parametrize(
    ("secret", "path", "private", "status"),
    [
        ("tw_riset", "tags/riset/archive/3/feed.json", PRIVATE, 200),
        ("tw_all", "authors/ani/rss.xml", PRIVATE, 200),
        ("tw_all", "combine/kapal+laut/rss.xml", PRIVATE, 200),
        ("tw_riset", "combine/kapal+laut/rss.xml", PRIVATE, 403),
        ("tw_all", "combine/laut+riset/rss.xml", PRIVATE, 200),
        ("tw_studi", PATH, PRIVATE, 200),
        ("tw_riset", "tags/studi/atom.xml", PRIVATE, 200),
        ("tw_site", "archive/1/atom.xml", ALL, 200),
        ("tw_site", "tags/laut/atom.xml", ALL, 403),
        ("tw_all", "tags/laut/atom.xml", ALL, 200),
    ],
)
def test_a_token_opens_its_feeds_wherever_they_lie(secret: str, path: str, private: Any, status: int) -> None:
    """Their archives too, and under the address that a renamed tag had, or has."""
    assert asked(path, authorization=f"Bearer {secret}", private=private).status == status


@pytest.mark.parametrize(
    "path",
    ["atom.xml", "tags/laut/atom.xml", "archive/1/rss.xml", "combine/ikan+laut/atom.xml", "feeds.opml"],
)
def test_public_feeds_ask_for_nothing(path: str) -> None:
    """No token is looked up for them: whether one is wrong makes no difference."""

    def never(secret: str) -> Token | None:
        raise AssertionError(secret)

    for given in ("", "for/tw_riset/", "for/tw_wrong/"):
        decision = decide(given + path, "token=x", basic("a", "b"), PRIVATE, never)
        assert (decision.status, decision.path, decision.is_private) == (200, path, False)


def test_combinations_of_a_private_tag_are_private() -> None:
    """Named by any of its addresses, in any place of any kind of combination."""
    for name in ("laut+riset", "laut,studi", "laut~riset"):
        assert PRIVATE.holds(f"combine/{name}/atom.xml")
    assert not PRIVATE.holds("combine/laut+riset2/atom.xml")


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        ("atom.xml", ""),
        ("archive/2/atom.xml", ""),
        ("tags/laut/atom.xml", "tags/laut/"),
        ("tags/laut/archive/2/atom.xml", "tags/laut/"),
        ("tags/laut", None),
        (".well-known/tdmrep.json", None),
        ("", None),
    ],
)
def test_a_path_belongs_to_a_feed(path: str, folder: str | None) -> None:
    """Or to none."""
    assert folder_at(path) == folder


def test_where_all_is_private_no_feed_is_told_of() -> None:
    """A feed that is there and one that is not get the same answer from who has no token."""
    found = [asked(path, private=ALL) for path in ("tags/laut/atom.xml", "tags/tiada/atom.xml", "atom.xml")]
    assert {(one.status, one.headers, one.body) for one in found} == {(401, found[0].headers, found[0].body)}
    assert asked(".well-known/tdmrep.json", private=ALL).is_private is False


def test_a_realm_can_not_end_its_quotes() -> None:
    """Whatever the newsroom is called."""
    decision = decide(PATH, "", None, PRIVATE, TOKENS.get, realm='Kabar "Teluk"\r\nX: é\\')
    assert dict(decision.headers)[b"www-authenticate"] == b'Basic realm="Kabar TelukX: ", charset="UTF-8"'


def test_private_answers_are_for_one_reader() -> None:
    """No shared cache, no other page's script; the validators are those of any feed, and Vary too."""
    public = (
        (b"etag", b'"a"'),
        (b"vary", b"Accept-Encoding"),
        (b"access-control-allow-origin", b"*"),
        (b"cache-control", b"public, max-age=900, stale-while-revalidate=600, stale-if-error=86400"),
    )
    assert privately(public) == (
        (b"etag", b'"a"'),
        (b"vary", b"Accept-Encoding"),
        (b"cache-control", b"private, max-age=900"),
        (b"referrer-policy", b"no-referrer"),
    )
    assert privately(((b"cache-control", b"no-cache"),))[0] == (b"cache-control", b"private, no-cache")


def test_the_secret_leaves_the_path() -> None:
    """What is left is what a log, a cache and a redirect may know."""
    assert secret_of("for/tw_x/", "", None) == ("tw_x", "")
    assert secret_of("for/tw_x", "", None) == ("tw_x", "")
    assert secret_of("tags/for/atom.xml", "a=b", None) == (None, "tags/for/atom.xml")
