"""Readers, as people have them, subscribed to a tag while its newsroom corrects, withdraws and renames."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import atoma
import feedparser
import httpx
import pytest

import publish

SITE = "https://kabarteluk.example/"
SETTINGS = f"""\
[site]
url = "{SITE}"
title = "Kabar Teluk"
language = "id"
timezone = "Asia/Jakarta"
[serve]
access_log = "access.log"
[[source]]
path = "articles.jsonl"
"""
SOON = 1.0  # seconds after which a server must show what a command published
STAGES = ("subscribed", "polled again", "corrected", "withdrawn", "renamed", "polled after")
Stories = dict[str, tuple[str, str]]  # by id: headline and text


@dataclass(frozen=True)
class Newsroom:
    """A folder in which commands run, each as a process of its own."""

    folder: Path

    @property
    def out(self) -> Path:
        """The output folder."""
        return self.folder / "public"

    def write(self, *stories: dict[str, Any]) -> None:
        """Let these be the newsroom's stories."""
        (self.folder / "publish.toml").write_text(SETTINGS, "utf-8")
        (self.folder / "articles.jsonl").write_text("".join(json.dumps(s) + "\n" for s in stories), "utf-8")

    def run(self, *words: str) -> None:
        """Run a command."""
        command = [sys.executable, publish.__file__, *words, "--quiet"]
        subprocess.run(command, cwd=self.folder, check=True, timeout=60)

    def requests(self) -> list[dict[str, Any]]:
        """Return the server's access records."""
        lines = (self.folder / "access.log").read_text("utf-8").splitlines()
        return [json.loads(line) for line in lines]


@dataclass
class Reader:
    """Somebody's subscription: where the feed is, what the reader remembers of it, what it shows.

    statuses, saw   by stage: what the server said, hops included, and what the reader showed then
    """

    software: str
    address: str
    etag: str | None = None
    modified: str | None = None
    shown: Stories = field(default_factory=dict)
    statuses: dict[str, list[int]] = field(default_factory=dict)
    saw: dict[str, Stories] = field(default_factory=dict)

    def poll(self, stage: str) -> None:
        """Ask for what is new, and take it in: an entry with a known id takes the place of the old one."""
        self.statuses[stage], stories = POLLS[self.software](self)
        self.shown |= stories
        self.saw[stage] = dict(self.shown)

    def poll_until_new(self, stage: str) -> None:
        """Poll until there is something new, for as long as the server may take to show it."""
        deadline = time.monotonic() + SOON
        self.poll(stage)
        while self.statuses[stage] == [304] and time.monotonic() < deadline:
            time.sleep(0.05)
            self.poll(stage)


def poll_with_feedparser(reader: Reader) -> tuple[list[int], Stories]:
    """Let feedparser fetch (it asks for deltas too, `A-IM: feed`) and parse."""
    feed = feedparser.parse(reader.address, etag=reader.etag, modified=reader.modified)
    assert not feed.bozo, feed.get("bozo_exception")
    if feed.status == 304:
        return [304], {}
    reader.etag, reader.modified = feed.etag, feed.get("modified")
    if feed.status == 301:  # of the first hop: the way to learn that a feed has moved for good
        reader.address = feed.href
    return [feed.status], {entry.id: (entry.title, entry.content[0].value) for entry in feed.entries}


def poll_with_atoma(reader: Reader) -> tuple[list[int], Stories]:
    """Fetch with httpx, which takes every coding, and let atoma parse."""
    known = {"If-None-Match": reader.etag, "If-Modified-Since": reader.modified}
    headers = {name: value for name, value in known.items() if value}
    answer = httpx.get(reader.address, headers=headers, follow_redirects=True)
    statuses = [hop.status_code for hop in (*answer.history, answer)]
    if answer.status_code == 304:
        return statuses, {}
    assert answer.status_code == 200
    reader.etag, reader.modified = answer.headers["etag"], answer.headers.get("last-modified")
    reader.address = str(answer.url)
    if reader.address.endswith("rss.xml"):
        items = atoma.parse_rss_bytes(answer.content).items
        return statuses, {item.guid: (item.title, item.content_encoded) for item in items}
    entries = atoma.parse_atom_bytes(answer.content).entries
    return statuses, {entry.id_: (entry.title.value, entry.content.value) for entry in entries}


POLLS = {"feedparser": poll_with_feedparser, "atoma": poll_with_atoma}
READERS = [(software, file) for software in POLLS for file in ("rss.xml", "atom.xml")]


def story(number: int, **fields: Any) -> dict[str, Any]:
    """Return a story's record."""
    return {
        "url": f"{SITE}berita/{number}",
        "title": f"Berita {number}",
        "content": f"<p>Kapal nomor {number} sandar di dermaga timur.</p>",
        "published": f"2024-10-28T{number:02}:00:00+07:00",
        "tags": ["nelayan"],
        **fields,
    }


