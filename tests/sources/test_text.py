"""Text that was made to take long, and text that only looks like HTML."""

from __future__ import annotations

import contextlib
import time

import pytest

from sources import parts
from sources.article import Article
from sources.clean import clean_html
from sources.record import admit
from sources.source import Rejected, Site
from sources.text import plain


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Tom &amp; Jerry", "Tom & Jerry"),
        ("AT&T < 5 <3", "AT&T < 5 <3"),
        ("<p>Ombak</p><p>tinggi</p>", " Ombak  tinggi "),
        ("Om<em>bak</em>", "Ombak"),
        ("Ombak<script>x()</script><!-- y -->", "Ombak  "),
        ("Ombak <!-- unclosed", "Ombak  "),
    ],
)
def test_markup_becomes_words_and_words_stay(text: str, words: str) -> None:
    """A headline may come as HTML or as plain text; either way it is what readers would have seen (F-15)."""
    assert plain(text) == words


def test_a_space_that_holds_words_together_stays_in_a_story(site: Site) -> None:
    """In plain text, runs of white space are one space and blank lines part paragraphs; NBSP is a letter."""
    record = {
        "title": "Ombak",
        "published": "2024-10-28T07:00:00Z",
        "text": "Rp\u00a05.000  lagi\nya.\n \nDua.",
    }
    article = admit(record, site, "test", "1")
    assert isinstance(article, Article)
    assert article.content == "<p>Rp\u00a05.000 lagi ya.</p>\n<p>Dua.</p>"


@pytest.mark.parametrize(
    "hostile",
    ["<!--", "<style>", "<script ", "<a ", "&#", "</p", "<img ", "<div>", '<img data-src="', "&lt;"],
)
def test_no_text_takes_long(hostile: str) -> None:
    """200 kB of openings that never close cost well under two seconds, as a headline and as a story."""
    text = hostile * (200_000 // len(hostile))
    start = time.perf_counter()
    parts.words(text)
    with contextlib.suppress(ValueError):  # nested too deep
        clean_html(text, "https://kabarteluk.example/")
    assert time.perf_counter() - start < 2


def test_a_story_of_endless_nesting_is_rejected_and_a_long_one_is_not(site: Site) -> None:
    """Time grows with the square of the depth: 8 MB of `<div>` would take hours. Length is no fault."""
    record = {"title": "Ombak", "published": "2024-10-28T07:00:00Z"}
    deep = admit({**record, "content": "<div>" * 100_000 + "x"}, site, "test", "1")
    assert isinstance(deep, Rejected)
    assert (deep.field, "nest more than" in deep.reason) == ("content", True)
    long = admit({**record, "content": "<p>Ombak <b>tinggi</b><br>" * 20_000}, site, "test", "1")
    assert isinstance(long, Article)
