"""A story is told from the boxes, captions and links that pages put into it, by names and by looks."""

from __future__ import annotations

from typing import Any

import pytest

from sources.pages.reader import read_page
from sources.source import Site

SITE = Site(url="https://situs.example/", tagging_entity="situs.example,2024")
PAGE = "https://situs.example/berita/satu"
HEAD = '<title>Perahu Kembali</title><meta property="article:published_time" content="2024-11-05T09:00:00Z">'
STORY = "<p>Perahu kembali ke dermaga sebelum hujan turun, kata nelayan di pulau seberang.</p>"


def read(body: str) -> dict[str, Any]:
    """Read a page with this body."""
    return read_page(
        f"<!doctype html><html><head>{HEAD}</head><body>{body}</body></html>".encode(), PAGE, SITE
    )


def content(inside: str) -> str:
    """Return the story that is read out of a marked-up body with this in its middle."""
    return str(read(f'<div itemprop="articleBody">{STORY * 4}{inside}{STORY * 4}</div>').get("content"))


@pytest.mark.parametrize(
    "names",
    [
        'class="c-related variant"',
        'class="articleRelated"',
        'class="story_related_links"',
        'id="relatedNews"',
        'class="widget most-popular"',
        'class="dpsp-networks-btns-share"',
        'class="article-body__tablet-newsletter"',
        'class="emailSignup"',
        'class="adSlot"',
        'class="post-tags"',
        'class="wpcf7 article-comments"',
        'class="author-info align-middle"',
        'class="rail rail--trending"',
    ],
)
def test_boxes_are_known_by_their_names(names: str) -> None:
    """A box whose class or id holds a telling word is cut, however the words are joined (I-05)."""
    assert "Cerita lain" not in content(f"<div {names}><p>Cerita lain</p></div>")


@pytest.mark.parametrize(
    "names",
    [
        'class="reload"',
        'class="adat-istiadat"',
        'class="sharecropper"',
        'class="tagline"',
        'class="relatedness"',
    ],
)
def test_words_inside_words_tell_nothing(names: str) -> None:
    """A word counts only as a whole: `adat` is no `ad`."""
    assert "Cerita ini" in content(f"<div {names}><p>Cerita ini</p></div>")


def test_box_with_most_of_the_story_is_its_wrapper() -> None:
    """A telling name on a box that holds the story itself, `has-related`, cuts nothing."""
    body = f'<div itemprop="articleBody"><div class="has-related">{STORY * 8}</div></div>'
    assert read(body)["content"].count("Perahu") == 8


def test_quotation_in_a_social_box_stays() -> None:
    """A post that the story quotes is part of it, though its box is named after social media."""
    post = '<div class="social-embed"><blockquote>Laut tenang hari ini.</blockquote></div>'
    assert "Laut tenang" in content(post)


@pytest.mark.parametrize(
    "line",
    [
        '<p><a href="/berita/dua">Cerita lain dari pulau seberang</a></p>',
        '<p><strong><a href="https://situs.example/berita/dua">CERITA LAIN DARI PULAU</a></strong></p>',
        '<h3>You may also like</h3><ul><li><a href="/b/2">Cerita lain</a></li></ul>',
        "<p>Related: Cerita lain</p>",
        "<p>Sign up for Cerita lain newsletters today</p>",
        "<p>Advertisement</p><p>Leggi anche: Cerita lain</p>",
    ],
)
def test_headlines_of_other_stories_are_cut(line: str) -> None:
    """A paragraph that is one link to another page of the site, or a line with a telling start, is cut."""
    assert "cerita lain" not in content(line).lower()


@pytest.mark.parametrize(
    "line",
    [
        '<p><a href="/berkas/laporan.pdf">Cerita ini dalam laporan lengkap</a></p>',
        '<p><a href="https://lain.example/x">Cerita ini di situs orang lain</a></p>',
        '<p>Kata dia, <a href="/berita/dua">Cerita ini belum selesai</a></p>',
        '<p><a href="/berita/dua">Cerita ini</a></p>',
        "<p>Sign up for the race, Cerita ini, ends on Friday.</p>",
        "<p>Advertisement of Cerita ini was late.</p>",
    ],
)
def test_links_that_belong_to_the_story_stay(line: str) -> None:
    """A file, another site, a link in a sentence, and a mere word are the story's own."""
    assert "Cerita ini" in content(line)


@pytest.mark.parametrize(
    "box",
    [
        '<div class="wp-caption"><img src="/a.jpg"><p class="wp-caption-text">Di dermaga</p></div>',
        '<span><span><img src="/a.jpg"></span><span class="caption">Di dermaga</span></span>',
        '<ul><li><img src="/a.jpg"><div class="caption-full">Di dermaga</div></li></ul>',
        '<div><img src="/a.jpg"><span class="newsCaption">Di dermaga</span></div>',
    ],
)
def test_captions_become_figcaptions(box: str) -> None:
    """Words that only a class marks as a caption become one, in a figure with their picture."""
    body = content(box)
    figure = body[body.index("<figure") : body.index("</figure>")]
    assert "<img" in figure
    assert "Di dermaga</figcaption>" in figure


def test_caption_without_a_picture_is_text() -> None:
    """A caption with no picture near it stays the paragraph that it is."""
    assert '<p class="caption">Di dermaga</p>' in content('<p class="caption">Di dermaga</p>')


def test_story_in_pieces_is_put_together() -> None:
    """A body that its site spreads over several boxes of one kind is read whole, in order."""
    boxes = [
        f'<div class="row"><div class="article__body"><p>Bagian {n}.</p>{STORY * n}</div></div>'
        for n in (1, 4)
    ]
    repeated = boxes[0]  # as for telephones
    body = read(f"<main>{boxes[0]}<div>Iklan</div>{boxes[1]}{repeated}</main>")["content"]
    assert body.index("Bagian 1") < body.index("Bagian 4")
    assert body.count("Perahu") == 5


def test_stories_beside_each_other_are_not_put_together() -> None:
    """Several articles of one page stay apart: only the longest is the page's."""
    boxes = [
        f'<article><div class="entry-content"><p>Cerita {n}.</p>{STORY * n}</div></article>' for n in (2, 4)
    ]
    body = read(f"<main>{''.join(boxes)}</main>")["content"]
    assert "Cerita 4" in body
    assert "Cerita 2" not in body


def test_guess_leaves_boxes_out() -> None:
    """On a page without known markup as well, boxes are cut by their names before anything is guessed."""
    paragraphs = "".join(
        f"<p>Perahu nomor {n} kembali ke dermaga sebelum hujan turun di pulau.</p>" for n in range(9)
    )
    teaser = "<p>Cerita lain dari pulau seberang yang panjang sekali, kata penulisnya kemarin sore.</p>"
    record = read(f'{paragraphs}<div class="terkait">{teaser}</div>')
    assert record["found"]["content"] == "trafilatura"
    assert "Perahu nomor 8" in record["content"]
    assert "Cerita lain" not in record["content"]


def test_teaser_with_the_class_of_a_story_is_none() -> None:
    """Where a box named as a story holds little of a page's text, the story is looked for elsewhere."""
    teaser = f'<div class="entry-content">{STORY * 3}</div>'
    lines = "".join(
        f"<p>Paragraf {n} tentang panen rumput laut di pulau seberang sana.</p>" for n in range(30)
    )
    record = read(f'{teaser}<div class="isi">{lines}</div>')
    assert "Paragraf 29" in record["content"]
    assert record["found"]["content"] == "paragraphs"
