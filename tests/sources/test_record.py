"""What admit makes of tags, hashtags and relative dates."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from sources.article import Article
from sources.hashtags import take_hashtags
from sources.record import admit
from sources.source import Rejected, Site

MakeArticle = Callable[..., Article]
STORY = "<p>Nelayan Teluk Batu pulang lebih cepat.</p>"
FETCHED = datetime(2024, 10, 28, 18, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "last",
    [
        "<p>#nelayan #CuacaBuruk</p>",
        "<p>#nelayan, #CuacaBuruk.</p>",
        "<p>#nelayan#CuacaBuruk #Nelayan</p>",
        '<p><a href="/tag/nelayan">#nelayan</a> <a href="/tag/cb">#CuacaBuruk</a></p>',
        "<p><strong>#nelayan<br>#CuacaBuruk</strong></p>",
        "<p>#nelayan&nbsp;#CuacaBuruk</p><p> </p>",
        '<p dir="ltr">#nelayan #CuacaBuruk</p>',
    ],
)
def test_a_last_paragraph_of_hashtags_gives_the_tags(last: str, make_article: MakeArticle) -> None:
    """Where nothing else names tags, hashtags do, and they are no part of the story any more."""
    article = make_article(content=STORY + last)
    assert article.tags == ("nelayan", "CuacaBuruk")
    assert article.content is not None
    assert "#" not in article.content
    assert "pulang lebih cepat" in article.content


def test_hashtags_in_a_wrapper_leave_it_whole(make_article: MakeArticle) -> None:
    """An element around the story stays closed."""
    article = make_article(content=f"<div>{STORY}<p>#nelayan</p></div>")
    assert (article.tags, article.content) == (("nelayan",), f"<div>{STORY}</div>")


def test_hashtags_below_plain_text(make_article: MakeArticle) -> None:
    """Plain text may end in hashtags too."""
    article = make_article(content=None, text="Ombak tinggi.\n\n#नाविक #2024aman\n\n")
    assert (article.tags, article.content) == (("नाविक", "2024aman"), "<p>Ombak tinggi.</p>")


@pytest.mark.parametrize(
    "last",
    [
        "<p>Ikuti #nelayan</p>",
        "<p>#1</p>",
        "<p>#nelayan dan lainnya</p>",
        "<p>#nelayan</p><p>Habis.</p>",
        '<p>#nelayan</p><img src="https://kabarteluk.example/a.jpg">',
        "<ul><li>#nelayan</li></ul>",
        "<div><p>#nelayan</p></div><pre>#nelayan</pre>",
        '<p><img src="https://kabarteluk.example/a.jpg">#nelayan</p>',
        "<p>Nomor&#35;satu</p>",
    ],
)
def test_other_last_paragraphs_stay(last: str, make_article: MakeArticle) -> None:
    """A paragraph with any other word, or that is not the last thing shown, is part of the story."""
    article = make_article(content=STORY + last)
    assert article.tags == ()
    assert article.content is not None
    assert len(article.content) > len(STORY)


def test_hashtags_stay_where_there_are_tags(make_article: MakeArticle) -> None:
    """Tags from anywhere else come first: then the story is left alone."""
    article = make_article(content=STORY + "<p>#cuaca</p>", tags=["nelayan"])
    assert article.tags == ("nelayan",)
    assert article.content is not None
    assert "#cuaca" in article.content


def test_a_story_of_hashtags_alone_keeps_them(make_article: MakeArticle) -> None:
    """Nothing would be left of it."""
    article = make_article(content="<p>#nelayan</p>")
    assert (article.tags, article.content) == ((), "<p>#nelayan</p>")


@pytest.mark.parametrize("hostile", ["#", "<p>#", "<p>#a</p>", "#a<br>", "<p>", "&nbsp;", "<p>#</p> "])
def test_no_story_takes_long_to_look_through(hostile: str) -> None:
    """500 kB of almost-hashtags cost well under a second, and raise nothing."""
    start = time.perf_counter()
    take_hashtags(STORY + "<p>#" + hostile * (500_000 // len(hostile)) + "</p>")
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize("given", ["News, Nelayan", ["#NEWS", "nelayan"], [{"name": "news"}, "nelayan"]])
def test_tags_that_are_no_subjects_are_left_out(given: Any, site: Site) -> None:
    """A site's drop_tags go, however they are spelled."""
    record = {"title": "Ombak", "published": "2024-10-28T07:00:00Z", "tags": given}
    article = admit(record, replace(site, drop_tags=frozenset({"news"})), "test", "1")
    assert isinstance(article, Article)
    assert [tag.lower() for tag in article.tags] == ["nelayan"]


def test_hashtags_stand_in_for_tags_that_were_left_out(site: Site) -> None:
    """A record whose tags are all dropped has none, and hashtags that are dropped give none."""
    record = {"title": "Ombak", "published": "2024-10-28T07:00:00Z", "tags": "news"}
    kept = admit(
        {**record, "content": STORY + "<p>#news #nelayan</p>"},
        replace(site, drop_tags=frozenset({"news"})),
        "test",
        "1",
    )
    assert isinstance(kept, Article)
    assert (kept.tags, kept.content) == (("nelayan",), STORY)


def test_a_relative_date_counts_from_fetched(site: Site) -> None:
    """The source that fetched a record says when; the article's dates then say what they count from."""
    record = {"title": "Ombak", "published": "28 Oktober 2024 08:00 WIB", "updated": "2 jam lalu"}
    article = admit({**record, "fetched": FETCHED}, site, "test", "1")
    assert isinstance(article, Article)
    assert article.updated == datetime(2024, 10, 28, 16, 30, tzinfo=UTC)
    assert article.date_basis.published == "stated"
    assert (article.date_basis.updated, article.date_basis.modified) == ("relative", "relative")
    assert "fetched" not in article.model_dump()


@pytest.mark.parametrize("fetched", [None, "2024-10-28T18:30:00Z", FETCHED.replace(tzinfo=None), 1730140200])
def test_a_relative_date_without_its_moment_is_rejected(fetched: object, site: Site) -> None:
    """Only a moment with a zone counts: what merely looks like one came with the record."""
    rejected = admit({"title": "Ombak", "published": "kemarin", "fetched": fetched}, site, "test", "1")
    assert isinstance(rejected, Rejected)
    assert (rejected.field, "relative to a moment nobody noted" in rejected.reason) == ("published", True)


def test_a_record_s_language_helps_to_read_its_date(site: Site) -> None:
    """The record's own language, in whatever spelling, else the site's."""
    record = {"title": "Fale", "published": "28 listopada 2024", "language": "pl_PL"}
    article = admit(record, site, "test", "1")
    assert isinstance(article, Article)
    assert article.published.date().isoformat() == "2024-11-28"
    croatian = admit({**record, "language": None}, replace(site, language="hr"), "test", "1")
    assert isinstance(croatian, Article)
    assert croatian.published.date().isoformat() == "2024-10-28"
