"""What feedgen does wrong, as feeds/formats/mend.py believes. A failure here is good news: mend less."""

from __future__ import annotations

import locale
import re
from datetime import UTC, datetime

import pytest
from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from lxml import etree

MOMENT = datetime(2024, 10, 28, tzinfo=UTC)


def a_feed() -> FeedGenerator:
    """Make a feed with all that both formats require."""
    feed = FeedGenerator()
    feed.id("tag:news.example,2005:feed")
    feed.title("News")
    feed.description("News")
    feed.link(href="https://news.example/", rel="alternate")
    feed.updated(MOMENT)
    return feed


def an_entry() -> FeedEntry:
    """Make an entry with all that both formats require."""
    entry = FeedEntry()
    entry.id("https://news.example/1")
    entry.title("One")
    entry.link(href="https://news.example/1")
    entry.updated(MOMENT)
    return entry


def test_atom_entry_links_keep_only_href() -> None:
    """An enclosure in Atom loses rel, type and length, and so becomes a second alternate."""
    entry = an_entry()
    entry.link(href="https://news.example/1.mp3", rel="enclosure", type="audio/mpeg", length="3")
    assert [dict(link.attrib) for link in entry.atom_entry().findall("link")] == [
        {"href": "https://news.example/1"},
        {"href": "https://news.example/1.mp3"},
    ]


def test_the_rss_channel_link_is_the_last_link_set() -> None:
    """Whatever link is set last becomes the RSS channel's link, a hub's too."""
    feed = a_feed()
    feed.link(href="https://hub.example/", rel="hub")
    assert b"<link>https://hub.example/</link>" in feed.rss_str()


def test_rss_keeps_no_link_relation_but_self() -> None:
    """hub, next and prev-archive links vanish from RSS."""
    feed = a_feed()
    feed.link(href="https://hub.example/", rel="hub")
    feed.link(href="https://news.example/", rel="alternate")
    assert b"hub.example" not in feed.rss_str()


def test_updated_defaults_to_now() -> None:
    """A feed or entry without `updated` tells the time of the run."""
    before = datetime.now(UTC)
    assert FeedGenerator().updated() >= before
    assert FeedEntry().updated() >= before


def test_add_entry_prepends() -> None:
    """Entries come out in reverse unless asked otherwise."""
    feed = a_feed()
    for number in (1, 2):
        feed.add_entry().id(f"https://news.example/{number}")
    assert [entry.id()[-1] for entry in feed.entry()] == ["2", "1"]


def test_content_alone_becomes_the_rss_description() -> None:
    """Full text without a summary does not reach content:encoded."""
    entry = an_entry()
    entry.content("<p>Story</p>")
    assert [child.tag for child in entry.rss_entry()][2] == "description"


def test_untyped_content_is_atom_text() -> None:
    """HTML content without a type is declared as nothing, which in Atom means plain text."""
    entry = an_entry()
    entry.content("<p>Story</p>")
    content = entry.atom_entry().find("content")
    assert content.text == "<p>Story</p>"
    assert "type" not in content.attrib


def test_cdata_is_written_as_a_content_type() -> None:
    """`type="CDATA"`, feedgen's own switch, ends in the feed, where it means nothing."""
    entry = an_entry()
    entry.content("<p>Story</p>", type="CDATA")
    assert entry.atom_entry().find("content").get("type") == "CDATA"


def test_an_author_without_an_address_is_missing_from_rss() -> None:
    """A byline needs dc:creator, which feedgen's author() does not write."""
    entry = an_entry()
    entry.author(name="A Reporter")
    assert b"Reporter" not in etree.tostring(entry.rss_entry())


def test_only_the_last_enclosure_survives_in_rss() -> None:
    """Two enclosures: the first, the story's own, is lost."""
    entry = an_entry()
    for name in ("first", "second"):
        entry.enclosure(f"https://news.example/{name}.mp3", "3", "audio/mpeg")
    assert [e.get("url")[-10:] for e in entry.rss_entry().findall("enclosure")] == ["second.mp3"]


def test_an_unknown_length_is_written_as_none() -> None:
    """The word None stands where RSS wants a number of bytes."""
    entry = an_entry()
    entry.enclosure("https://news.example/1.mp3", None, "audio/mpeg")
    assert entry.rss_entry().find("enclosure").get("length") == "None"


def test_rss_items_have_no_time_of_change() -> None:
    """An item's `updated` reaches Atom alone."""
    entry = an_entry()
    assert not re.search(b"updated|modified|2024", etree.tostring(entry.rss_entry()))


def test_a_forbidden_character_is_refused_only_at_rendering_and_names_no_entry() -> None:
    """One bad character stops the whole feed, and the error does not say where it stands."""
    feed = a_feed()
    entry = feed.add_entry(an_entry())
    entry.title("a\x0bb")
    with pytest.raises(ValueError, match="XML compatible") as error:
        feed.atom_str()
    assert "news.example" not in str(error.value)


def test_numbers_and_empty_titles_raise() -> None:
    """An integer length and an empty Atom title are refused."""
    entry = an_entry()
    entry.link(href="https://news.example/1.mp3", rel="enclosure", type="audio/mpeg", length=3)
    with pytest.raises(TypeError):
        entry.rss_entry()
    empty = an_entry()
    empty.title("")
    with pytest.raises(ValueError, match="Required fields"):
        empty.atom_entry()


def test_dates_are_written_through_the_locale_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each RSS date sets the process-wide locale twice: rendering must stay in one thread."""
    calls: list[object] = []
    real = locale.setlocale

    def counting(category: int, value: str | None = None) -> str:
        calls.append(value)
        return real(category, value)

    monkeypatch.setattr(locale, "setlocale", counting)
    entry = an_entry()
    entry.published(MOMENT)
    entry.rss_entry()
    assert "C" in calls


def test_the_atom_root_has_no_namespace_in_its_tree() -> None:
    """`xmlns` is a plain attribute, so a child in Atom's namespace would be written as ns0:."""
    feed, _ = a_feed()._create_atom()
    assert feed.tag == "feed"
    etree.SubElement(feed, "{http://www.w3.org/2005/Atom}link")
    assert b"<ns0:link" in etree.tostring(feed)
