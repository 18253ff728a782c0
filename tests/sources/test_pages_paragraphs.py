"""A page that marks up no story: the box of its paragraphs is taken where nothing speaks against it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.pages.reader import read_page
from sources.source import Site

SITE = Site(url="https://situs.example/", tagging_entity="situs.example,2024")
LINE = "Paragraf {} menceritakan panen rumput laut di pulau seberang sampai hujan turun."
STORY = "".join(f"<p>{LINE.format(n)}</p>" for n in range(8))
LINKS = "".join(f'<li><a href="/berita/{n}">Kabar lain nomor {n} dari kota</a></li>' for n in range(9))


def read(body: str) -> dict[str, Any]:
    """Read a page with a headline and this body."""
    page = f"<html><head><title>Panen</title></head><body>{body}</body></html>"
    return read_page(page.encode(), "https://situs.example/berita/panen", SITE)


def test_box_of_the_paragraphs_is_the_story() -> None:
    """The story keeps its own markup; menus, lists of links and the footer stay out."""
    body = (
        f"<header><ul>{LINKS}</ul></header><main><h1>Panen</h1><div class='x1'>{STORY}"
        "<figure><img src='/a.jpg'><figcaption>Dermaga</figcaption></figure>"
        f"<blockquote>Kata nelayan.</blockquote></div><ul>{LINKS}</ul></main>"
        f"<footer><p>{'Hak cipta dilindungi undang-undang. ' * 9}</p></footer>"
    )
    record = read(body)
    assert record["found"]["content"] == "paragraphs"
    assert "Paragraf 0" in record["content"]
    assert "<figcaption>Dermaga</figcaption>" in record["content"]
    assert "<blockquote>Kata nelayan.</blockquote>" in record["content"]
    assert "Kabar lain" not in record["content"]
    assert "Hak cipta" not in record["content"]


@pytest.mark.parametrize(
    ("why", "body"),
    [
        ("comments", f'<div class="comments"><div class="comment-list">{STORY}</div></div>'),
        ("links", f"<div>{STORY}<ul>{LINKS * 4}</ul></div>"),
        ("few words", f"<div><p>{LINE}</p></div>"),
        ("two halves", f"<div><div>{STORY}</div><div>{STORY}</div><ul>{LINKS * 4}</ul></div>"),
        ("no box", STORY),
    ],
)
def test_what_may_be_no_story_is_left_to_the_guess(why: str, body: str) -> None:
    """A box is none that is called noise, is half links, tells little, or where another tells as much."""
    record = read(body)
    assert record.get("found", {}).get("content") != "paragraphs", why


def test_guess_sees_the_page_as_it_was() -> None:
    """A box that is refused is left as it stood: nothing of it is lost to the guess."""
    record = read(f"<div>{STORY}<ul>{LINKS * 4}</ul></div>")
    assert record["found"]["content"] == "trafilatura"
    assert all(LINE.format(n) in record["content"] for n in range(8))


def test_body_that_json_ld_tells_to_be_longer_is_looked_for_elsewhere() -> None:
    """A box with less than half of JSON-LD's articleBody is an excerpt."""
    told = " ".join(LINE.format(n) for n in range(40))
    ld = f'<script type="application/ld+json">{{"@type": "NewsArticle", "articleBody": "{told}"}}</script>'
    record = read(f"{ld}<div>{STORY}</div>")
    assert "Paragraf 39" in record["text"]


def test_lists_and_headings_between_the_paragraphs_are_the_storys() -> None:
    """A guide is half lists; what it lists is told, where a menu's items are links."""
    steps = "".join(f"<li>Langkah {n}: {LINE.format(n)}</li>" for n in range(8))
    record = read(f"<div>{STORY}<h2>Cara menanam</h2><ol>{steps}</ol></div>")
    assert record["found"]["content"] == "paragraphs"
    assert "<li>Langkah 7" in record["content"]


def test_captions_of_a_gallery_are_the_storys() -> None:
    """Many pictures with long captions between a story's paragraphs do not speak against it."""
    picture = f"<figure><img src='/a.jpg'><figcaption>{LINE.format('foto')}</figcaption></figure>"
    record = read(f"<div>{STORY}{picture * 4}</div>")
    assert record["found"]["content"] == "paragraphs"
    assert record["content"].count("<figcaption>") == 4


@pytest.mark.parametrize(
    "others",
    [
        pytest.param(f'<div class="sidebar">{STORY[:260]}</div>', id="in a box that is called noise"),
        pytest.param(
            "".join(f'<a href="/{n}"><p>{LINE.format(n)}</p></a>' for n in range(4)), id="in links to others"
        ),
    ],
)
def test_paragraphs_of_others_do_not_hide_the_box_of_the_story(others: str) -> None:
    """What stands beside the story leaves its box the smallest that holds nearly all."""
    record = read(f"<main><section>{STORY}</section>{others}<ul>{LINKS}</ul></main>")
    assert record["found"]["content"] == "paragraphs"
    assert "Kabar lain" not in record["content"]


