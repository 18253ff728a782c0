"""Podcasts: what gPodder's own parser finds in our RSS."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import feedparser
import podcastparser
import pytest

from feeds.archive.terms import THE_SITE
from feeds.build import build
from feeds.channel import Channel, Podcast, Publisher, channel_for
from feeds.formats import FORMATS
from feeds.formats.podcast import podcast_guid
from feeds.formats.rendering import Rendering
from sources.article import Article
from sources.records.translate import translate

SITE = "https://kabarteluk.example/"
PUBLISHER = Publisher(SITE, SITE, "Kabar Teluk", "Kabar Teluk", "kabarteluk.example,2005", language="id")
CHANNEL = channel_for(THE_SITE, PUBLISHER, datetime(2024, 10, 28, tzinfo=UTC))
SHOW = Podcast("News > Daily News", image=f"{SITE}siniar.jpg", author="Ratna Dewi", owner_email="s@k.example")
SOUND = {"url": "/siniar/1.mp3", "media_type": "audio/mpeg", "length": 204_800, "duration": 754}


def document(channel: Channel, *articles: Article, images: bool = True) -> bytes:
    """Make an RSS feed."""
    entries = [FORMATS[0].entry(article, Rendering(PUBLISHER, images=images)) for article in articles]
    return build(channel, FORMATS[0], entries, 0).body


def heard(body: bytes) -> dict[str, Any]:
    """Return what the parser of a podcast reader finds."""
    found: dict[str, Any] = podcastparser.parse(f"{SITE}rss.xml", io.BytesIO(body))
    return found


def test_an_article_with_a_sound_is_an_episode(make_article: Callable[..., Article]) -> None:
    """In every feed: the sound with its bytes and type, how long it lasts, and its picture."""
    article = make_article(enclosures=[SOUND], images=["/a.jpg"], summary="Ombak dua meter.")
    (episode,) = heard(document(CHANNEL, article))["episodes"]
    assert episode["enclosures"][0] == {
        "url": f"{SITE}siniar/1.mp3",
        "file_size": 204_800,
        "mime_type": "audio/mpeg",
    }
    assert (episode["guid"], episode["link"]) == (article.id, article.url)
    assert (episode["title"], episode["description"]) == ("Ombak tinggi", "Ombak dua meter.")
    assert (episode["total_time"], episode["episode_art_url"]) == (754, f"{SITE}a.jpg")
    assert episode["published"] == article.published.timestamp()


def test_the_sound_is_what_an_item_encloses(make_article: Callable[..., Article]) -> None:
    """An item holds one enclosure (F-19): a file that stands before the sound must not hide it."""
    article = make_article(enclosures=["/naskah.pdf", SOUND])
    (entry,) = feedparser.parse(document(CHANNEL, article)).entries
    assert [enclosure.href for enclosure in entry.enclosures] == [f"{SITE}siniar/1.mp3"]
    assert [content["url"] for content in entry.media_content] == [f"{SITE}naskah.pdf"]


@pytest.mark.parametrize("enclosures", [[], ["/naskah.pdf"], [{**SOUND, "media_type": "video/mp4"}]])
def test_without_a_sound_there_is_no_episode(
    enclosures: list[Any], make_article: Callable[..., Article]
) -> None:
    """No element for podcasts in an ordinary item."""
    body = document(CHANNEL, make_article(enclosures=enclosures, images=["/a.jpg"]))
    assert b"<itunes:" not in body


def test_a_feed_without_pictures_names_none(make_article: Callable[..., Article]) -> None:
    """The choice of a feed holds for its episodes too."""
    article = make_article(enclosures=[SOUND], images=["/a.jpg"])
    assert b"a.jpg" not in document(CHANNEL, article, images=False)


def test_a_second_sound_says_how_long_it_lasts(make_article: Callable[..., Article]) -> None:
    """As Media RSS, which has an attribute for it."""
    article = make_article(enclosures=[SOUND, {"url": "/siniar/2.ogg", "duration": "1:05"}])
    (entry,) = feedparser.parse(document(CHANNEL, article)).entries
    assert [content["duration"] for content in entry.media_content] == ["65"]


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        (754, 754),
        ("754.9", 754),
        ("12:34", 754),
        ("1:02:05", 3725),
        ("PT1H2M5S", 3725),
        ("P0DT0H12M34.5S", 754),
        (0, None),
        (True, None),
        ("sejam", None),
        ("PT", None),
        ("9" * 40, None),
        (None, None),
    ],
)
def test_durations_are_read_as_systems_write_them(
    given: Any, seconds: int | None, make_article: Callable[..., Article]
) -> None:
    """Seconds, a clock, or ISO 8601; what can't be read says nothing."""
    (sound,) = make_article(enclosures=[{**SOUND, "duration": given}]).enclosures
    assert sound.duration == seconds


