"""Redirects: each server's rules, read as that server reads them."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote

import pytest

from feeds.redirects import RULES, Moved, RedirectError, hosted, settle

FEEDS_URL = "https://kabarteluk.example/umpan/"
Answer = tuple[int, str]
NOTHING = (404, "")


def nginx(text: str, path: str) -> Answer:
    """The exact location, else the longest that begins the decoded path."""
    rules = re.findall(r'^location (=|\^~) "(.+?)" \{ (.+) \}$', text, re.MULTILINE)
    fitting = [rule for rule in rules if rule[1] == path or (rule[0] == "^~" and path.startswith(rule[1]))]
    if not fitting:
        return NOTHING
    action = max(fitting, key=lambda rule: (rule[0] == "=", len(rule[1])))[2]
    if action == "return 410;":
        return 410, ""
    if whole := re.fullmatch(r'return 301 "(.+)\$is_args\$args";', action):
        return 301, whole[1]
    rewrite = re.fullmatch(r'rewrite "(.+)" "(.+)\$1" permanent;', action)
    assert rewrite, action
    rest = re.search(rewrite[1], path)
    assert rest, action
    return 301, rewrite[2] + rest[1]


def caddy(text: str, path: str) -> Answer:
    """The first entry of the map that fits the decoded path."""
    for pattern, target in re.findall(r"^\t(\S+) (\S+)$", text, re.MULTILINE):
        found = re.search(pattern[1:], path) if pattern[0] == "~" else None
        if found or pattern == path:
            rest = found[1] if found else ""
            return (410, "") if target == "gone" else (301, target.replace("${1}", rest))
    return NOTHING


def apache(text: str, path: str) -> Answer:
    """The first rule that begins the decoded path; the rest is appended."""
    for code, old, new in re.findall(r'^Redirect (\d+) "(.+?)"(?: "(.+)")?$', text, re.MULTILINE):
        if path == old or (old.endswith("/") and path.startswith(old)):
            return int(code), new and new + path.removeprefix(old)
    return NOTHING


def netlify(text: str, path: str) -> Answer:
    """The first rule that fits the path as it was sent."""
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        old, new, code = line.split(" ")
        found = re.fullmatch(re.escape(old).replace(r"\*", "(.*)"), path)
        if found:
            gone = code == "410!"
            return (410, "") if gone else (int(code), new.replace(":splat", found[1] if "*" in old else ""))
    return NOTHING


READINGS: list[tuple[str, Callable[[str, str], Answer]]] = [
    ("redirects.nginx.conf", nginx),
    ("redirects.caddy", caddy),
    (".htaccess", apache),
    ("_redirects", netlify),
]
MOVES = [
    Moved("tags/as/", "tags/us/"),
    Moved("tags/us/", "tags/amerika-serikat/"),
    Moved("tags/lama/", None),
    Moved("tags/kôpi/", "tags/東京/"),
    Moved("combine/a+b,c~d/", "combine/a+b~e/"),
    Moved("sections/x/", "sections/y/"),
    Moved("sections/x/rss.xml", "sections/z/rss.xml"),
    Moved("tags/z/atom.xml", None),
]
ANSWERS = {
    "tags/as/rss.xml": "tags/amerika-serikat/rss.xml",
    "tags/as/feed.json": "tags/amerika-serikat/feed.json",
    "tags/us/archive/12/atom.xml": "tags/amerika-serikat/archive/12/atom.xml",
    "tags/lama/atom.xml": None,
    "tags/lama/archive/1/rss.xml": None,
    "tags/k%C3%B4pi/atom.xml": "tags/%E6%9D%B1%E4%BA%AC/atom.xml",
    "combine/a+b,c~d/rss.xml": "combine/a+b~e/rss.xml",
    "sections/x/atom.xml": "sections/y/atom.xml",
    "sections/x/rss.xml": "sections/z/rss.xml",
    "tags/z/atom.xml": None,
}


@pytest.mark.parametrize(("asked", "target"), ANSWERS.items())
@pytest.mark.parametrize(("file", "reading"), READINGS)
def test_an_old_address_leads_to_the_new_one_at_once(
    file: str, reading: Callable[[str, str], Answer], asked: str, target: str | None
) -> None:
    """Every format and the archive documents; 410 where there is none. Only `_redirects` is held against
    the address as it was sent, the others against what it says.
    """
    path = f"/umpan/{asked}"
    answer = reading(RULES[file](MOVES, FEEDS_URL), path if file == "_redirects" else unquote(path))
    assert answer == ((301, FEEDS_URL + target) if target else (410, ""))


@pytest.mark.parametrize("asked", ["tags/asia/rss.xml", "tags/z/rss.xml", "tags/axs/rss.xml", "rss.xml"])
@pytest.mark.parametrize(("file", "reading"), READINGS)
def test_other_addresses_are_left_alone(file: str, reading: Callable[[str, str], Answer], asked: str) -> None:
    """A name that only begins alike, a neighbour, the site's own feed."""
    moves = [*MOVES, Moved("tags/a.s/", "tags/b/")]
    assert reading(RULES[file](moves, FEEDS_URL), f"/umpan/{asked}") == NOTHING


