"""The selectors of markup.toml find what XPath finds, by hand-written expressions of the same meaning."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.pages.index import index, select
from sources.pages.markup import load_markup
from sources.pages.selectors import names_in
from sources.pages.tree import parse

PAGE = """<html><head><title>T</title><meta name="Author" content="Sari"><meta name="author-2" content="x">
<meta name="date" content="2024-11-05"></head><body id="top" class="a b">
<article class="story wide"><header><h1 class="judul">Satu</h1><time datetime="2024">5/11</time></header>
<p>Oleh <a rel="nofollow author" href="/sari" class="author-name">Sari</a></p>
<div class="tagcloud"><a href="/a" rel="tag">a</a><span><a href="/b">b</a></span></div></article>
<div class="storyline" id="story"><time class="Publish-date">kemarin</time><article><article><h1>Dua</h1>
</article></article></div><h1>Tiga</h1></body></html>"""
A_CLASS = "contains(concat(' ', normalize-space(@class), ' '), ' {} ')"
CASES = {
    "h1": "//h1",
    "article h1": "//article//h1",
    "article article h1": "//article//article//h1",
    "article header time[datetime]": "//article//header//time[@datetime]",
    "header article h1": "//header//article//h1",
    ".story": f"//*[{A_CLASS.format('story')}]",
    ".story h1.judul": f"//*[{A_CLASS.format('story')}]//h1[{A_CLASS.format('judul')}]",
    "#story": "//*[@id='story']",
    "#story time": "//*[@id='story']//time",
    ".tagcloud a": f"//*[{A_CLASS.format('tagcloud')}]//a",
    "a[rel~=author]": "//a[contains(concat(' ', @rel, ' '), ' author ')]",
    "a[rel~=tag]": "//a[@rel='tag']",
    "meta[name=author]": "//meta[@name='Author']",
    "meta[name^=author]": "//meta[@name='Author' or @name='author-2']",
    "time[class*=publish]": "//time[contains(@class, 'Publish')]",
    ".storyline.none": "//none",
    ".a.b": "//body",
    "time[pubdate]": "//time[@pubdate]",
}


@pytest.mark.parametrize("selector", CASES)
def test_selectors_find_what_xpath_finds(selector: str) -> None:
    """In the page's order, however the index comes by what may fit."""
    root = parse(PAGE)
    assert root is not None
    page = index(root, frozenset(names_in(CASES)))
    assert select(page, selector) == root.xpath(CASES[selector])


@given(st.lists(st.sampled_from(["", "story", "a b", "entry-content", "story-body x"]), max_size=12))
def test_classes_are_found_however_they_stand(classes: list[str]) -> None:
    """An element is found by each of its classes that markup.toml names, and by no part of one."""
    markup = load_markup()
    root = parse("".join(f'<div class="{name}">' for name in classes) or "<p>Kosong</p>")
    assert root is not None
    page = index(root, markup.sought)
    for name in ("entry-content", "story-body"):
        assert len(select(page, f".{name}")) == sum(name in each.split() for each in classes)
