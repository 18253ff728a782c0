"""A story on several pages is found to be one, and its pages become one record (I-04)."""

from __future__ import annotations

from typing import Any

import pytest

from sources.article import Article
from sources.pages.further_pages import MOST, all_pages_address
from sources.pages.joined_pages import join
from sources.pages.reader import read_page
from sources.record import admit
from sources.source import Site

SITE = Site(url="https://situs.example/", tagging_entity="situs.example,2024")
PAGE = "https://situs.example/berita/satu"
HEAD = '<title>Perahu Kembali</title><meta property="article:published_time" content="2024-11-05T09:00:00Z">'
STORY = "<p>Perahu kembali ke dermaga sebelum hujan turun, kata nelayan di pulau seberang.</p>" * 3


def read(links: str, url: str = PAGE, head: str = HEAD) -> dict[str, Any]:
    """Read a page whose story stands before these links."""
    body = f'<div itemprop="articleBody">{STORY}<div class="pagination">{links}</div></div>'
    return read_page(f"<html><head>{head}</head><body>{body}</body></html>".encode(), url, SITE)


def linked(*addresses: str) -> str:
    """Write links to these addresses."""
    return "".join(f'<a href="{address}">lagi</a>' for address in addresses)


@pytest.mark.parametrize(
    ("url", "links", "pages"),
    [
        (PAGE, ("?page=1", "?page=2", "?page=3"), ["?page=2", "?page=3"]),
        (
            PAGE,
            ("/berita/satu?page=2", "https://situs.example/berita/satu?page=5"),
            [f"?page={n}" for n in range(2, 6)],
        ),
        (PAGE, ("/berita/satu/2", "/berita/satu/3"), ["/2", "/3"]),
        (PAGE, ("satu/2/",), ["/2/"]),
        (PAGE, ("/berita/satu/page/2",), ["/page/2"]),
        (PAGE, ("?halaman=2",), ["?halaman=2"]),
        (f"{PAGE}?id=7", ("?id=7&amp;page=2", "?id=8&amp;page=3"), ["?id=7&page=2"]),
        (f"{PAGE}?page=2", ("?page=1", "?page=2", "?page=3"), ["?page=2", "?page=3"]),
    ],
)
def test_further_pages(url: str, links: tuple[str, ...], pages: list[str]) -> None:
    """The story's own address with a number is a further page, and so are those between the numbers."""
    assert read(linked(*links), url)["more_pages"] == [PAGE + page for page in pages]


def test_next_link_in_the_head() -> None:
    """A page that only its rel=next names is a further page."""
    assert read("", head=f'{HEAD}<link rel="next" href="?page=2">')["more_pages"] == [f"{PAGE}?page=2"]


@pytest.mark.parametrize(
    ("url", "link"),
    [
        (PAGE, "/berita/satu/comment-page-2/"),
        (PAGE, "?page=2#comments"),
        (PAGE, "?cpage=2"),
        (PAGE, "/berita/dua?page=2"),
        (PAGE, "https://lain.example/berita/satu?page=2"),
        (PAGE, f"?page={MOST + 1}"),
        (PAGE, "?page=berita"),
        (PAGE, "/berita/satu-2"),
        (PAGE, "http://[?page=2"),
        ("https://situs.example/tag/perahu", "?page=2"),
        ("https://situs.example/", "?page=2"),
    ],
)
def test_what_is_no_further_page(url: str, link: str) -> None:
    """Pages of comments, of other stories, of other sites, of lists, and far too many, are none."""
    assert "more_pages" not in read(linked(link), url)


def test_page_without_a_date_has_no_further_pages() -> None:
    """What has no date is a list, whatever its address."""
    assert "more_pages" not in read(linked("?page=2"), head="<title>Berita</title>")


@pytest.mark.parametrize(
    ("address", "whole"),
    [
        ("https://regional.kompas.com/read/2024/x", "https://regional.kompas.com/read/2024/x?page=all"),
        ("https://jateng.tribunnews.com/x", "https://jateng.tribunnews.com/x?page=all"),
        ("https://tribun-timur.com/x?y=1", "https://tribun-timur.com/x?y=1&page=all"),
        ("https://news.detik.com/d-1/x", "https://news.detik.com/d-1/x?single=1"),
        ("https://www.inews.id/x/", "https://www.inews.id/x/all"),
        ("https://www.jpnn.com/x", None),
        ("https://kompas.com.example/x", None),
    ],
)
def test_all_pages_on_one(address: str, whole: str | None) -> None:
    """Sites that are known to show all of a story on one page do so at this address."""
    assert all_pages_address(address) == whole