def test_every_rule_file_is_read_here() -> None:
    """A server that is new needs a reading of its own."""
    assert [file for file, _ in READINGS] == list(RULES)


@pytest.mark.parametrize(("file", "reading"), READINGS)
def test_feeds_may_lie_at_the_root(file: str, reading: Callable[[str, str], Answer]) -> None:
    """And then no path stands before them."""
    text = RULES[file](MOVES, "https://kabarteluk.example/")
    assert reading(text, "/tags/as/rss.xml") == (
        301,
        "https://kabarteluk.example/tags/amerika-serikat/rss.xml",
    )


def test_the_last_word_on_an_address_holds() -> None:
    """Renamed there and back, an address is in use again and leads nowhere."""
    assert settle([Moved("tags/a/", "tags/b/"), Moved("tags/b/", "tags/a/")]) == [Moved("tags/b/", "tags/a/")]
    assert settle([Moved("tags/a/", None), Moved("tags/a/", "tags/b/")]) == [Moved("tags/a/", "tags/b/")]
    assert settle([Moved("tags/a/", "tags/a/")]) == []


def test_a_file_follows_the_folder_it_moved_into() -> None:
    """At once: no reader is sent on twice."""
    moves = [Moved("tags/a/rss.xml", "tags/b/rss.xml"), Moved("tags/b/", "tags/c/")]
    assert settle(moves) == [Moved("tags/b/", "tags/c/"), Moved("tags/a/rss.xml", "tags/c/rss.xml")]


def test_what_leads_to_something_gone_is_gone() -> None:
    """Through as many moves as there were, a file's too."""
    moves = [
        Moved("tags/a/", "tags/b/"),
        Moved("tags/d/rss.xml", "tags/c/rss.xml"),
        Moved("tags/c/", "tags/b/"),
        Moved("tags/b/", None),
    ]
    assert {move.new for move in settle(moves)} == {None}


def test_order_is_stable() -> None:
    """Whatever order unrelated moves come in, the rules are the same."""
    moves = [Moved(f"tags/{name}/", "tags/baru/") for name in "cab"]
    assert settle(moves) == settle(moves[::-1])


@pytest.mark.parametrize(
    ("moved", "words"),
    [
        (Moved("tags/a/", "tags/a/b/"), "into itself"),
        (Moved("tags/a/", "tags/b"), "a folder moves to a folder"),
        (Moved("tags/a b/", "tags/b/"), "leave it out"),
        (Moved("tags/a/", 'tags/"/'), "leave it out"),
        (Moved("/tags/a/", "tags/b/"), "without a slash before it"),
        (Moved("", "tags/b/"), "below the feeds"),
    ],
)
def test_a_move_that_no_server_can_make_is_refused(moved: Moved, words: str) -> None:
    """The message names it and the mend."""
    with pytest.raises(RedirectError, match=words):
        settle([moved])


@pytest.mark.parametrize(("number", "says"), [(100, False), (101, True), (700, True)])
def test_too_many_rules_for_cloudflare_are_told(number: int, says: bool) -> None:
    """At the top of the file, with both numbers: what is past the limit is passed over silently there."""
    text = hosted([Moved(f"tags/lama-{n}/", f"tags/baru-{n}/") for n in range(number)], FEEDS_URL)
    assert text.startswith("# TOO MANY") is says
    assert (f"here are {3 * number} and {number}." in text) is says
