"""Feeds read by two libraries we did not write say exactly what the Articles hold."""

from __future__ import annotations

import calendar
import html
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import atoma
import feedparser
import pytest

from feeds.archive.terms import THE_SITE
from feeds.build import build
from feeds.channel import Publisher, channel_for
from feeds.formats import FORMATS
from feeds.formats.rendering import Category, Rendering
from feeds.settings_file import EXAMPLE
from sources.article import Article, Media
from sources.location import Location
from sources.source import Site

PUBLISHER = Publisher(
    url="https://kabarteluk.example/",
    feeds_url="https://kabarteluk.example/",
    title="Kabar Teluk",
    name="Kabar Teluk",
    tagging_entity="kabarteluk.example,2005",
    language="id",
)
TAG_PAGE = "https://kabarteluk.example/tags/x/"
UNKNOWN = "application/octet-stream"


@pytest.fixture(params=["example", "hostile"])
def articles(request: pytest.FixtureRequest, site: Site, samples: Path) -> dict[str, Article]:
    """The articles of the example newsroom, and those of the hostile set, by id."""
    place = {"example": EXAMPLE.parent / "articles", "hostile": samples / "hostile.jsonl"}[request.param]
    found = [item for item in Location(str(place)).read(site) if isinstance(item, Article)]
    assert len(found) > 5
    return {article.id: article for article in reversed(found)}


def rendered(articles: dict[str, Article], number: int) -> bytes:
    """Make a feed of all the articles, in one format."""
    format_ = FORMATS[number]
    entries = [
        format_.entry(article, Rendering(PUBLISHER, tuple(Category(tag, TAG_PAGE) for tag in article.tags)))
        for article in articles.values()
    ]
    channel = channel_for(THE_SITE, PUBLISHER, datetime(2024, 10, 28, tzinfo=UTC))
    return build(channel, format_, entries, 0).body


def seconds(parsed: Any) -> int:
    """Turn the time that feedparser gives into seconds since 1970."""
    return calendar.timegm(parsed)


def same_text(html_text: str, text: str | None) -> bool:
    """Compare a text read as HTML with a plain one."""
    return " ".join(html.unescape(html_text).split()) == " ".join((text or "").split())


def enclosed(article: Article) -> list[Media]:
    """Return the one enclosure of an RSS item (F-19), a sound if there is one; the rest is media:content."""
    order = sorted(article.enclosures, key=lambda media: not (media.media_type or "").startswith("audio/"))
    return order[:1]


@pytest.mark.parametrize("number", [0, 1], ids=["rss", "atom"])
def test_feedparser_reads_back_what_the_articles_hold(articles: dict[str, Article], number: int) -> None:
    """ids, titles, links, both dates, tags, content, enclosures and pictures survive either format."""
    # Its own cleaning is switched off: what is compared is what was sent.
    parsed = feedparser.parse(rendered(articles, number), sanitize_html=False, resolve_relative_uris=False)
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert [entry.id for entry in parsed.entries] == list(articles)
    for entry in parsed.entries:
        article = articles[entry.id]
        assert entry.title == article.title
        if article.url:
            assert entry.link == article.url
        assert seconds(entry.published_parsed) == article.published.timestamp()
        assert seconds(entry.updated_parsed) == article.updated.timestamp()
        assert tuple(tag.term for tag in entry.get("tags", [])) == article.tags
        if article.content:
            assert entry.content[0].value == article.content.strip()
        if article.summary:
            assert same_text(entry.summary, article.summary)
        images = [media["url"] for media in entry.get("media_content", []) if media.get("medium") == "image"]
        assert images == [image.url for image in article.images]
        thumbnails = [thumbnail["url"] for thumbnail in entry.get("media_thumbnail", [])]
        assert thumbnails == images[:1]
        links = [link for link in entry.get("links", []) if link.rel == "enclosure"]
        kept = article.enclosures if number else enclosed(article)
        assert [link.href for link in links] == [enclosure.url for enclosure in kept]
        assert [link.type for link in links] == [enclosure.media_type or UNKNOWN for enclosure in kept]


@pytest.mark.parametrize("number", [0, 1], ids=["rss", "atom"])
def test_feedparser_reads_back_bylines(articles: dict[str, Article], number: int) -> None:
    """Authors are authors, editors and photographers contributors, in both formats."""
    for entry in feedparser.parse(rendered(articles, number)).entries:
        article = articles[entry.id]
        authors = [person.name for person in article.authors if person.role == "author"]
        others = [person.name for person in article.authors if person.role != "author"]
        if number == 0:
            assert [a.name for a in entry.get("authors", []) if a] == authors
        else:
            assert [a.name for a in entry.authors] == (authors or [str(article.publisher)])
        assert [c.name for c in entry.get("contributors", [])] == others


def test_atoma_reads_back_atom(articles: dict[str, Article]) -> None:
    """A strict Atom parser finds the same articles."""
    feed = atoma.parse_atom_bytes(rendered(articles, 1))
    assert [entry.id_ for entry in feed.entries] == list(articles)
    for entry in feed.entries:
        article = articles[entry.id_]
        assert entry.title.value == article.title
        assert (entry.published, entry.updated) == (article.published, article.updated)
        assert [category.term for category in entry.categories] == list(article.tags)
        links = [(link.rel, link.href) for link in entry.links]
        alternate = [("alternate", article.url)] if article.url else []
        enclosures = [("enclosure", e.url) for e in article.enclosures]
        replies = [("replies", article.comments_url)] if article.comments_url else []
        assert sorted(links) == sorted(alternate + enclosures + replies)
        if article.content:
            assert entry.content.value == article.content


def test_atoma_reads_back_rss(articles: dict[str, Article]) -> None:
    """A strict RSS parser finds the same articles."""
    feed = atoma.parse_rss_bytes(rendered(articles, 0))
    assert [item.guid for item in feed.items] == list(articles)
    for item in feed.items:
        article = articles[item.guid]
        assert item.title == article.title
        assert item.link == article.url
        assert item.pub_date == article.published
        assert item.categories == list(article.tags)
        assert (item.content_encoded or None) == article.content
        assert [e.url for e in item.enclosures] == [e.url for e in enclosed(article)]


def test_a_reader_that_finds_something_else_fails_these_tests(articles: dict[str, Article]) -> None:
    """The comparison can fail: one letter changed in the feed is seen."""
    first = next(iter(articles.values()))
    body = rendered(articles, 1).replace(first.id.encode(), first.id.encode() + b"x", 1)
    assert [entry.id_ for entry in atoma.parse_atom_bytes(body).entries] != list(articles)
