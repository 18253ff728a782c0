"""Text that was made to take long, and text that only looks like HTML."""

from __future__ import annotations

import time

import pytest

from sources import parts
from sources.clean import clean_html
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


@pytest.mark.parametrize(
    "hostile",
    ["<!--", "<style>", "<script ", "<a ", "&#", "</p", "<img ", "<div>", '<img data-src="', "&lt;"],
)
def test_no_text_takes_long(hostile: str) -> None:
    """200 kB of openings that never close cost well under two seconds, as a headline and as a story."""
    text = hostile * (200_000 // len(hostile))
    start = time.perf_counter()
    parts.words(text)
    clean_html(text, "https://kabarteluk.example/")
    assert time.perf_counter() - start < 2