@pytest.mark.parametrize("name", ["duration", "duration_in_seconds"])
def test_records_name_the_duration_in_several_ways(name: str, make_article: Callable[..., Article]) -> None:
    """JSON Feed's attachments and schema.org's AudioObject among them."""
    record = translate({"audio": {"contentUrl": "/siniar/1.mp3", name: "PT2M"}})
    (sound,) = make_article(**record).enclosures
    assert sound.duration == 120


def test_a_show_says_what_directories_ask(make_article: Callable[..., Article]) -> None:
    """Category and its part, picture, author, owner, and whether it is fit for children."""
    show = heard(document(replace(CHANNEL, podcast=SHOW), make_article(enclosures=[SOUND])))
    assert show["itunes_categories"] == [["News", "Daily News"]]
    assert (show["cover_url"], show["itunes_author"]) == (f"{SITE}siniar.jpg", "Ratna Dewi")
    assert show["itunes_owner"] == {"name": "Ratna Dewi", "email": "s@k.example"}
    assert (show["explicit"], show["language"], len(show["episodes"])) == (False, "id", 1)


def test_a_show_of_few_words_takes_them_from_its_channel() -> None:
    """Publisher and icon stand in; no address of an owner is made up."""
    body = document(replace(CHANNEL, icon=f"{SITE}i.png", podcast=Podcast("News", explicit=True)))
    show = heard(body)
    assert f'<itunes:image href="{SITE}i.png"/>'.encode() in body  # the parser would take RSS `image`, too
    assert show["itunes_categories"] == [["News"]]
    assert (show["cover_url"], show["itunes_author"]) == (f"{SITE}i.png", "Kabar Teluk")
    assert show["explicit"] is True
    assert "itunes_owner" not in show


def test_a_feed_that_is_no_show_says_nothing_of_one() -> None:
    """Not even an id."""
    assert b"podcast" not in document(CHANNEL).replace(b"podcast-1.0.dtd", b"")


def guid(channel: Channel) -> str:
    """Return a show's id as feedparser finds it."""
    return str(feedparser.parse(document(channel)).feed.podcast_guid)


def test_a_show_has_the_id_that_any_podcast_reader_makes() -> None:
    """A UUIDv5 of the address without scheme and closing slashes; the first is the specification's own."""
    expected = "917393e3-1b1e-5cef-ace4-edaa54e1f810"
    assert podcast_guid("https://mp3s.nashownotes.com/pc20rss.xml") == expected
    assert podcast_guid("http://mp3s.nashownotes.com/pc20rss.xml//") == expected


def test_a_show_keeps_its_id() -> None:
    """In its archive documents, and when it moves, if the settings hold on to it."""
    show = replace(CHANNEL, podcast=SHOW)
    assert guid(show) == podcast_guid(f"{SITE}rss.xml")
    archived = replace(show, self_base=f"{SITE}archive/1/", current=SITE, is_archive=True)
    assert guid(archived) == guid(show)
    moved = replace(show, self_base="https://kabar.example/", podcast=replace(SHOW, guid=guid(show)))
    assert guid(moved) == guid(show)
