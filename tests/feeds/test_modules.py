"""Modules: what feeds say beyond their core, read by libraries that we did not write."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import atoma
import feedparser
import pytest
from lxml import etree

from feeds.archive.terms import THE_SITE
from feeds.build import build
from feeds.channel import Channel, Publisher, channel_for
from feeds.formats import FORMATS
from feeds.formats.heads import cadence_of
from feeds.formats.licence import tdm_reservation
from feeds.formats.rendering import Rendering
from sources.article import Article

SITE = "https://kabarteluk.example/"
PUBLISHER = Publisher(SITE, SITE, "Kabar Teluk", "Kabar Teluk", "kabarteluk.example,2005", language="id")
CHANNEL = channel_for(THE_SITE, PUBLISHER, datetime(2024, 10, 28, tzinfo=UTC))
ATOM = "{http://www.w3.org/2005/Atom}"
BOTH = pytest.mark.parametrize("number", [0, 1], ids=["rss", "atom"])
PICTURES = [
    {
        "url": "/a.jpg",
        "width": 1200,
        "height": 675,
        "length": 90_000,
        "caption": "Ombak < 2 m",
        "credit": "Ani",
    },
    {"url": "/b.jpg"},
]


def document(number: int, channel: Channel, *articles: Article, images: bool = True) -> bytes:
    """Make a feed in one format."""
    entries = [FORMATS[number].entry(article, Rendering(PUBLISHER, images=images)) for article in articles]
    return build(channel, FORMATS[number], entries, 0).body


def head_of(number: int, channel: Channel) -> Any:
    """Return what feedparser finds in the head of an empty feed."""
    parsed = feedparser.parse(document(number, channel))
    assert not parsed.bozo, parsed.get("bozo_exception")
    return parsed.feed


@BOTH
def test_a_picture_says_all_that_is_known_of_it(number: int, make_article: Callable[..., Article]) -> None:
    """Size, type, caption as plain text, and who took it (F-62)."""
    (entry,) = feedparser.parse(document(number, CHANNEL, make_article(images=PICTURES))).entries
    assert entry.media_content == [
        {
            "url": f"{SITE}a.jpg",
            "filesize": "90000",
            "type": "image/jpeg",
            "medium": "image",
            "height": "675",
            "width": "1200",
        },
        {"url": f"{SITE}b.jpg", "type": "image/jpeg", "medium": "image"},
    ]
    assert (entry.media_credit[0]["role"], entry.media_credit[0]["content"]) == ("photographer", "Ani")
    root = etree.fromstring(document(number, CHANNEL, make_article(images=PICTURES)))
    captions = root.findall(".//{http://search.yahoo.com/mrss/}description")
    assert [(caption.get("type"), caption.text) for caption in captions] == [("plain", "Ombak < 2 m")]


@BOTH
def test_the_leading_picture_is_the_thumbnail(number: int, make_article: Callable[..., Article]) -> None:
    """One, and none where a feed names no pictures."""
    article = make_article(images=PICTURES)
    (entry,) = feedparser.parse(document(number, CHANNEL, article)).entries
    assert entry.media_thumbnail == [{"url": f"{SITE}a.jpg", "width": "1200", "height": "675"}]
    assert b"a.jpg" not in document(number, CHANNEL, article, images=False)


def test_a_picture_of_no_bytes_says_no_size(make_article: Callable[..., Article]) -> None:
    """Media RSS wants a positive number; a length of 0 means that nobody counted."""
    article = make_article(images=["/a.jpg"])
    image = article.images[0].model_copy(update={"length": 0})
    assert b"fileSize" not in document(0, CHANNEL, article.model_copy(update={"images": (image,)}))


@BOTH
def test_readers_of_both_formats_see_the_correction(
    number: int, make_article: Callable[..., Article]
) -> None:
    """`updated` is there once in either; the last change of any kind is in no feed (F-21)."""
    article = make_article(updated="2024-10-29T08:00:00+07:00", modified="2024-10-30T09:30:00+07:00")
    body = document(number, CHANNEL, article)
    assert feedparser.parse(body).entries[0].updated == "2024-10-29T08:00:00+07:00"
    assert body.count(b"2024-10-29T08:00:00+07:00") == 1
    assert b"09:30:00" not in body


def test_the_page_where_readers_discuss_is_linked(make_article: Callable[..., Article]) -> None:
    """RSS has an element for it, Atom a link (RFC 4685); how many do is in neither (it changes by itself)."""
    article = make_article().model_copy(update={"comments_url": f"{SITE}berita/1#komentar"})
    assert feedparser.parse(document(0, CHANNEL, article)).entries[0].comments == f"{SITE}berita/1#komentar"
    (entry,) = atoma.parse_atom_bytes(document(1, CHANNEL, article)).entries
    (link,) = [link for link in entry.links if link.rel == "replies"]
    assert (link.href, link.type_) == (f"{SITE}berita/1#komentar", "text/html")


@BOTH
def test_a_plain_feed_declares_no_namespace_that_it_has_no_use_for(number: int) -> None:
    """What nobody configured leaves no trace; entries may hold Dublin Core, Media RSS, and in RSS iTunes."""
    root = etree.fromstring(document(number, CHANNEL))
    shared = {"dc", "media"}
    assert set(root.nsmap) == shared | ({"atom", "content", "itunes"} if number == 0 else {None})
    assert not root.xpath("//*[local-name()='updatePeriod' or local-name()='ttl' or @rel='license']")


@BOTH
def test_the_cadence_is_said_where_it_is_known(number: int) -> None:
    """Every 15 minutes is four times an hour (F-65); RSS also has `ttl` (F-23)."""
    feed = head_of(number, replace(CHANNEL, ttl=15))
    assert (feed.sy_updateperiod, feed.sy_updatefrequency) == ("hourly", "4")
    assert feed.get("ttl") == ("15" if number == 0 else None)


@pytest.mark.parametrize(
    ("ttl", "cadence"),
    [
        (1, ("hourly", 60)),
        (60, ("hourly", 1)),
        (90, ("daily", 16)),
        (1440, ("daily", 1)),
        (7, ("weekly", 1440)),
        (10_080, ("weekly", 1)),
        (11, None),
        (20_000, None),
    ],
)
def test_a_cadence_never_contradicts_ttl(ttl: int, cadence: tuple[str, int] | None) -> None:
    """It is a whole number of times in an hour, a day or a week, or it is not said."""
    assert cadence_of(ttl) == cadence


@BOTH
def test_looks_are_said_where_they_are_configured(number: int) -> None:
    """Logo and colour go to webfeeds, the icon with them; Atom has a logo of its own."""
    looks = replace(CHANNEL, icon=f"{SITE}i.png", logo=f"{SITE}l.svg", accent_color="#2dd4bf")
    feed = head_of(number, looks)
    found = (feed.webfeeds_icon, feed.webfeeds_logo, feed.webfeeds_accentcolor)
    assert found == (f"{SITE}i.png", f"{SITE}l.svg", "2dd4bf")
    assert feed.get("logo") == (f"{SITE}l.svg" if number == 1 else None)
    assert b"webfeeds" not in document(number, replace(CHANNEL, icon=f"{SITE}i.png"))


@BOTH
def test_the_licence_is_a_link(number: int) -> None:
    """Machines find it beside the rights that people read (F-45), and the channel's link stays the site."""
    licence = "https://creativecommons.org/licenses/by/4.0/"
    channel = replace(CHANNEL, publisher=replace(PUBLISHER, license=licence))
    links = [(link.rel, link.href) for link in head_of(number, channel).links]
    assert ("license", licence) in links
    assert head_of(number, channel).link == SITE


def test_the_reservation_of_mining_is_a_file_of_its_own() -> None:
    """TDMRep's rule for all of the host (F-102); nothing where nothing is configured (F-101)."""
    assert tdm_reservation(PUBLISHER) is None
    reserved = replace(PUBLISHER, tdm_reservation=True, tdm_policy=f"{SITE}tdm.json")
    assert json.loads(tdm_reservation(reserved) or b"") == [
        {"location": "/", "tdm-reservation": 1, "tdm-policy": f"{SITE}tdm.json"}
    ]
    free = replace(PUBLISHER, tdm_reservation=False)
    assert json.loads(tdm_reservation(free) or b"") == [{"location": "/", "tdm-reservation": 0}]
