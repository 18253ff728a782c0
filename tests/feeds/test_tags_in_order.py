"""Tags put in order: aliases, merges, renames; the directory of feeds; feeds that are held."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import feedparser
import pytest

SETTINGS = '[site]\nurl = "https://kabarteluk.example/"\ntitle = "Kabar Teluk"\n'
SOURCE = '[[source]]\npath = "articles.jsonl"\n'


def run(newsroom: Any, *arguments: str, code: int = 0) -> dict[str, Any]:
    """Run a command; return its outcome."""
    found, out, err = newsroom.run(*arguments, "--json")
    assert found == code, err
    return dict(json.loads(out)) if out else {"stderr": err}


@pytest.fixture
def built(newsroom: Any, make_record: Callable[..., Any]) -> Any:
    """A newsroom whose country has two names."""
    (newsroom.folder / "publish.toml").write_text(SETTINGS + SOURCE)
    newsroom.write(
        make_record(1, tags=["AS"]),
        make_record(2, tags=["Amerika Serikat"]),
        make_record(3, tags=["AS", "Rusia"]),
    )
    run(newsroom, "build")
    return newsroom


def titles(newsroom: Any, path: str) -> list[str]:
    """Return the headlines of a feed."""
    return [entry.title for entry in feedparser.parse(newsroom.files()[path]).entries]


def feed_id(newsroom: Any, path: str) -> str:
    """Return the permanent id of a feed."""
    return str(feedparser.parse(newsroom.files()[path]).feed.id)


def test_a_merged_tag_leads_to_the_other(built: Any, make_record: Callable[..., Any]) -> None:
    """Its articles are there, also those to come; its old address is gone, with a rule that leads on."""
    kept = feed_id(built, "tags/amerika-serikat/atom.xml")
    run(built, "tags", "merge", "AS", "Amerika Serikat")
    assert "tags/as/atom.xml" not in built.files()
    assert titles(built, "tags/amerika-serikat/rss.xml") == ["Berita 3", "Berita 2", "Berita 1"]
    assert feed_id(built, "tags/amerika-serikat/atom.xml") == kept
    rules = built.everything()["redirects.nginx.conf"].decode()
    assert "tags/as/" in rules
    assert "https://kabarteluk.example/tags/amerika-serikat/" in rules
    built.write(make_record(4, tags=["AS", "Amerika Serikat"]))
    run(built, "build")
    assert titles(built, "tags/amerika-serikat/rss.xml")[0] == "Berita 4"
    terms = [tag.term for tag in feedparser.parse(built.files()["rss.xml"]).entries[0].tags]
    assert terms == ["Amerika Serikat"]


def test_a_renamed_tag_keeps_its_feed(built: Any) -> None:
    """Another name and address, the same id, the same entries; the old name and address lead there."""
    before, kept = titles(built, "tags/as/rss.xml"), feed_id(built, "tags/as/atom.xml")
    run(built, "tags", "rename", "AS", "Paman Sam")
    assert (titles(built, "tags/paman-sam/rss.xml"), feed_id(built, "tags/paman-sam/atom.xml")) == (
        before,
        kept,
    )
    assert "tags/as/rss.xml" not in built.files()
    run(built, "build")
    assert titles(built, "tags/paman-sam/rss.xml") == before
    assert "tags/as/rss.xml" not in built.files()
    code, _, err = built.run("tags", "rename", "Rusia", "Lain", "--slug", "as")
    assert (code, "address of another" in err) == (2, True)


def test_settings_give_aliases_and_names(built: Any) -> None:
    """As the command does; the second build finds nothing to do."""
    extra = '[[feed]]\ntag = "Amerika Serikat"\naliases = ["AS", "USA"]\ntitle = "Negeri Paman Sam"\n'
    (built.folder / "publish.toml").write_text(SETTINGS + extra + SOURCE)
    run(built, "build")
    assert titles(built, "tags/amerika-serikat/rss.xml") == ["Berita 3", "Berita 2", "Berita 1"]
    outcome = run(built, "build")
    assert (outcome["written"], outcome["signposts"]) == ([], [])


def test_tags_are_listed_and_merges_suggested(built: Any, make_record: Callable[..., Any]) -> None:
    """Nothing is changed by that."""
    built.write(make_record(5, tags=["Korea Utara"]), make_record(6, tags=["korea-utara"]))
    run(built, "build")
    before = built.everything()
    assert run(built, "tags", "list")["tags"][0]["name"] == "AS"
    (suggestion,) = [s for s in run(built, "tags", "suggest")["suggestions"] if "orea" in s["merge"]]
    assert {suggestion["merge"], suggestion["keep"]} == {"Korea Utara", "korea-utara"}
    assert built.everything() == before


def test_the_directory_names_every_feed(built: Any) -> None:
    """As OPML, also where strangers look for it (F-92), and as JSON; it changes when a feed begins."""
    files = built.everything()
    assert files["feeds.opml"] == files[".well-known/feeds"]
    assert files["feeds.opml"].count(b'type="rss"') == 4
    addresses = {a["url"] for feed in json.loads(files["feeds.json"])["feeds"] for a in feed["addresses"]}
    assert {url.removeprefix("https://kabarteluk.example/") for url in addresses} == set(built.files())
    assert b"application/atom+xml" in files["feeds-autodiscovery.txt"]
    assert ".well-known/feed-menu.json" not in files


def test_an_accident_is_held_until_it_is_accepted(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """All dates jump: the old bytes stay, exit code and `status` say so, --accept lets it through."""
    (newsroom.folder / "publish.toml").write_text(SETTINGS + SOURCE)
    newsroom.write(*(make_record(n, tags=[]) for n in range(10)))
    run(newsroom, "build")
    before = newsroom.files()
    newsroom.write(*(make_record(n, tags=[], published=f"2025-01-{n + 1:02}T00:00:00Z") for n in range(10)))
    outcome = run(newsroom, "build", code=1)
    assert list(outcome["held"]) == [""]
    assert newsroom.files() == before
    assert run(newsroom, "build", code=1)["held"] == outcome["held"]
    assert "dates jumped" in newsroom.run("status")[1]
    assert run(newsroom, "build", "--accept", "site")["held"] == {}
    assert newsroom.files() != before
    assert run(newsroom, "build")["written"] == []


def test_check_says_whether_a_page_leads_to_its_feeds(built: Any, server: Any) -> None:
    """F-90: a page without the links is told what to paste; one with them is fine."""
    address, folder = server
    (folder / "index.html").write_text("<html><head><title>x</title></head><body></body></html>")
    code, out, _ = built.run("check", f"{address}/")
    assert (code, "rss.xml" in out) == (1, True)
    kinds = {"rss.xml": "rss+xml", "atom.xml": "atom+xml", "feed.json": "feed+json"}
    links = "".join(
        f'<link rel="alternate" type="application/{kind}" href="https://kabarteluk.example/{name}">'
        for name, kind in kinds.items()
    )
    (folder / "index.html").write_text(f"<html><head>{links}</head><body></body></html>")
    assert built.run("check", f"{address}/")[0] == 0


def held(newsroom: Any, make_record: Callable[..., Any]) -> list[dict[str, Any]]:
    """Have feeds of a newsroom held, all dates having jumped; return its records."""
    (newsroom.folder / "publish.toml").write_text(SETTINGS + SOURCE)
    newsroom.write(*(make_record(n, tags=["AS", "Rusia"]) for n in range(10)))
    run(newsroom, "build")
    jumped = [
        make_record(n, tags=["AS", "Rusia"], published=f"2025-01-{n + 1:02}T00:00:00Z") for n in range(10)
    ]
    newsroom.write(*jumped)
    assert "tags/as/" in run(newsroom, "build", code=1)["held"]
    return jumped


def test_a_tag_whose_feed_is_held_can_be_merged_and_renamed(
    newsroom: Any, make_record: Callable[..., Any]
) -> None:
    """An editor's act reaches its feeds; nothing of the tag that went up in another is left behind."""
    held(newsroom, make_record)
    run(newsroom, "tags", "merge", "AS", "Rusia")
    run(newsroom, "tags", "rename", "Rusia", "Rusia dan AS")
    assert "tags/rusia-dan-as/rss.xml" in newsroom.files()
    assert list(run(newsroom, "build", code=1)["held"]) == [""]
    assert run(newsroom, "build", "--accept", "all")["held"] == {}


