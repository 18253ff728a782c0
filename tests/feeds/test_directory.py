"""The directory of feeds: for readers, for programs, for browsers, for web developers."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from lxml import etree, html

from feeds.archive.terms import KINDS
from feeds.channel import Publisher
from feeds.directory.feeds_json import feeds_json
from feeds.directory.listing import HEADINGS, PREFERRED, ListedFeed
from feeds.directory.menu import menu
from feeds.directory.opml import PATHS, opml
from feeds.directory.snippets import LABELS, snippet, template_snippet, templates
from feeds.formats import FORMATS

SITE_URL = "https://kabarteluk.example/"
FEEDS_URL = "https://feeds.kabarteluk.example/"
PUBLISHER = Publisher(SITE_URL, FEEDS_URL, "Kabar Teluk", "Kabar Teluk", "kabarteluk.example,2005")
FILES = {format_.name: format_.file for format_ in FORMATS}


def feed(
    kind: str, slug: str = "", title: str = "", formats: str = "rss atom json", **more: Any
) -> ListedFeed:
    """Return a feed of a kind, in these formats."""
    folder = f"{KINDS[kind]}/{slug}/" if slug else ""
    addresses = {name: f"{FEEDS_URL}{folder}{FILES[name]}" for name in formats.split()}
    feed_id = f"tag:kabarteluk.example,2005:feeds/{kind}/{slug}"
    return ListedFeed(kind, title or slug, slug, feed_id, f"{SITE_URL}{folder}", addresses, **more)


SITE = feed("site", title="Kabar Teluk")
FISHERS = feed("tag", "nelayan", "Nelayan – Kabar Teluk", language="id")
WAVES = feed("tag", "ombak", 'Ombak & "Badai" – Kabar Teluk', description='Tentang "ombak"')
SPORT = feed("section", "olahraga", "Olahraga – Kabar Teluk")
FEEDS = [SITE, FISHERS, WAVES, SPORT]


def outlines(document: bytes) -> list[tuple[str, list[dict[str, str]]]]:
    """Return (heading, attributes of its outlines) of an OPML document."""
    groups = etree.fromstring(document).findall("body/outline")
    return [
        (group.get("text", ""), [{str(k): str(v) for k, v in one.attrib.items()} for one in group])
        for group in groups
    ]


def test_opml_names_each_feed_once_by_kind() -> None:
    """By kind, in Atom: an import subscribes to nothing twice."""
    groups = outlines(opml(FEEDS, PUBLISHER))
    assert [(heading, [one["xmlUrl"] for one in found]) for heading, found in groups] == [
        ("Site", [f"{FEEDS_URL}atom.xml"]),
        ("Tags", [f"{FEEDS_URL}tags/nelayan/atom.xml", f"{FEEDS_URL}tags/ombak/atom.xml"]),
        ("Sections", [f"{FEEDS_URL}sections/olahraga/atom.xml"]),
    ]


def test_an_outline_says_what_readers_show() -> None:
    """All that OPML 2.0 has for a feed (F-93), whatever characters are in it; nothing that is empty."""
    _, (fishers, waves) = outlines(opml(FEEDS, PUBLISHER))[1]
    assert fishers == {
        "text": "Nelayan – Kabar Teluk",
        "title": "Nelayan – Kabar Teluk",
        "type": "rss",
        "version": "ATOM1",
        "xmlUrl": f"{FEEDS_URL}tags/nelayan/atom.xml",
        "htmlUrl": f"{SITE_URL}tags/nelayan/",
        "language": "id",
    }
    assert (waves["title"], waves["description"]) == ('Ombak & "Badai" – Kabar Teluk', 'Tentang "ombak"')


@pytest.mark.parametrize(
    ("formats", "file", "version"),
    [("rss json", "rss.xml", "RSS2"), ("json", "feed.json", None), ("json atom", "atom.xml", "ATOM1")],
)
def test_opml_takes_the_best_format_there_is(formats: str, file: str, version: str | None) -> None:
    """Atom, else RSS, else JSON Feed, for which OPML has no version."""
    [(_, [outline])] = outlines(opml([feed("site", formats=formats)], PUBLISHER))
    assert (outline["xmlUrl"], outline.get("version")) == (FEEDS_URL + file, version)


def test_opml_has_a_date_only_if_told() -> None:
    """In the form of RFC 822 (F-94)."""
    assert b"date" not in opml(FEEDS, PUBLISHER)
    dated = opml(FEEDS, PUBLISHER, datetime(2024, 10, 28, 5, 40, tzinfo=UTC))
    assert etree.fromstring(dated).findtext("head/dateModified") == "Mon, 28 Oct 2024 05:40:00 +0000"


def test_opml_bears_what_xml_forbids() -> None:
    """A control character or a line break in a title breaks nothing."""
    [(_, [outline])] = outlines(opml([feed("site", title="Kabar\x0b\nTeluk")], PUBLISHER))
    assert outline["title"] == "Kabar Teluk"


def test_opml_lies_where_it_is_looked_for() -> None:
    """F-92."""
    assert ".well-known/feeds" in PATHS


def test_feeds_json_names_every_address() -> None:
    """With its media type, as a link has it."""
    listed = json.loads(feeds_json(FEEDS, PUBLISHER))["feeds"]
    assert [one["slug"] for one in listed] == ["", "nelayan", "ombak", "olahraga"]
    assert listed[1] == {
        "kind": "tag",
        "title": "Nelayan – Kabar Teluk",
        "slug": "nelayan",
        "id": "tag:kabarteluk.example,2005:feeds/tag/nelayan",
        "page": f"{SITE_URL}tags/nelayan/",
        "description": "",
        "language": "id",
        "addresses": [
            {
                "format": "atom",
                "media_type": "application/atom+xml",
                "url": f"{FEEDS_URL}tags/nelayan/atom.xml",
            },
            {
                "format": "rss",
                "media_type": "application/rss+xml",
                "url": f"{FEEDS_URL}tags/nelayan/rss.xml",
            },
            {
                "format": "json",
                "media_type": "application/feed+json",
                "url": f"{FEEDS_URL}tags/nelayan/feed.json",
            },
        ],
    }


def test_a_directory_of_no_feeds_is_one() -> None:
    """Where each single one is private."""
    assert outlines(opml([], PUBLISHER)) == json.loads(feeds_json([], PUBLISHER))["feeds"] == []
    assert json.loads(menu([], PUBLISHER))["items"] == []


def test_feeds_are_in_the_order_of_their_titles(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """The site first, then as people look for them, whatever case they are written in and came in."""
    (newsroom.folder / "publish.toml").write_text(
        f'[site]\nurl = "{SITE_URL}"\ntitle = "Kabar Teluk"\n[feeds]\nmenu = true\nformats = ["atom"]\n'
        '[[feed]]\ntag = "Ebb"\ntitle = "Bahari"\n[[source]]\npath = "articles.jsonl"\n'
    )
    newsroom.write(make_record(1, tags=["Zamrud", "angin", "Ebb", "Badai"], section="Warta"))
    assert newsroom.run("build")[0] == 0
    files = newsroom.everything()
    listed = [one["slug"] for one in json.loads(files["feeds.json"])["feeds"]]
    assert listed == ["", "angin", "badai", "ebb", "zamrud", "warta"]
    groups = outlines(files["feeds.opml"])
    assert [one["title"].partition(" – ")[0] for _, found in groups for one in found] == [
        *("Kabar Teluk", "angin", "Badai", "Bahari", "Zamrud", "Warta")
    ]
    items = json.loads(files[".well-known/feed-menu.json"])["items"]
    assert [len(one.get("items", "")) for one in items] == [0, 4, 1]


def test_the_menu_nests_by_kind() -> None:
    """The site's feed stands at the top; a feed in JSON only has no place (F-91)."""
    document = json.loads(menu([*FEEDS, feed("author", "ratna", formats="json")], PUBLISHER))
    site, *menus = document["items"]
    assert menu(FEEDS, PUBLISHER).decode() == json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    assert site == {
        "feed-title": "Kabar Teluk",
        "rss": f"{FEEDS_URL}rss.xml",
        "atom": f"{FEEDS_URL}atom.xml",
    }
    assert [one["feed-menu"] for one in menus] == ["Tags", "Sections"]
    assert [one["feed-title"] for one in menus[0]["items"]] == [FISHERS.title, WAVES.title]


