"""The feeds there are, and what each chooses for itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import feedparser
import pytest

SETTINGS = '[site]\nurl = "https://kabarteluk.example/"\ntitle = "Kabar Teluk"\n'
SOURCE = '[[source]]\npath = "articles.jsonl"\n'


def build(newsroom: Any, settings: str = "") -> dict[str, Any]:
    """Build with these settings of feeds; return the outcome."""
    (newsroom.folder / "publish.toml").write_text(SETTINGS + settings + SOURCE)
    code, out, err = newsroom.run("build", "--json")
    assert code == 0, err
    return dict(json.loads(out))


def titles(newsroom: Any, path: str) -> list[str]:
    """Return the headlines of a feed."""
    return [entry.title for entry in feedparser.parse(newsroom.files()[path]).entries]


def folders(newsroom: Any) -> set[str]:
    """Return the folders that feeds lie in."""
    return {path.rpartition("/")[0] for path in newsroom.files() if path.endswith("atom.xml")}


def test_sections_and_authors_have_feeds(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """Each with an id of its own; a section is no tag, and an editor no author."""
    newsroom.write(
        make_record(1, section="Olahraga", authors=["Ratna Dewi", {"name": "Budi", "role": "editor"}]),
        make_record(2, tags=["Olahraga"]),
    )
    build(newsroom)
    assert folders(newsroom) == {
        "",
        "tags/nelayan",
        "tags/olahraga",
        "sections/olahraga",
        "authors/ratna-dewi",
    }
    assert titles(newsroom, "sections/olahraga/rss.xml") == ["Berita 1"]
    assert titles(newsroom, "tags/olahraga/rss.xml") == ["Berita 2"]
    ids = {
        feedparser.parse(newsroom.files()[f"{folder}/atom.xml"]).feed.id
        for folder in folders(newsroom)
        if folder
    }
    assert len(ids) == 4


def test_the_settings_say_which_kinds_and_formats_there_are(
    newsroom: Any, make_record: Callable[..., Any]
) -> None:
    """Languages when asked for; no section if not."""
    newsroom.write(make_record(1, section="Olahraga", language="id"), make_record(2, language="en"))
    build(newsroom, '[feeds]\nof = ["languages"]\nformats = ["atom"]\n')
    assert set(newsroom.files()) == {"atom.xml", "languages/id/atom.xml", "languages/en/atom.xml"}


def test_ignored_and_rare_tags_have_no_feed(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """Their articles keep them as categories; a feed that has begun stays."""
    newsroom.write(
        make_record(1, tags=["Berita", "nelayan", "langka"]), make_record(2, tags=["berita", "nelayan"])
    )
    build(newsroom, '[feeds]\nminimum = 2\nignored_tags = ["BERITA"]\n')
    assert folders(newsroom) == {"", "tags/nelayan"}
    assert feedparser.parse(newsroom.files()["rss.xml"]).entries[1].tags[0].term == "Berita"
    newsroom.write(make_record(1, tags=["Berita"]), make_record(2, tags=["berita", "nelayan"]))
    build(newsroom, '[feeds]\nminimum = 2\nignored_tags = ["BERITA"]\n')
    assert titles(newsroom, "tags/nelayan/rss.xml") == ["Berita 2"]


@pytest.mark.parametrize("expression", ["ombak AND nelayan NOT olahraga", "Nelayan AND Ombak NOT Olahraga"])
def test_a_combination_has_one_address(
    newsroom: Any, make_record: Callable[..., Any], expression: str
) -> None:
    """Whatever the order of its terms; it follows its tags."""
    records = [
        make_record(1, tags=["nelayan", "ombak"]),
        make_record(2, tags=["nelayan"]),
        make_record(3, tags=["nelayan", "ombak", "olahraga"]),
    ]
    newsroom.write(*records)
    settings = f'[[feed]]\ncombination = "{expression}"\ntitle = "Ombak dan nelayan"\n'
    build(newsroom, settings)
    assert titles(newsroom, "combine/nelayan+ombak~olahraga/rss.xml") == ["Berita 1"]
    feed = feedparser.parse(newsroom.files()["combine/nelayan+ombak~olahraga/atom.xml"]).feed
    assert feed.title == "Ombak dan nelayan"
    assert "https://kabarteluk.example/combine/nelayan+ombak~olahraga/atom.xml" in [
        link.href for link in feed.links
    ]
    newsroom.write(*records, make_record(4, tags=["ombak", "nelayan"]))
    build(newsroom, settings)
    assert titles(newsroom, "combine/nelayan+ombak~olahraga/rss.xml") == ["Berita 4", "Berita 1"]


def test_a_combination_of_alternatives(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """OR: an article of any of them, once."""
    newsroom.write(
        make_record(1, tags=["a", "b"]),
        make_record(2, tags=["b"]),
        make_record(3, tags=["c"]),
        make_record(4),
    )
    build(newsroom, '[[feed]]\ncombination = "b OR a OR tidak ada"\n')
    assert titles(newsroom, "combine/a,b,tidak-ada/rss.xml") == ["Berita 2", "Berita 1"]


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("a AND b OR c", "mixes AND and OR"),
        ("a NOT a", "leave one of the two out"),
        ("+ AND b", "no combination"),
        ("", "no combination"),
    ],
)
def test_a_combination_that_is_none_is_a_matter_of_settings(
    newsroom: Any, expression: str, words: str
) -> None:
    """Exit code 2, the key, the mend."""
    text = SETTINGS + f'[[feed]]\ncombination = "{expression}"\n' + SOURCE
    (newsroom.folder / "publish.toml").write_text(text)
    code, _, err = newsroom.run("build")
    assert code == 2
    assert "feed.0.combination" in err
    assert words in err


def test_a_feed_chooses_its_length(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """By count, by age against its newest, by bytes (A-08); another's choice is not touched."""
    newsroom.write(
        make_record(1),
        make_record(30),
        make_record(400, tags=["nelayan", "panjang"]),
        make_record(401, tags=["panjang"]),
    )
    build(newsroom, '[feeds]\nlimit = 2\n[[feed]]\ntag = "nelayan"\nmax_days = 15\nlimit = 9\n')
    assert titles(newsroom, "rss.xml") == ["Berita 401", "Berita 400"]
    assert titles(newsroom, "tags/nelayan/rss.xml") == ["Berita 400"]
    build(newsroom, "[feeds]\nmax_bytes = 10\n")
    assert titles(newsroom, "rss.xml") == ["Berita 401"]