def test_a_story_withdrawn_leaves_held_feeds_too(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """Whoever takes a story back may rely on it; the feeds that were let through for that are named."""
    held(newsroom, make_record)
    code, _, err = newsroom.run("withdraw", "https://kabarteluk.example/berita/3", "--reason", "Keliru")
    assert (code, "tags/as was held and is replaced" in err) == (0, True)
    assert not [path for path, body in newsroom.files().items() if b"Berita 3" in body]


def test_what_the_settings_no_longer_want_is_taken_away(built: Any) -> None:
    """A format, a kind of feed, an ignored tag, a combination, the history: no stale file stays."""
    path = built.folder / "publish.toml"
    path.write_text(SETTINGS + '[[feed]]\ncombination = "as AND rusia"\n' + SOURCE)
    run(built, "build")
    assert "combine/as+rusia/rss.xml" in built.files()
    path.write_text(SETTINGS + '[feeds]\nformats = ["atom"]\nignored_tags = ["rusia"]\n' + SOURCE)
    run(built, "build")
    assert set(built.files()) == {"atom.xml", "tags/as/atom.xml", "tags/amerika-serikat/atom.xml"}
    assert run(built, "build")["written"] == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("tags", "rename", "AS", "x", "--slug", "../.."), "no address"),
        (("tags", "rename", "AS", "A B", "--slug", "A B"), "write it as a-b"),
        (("tags", "rename", "AS", " "), "no name"),
        (("tags", "rename", "AS", "a\x01b"), "no name"),
        (("tags", "alias", "AS", ""), "no name"),
        (("tags", "alias", "AS", "Rusia"), "tags merge"),
        (("tags", "merge", "AS", "as"), "one tag already"),
        (("withdraw", "https://kabarteluk.example/berita/1", "--reason", " "), "--reason is empty"),
        (
            ("withdraw", "https://kabarteluk.example/berita/1", "--reason", "x", "--notice", ""),
            "--notice is empty",
        ),
        (
            (
                "withdraw",
                "https://kabarteluk.example/berita/1",
                "--reason",
                "x",
                "--replacement",
                "javascript:1",
            ),
            "http(s)",
        ),
        (
            ("withdraw", "https://kabarteluk.example/berita/1", "--reason", "x", "--replacement", "/lain"),
            "http(s)",
        ),
    ],
)
def test_what_an_editor_can_not_mean_is_refused(built: Any, arguments: tuple[str, ...], words: str) -> None:
    """Exit code 2, the mend, and nothing changed: not in the feeds, not beside them."""
    before = built.everything()
    beside = set(built.folder.iterdir())
    code, _, err = built.run(*arguments)
    assert (code, words in err) == (2, True), err
    assert run(built, "build")["written"] == []
    assert (built.everything(), set(built.folder.iterdir())) == (before, beside)


