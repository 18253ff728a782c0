from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from feeds.archive.archive import Archive
from feeds.channel import Publisher
from feeds.on_demand import Made, Redirect, combined, public_tags, understood
from feeds.plan import Plan, plan_of
from feeds.settings import load, publisher_for
from feeds.setup import existing_archive, this_moment
from tests.conftest import Newsroom

SETTINGS = """
[site]
url = "https://kabarteluk.example/"
title = "Kabar Teluk"
language = "id"
timezone = "Asia/Jakarta"

[feeds]
ignored_tags = ["arsip"]

[[feed]]
tag = "Rahasia"
private = true

[[source]]
path = "articles.jsonl"
"""
STORIES = [
    (1, ["Korea Utara", "Rusia"]),
    (2, ["Korea Utara"]),
    (3, ["Rusia", "Olahraga"]),
    (4, ["Korea Utara", "Rusia", "Olahraga"]),
    (5, ["Korea Utara", "Rusia", "Rahasia"]),
    (6, ["Korea Utara", "Rusia", "Arsip"]),
    (7, ["C++", "Rusia"]),
]
LATER = (8, ["Akuisisi", "Rusia"])

Ask = Callable[..., Made | Redirect | None]
Desk = tuple[Archive, Publisher, Plan, datetime]


@pytest.fixture
def published(newsroom: Newsroom, make_record: Callable[..., dict[str, Any]]) -> Newsroom:
    """A newsroom with some tags, one of them private, one unwanted, one of a story under embargo."""
    newsroom.folder.joinpath("publish.toml").write_text(SETTINGS, "utf-8")
    newsroom.write(
        *(make_record(number, tags=tags) for number, tags in STORIES),
        make_record(LATER[0], tags=LATER[1], embargoed_until=(this_moment() + timedelta(days=3)).isoformat()),
    )
    assert newsroom.run("build")[0] == 0
    return newsroom


@pytest.fixture
def desk(published: Newsroom) -> Iterator[Callable[[], Desk]]:
    """Open what is published, to look at it alone; every time anew."""
    with ExitStack() as stack:

        def opened() -> Desk:
            archive = stack.enter_context(existing_archive(Namespace(archive="tagwire.db")))
            found = load(published.folder / "publish.toml", {})
            publisher = publisher_for(found, archive.meta("tagging_entity") or "")
            return archive, publisher, plan_of(found.feeds, found.feed), this_moment()

        yield opened


@pytest.fixture
def ask(desk: Callable[[], Desk]) -> Ask:
    """Ask for `combine/<address>/<file>`."""

    def asked(address: str, file: str = "atom.xml") -> Made | Redirect | None:
        return combined(*desk(), address, file)

    return asked


def titles(made: Made | Redirect | None) -> list[str]:
    """Return the headlines in a feed that was made."""
    assert isinstance(made, Made), made
    found = feedparser.parse(made.document.body)
    assert not found.bozo
    return [entry.title for entry in found.entries]


def test_any_tags_can_be_combined(ask: Ask) -> None:
    """All of some, any of some, none of others, newest first; private and unwanted tags tell nothing."""
    assert titles(ask("korea-utara+rusia")) == ["Berita 6", "Berita 4", "Berita 1"]
    assert titles(ask("korea-utara+rusia~olahraga")) == ["Berita 6", "Berita 1"]
    assert titles(ask("c,olahraga")) == ["Berita 7", "Berita 4", "Berita 3"]
    assert titles(ask("c+rusia")) == ["Berita 7"]


def test_every_format_is_there(ask: Ask) -> None:
    """One combination in RSS, Atom and JSON, each at its own address; nothing else."""
    folder = "combine/korea-utara+rusia/"
    for file, media_type in (("rss.xml", "rss+xml"), ("atom.xml", "atom+xml"), ("feed.json", "feed+json")):
        made = ask("korea-utara+rusia", file)
        assert isinstance(made, Made)
        assert made.document.path == folder + file
        assert media_type in made.document.media_type
        assert f"https://kabarteluk.example/{folder}{file}".encode() in made.document.body
    assert len(json.loads(ask("korea-utara+rusia", "feed.json").document.body)["items"]) == 3  # type: ignore[union-attr]  # made above
    assert ask("korea-utara+rusia", "index.html") is None
    assert ask("korea-utara+rusia", "") is None


def test_a_combination_of_nothing_is_an_empty_feed(ask: Ask) -> None:
    """No story has both tags: a valid feed without entries (S-43)."""
    assert titles(ask("c+korea-utara")) == []
    body = ask("c+korea-utara", "rss.xml")
    assert isinstance(body, Made)
    assert etree.fromstring(body.document.body).find("channel/title") is not None


@pytest.mark.parametrize(
    "address",
    [
        "korea-utara+tiada",
        "tiada",
        "korea-utara~tiada",
        "korea-utara+rahasia",
        "rahasia+korea-utara",
        "korea-utara~rahasia",
        "arsip+rusia",
        "akuisisi+rusia",
        "rusia~akuisisi",
        "rusia~rusia",
        "rusia,c+olahraga",
        "",
        "+",
        "../atom.xml",
        "a" * 5000,
        "rusia+" * 1000,
        "rusia' OR '1'='1",
    ],
)
def test_nothing_is_told_of_other_tags(ask: Ask, address: str) -> None:
    """Unknown, private, unwanted and unpublished tags are all alike: there is no such feed."""
    assert ask(address) is None


