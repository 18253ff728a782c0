"""The record of a page says where each field was found, and what was cut from its story."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sources.pages.reader import read_page
from sources.source import Site

SITE = Site(url="https://situs.example/", tagging_entity="situs.example,2024")
PAGE = "https://situs.example/berita/satu"
STORY = "<p>Perahu kembali ke dermaga sebelum hujan turun, kata nelayan di pulau seberang.</p>" * 4
ARTICLE = {
    "@type": "NewsArticle",
    "headline": "Perahu Kembali",
    "author": "Sari Dewi",
    "image": "https://situs.example/a.jpg",
}


def ld(article: dict[str, Any]) -> str:
    """Write a JSON-LD block with an article in it."""
    return f'<script type="application/ld+json">{json.dumps(article)}</script>'


def read(head: str, body: str) -> dict[str, Any]:
    """Read a page made of a head and a body."""
    return read_page(f"<html><head>{head}</head><body>{body}</body></html>".encode(), PAGE, SITE)


def test_each_field_says_where_it_was_found() -> None:
    """Every field of a record has the name of its layer, and no other field has one."""
    head = (
        ld(ARTICLE) + '<meta property="og:description" content="Sebelum hujan.">'
        '<link rel="canonical" href="/berita/satu">'
        '<meta property="article:published_time" content="2024-11-05T09:00:00Z">'
        '<meta name="keywords" content="perahu, hujan">'
    )
    body = f'<div itemprop="articleBody">{STORY}<p>Editor: Budi Hartono</p></div>'
    record = read(head, body)
    assert record["found"] == {
        "title": "JSON-LD",
        "authors": "JSON-LD, text's edges",
        "images": "JSON-LD",
        "summary": "Open Graph",
        "published": "Open Graph",
        "tags": "markup",
        "url": "canonical link",
        "content": "microdata",
    }
    assert record["found"].keys() | {"found"} == record.keys()


@pytest.mark.parametrize(
    ("head", "body", "field", "where"),
    [
        ("<title>Perahu</title>", STORY, "title", "title element"),
        ("", f"<h1>Perahu</h1>{STORY}", "title", "markup"),
        ("<title>J</title>", f'<div class="entry-content">{STORY}</div>', "content", "markup"),
        ("<title>J</title>", f'<div class="c-entry-content x">{STORY}</div>', "content", "markup"),
        ("<title>J</title>", f'<div class="articleBody">{STORY}</div>', "content", "markup"),
        (
            "<title>J</title>",
            f'<div class="entry-content"><img src="/a.jpg">{STORY}</div>',
            "images",
            "story",
        ),
        (
            "<title>J</title>",
            f'<div class="entry-content"><p>5 November 2024</p>{STORY}</div>',
            "published",
            "text's edges",
        ),
        (
            ld({**ARTICLE, "articleBody": "Kata. " * 60}),
            "<p>Muat ulang.</p>",
            "text",
            "JSON-LD",
        ),
    ],
)
def test_names_of_the_places(head: str, body: str, field: str, where: str) -> None:
    """Each layer is named as a person who looks at the page's source would name it."""
    assert read(head, body)["found"][field] == where


def test_cut_things_are_told() -> None:
    """What was cut is listed with its kind, each as its words or, where it has none, as its name."""
    body = (
        '<div class="ads banner"><img src="/x.gif"></div>'
        f'{STORY}<p>Baca juga: Harga ikan naik</p><iframe src="https://video.example/1"></iframe>'
        f"{STORY}<script>x()</script><div class='related'>{'Cerita lain ' * 9}</div>"
    )
    assert read("<title>Perahu</title>", f'<div itemprop="articleBody">{body}</div>')["cut"] == [
        "iframe (embedded)",
        "div.ads (advertising)",
        "Cerita lain Cerita lain Cerita lain Cerita lain Cerita lain… (related)",
        "Baca juga: Harga ikan naik (related)",
    ]


def test_long_lists_of_cut_things_end() -> None:
    """At most fifty things are listed, each with at most sixty characters of its words."""
    body = "".join(f"<p>Baca juga: {n} {'kapal ' * 30}</p>" for n in range(70))
    cut = read("<title>J</title>", f'<div itemprop="articleBody">{STORY}{body}</div>')["cut"]
    assert len(cut) == 50
    assert max(len(line.rpartition(" (")[0]) for line in cut) <= 61


def test_nothing_cut_is_nothing_told() -> None:
    """A story with nothing to cut has no list."""
    assert "cut" not in read("<title>J</title>", f'<div itemprop="articleBody">{STORY}</div>')