def test_an_editors_words_are_cleaned(built: Any) -> None:
    """A control character in a reason breaks no feed; settings that hold one are refused."""
    run(built, "withdraw", "http://kabarteluk.example/berita/1/", "--reason", "salah\x01 besar")
    assert not feedparser.parse(built.files()["atom.xml"]).bozo
    assert "salah besar" in built.files()["atom.xml"].decode()
    (built.folder / "publish.toml").write_text(
        SETTINGS + '[[feed]]\ntag = "AS"\ntitle = "a\\u0001b"\n' + SOURCE
    )
    code, _, err = built.run("build")
    assert (code, "XML forbids" in err) == (2, True)


def test_a_withdrawal_can_be_worded_anew(built: Any) -> None:
    """With a notice, then without."""
    story = "https://kabarteluk.example/berita/1"
    run(built, "withdraw", story, "--reason", "a", "--notice", "Ditarik.")
    run(built, "withdraw", story, "--reason", "b")
    assert not [path for path, body in built.files().items() if b"Ditarik." in body]
    run(built, "build")
    run(built, "restore", story)
    assert "Berita 1" in titles(built, "rss.xml")


def test_settings_do_not_undo_what_an_editor_did(built: Any) -> None:
    """`[[feed]] tag = "AS"` finds the tag under its old name, and leaves it its new one."""
    (built.folder / "publish.toml").write_text(SETTINGS + '[[feed]]\ntag = "AS"\nlimit = 7\n' + SOURCE)
    run(built, "build")
    run(built, "tags", "merge", "AS", "Amerika Serikat")
    run(built, "build")
    assert "tags/amerika-serikat/rss.xml" in built.files()
    assert "tags/as/rss.xml" not in built.files()