def test_form_around_the_whole_page_is_no_furniture() -> None:
    """ASP.NET sets one around everything; a form beside the story is one for readers."""
    record = read(f"<form>{STORY.join(['<main><div>', '</div></main>'])}</form>")
    assert record["found"]["content"] == "paragraphs"


@pytest.mark.parametrize(("lines", "where"), [(12, "paragraphs"), (30, "trafilatura")])
def test_box_that_agrees_with_json_ld_needs_no_paragraphs(lines: int, where: str) -> None:
    """Lines that only breaks part are the story where articleBody has as much, not where it has less."""
    told = " ".join(LINE.format(n) for n in range(12))
    ld = f'<script type="application/ld+json">{{"@type": "NewsArticle", "articleBody": "{told}"}}</script>'
    broken = "<br>".join(LINE.format(n) for n in range(8, lines))
    record = read(f"{ld}<main><div>{STORY}{broken}</div></main>")
    assert record["found"]["content"] == where
    assert f"Paragraf {lines - 1}" in record["content"]


@given(st.lists(st.sampled_from(["div", "section", "main", "article", "span"]), min_size=1, max_size=30))
def test_boxes_around_the_story_change_nothing(tags: list[str]) -> None:
    """However many boxes stand around the paragraphs, the story is the same."""
    before, after = "".join(f"<{tag}>" for tag in tags), "".join(f"</{tag}>" for tag in reversed(tags))
    record = read(f"<div><ul>{LINKS}</ul></div>{before}<div>{STORY}</div>{after}")
    assert record["content"].split("</p>")[:8] == read(f"<div>{STORY}</div>")["content"].split("</p>")[:8]
    assert record["found"]["content"] == "paragraphs"


def test_what_readers_say_makes_no_teaser_of_a_story() -> None:
    """Many comments below a short story are no sign that its body is elsewhere."""
    comments = "".join(f"<li><p>{LINE.format(n)}</p></li>" for n in range(90))
    record = read(
        f'<div class="entry-content">{STORY}</div><ol class="comment-list" id="comments">{comments}</ol>'
    )
    assert record["found"]["content"] == "markup"
    assert "Paragraf 89" not in record["content"]


def test_call_to_action_is_no_part_of_a_story() -> None:
    """What asks readers for money says so in its class."""
    record = read(f'<div class="entry-content">{STORY}<div class="post-cta">Dukung kami</div></div>')
    assert "Dukung kami" not in record["content"]
    assert "Dukung kami (prompts)" in record["cut"]


@pytest.mark.parametrize("form", ["{}", "<p>{}</p>"])
def test_paragraphs_that_json_ld_has_tell_the_story_from_others(form: str) -> None:
    """On a page with several stories, the one whose paragraphs stand in articleBody is taken."""
    other = "".join(f"<p>{LINE.format(n)} Ini cerita lain.</p>" for n in range(20, 60))
    told = "".join(form.format(LINE.format(n)) + " " for n in range(8))
    ld = f'<script type="application/ld+json">{{"@type": "NewsArticle", "articleBody": "{told}"}}</script>'
    record = read(f"{ld}<main><div>{STORY}</div><div>{other}</div></main>")
    assert record["found"]["content"] == "paragraphs"
    assert "Paragraf 7" in record["content"]
    assert "cerita lain" not in record["content"]


def test_date_in_a_box_that_was_cut_is_no_date_of_the_story() -> None:
    """How long ago another story appeared, in a box of links inside this one, says nothing of this one."""
    box = '<div class="related"><a href="/lain">Cerita lain</a> <time>2 jam yang lalu</time></div>'
    record = read(f'<div class="entry-content">{STORY}{box}</div>')
    assert "Cerita lain" not in record["content"]
    assert "published" not in record


def test_long_text_where_a_date_should_be_is_none() -> None:
    """A <time> around a paragraph is odd markup, which never raises."""
    record = read(f"<time>{LINE.format(1) * 9}</time>{STORY}<time>2 jam yang lalu</time>")
    assert record["published"] == "2 jam yang lalu"


def test_body_in_a_box_that_was_cut_is_no_story() -> None:
    """Another story's picture and headline, in a box of links inside a short text, are not taken for it."""
    other = '<div class="related"><div class="post-content">Cerita lain <img src="/lain.jpg"></div></div>'
    record = read(f'<div class="entry-content">{LINE}{other}</div>')
    assert "Cerita lain" not in record["content"]
