"""Frames: a head filled in is to the byte the one that feedgen would make."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.channel import Channel, Podcast, Publisher
from feeds.formats import atom, rss

LETTERS = st.characters(
    min_codepoint=0x20, exclude_categories=["Cs", "Co"], exclude_characters="\ufffe\uffff"
)
TEXT = st.text(LETTERS | st.sampled_from("&<>\"'\t\n\r]é…"), min_size=1, max_size=30)
URLS = st.sampled_from(["https://n.example/", "https://n.example/a?b=1&c=2/", "https://n.example/'\"/"])
MOMENTS = st.datetimes(datetime(1901, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001 - it gets its zone here
    lambda moment: moment.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=moment.minute * 14 - 400)))
)
PUBLISHERS = st.sampled_from(
    [
        Publisher("https://n.example/", "https://n.example/f/", "N", "N & Co", "n.example,2024"),
        Publisher(
            "https://n.example/",
            "https://n.example/f/",
            "N",
            "N",
            "n.example,2024",
            {"tag": "https://n.example/t/{slug}"},
            language="id",
            rights="© N",
            license="https://n.example/l",
        ),
    ]
)
CHANNELS = st.builds(
    Channel,
    id=TEXT,
    title=TEXT,
    description=TEXT,
    folder=st.just("tags/x/"),
    alternate=URLS,
    self_base=URLS,
    updated=MOMENTS,
    publisher=PUBLISHERS,
    icon=st.none() | URLS,
    logo=st.none() | URLS,
    previous=st.none() | URLS,
    current=st.none() | URLS,
    is_archive=st.booleans(),
    ttl=st.sampled_from([None, 5, 60, 7]),
    podcast=st.none() | st.just(Podcast("News")),
    language=st.sampled_from([None, "id", "en-GB"]),
)


@pytest.mark.parametrize("format_", [rss, atom], ids=["rss", "atom"])
@given(channel=CHANNELS)
def test_a_frame_is_what_feedgen_makes_of_the_channel(format_: Any, channel: Channel) -> None:
    """Whatever a feed is called, wherever it lies, whenever it changed."""
    assert format_.frame(channel, "feed.xml") == format_._frame(channel, "feed.xml")


@pytest.mark.parametrize("format_", [rss, atom], ids=["rss", "atom"])
def test_a_frame_tells_its_own_feed(format_: Any) -> None:
    """The control: two feeds have two heads, though one was made after the other."""
    publisher = Publisher("https://n.example/", "https://n.example/f/", "N", "N", "n.example,2024")
    heads = {
        format_.frame(
            Channel("tag:n", title, "d", "", "https://n.example/", "https://n.example/f/", MOMENT, publisher),
            "feed.xml",
        )
        for title in ("Satu", "Dua")
    }
    assert len(heads) == 2


@pytest.mark.parametrize("format_", [rss, atom], ids=["rss", "atom"])
@pytest.mark.parametrize("make", ["frame", "_frame"])
def test_what_xml_forbids_is_refused_in_a_head_too(format_: Any, make: str) -> None:
    """One such character would make the whole feed unreadable (F-16); feedgen refuses it likewise."""
    publisher = Publisher("https://n.example/", "https://n.example/f/", "N", "N", "n.example,2024")
    channel = Channel(
        "tag:n", "a\x0bb", "d", "", "https://n.example/", "https://n.example/f/", MOMENT, publisher
    )
    with pytest.raises(ValueError, match="XML"):
        getattr(format_, make)(channel, "feed.xml")


MOMENT = datetime(2024, 10, 28, tzinfo=UTC)