@pytest.fixture(scope="module")
def life(
    serve: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Newsroom, dict[tuple[str, str], Reader]]:
    """Let every reader live through everything; the newsroom's commands run beside the server."""
    newsroom = Newsroom(tmp_path_factory.mktemp("newsroom"))
    newsroom.write(*map(story, range(4)))
    newsroom.run("build")
    with serve("tagwire", newsroom, tmp_path_factory.mktemp("server") / "run") as served:
        base = f"http://127.0.0.1:{served.port}/tags/nelayan/"
        readers = {(software, file): Reader(software, base + file) for software, file in READERS}
        for stage in STAGES:
            act(newsroom, stage)
            for reader in readers.values():
                waits = stage in {"corrected", "withdrawn", "renamed"}
                (reader.poll_until_new if waits else reader.poll)(stage)
    return newsroom, readers


def act(newsroom: Newsroom, stage: str) -> None:
    """Do in the newsroom what a stage is called after."""
    if stage == "corrected":
        text = "<p>Ralat: 21 kapal sandar di dermaga barat.</p>"
        newsroom.write(story(0), story(1), story(2), story(3, title="Berita 3, diralat", content=text))
        newsroom.run("build", "--now")
    elif stage == "withdrawn":
        newsroom.run("withdraw", f"{SITE}berita/1", "--reason", "keliru", "--notice", "Berita ini ditarik.")
        newsroom.run("withdraw", f"{SITE}berita/2", "--reason", "keliru")
    elif stage == "renamed":
        newsroom.run("tags", "rename", "nelayan", "Nelayan Teluk")


@pytest.fixture(params=READERS, ids=" ".join)
def reader(request: pytest.FixtureRequest, life: tuple[Newsroom, dict[tuple[str, str], Reader]]) -> Reader:
    """A reader who has seen it all."""
    return life[1][request.param]


def test_a_reader_gets_every_story_at_first(reader: Reader) -> None:
    """All stories of the tag are there, whole."""
    assert reader.statuses["subscribed"] == [200]
    expected = {f"{SITE}berita/{number}": f"Kapal nomor {number} sandar" for number in range(4)}
    saw = reader.saw["subscribed"]
    assert saw.keys() == expected.keys()
    assert all(words in saw[story_id][1] for story_id, words in expected.items())


def test_a_reader_who_has_it_all_gets_304(reader: Reader) -> None:
    """The second poll costs a head."""
    assert reader.statuses["polled again"] == [304]


def test_a_correction_takes_the_place_of_what_was_wrong(reader: Reader) -> None:
    """Headline and text are the new ones, under the same id; the other stories stay as they were."""
    before, after = reader.saw["polled again"], reader.saw["corrected"]
    assert reader.statuses["corrected"] == [200]
    assert after.keys() == before.keys()
    title, text = after[f"{SITE}berita/3"]
    assert (title, "21 kapal sandar" in text) == ("Berita 3, diralat", True)
    assert {i for i in after if after[i] != before[i]} == {f"{SITE}berita/3"}


def test_a_notice_takes_the_place_of_a_story_that_was_withdrawn(reader: Reader) -> None:
    """Readers show a notice instead of the story. Without one, most keep what they have for good."""
    before, after = reader.saw["corrected"], reader.saw["withdrawn"]
    assert after.keys() == before.keys()
    assert "Kapal nomor 1" not in after[f"{SITE}berita/1"][1]
    assert "Berita ini ditarik." in after[f"{SITE}berita/1"][1]
    assert after[f"{SITE}berita/2"] == before[f"{SITE}berita/2"]


def test_a_reader_follows_a_feed_that_moved_and_nothing_is_new(reader: Reader) -> None:
    """One hop, for good, on the host that was asked; ids stay, so what was read stays read."""
    assert reader.statuses["renamed"] in ([301], [301, 200])  # feedparser tells of the first hop alone
    assert reader.address.startswith("http://127.0.0.1:")
    assert "/tags/nelayan-teluk/" in reader.address
    assert reader.saw["renamed"] == reader.saw["withdrawn"]
    assert reader.statuses["polled after"] == [304]


def test_the_access_records_tell_of_every_poll(
    life: tuple[Newsroom, dict[tuple[str, str], Reader]],
) -> None:
    """At the old address: a 200, a 304, and a 301 in the end, for each reader in this order."""
    newsroom, readers = life
    for file in ("rss.xml", "atom.xml"):
        asked = [r for r in newsroom.requests() if r["path"] == f"/tags/nelayan/{file}"]
        count = len(POLLS)
        assert [r["status"] for r in asked[: 2 * count]] == [200] * count + [304] * count
        assert [r["status"] for r in asked[-count:]] == [301] * count
        assert all(r["bytes"] == 0 for r in asked if r["status"] == 304)
    agents = {record["user_agent"].partition("/")[0] for record in newsroom.requests()}
    assert agents == {"feedparser", "python-httpx"}
    assert len(readers) == len(READERS)
