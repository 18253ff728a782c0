"""An article's life: corrected, withdrawn, restored, seen in its log."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import feedparser
import pytest
import time_machine

SETTINGS = '[site]\nurl = "https://kabarteluk.example/"\ntimezone = "Asia/Jakarta"\n'
SOURCE = '[[source]]\npath = "articles.jsonl"\n'
TOMBSTONE = b"at:deleted-entry"


def write_settings(newsroom: Any, settings: str = "") -> None:
    """Write a publish.toml."""
    (newsroom.folder / "publish.toml").write_text(SETTINGS + settings + SOURCE)


def run(newsroom: Any, *arguments: str) -> dict[str, Any]:
    """Run a command that must succeed; return its outcome."""
    code, out, err = newsroom.run(*arguments, "--json")
    assert code == 0, err
    return dict(json.loads(out))


@pytest.fixture
def built(newsroom: Any, make_record: Callable[..., Any]) -> Any:
    """A newsroom with three stories, published."""
    newsroom.write(*(make_record(n, tags=["nelayan", f"hari {n}"], section="Laut") for n in range(3)))
    write_settings(newsroom)
    run(newsroom, "build")
    return newsroom


def holding(newsroom: Any, words: bytes) -> set[str]:
    """Return the paths of feeds that hold some words."""
    return {path for path, body in newsroom.files().items() if words in body}


@pytest.mark.parametrize(
    "key", ["https://kabarteluk.example/berita/1", "https://kabarteluk.example/berita/1?utm_source=x"]
)
def test_a_withdrawn_story_leaves_every_feed_and_tells_of_it(built: Any, key: str) -> None:
    """A tombstone stands in exactly those Atom feeds that it was in (RFC 6721, F-75)."""
    was_in = {path for path in holding(built, b"Berita 1") if path.endswith("atom.xml")}
    run(
        built,
        "withdraw",
        key,
        "--reason",
        "Salah <orang>",
        "--replacement",
        "https://kabarteluk.example/ralat",
    )
    assert holding(built, b"Berita 1") == set()
    assert holding(built, TOMBSTONE) == was_in
    body = built.files()["tags/nelayan/atom.xml"].decode()
    assert 'ref="https://kabarteluk.example/berita/1"' in body
    assert "Salah &lt;orang&gt;" in body
    assert not feedparser.parse(body).bozo


def test_a_re_run_does_not_bring_it_back(built: Any, make_record: Callable[..., Any]) -> None:
    """Nor does a new version of it; what the source says since then is kept for `restore`."""
    run(built, "withdraw", "https://kabarteluk.example/berita/1", "--reason", "Keliru")
    before = built.files()
    run(built, "build")
    assert built.files() == before
    built.write(*(make_record(n, title=f"Berita {n} baru", section="Laut") for n in range(3)))
    run(built, "build")
    assert holding(built, b"Berita 1") == set()
    run(built, "restore", "https://kabarteluk.example/berita/1")
    assert "tags/nelayan/rss.xml" in holding(built, b"Berita 1 baru")
    assert holding(built, TOMBSTONE) == set()


def test_a_notice_stands_in_its_place(built: Any) -> None:
    """The same id, a newer date, other words, in every format and in exactly the feeds it was in (F-76)."""
    was_in = holding(built, b"Berita 1")
    story = "https://kabarteluk.example/berita/1"
    run(built, "withdraw", story, "--reason", "Keliru", "--notice", "Berita ini ditarik.")
    assert holding(built, b"Berita ini ditarik.") == was_in
    assert holding(built, b"Isi berita nomor 1") == set()
    entry = next(e for e in feedparser.parse(built.files()["atom.xml"]).entries if "ditarik" in e.title)
    assert entry.id == "https://kabarteluk.example/berita/1"
    assert entry.updated > "2026"
    assert TOMBSTONE not in built.files()["atom.xml"]


def test_feeds_tell_of_it_for_a_while(built: Any) -> None:
    """After the time in the settings the tombstone goes, at its second, and `build` knew when."""
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False):
        run(built, "withdraw", "https://kabarteluk.example/berita/1", "--reason", "Keliru")
        assert run(built, "build")["next_change"] == "2030-01-31T00:00:00+00:00"
    with time_machine.travel("2030-01-30T23:59:59Z", tick=False):
        assert run(built, "build")["written"] == []
    with time_machine.travel("2030-01-31T00:00:00Z", tick=False):
        run(built, "build")
    assert holding(built, TOMBSTONE) == set()
    assert holding(built, b"Berita 1") == set()


def test_a_record_that_says_canceled_is_a_withdrawal(built: Any, make_record: Callable[..., Any]) -> None:
    """And one that says usable again brings it back; who was never seen leaves no tombstone."""
    first, second, third = (make_record(n, section="Laut") for n in range(3))
    built.write(first, {**second, "status": "canceled"}, third, make_record(9, status="canceled"))
    run(built, "build")
    assert holding(built, b"Berita 1") == set()
    assert "atom.xml" in holding(built, TOMBSTONE)
    assert b"berita/9" not in built.files()["atom.xml"]
    built.write(first, second, third)
    run(built, "build")
    assert "atom.xml" in holding(built, b"Berita 1")
    assert holding(built, TOMBSTONE) == set()


@pytest.mark.parametrize("command", [("withdraw", "--reason", "x"), ("restore",), ("log",)])
def test_what_is_not_there_is_named(built: Any, command: tuple[str, ...]) -> None:
    """Exit code 2, the id, the mend."""
    name, *options = command
    code, _, err = built.run(name, "https://kabarteluk.example/berita/99", *options)
    assert code == 2
    assert "berita/99" in err


def test_the_log_shows_what_changed_when_and_where(built: Any, make_record: Callable[..., Any]) -> None:
    """Every version, field by field, and the feeds that the story was in."""
    built.write(make_record(1, title="Ralat: Berita 1", tags=["ombak"]))
    run(built, "build")
    shown = run(built, "log", "https://kabarteluk.example/berita/1")
    assert shown["revisions"][0]["since"] == "first"
    assert shown["revisions"][1]["changed"]["title"] == "Berita 1 -> Ralat: Berita 1"
    assert shown["feeds"] == ["site", "section Laut", "tag hari 1", "tag nelayan", "tag ombak"]
    assert "Ralat: Berita 1" in built.run("log", "https://kabarteluk.example/berita/1")[1]


def test_a_correction_moves_updated_and_a_typo_does_not(built: Any, make_record: Callable[..., Any]) -> None:
    """By the rule in docs/corrections.md; readers of RSS see it too (F-21), and no date moves again."""
    first, second, third = (make_record(n, section="Laut") for n in range(3))
    typo = {**first, "content": "<p>Isi  berita nomor 0.</p>"}
    built.write(typo, {**second, "content": "<p>Isi berita nomor 21.</p>"}, third)
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False):
        run(built, "build")
    with time_machine.travel("2031-01-01T00:00:00Z", tick=False):
        assert run(built, "build")["written"] == []
    for name in ("atom.xml", "rss.xml"):
        updated = {e.title: e.updated for e in feedparser.parse(built.files()[name]).entries}
        assert updated["Berita 1"].startswith("2030-01-01")
        assert updated["Berita 0"].startswith("2024-10-01")


def test_a_date_in_the_future_is_an_embargo(built: Any, make_record: Callable[..., Any]) -> None:
    """A-06: absent from every output until its time, to the second."""
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False):
        built.write(make_record(5, published="2030-01-01T01:00:00Z"))
        assert run(built, "build")["next_change"] == "2030-01-01T01:00:00+00:00"
        assert holding(built, b"Berita 5") == set()
    with time_machine.travel("2030-01-01T01:00:00Z", tick=False):
        run(built, "build")
    assert "tags/nelayan/atom.xml" in holding(built, b"Berita 5")