def test_a_feed_chooses_how_much_it_tells(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """Summaries alone, without pictures; the same article is whole elsewhere, under the same id."""
    newsroom.write(make_record(1, images=["https://kabarteluk.example/a.jpg"]))
    build(newsroom, '[[feed]]\ntag = "nelayan"\ncontent = "summary"\nimages = false\n')
    short, whole = (newsroom.files()[f"{folder}rss.xml"] for folder in ("tags/nelayan/", ""))
    assert (b"Isi berita" in short, b"a.jpg" in short) == (False, False)
    assert (b"Isi berita" in whole, b"a.jpg" in whole) == (True, True)
    assert feedparser.parse(short).entries[0].id == feedparser.parse(whole).entries[0].id


def test_a_feed_chooses_its_order(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """By last change, for those who follow corrections."""
    newsroom.write(make_record(1, updated="2024-10-30T00:00:00+07:00"), make_record(2))
    build(newsroom, '[feeds]\norder = "updated"\n')
    assert titles(newsroom, "rss.xml") == ["Berita 1", "Berita 2"]
    build(newsroom)
    assert titles(newsroom, "rss.xml") == ["Berita 2", "Berita 1"]


def test_a_feed_says_of_itself_what_the_settings_say(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """Title, description, page and icon, in every format."""
    newsroom.write(make_record(1))
    build(
        newsroom,
        '[[feed]]\ntag = "Nelayan"\ntitle = "Laut"\ndescription = "Dari laut"\n'
        'page = "https://kabarteluk.example/laut"\nicon = "https://kabarteluk.example/laut.png"\n',
    )
    for name in ("rss.xml", "atom.xml"):
        feed = feedparser.parse(newsroom.files()[f"tags/nelayan/{name}"]).feed
        assert (feed.title, feed.subtitle, feed.link) == (
            "Laut",
            "Dari laut",
            "https://kabarteluk.example/laut",
        )
        assert "laut.png" in (feed.get("icon") or feed.image.href)
    assert json.loads(newsroom.files()["tags/nelayan/feed.json"])["icon"].endswith("laut.png")


def test_licence_podcast_and_language_reach_the_feeds(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """What the settings say of the site and of one feed; a language's feed is in that language."""
    sound = {"url": "https://kabarteluk.example/a.mp3", "media_type": "audio/mpeg", "length": 9}
    newsroom.write(make_record(1, enclosures=[sound], language="en"))
    (newsroom.folder / "publish.toml").write_text(
        SETTINGS
        + 'language = "id"\nlicense = "https://kabarteluk.example/lisensi"\ntdm_reservation = true\n'
        + '[feeds]\nof = ["tags", "languages"]\nttl = 60\n'
        + '[[feed]]\ntag = "nelayan"\nlang = "ms"\n[feed.podcast]\ncategory = "News"\n'
        + SOURCE
    )
    assert newsroom.run("build")[0] == 0
    files = newsroom.everything()
    feeds = {
        folder: feedparser.parse(files[f"{folder}rss.xml"]).feed
        for folder in ("", "tags/nelayan/", "languages/en/")
    }
    assert [feed.language for feed in feeds.values()] == ["id", "ms", "en"]
    assert {feed.ttl for feed in feeds.values()} == {"60"}
    assert b"itunes:category" in files["tags/nelayan/rss.xml"]
    assert b"itunes:category" not in files["rss.xml"]
    assert b'rel="license"' in files["atom.xml"]
    assert json.loads(files[".well-known/tdmrep.json"])[0]["tdm-reservation"] == 1