@pytest.mark.parametrize(
    ("address", "to"),
    [
        ("rusia+korea-utara", "combine/korea-utara+rusia/atom.xml"),
        ("Korea-Utara+RUSIA", "combine/korea-utara+rusia/atom.xml"),
        ("rusia+korea-utara+rusia", "combine/korea-utara+rusia/atom.xml"),
        ("rusia,c", "combine/c,rusia/atom.xml"),
        ("rusia~olahraga~c", "combine/rusia~c~olahraga/atom.xml"),
        ("rusia", "tags/rusia/atom.xml"),
        ("rusia,rusia", "tags/rusia/atom.xml"),
    ],
)
def test_there_is_one_address(ask: Ask, address: str, to: str) -> None:
    """Other orders, capitals and duplicates lead to the canonical address; a single tag to its own feed."""
    assert ask(address) == Redirect(to)


def test_former_addresses_of_tags_lead_on(ask: Ask, published: Newsroom) -> None:
    """A renamed tag, and one that went up in another, lead to the address of now in one step."""
    assert published.run("tags", "rename", "Rusia", "Federasi Rusia")[0] == 0
    assert published.run("tags", "merge", "Olahraga", "C++")[0] == 0
    assert ask("korea-utara+rusia~olahraga") == Redirect("combine/federasi-rusia+korea-utara~c/atom.xml")
    assert ask("c+olahraga") == Redirect("tags/c/atom.xml")
    assert ask("c~olahraga") is None
    assert titles(ask("federasi-rusia+korea-utara~c")) == ["Berita 6", "Berita 1"]


def test_it_is_the_feed_that_an_editor_would_name(ask: Ask, published: Newsroom) -> None:
    """Once it is named in the settings its files have the very bytes that were made on demand."""
    made = {file: ask("korea-utara+rusia", file) for file in ("rss.xml", "atom.xml", "feed.json")}
    named = SETTINGS + '\n[[feed]]\ncombination = "Rusia AND Korea Utara"\n'
    published.folder.joinpath("publish.toml").write_text(named, "utf-8")
    assert published.run("build")[0] == 0
    for file, one in made.items():
        assert isinstance(one, Made)
        assert (published.out / "combine/korea-utara+rusia" / file).read_bytes() == one.document.body
        again = ask("korea-utara+rusia", file)
        assert isinstance(again, Made)
        assert again.document == one.document


def test_a_private_combination_is_not_made_for_everyone(ask: Ask, published: Newsroom) -> None:
    """Though all of its tags are public: whoever named it said who may read it."""
    named = SETTINGS + '\n[[feed]]\ncombination = "Rusia AND Korea Utara"\nprivate = true\n'
    published.folder.joinpath("publish.toml").write_text(named, "utf-8")
    assert published.run("build")[0] == 0
    assert ask("korea-utara+rusia") is None
    assert ask("rusia+korea-utara") is None


def test_nothing_is_written(ask: Ask, published: Newsroom) -> None:
    """The archive is as it was, and the folder too, though entries had to be rendered."""
    archive = Path("tagwire.db")
    before = archive.read_bytes(), published.everything()
    assert titles(ask("c,korea-utara,olahraga"))
    assert (archive.read_bytes(), published.everything()) == before


def test_it_says_how_long_it_holds(ask: Ask) -> None:
    """Its answer tells the minutes that its document tells, and when an embargo may change it."""
    made = ask("korea-utara+rusia", "rss.xml")
    assert isinstance(made, Made)
    assert f"<ttl>{made.ttl}</ttl>".encode() in made.document.body
    assert made.until is not None
    assert timedelta(days=2) < made.until - this_moment() <= timedelta(days=3)
    assert made.document.modified == 0


@given(address=st.text(alphabet="abc+,~AR", max_size=15))
@settings(deadline=None)
def test_a_redirect_leads_to_the_end(address: str) -> None:
    """Whatever is asked, what it means has an address that means the same and needs no redirect."""
    tags = {
        "a": "c",
        "b": "rusia",
        "c": "c",
        "ab": "korea-utara",
        "rusia": "rusia",
        "korea-utara": "korea-utara",
    }
    meant = understood(tags, address)
    if meant is not None:
        assert understood(tags, meant.canonical) == meant


def test_tags_are_known_by_every_address(desk: Callable[[], Desk], published: Newsroom) -> None:
    """Those of now and those of before, of tags with a public feed."""
    assert published.run("tags", "rename", "Rusia", "Federasi Rusia")[0] == 0
    assert public_tags(desk()[0]) == {
        "korea-utara": "korea-utara",
        "rusia": "federasi-rusia",
        "federasi-rusia": "federasi-rusia",
        "olahraga": "olahraga",
        "c": "c",
    }