def test_all_pages_are_asked_for_once() -> None:
    """A first page names the address of all; the page with all of it has no more."""
    first = read(linked("?page=2"), "https://jatim.kompas.com/read/x")
    assert first["all_pages"] == "https://jatim.kompas.com/read/x?page=all"
    whole = read(linked("?page=2"), first["all_pages"])
    assert whole["url"] == first["url"]
    assert not {"more_pages", "all_pages"} & whole.keys()


def test_amp_page_counts_as_its_story() -> None:
    """An AMP page's canonical link, relative or not, is the story's address, and its paging goes by that."""
    html = (
        f'<html ⚡><head>{HEAD}<link rel="canonical" href="/berita/satu"></head>'
        f"<body><article itemprop=articleBody>{STORY}</article>{linked('/berita/satu?page=2')}</body></html>"
    )
    record = read_page(html.encode(), "https://situs.example/amp/berita/satu", SITE)
    assert record["url"] == PAGE
    assert record["more_pages"] == [f"{PAGE}?page=2"]


# --- one record of several


def test_pages_are_joined() -> None:
    """The record is the first page's, with the others' stories behind it and their pictures added."""
    first = {
        "url": PAGE,
        "title": "Perahu",
        "published": "2024-11-05T09:00:00Z",
        "content": "<p>Satu.</p>\n<p>Dua.</p>",
        "images": [{"url": "https://situs.example/a.jpg", "width": 9}],
        "authors": [{"name": "Sari Dewi", "role": "author"}],
        "more_pages": [f"{PAGE}?page=2"],
    }
    second = {
        "url": f"{PAGE}/2",
        "title": "Perahu - Halaman 2",
        "published": "2024-11-06T09:00:00Z",
        "content": "<div><p>Tiga.</p></div>",
        "images": [{"url": "https://situs.example/b.jpg"}, {"url": "https://situs.example/a.jpg"}],
        "authors": [{"name": "Orang Lain", "role": "author"}, {"name": "Budi Hartono", "role": "editor"}],
    }
    joined = join([first, second])
    assert joined == {
        "url": PAGE,
        "title": "Perahu",
        "published": "2024-11-05T09:00:00Z",
        "content": "<p>Satu.</p>\n<p>Dua.</p>\n<p>Tiga.</p>",
        "images": [
            {"url": "https://situs.example/a.jpg", "width": 9},
            {"url": "https://situs.example/b.jpg"},
        ],
        "authors": [{"name": "Sari Dewi", "role": "author"}, {"name": "Budi Hartono", "role": "editor"}],
    }
    assert isinstance(admit(joined, SITE, "pages", "1"), Article)


@pytest.mark.parametrize(
    ("pages", "joined"),
    [
        (["<p>O.</p><p>A.</p>", "<p>O.</p><p>B.</p>"], "<p>O.</p>\n<p>A.</p>\n<p>B.</p>"),
        (["<p>A.</p><p>Z.</p>", "<p>B.</p><p>Z.</p>"], "<p>A.</p>\n<p>B.</p>\n<p>Z.</p>"),
        (["<p>A.</p><p>B.</p>", "<p>B.</p><p>C.</p>"], "<p>A.</p>\n<p>B.</p>\n<p>C.</p>"),
        (
            ["<p>A.</p><p>B.</p>", "<p>C.</p><p>B.</p><p>D.</p>"],
            "<p>A.</p>\n<p>B.</p>\n<p>C.</p>\n<p>B.</p>\n<p>D.</p>",
        ),
        (
            ["<p>A.</p><img src='a.jpg'>", "<img src='b.jpg'><p>B.</p>"],
            '<p>A.</p>\n<img src="a.jpg">\n<img src="b.jpg"><p>B.</p>',
        ),
        (["Teras <b>A</b> &amp; B.", "<p>B.</p>"], "<span>Teras </span><b>A</b> &amp; B.\n<p>B.</p>"),
        (["<p>A.</p><p>B.</p>"] * 3, "<p>A.</p>\n<p>B.</p>"),
        (["<p>A.</p>", ""], "<p>A.</p>"),
    ],
)
def test_repeats_at_the_seams(pages: list[str], joined: str) -> None:
    """What every page begins or ends with is there once; what is repeated within a page stays."""
    content = join([{"content": page} for page in pages])["content"]
    assert content == joined


def test_pages_known_as_text_are_joined() -> None:
    """A page whose story is known only as text joins as paragraphs."""
    assert (
        join([{"text": "A & B.\n\nC."}, {"content": "<p>D.</p>"}])["content"]
        == "<p>A &amp; B.</p>\n<p>C.</p>\n<p>D.</p>"
    )


def test_one_page_joins_to_itself() -> None:
    """A story on one page is what it was."""
    assert join([{"title": "J", "text": "A."}]) == {"title": "J", "text": "A."}