def test_editors_need_no_settings_file(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """What the last build was told holds: the site, the title, the folder."""
    newsroom.write(make_record(1), make_record(2))
    newsroom.build("--out", "feeds")
    newsroom.out = newsroom.folder / "feeds"
    before = newsroom.files()["rss.xml"]
    run(newsroom, "withdraw", "https://kabarteluk.example/berita/1", "--reason", "Keliru")
    assert titles(newsroom, "rss.xml") == ["Berita 2"]
    run(newsroom, "restore", "https://kabarteluk.example/berita/1")
    assert newsroom.files()["rss.xml"] == before
    assert not (newsroom.folder / "public").exists()


def test_new_ids_for_old_stories_are_an_accident(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """Other ids and addresses at the very same dates: readers would see each story twice."""
    (newsroom.folder / "publish.toml").write_text(SETTINGS + "[feeds]\nlimit = 10\n" + SOURCE)
    newsroom.write(*(make_record(n, tags=[]) for n in range(20)))
    run(newsroom, "build")
    newsroom.write(*(make_record(n, tags=[], url=f"https://kabarteluk.example/baru/{n}") for n in range(20)))
    assert "very dates" in str(run(newsroom, "build", code=1)["held"])


@pytest.mark.parametrize(
    "expression", ["AS AND", "NOT AS", "AND", "AS AND NOT Rusia", "as, rusia", "c# AND linux"]
)
def test_half_a_combination_is_none(built: Any, expression: str) -> None:
    """It is refused, not taken for a tag of that name."""
    text = SETTINGS + f'[[feed]]\ncombination = "{expression}"\n' + SOURCE
    (built.folder / "publish.toml").write_text(text)
    assert built.run("build")[0] == 2


def test_a_lost_archive_does_not_bring_old_stories_again(
    newsroom: Any, make_record: Callable[..., Any]
) -> None:
    """The feed in place is asked what readers have; the same ids again are no accident."""
    (newsroom.folder / "publish.toml").write_text(SETTINGS + SOURCE)
    records = [make_record(n, tags=[]) for n in range(10)]
    newsroom.write(*records)
    run(newsroom, "build")
    before = newsroom.files()
    (newsroom.folder / "tagwire.db").unlink()
    run(newsroom, "build")
    assert newsroom.files() == before
    (newsroom.folder / "tagwire.db").unlink()
    newsroom.write(*({**record, "id": f"baru-{n}"} for n, record in enumerate(records)))
    assert "ids changed" in str(run(newsroom, "build", code=1)["held"])
    assert newsroom.files() == before


def test_a_held_feed_that_is_not_wanted_any_more_is_held_no_longer(
    newsroom: Any, make_record: Callable[..., Any]
) -> None:
    """Else every build would fail for a feed that is not there."""
    held(newsroom, make_record)
    settings = '[feeds]\nignored_tags = ["AS"]\n'
    (newsroom.folder / "publish.toml").write_text(SETTINGS + settings + SOURCE)
    assert list(run(newsroom, "build", code=1)["held"]) == ["", "tags/rusia/"]
    assert run(newsroom, "build", "--accept", "all")["held"] == {}
    assert "tags/as/rss.xml" not in newsroom.files()