def test_the_menu_is_short() -> None:
    """Titles of at most 50, descriptions of at most 140 characters; what fits is not cut (F-91)."""
    long = feed("site", title="kata " * 20 + "x" * 60, description="y" * 200)
    [item] = json.loads(menu([long], PUBLISHER))["items"]
    assert item["feed-title"] == "kata kata kata kata kata kata kata kata kata kata"[:49].rstrip() + "…"
    assert len(item["description"]) == 140
    exact = feed("site", title="z" * 50, description="y" * 140)
    [item] = json.loads(menu([exact], PUBLISHER))["items"]
    assert (item["feed-title"], item["description"]) == ("z" * 50, "y" * 140)


def test_a_tag_page_names_its_own_feed_first() -> None:
    """Then the site's, each in every format, escaped so that a browser reads what was meant (F-90)."""
    links = html.fromstring(f"<html><head>{snippet(WAVES, SITE)}</head></html>").findall(".//link")
    assert [link.get("href") for link in links] == [
        f"{FEEDS_URL}{folder}{file}"
        for folder in ("tags/ombak/", "")
        for file in ("atom.xml", "rss.xml", "feed.json")
    ]
    assert {str(name): str(value) for name, value in links[1].attrib.items()} == {
        "rel": "alternate",
        "type": "application/rss+xml",
        "title": 'Ombak & "Badai" – Kabar Teluk (RSS)',
        "href": f"{FEEDS_URL}tags/ombak/rss.xml",
    }


def test_the_front_page_names_the_sites_feed_once() -> None:
    """And says no format where there is only one."""
    site = feed("site", title="Kabar Teluk", formats="rss")
    assert snippet(site, site) == (
        f'<link rel="alternate" type="application/rss+xml" title="Kabar Teluk" href="{FEEDS_URL}rss.xml">\n'
    )


def test_a_template_fits_every_page_of_its_kind() -> None:
    """Filled in for one tag, it is that tag's snippet; of formats, it has those that the site has."""
    filled = (
        template_snippet("tag", SITE, PUBLISHER).replace("{slug}", "nelayan").replace("{name}", "Nelayan")
    )
    assert filled == snippet(FISHERS, SITE)
    plain = template_snippet("section", feed("site", formats="atom"), PUBLISHER)
    assert (plain.count("<link"), "sections/{slug}/atom.xml" in plain) == (2, True)


def test_one_file_has_the_templates_of_all_kinds() -> None:
    """The front page's too."""
    text = templates(["tag", "author"], SITE, PUBLISHER)
    assert snippet(SITE, SITE) in text
    assert template_snippet("tag", SITE, PUBLISHER) in text
    assert template_snippet("author", SITE, PUBLISHER) in text
    assert "sections/" not in text


def test_no_kind_and_no_format_is_forgotten() -> None:
    """A format or a kind that is new has to be given its place in the directory."""
    assert set(PREFERRED) == set(LABELS) == {format_.name for format_ in FORMATS}
    assert set(HEADINGS) == {"site", *KINDS}
