"""What is wrong with the way a page names its feeds."""

from __future__ import annotations

import pytest

from feeds.checking import check_page

PAGE = "https://kabarteluk.example/tag/nelayan/"
FEED = "https://kabarteluk.example/tags/nelayan/atom.xml"
SITE_FEED = "https://kabarteluk.example/atom.xml"


def link(href: str, type_: str = "application/atom+xml", rel: str = "alternate") -> str:
    """Return a link to a feed."""
    return f'<link rel="{rel}" type="{type_}" title="Nelayan" href="{href}">'


def page(head: str = "", body: str = "<p>Nelayan kembali melaut.</p>") -> bytes:
    """Return a page."""
    return (
        f"<!doctype html><html><head><title>Nelayan</title>{head}</head><body>{body}</body></html>".encode()
    )


@pytest.mark.parametrize(
    "href",
    [
        FEED,
        "/tags/nelayan/atom.xml",
        "../../tags/nelayan/atom.xml",
        "//kabarteluk.example:443/tags/nelayan/atom.xml",
        " /tags/%6Eelayan/atom.xml ",
    ],
)
def test_a_page_that_names_its_feed_is_right(href: str) -> None:
    """However the address is written, as long as it leads there."""
    assert check_page(page(link(href)), PAGE, [FEED]) == []


@pytest.mark.parametrize(
    "head",
    [
        link(FEED, "Application/Atom+XML; charset=utf-8", "Alternate home"),
        f'<base href="https://kabarteluk.example/tags/">{link("nelayan/atom.xml")}',
        link(FEED, "text/html") + link(FEED),
        link("/style.css", "text/css", "stylesheet") + link(FEED) + link("/tag/nelayan/feed/"),
    ],
)
def test_what_browsers_take_is_right(head: str) -> None:
    """Case, parameters, a base, a right link beside a wrong one, other links."""
    assert check_page(page(head), PAGE, [FEED]) == []


def test_addresses_in_another_script_are_compared_as_browsers_do() -> None:
    """Escaped or not, they are one address."""
    assert (
        check_page(
            page(link("/tags/kôpi/atom.xml")), PAGE, ["https://kabarteluk.example/tags/k%C3%B4pi/atom.xml"]
        )
        == []
    )


@pytest.mark.parametrize(
    ("html", "words"),
    [
        (
            page(),
            f'does not name {FEED}: add <link rel="alternate" type="application/atom+xml" href="{FEED}">',
        ),
        (b"", "does not name"),
        (page(link(FEED, "text/xml")), 'as type="text/xml": set type="application/atom+xml"'),
        (page(link(FEED, "application/rss+xml")), 'set type="application/atom+xml"'),
        (page(link(FEED, "")), "without a type"),
        (page(link(FEED, rel="feed")), 'without rel="alternate"'),
        (page(body=link(FEED)), "in its body"),
        (page(f"<div></div>{link(FEED)}"), "in its body"),
        (page(link("http" + FEED[5:])), "write https for http"),
        (
            page(link("tags/nelayan/atom.xml")),
            'has href="tags/nelayan/atom.xml", which leads to'
            f" https://kabarteluk.example/tag/nelayan/tags/nelayan/atom.xml: write {FEED}",
        ),
    ],
)
def test_each_fault_is_named_with_its_page_and_mend(html: bytes, words: str) -> None:
    """One fault, one message."""
    [message] = check_page(html, PAGE, [FEED])
    assert message.startswith(f"{PAGE}: ")
    assert words in message


def test_a_rooted_address_misses_feeds_on_another_host() -> None:
    """It leads to the page's own host."""
    feed = "https://feeds.kabarteluk.example/tags/nelayan/rss.xml"
    [message] = check_page(page(link("/tags/nelayan/rss.xml", "application/rss+xml")), PAGE, [feed])
    assert f"leads to https://kabarteluk.example/tags/nelayan/rss.xml: write {feed}" in message


def test_the_pages_own_feed_comes_first() -> None:
    """In whatever format: readers take the first feed there is."""
    html = page(link("/comments/feed.xml") + link(SITE_FEED) + link(FEED))
    [message] = check_page(html, PAGE, [FEED, SITE_FEED])
    assert "names https://kabarteluk.example/comments/feed.xml before its own feed" in message
    [message] = check_page(page(link(SITE_FEED), link(FEED)), PAGE, [FEED, SITE_FEED])
    assert "in its body" in message
    rss = link("/tags/nelayan/rss.xml", "application/rss+xml")
    assert check_page(page(rss + link(SITE_FEED) + link(FEED)), PAGE, [FEED, SITE_FEED]) == []


def test_the_sites_feed_is_not_taken_for_the_tags() -> None:
    """A page that names only the site's feed, rightly, lacks its own and nothing else."""
    for href in ("/atom.xml", "../../atom.xml"):
        [message] = check_page(page(link(href)), PAGE, [FEED, SITE_FEED])
        assert f"does not name {FEED}" in message


def test_every_feed_that_is_missing_is_told() -> None:
    """And an address whose file says no format is asked no type but one of a feed."""
    other = "https://kabarteluk.example/feed/"
    messages = check_page(page(link("/atom.xml", "text/plain")), PAGE, [other, FEED])
    assert len(messages) == 2
    [wrong] = check_page(page(link(other, "text/plain")), PAGE, [other])
    assert "application/atom+xml or application/feed+json or application/rss+xml" in wrong


def test_a_query_alone_is_nobodys_misspelling() -> None:
    """A link to another feed at the same place is left alone; what is missing is said to be missing."""
    [message] = check_page(page(link("?feed=comments")), PAGE, ["https://kabarteluk.example/feed/"])
    assert "does not name" in message
