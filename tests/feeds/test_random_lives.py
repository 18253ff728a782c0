"""Random lives of a newsroom: whatever happens to its stories and tags, readers are told the truth.

A life is a list of steps; after each one the feeds are built and held against a simple model of what
readers may see. A failing life is printed as a list that `live` runs again as it stands.

Run longer: TAGWIRE_LIVES=2000 pytest tests/feeds/test_random_lives.py
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import tempfile
from calendar import timegm
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import feedparser
import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import publish

URL = "https://kabarteluk.example/"
START = datetime(2030, 1, 1, tzinfo=UTC)
TOLD = timedelta(days=2)  # how long feeds tell of a withdrawal
TICK = timedelta(minutes=1)  # between two steps
SETTINGS = f"""
[site]
url = "{URL}"
title = "Kabar Teluk"
timezone = "Asia/Jakarta"
[feeds]
limit = %d
withdrawn_days = 2
[[feed]]
combination = "laut AND kapal"
[[feed]]
combination = "ikan OR pasar NOT laut"
[[feed]]
tag = "rahasia"
private = true
[[source]]
path = "articles.jsonl"
"""
FILES = ("rss.xml", "atom.xml", "feed.json")
TAGS = ("laut", "kapal", "ikan", "pasar")
PRIVATE = "rahasia"  # the tag whose feed, and whose stories, are private
SITE = "site"
WORDS = re.compile(rb"kq(\d+)x")  # in all that a story says; the number is the story's
TOMBSTONE = re.compile(rb'<at:deleted-entry[^>]* ref="([^"]+)"')
NO_SIGNPOST = re.compile(r"(?:.*/)?(?:rss\.xml|atom\.xml|feed\.json)")

Place = str | int  # a feed: `site`, `sections/laut/`; a tag by its number, since its address may change
Step = tuple[Any, ...]


@dataclass
class Withdrawn:
    """A story taken back."""

    by: str
    at: datetime
    notice: str = ""


@dataclass
class Story:
    """A story as its record has it, and what has become of it.

    title, body, typo, address: how often each was changed; kept: its status when it was last read
    was_in: the feeds that readers saw it in; may_tell: feeds that took those over
    """

    number: int
    published: datetime
    tags: tuple[str, ...]
    section: str
    author: str
    title: int = 0
    body: int = 0
    typo: int = 0
    address: int = 0
    embargo: datetime | None = None
    expires: datetime | None = None
    status: str = "usable"
    is_in_file: bool = True
    kept: str = ""
    withdrawn: Withdrawn | None = None
    was_in: set[Place] = field(default_factory=set)
    may_tell: set[Place] = field(default_factory=set)

    @property
    def id(self) -> str:
        """Its id, for life."""
        return f"{URL}id/{self.number}"

    @property
    def headline(self) -> str:
        """What its title says."""
        return f"Judul kq{self.number}x{self.title}"

    @property
    def content(self) -> str:
        """What it says."""
        return f"<p>Isi kq{self.number}x{self.body}, gelombang{chr(97 + self.typo % 26)} pasang.</p>"

    def record(self) -> str:
        """Return its line in the file."""
        fields = {
            "id": self.id,
            "url": f"{URL}berita/{self.number}-{self.address}",
            "title": self.headline,
            "content": self.content,
            "published": self.published.isoformat(),
            "tags": self.tags,
            "section": self.section,
            "authors": [self.author],
            "status": self.status,
            "embargoed_until": self.embargo.isoformat() if self.embargo else None,
            "expires": self.expires.isoformat() if self.expires else None,
        }
        return json.dumps(fields) + "\n"

    def is_its_time(self, now: datetime) -> bool:
        """May it, or a notice in its place, be seen at this time?"""
        has_begun = self.published <= now and (self.embargo is None or self.embargo <= now)
        return has_begun and (self.expires is None or self.expires > now)

    def is_shown(self, now: datetime) -> bool:
        """May its words be seen?"""
        return self.status == "usable" and self.withdrawn is None and self.is_its_time(now)

    def is_noticed(self, now: datetime) -> bool:
        """Does a notice stand in its place? Never for what nobody saw."""
        taken = self.withdrawn
        is_told = taken is not None and bool(taken.notice) and now < taken.at + TOLD
        return is_told and bool(self.was_in) and self.is_its_time(now)


@dataclass(frozen=True)
class Entry:
    """A story as a document shows it; dates in seconds since 1970."""

    id: str
    title: str
    content: str
    published: int
    updated: int


@dataclass(frozen=True)
class Page:
    """What a document says. previous: the path of the archive document before it."""

    title: str
    entries: tuple[Entry, ...]
    previous: str
    tombstones: frozenset[str]
    tags: tuple[str, ...]  # of all entries; an archive may show what they were called before


def _seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


@lru_cache(maxsize=5000)
def read(body: bytes) -> Page:
    """Read a document, as a reader that forgives nothing."""
    if body.startswith(b"{"):
        feed = json.loads(body)
        entries = (
            Entry(
                i["id"],
                i["title"],
                i["content_html"],
                _seconds(i["date_published"]),
                _seconds(i["date_modified"]),
            )
            for i in feed["items"]
        )
        tags = tuple(tag for item in feed["items"] for tag in item.get("tags", ()))
        return Page(feed["title"], tuple(entries), _path(feed.get("next_url", "")), frozenset(), tags)
    parsed = feedparser.parse(body)
    assert not parsed.bozo, parsed.bozo_exception
    entries = (
        Entry(e.id, e.title, e.content[0].value, timegm(e.published_parsed), timegm(e.updated_parsed))
        for e in parsed.entries
    )
    previous = [_path(link.href) for link in parsed.feed.links if link.rel == "prev-archive"]
    tombstones = frozenset(ref.decode() for ref in TOMBSTONE.findall(body))
    tags = tuple(tag.term for e in parsed.entries for tag in e.get("tags", ()))
    return Page(parsed.feed.title, tuple(entries), "".join(previous), tombstones, tags)


def _path(url: str) -> str:
    return unquote(urlsplit(url).path).lstrip("/")


@lru_cache(maxsize=5000)
def told_of(body: bytes) -> frozenset[int]:
    """Return the numbers of the stories whose words stand in a file."""
    return frozenset(int(number) for number in WORDS.findall(body))


class Life:
    """A newsroom in a folder, and beside it the model of what its readers may see."""

    def __init__(self, folder: Path, limit: int) -> None:
        self.folder = folder
        self.limit = limit
        self.now = START
        self.stories: list[Story] = []
        self.names: dict[str, int] = {PRIVATE: 0}  # every name of a tag -> its number
        self.called: list[str] = [PRIVATE]  # by number: its name now
        self.begun: set[Place] = {SITE, 0}
        self.may_begin: set[int] = set()  # those that another went up in: its address leads there
        self.updated: dict[int, int] = {}  # as readers saw it last
        self.files: dict[str, bytes] = {}  # all of them; public: those that anyone may read
        self.public: dict[str, bytes] = {}
        (folder / "publish.toml").write_text(SETTINGS % limit, "utf-8")

    # What happens

    def add(self, age: int, tags: tuple[str, ...], section: str, author: str) -> None:
        """A story comes; one of a negative age, in hours, is dated in the future."""
        published = self.now - timedelta(hours=age)
        self.stories.append(Story(len(self.stories), published, tags, section, author))

    def several(self, count: int) -> None:
        """Stories come, all of one tag, one an hour."""
        for age in range(count, 0, -1):
            self.add(age, TAGS[:1], "ekonomi", "ani")

    def change(self, number: int, **fields: Any) -> None:
        """A record is edited; one that had left the file is there again."""
        for name, value in {**fields, "is_in_file": True}.items():
            setattr(self.story(number), name, value)

    def rewrite(self, number: int) -> None:
        """A story says something else."""
        self.change(number, body=self.story(number).body + 1)

    def typo(self, number: int) -> None:
        """A slip of the pen is mended."""
        self.change(number, typo=self.story(number).typo + 1)

    def retitle(self, number: int) -> None:
        """A story gets another headline."""
        self.change(number, title=self.story(number).title + 1)

    def move(self, number: int) -> None:
        """A story gets another address."""
        self.change(number, address=self.story(number).address + 1)

    def retag(self, number: int, tags: tuple[str, ...]) -> None:
        """A story gets other tags."""
        self.change(number, tags=tags)

    def file(self, number: int, section: str, author: str) -> None:
        """A story goes to another desk and byline."""
        self.change(number, section=section, author=author)

    def state(self, number: int, status: str) -> None:
        """A record says whether it is to be published."""
        self.change(number, status=status)

    def embargo(self, number: int, hours: int | None) -> None:
        """An embargo is set, from now on, or lifted."""
        self.change(number, embargo=self.in_hours(hours))

    def expire(self, number: int, hours: int | None) -> None:
        """An expiry is set, from now on, or lifted."""
        self.change(number, expires=self.in_hours(hours))

    def redate(self, number: int, hours: int) -> None:
        """A story gets another first date; an earlier one would be taken for an older version's."""
        story, moment = self.story(number), self.now + timedelta(hours=hours)
        is_taken = story.published > self.now or moment >= story.published
        self.change(number, published=moment if is_taken else story.published)

    def drop(self, number: int) -> None:
        """A record leaves the file; that is no withdrawal."""
        self.story(number).is_in_file = False

    def clock(self, hours: int) -> None:
        """Time passes."""
        self.now += timedelta(hours=hours)

    # What editors do

    def withdraw(self, number: int, is_noticed: bool) -> None:
        """A story is taken back, with a notice in its place or without."""
        story = self.story(number)
        notice = f"Ditarik {self.now:%d%H%M}" if is_noticed else ""
        self.command("withdraw", story.id, "--reason", "Keliru", *(["--notice", notice] if notice else []))
        story.withdrawn = Withdrawn("command", self.now, notice)

    def restore(self, number: int) -> None:
        """A withdrawn story comes back, unless its own record says that it is canceled."""
        story = self.story(number)
        is_fit = story.withdrawn is not None and story.kept != "canceled"
        self.command("restore", story.id, code=0 if is_fit else 2)
        if is_fit:
            story.withdrawn = None

    def rename(self, tag: str, name: str) -> None:
        """A tag gets another name; that of another tag it can't have."""
        term = self.names.get(tag)
        is_fit = term is not None and self.names.get(name, term) == term
        self.command("tags", "rename", tag, name, code=0 if is_fit else 2)
        if term is not None and is_fit:
            self.names[name] = term
            self.called[term] = name

    def merge(self, tag: str, into: str) -> None:
        """A tag goes up in another."""
        gone, stays = self.names.get(tag), self.names.get(into)
        is_fit = None not in (gone, stays) and gone != stays
        self.command("tags", "merge", tag, into, code=0 if is_fit else 2)
        if gone is not None and stays is not None and is_fit:
            self._merged(gone, stays)

    def alias(self, tag: str, name: str) -> None:
        """A name leads to a tag; if it is a tag already, that is refused: such are merged."""
        term, other = self.names.get(tag), self.names.get(name)
        is_right = term is not None and other in {None, term}
        self.command("tags", "alias", tag, name, code=0 if is_right else 2)
        if term is not None and other is None:
            self.names[name] = term

    def _merged(self, gone: int, stays: int) -> None:
        self.names = {name: stays if term == gone else term for name, term in self.names.items()}
        self.begun.discard(gone)
        self.may_begin.add(stays)
        for story in self.stories:
            if gone in story.was_in | story.may_tell:
                story.may_tell.add(stays)
            story.was_in.discard(gone)
            story.may_tell.discard(gone)

    # How it is carried out

    def story(self, number: int) -> Story:
        """Return one of the stories there are."""
        return self.stories[number % len(self.stories)]

    def in_hours(self, hours: int | None) -> datetime | None:
        """Return a moment, seen from now."""
        return None if hours is None else self.now + timedelta(hours=hours)

    def command(self, *arguments: str, code: int = 0) -> dict[str, Any]:
        """Run a command at this moment; return its outcome."""
        out, err = io.StringIO(), io.StringIO()
        with (
            contextlib.chdir(self.folder),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            time_machine.travel(self.now, tick=False),
        ):
            found = publish.main([*arguments, "--json"])
        assert found == code, f"{arguments} gave {found}: {err.getvalue()}"
        return dict(json.loads(out.getvalue())) if code == 0 else {}

    def build(self) -> list[str]:
        """Let the program read and publish, and the model with it; return what was written."""
        lines = [story.record() for story in self.stories if story.is_in_file]
        (self.folder / "articles.jsonl").write_text("".join(lines), "utf-8")
        outcome = self.command("build")
        assert not outcome["rejected"] or not lines, outcome["rejected"]
        for story in self.stories:
            if story.is_in_file:
                self._read(story)
        return [*outcome["written"], *outcome["signposts"]]

    def _read(self, story: Story) -> None:
        """What an archive makes of a record's status."""
        for tag in story.tags:
            if tag not in self.names:
                self.names[tag] = len(self.called)
                self.called.append(tag)
        taken = story.withdrawn
        if story.status == "usable" and taken and taken.by == "record":
            story.withdrawn = None
        elif story.status == "canceled" and story.kept not in ("", "canceled") and taken is None:
            story.withdrawn = Withdrawn("record", self.now)
        story.kept = story.status

    def step(self, step: Step) -> None:
        """Let one thing happen, and hold what readers see against what they may."""
        name, *arguments = step
        self.now += TICK
        if not self.stories and name not in ("add", "several", "clock"):
            return
        shown = {s.number for s in self.stories if s.is_shown(self.now)}
        about = self.story(arguments[0]) if name in OF_ONE_STORY and self.stories else None
        left = self.places(about) if about else set()
        getattr(self, name)(*arguments)
        is_command = name in COMMANDS
        if not is_command:
            self.build()
        before, self.public = self.files, everything(self.folder / "public")
        private = everything(self.folder / "private")
        assert not self.public.keys() & private.keys()
        self.files = self.public | private
        self.settle()
        self.check()
        check_changes(self, before, about, left)
        if is_command or name == "again":
            assert self.build() == []
            assert everything(self.folder / "public") | everything(self.folder / "private") == self.files
        self.check_dates(name, about if about and about.number in shown else None)

    def again(self) -> None:
        """Nothing happens."""

    # What readers may see

    def settle(self) -> None:
        """Remember who has been seen where."""
        for story in self.stories:
            if story.is_shown(self.now) or story.is_noticed(self.now):
                story.was_in |= self.places(story)
                self.begun |= self.places(story)

    def places(self, story: Story) -> set[Place]:
        """Return the feeds that a story belongs in; a secret one in the private feed alone."""
        if self.is_secret(story):
            return {self.names[PRIVATE]}
        found: set[Place] = {SITE, f"sections/{story.section}/", f"authors/{story.author}/"}
        return found | self.tags_of(story)

    def tags_of(self, story: Story) -> set[int]:
        """Return the tags that a story has, by their numbers."""
        return {self.names[tag] for tag in story.tags}

    def is_secret(self, story: Story) -> bool:
        """Is a story private, by one of its tags, or what that went up in?"""
        return self.names[PRIVATE] in self.tags_of(story)

    def is_private(self, folder: str) -> bool:
        """Is a feed private: the tag's own, or a combination that names the tag?"""
        secret = self.names[PRIVATE]
        named = {self.names.get(name) for name in re.split("[+,~]", folder.strip("/").partition("/")[2])}
        return folder == self.folder_of(secret) or (folder.startswith("combine/") and secret in named)

    def folder_of(self, place: Place) -> str:
        """Return where a feed lies."""
        return f"tags/{self.called[place]}/" if isinstance(place, int) else "" if place == SITE else place

    def members(self, place: Place) -> list[Story]:
        """Return what a feed shows, newest first."""
        return self.newest(lambda story: place in self.places(story))

    def combined(self) -> dict[str, list[Story]]:
        """Return what each combination shows, by its folder."""

        def tagged(story: Story, name: str) -> bool:
            return self.names.get(name) in self.tags_of(story)

        both = self.newest(lambda s: tagged(s, "laut") and tagged(s, "kapal"))
        either = self.newest(lambda s: (tagged(s, "ikan") or tagged(s, "pasar")) and not tagged(s, "laut"))
        found = {"combine/kapal+laut/": both, "combine/ikan,pasar~laut/": either}
        return {
            folder: [s for s in them if self.is_private(folder) or not self.is_secret(s)]
            for folder, them in found.items()
        }

    def newest(self, is_in: Callable[[Story], bool]) -> list[Story]:
        """Return stories that may be seen, newest first."""
        found = [s for s in self.stories if (s.is_shown(self.now) or s.is_noticed(self.now)) and is_in(s)]
        return sorted(found, key=lambda story: (story.published, story.id), reverse=True)

    def check(self) -> None:
        """Hold every file against the model."""
        shown = {story.number for story in self.stories if story.is_shown(self.now)}
        for path, body in self.files.items():
            assert told_of(body) <= shown, f"{path} tells of {sorted(told_of(body) - shown)}"
        self.check_secrets()
        folders = {_folder(path) for path in self.files if _is_feed(path)}
        self.begun |= {place for place in self.may_begin if self.folder_of(place) in folders}
        feeds = {self.folder_of(place): place for place in self.begun}
        combined = self.combined()
        assert folders - set(combined) == set(feeds) - set(combined)
        seen: dict[str, Entry] = {}
        for folder, place in feeds.items():
            for name in FILES:
                check_feed(self.files, folder, name, self.members(place), self.limit, seen)
            self.check_tombstones(place)
        for folder, members in combined.items():
            for name in FILES if members or folder in folders else ():
                check_feed(self.files, folder, name, members[: self.limit], self.limit, seen)
        self.check_words(seen)

    def check_secrets(self) -> None:
        """What is private lies in its own folder, and no public file tells of it."""
        for path in self.files:
            assert (path in self.public) != (_is_feed(path) and self.is_private(_folder(path))), path
        secret = {story.number for story in self.stories if self.is_secret(story)}
        for path, body in self.public.items():
            assert not told_of(body) & secret, f"{path} tells of {sorted(told_of(body) & secret)}"
            assert PRIVATE.encode() not in path.encode() + body, f"{path} tells of {PRIVATE}"

    def check_tombstones(self, place: Place) -> None:
        """They stand where the story was seen, for their time, and nowhere else."""
        found = read(self.files[f"{self.folder_of(place)}atom.xml"]).tombstones
        is_private = self.is_private(self.folder_of(place))
        told = [
            s for s in self.stories
            if s.withdrawn and self.now < s.withdrawn.at + TOLD
            and (not s.withdrawn.notice or (self.is_secret(s) and not is_private))
        ]  # fmt: skip
        must = {story.id for story in told if place in story.was_in}
        may = {story.id for story in told if place in story.may_tell}
        assert must <= found <= must | may, f"tombstones in {self.folder_of(place) or SITE}"

    def check_words(self, seen: dict[str, Entry]) -> None:
        """Each story says what its record says now, or its notice."""
        for story in self.stories:
            if story.id not in seen:
                continue
            entry, taken = seen[story.id], story.withdrawn
            title = taken.notice if taken else story.headline
            content = f"<p>{taken.notice}</p>" if taken else story.content
            said = (entry.title, entry.content, entry.published)
            assert said == (title, content, int(story.published.timestamp()))
            assert entry.updated >= entry.published

    def check_dates(self, name: str, about: Story | None) -> None:
        """A correction moves `updated`, a slip of the pen does not (docs/corrections.md)."""
        seen = {e.id: e.updated for e in followed(self.files, "atom.xml")} if self.files else {}
        found = {story.number: seen[story.id] for story in self.stories if story.id in seen}
        if about and about.number in found and about.is_shown(self.now):
            if name in ("rewrite", "retitle"):
                assert found[about.number] == int(self.now.timestamp())
            elif name != "redate" and about.number in self.updated:  # it was not secret before
                assert found[about.number] == self.updated[about.number]
        self.updated = found


COMMANDS = ("withdraw", "restore", "rename", "merge", "alias")
OF_ONE_STORY = (
    *("rewrite", "typo", "retitle", "move", "retag", "file", "state", "embargo", "expire", "redate", "drop"),
    *("withdraw", "restore"),
)


def everything(folder: Path) -> dict[str, bytes]:
    """Return the bytes of all files in a folder, by path."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def _folder(path: str) -> str:
    """Return where the feed lies that a document, or its archive, is of."""
    return re.sub(r"(archive/\d+/)?[^/]*$", "", path)


def _is_feed(path: str) -> bool:
    return NO_SIGNPOST.fullmatch(path) is not None


def followed(files: dict[str, bytes], path: str) -> Iterator[Entry]:
    """Follow a feed into its past; of each story the entry met first counts (RFC 5005, section 4)."""
    met, visited = set(), set()
    while path:
        assert path not in visited, f"{path} leads back to itself"
        visited.add(path)
        page = read(files[path])
        for entry in page.entries:
            if entry.id not in met:
                met.add(entry.id)
                yield entry
        path = page.previous


def check_feed(
    files: dict[str, bytes], folder: str, name: str, members: list[Story], limit: int, seen: dict[str, Entry]
) -> None:
    """Hold a feed with its archive against the stories it should show.

    seen: each story as other feeds and formats show it; this one's are put there.
    """
    path = folder + name
    entries = list(followed(files, path))
    assert sorted(entry.id for entry in entries) == sorted(story.id for story in members), path
    for entry in entries:
        assert seen.setdefault(entry.id, entry) == entry, path
    newest = read(files[path]).entries
    assert {story.id for story in members[:limit]} <= {entry.id for entry in newest}, path
    assert [e.published for e in newest] == sorted((e.published for e in newest), reverse=True), path
    ids = {story.id for story in members}
    for other, body in files.items():
        if other.startswith(f"{folder}archive/") and other.endswith(name):
            shown = [entry.id for entry in read(body).entries]
            assert len(shown) == len(set(shown)), other
            assert set(shown) <= ids, f"{other} holds what has left {path}"


def check_changes(
    life: Life, before: dict[str, bytes], about: Story | None, left: Set[Place] = frozenset()
) -> None:
    """A file's bytes change when it says something else; a story changes no feed that it never belonged in.

    left: where the story belonged before. A feed that is made anew also seals what waits for its page.
    """
    changed = [p for p, body in life.files.items() if _is_feed(p) and before.get(p, body) != body]
    for path in changed:
        is_about = about is not None and about.id.encode() in life.files[path]
        assert is_about or read(before[path]) != read(life.files[path]), path
    if about is None:
        return
    near = {life.folder_of(place) for place in about.was_in | about.may_tell | life.places(about) | left}
    for path in changed:
        folder = _folder(path)
        assert folder in near or folder.startswith("combine/"), f"{path} is none of {about.id}'s"


def live(limit: int, steps: list[Step]) -> Life:
    """Let a newsroom live through some steps."""
    with tempfile.TemporaryDirectory() as folder:
        life = Life(Path(folder), limit)
        for step in [*steps, ("again",)]:
            life.step(step)
        return life


number = st.integers(0, 9)
tags = st.lists(st.sampled_from([*TAGS, PRIVATE]), max_size=3, unique=True).map(tuple)
tag = st.sampled_from([*TAGS, PRIVATE, "baru", "lama"])
section = st.sampled_from(["ekonomi", "laut"])
author = st.sampled_from(["ani", "budi"])
hours = st.sampled_from([-1, 1, 30])
steps = st.one_of(
    st.tuples(st.just("add"), st.sampled_from([0, 1, 3, 50, -1]), tags, section, author),
    st.tuples(st.just("several"), st.integers(1, 5)),
    st.tuples(st.sampled_from(["rewrite", "typo", "retitle", "move", "drop"]), number),
    st.tuples(st.just("retag"), number, tags),
    st.tuples(st.just("file"), number, section, author),
    st.tuples(st.just("state"), number, st.sampled_from(["usable", "withheld", "canceled"])),
    st.tuples(st.sampled_from(["embargo", "expire"]), number, hours | st.none()),
    st.tuples(st.just("redate"), number, hours),
    st.tuples(st.just("clock"), st.sampled_from([1, 29, 49])),
    st.tuples(st.just("withdraw"), number, st.booleans()),
    st.tuples(st.just("restore"), number),
    st.tuples(st.sampled_from(["rename", "merge", "alias"]), tag, tag),
    st.just(("again",)),
)


@settings(
    max_examples=int(os.environ.get("TAGWIRE_LIVES", "50")),
    deadline=None,
    derandomize="TAGWIRE_LIVES" not in os.environ,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(limit=st.integers(3, 5), steps=st.lists(steps, min_size=5, max_size=30))
def test_whatever_happens_readers_are_told_the_truth(limit: int, steps: list[Step]) -> None:
    """Ids last; feeds, formats and archives agree; nothing secret is out; nothing is written in vain."""
    live(limit, steps)


def of(tag: str) -> Step:
    """Return the step that adds a story of a tag."""
    return ("add", 0, (tag,), "ekonomi", "ani")


HIDDEN: Step = ("add", -1, ("kapal",), "ekonomi", "ani")  # dated in the future

# What went wrong, and a life in which it did.
FOUND: dict[str, list[Step]] = {
    "noticed, then dated anew": [
        of("laut"),
        ("withdraw", 0, True),
        of("laut"),
        ("redate", 0, 1),
        ("clock", 1),
    ],
    "back after an embargo": [("several", 5), ("embargo", 0, 1), ("clock", 29)],
    "back after a date ahead": [("several", 5), ("redate", 0, 1), ("clock", 29), ("several", 5)],
    "back by a merge": [("several", 5), ("retag", 0, ("kapal",)), ("clock", 1), ("merge", "kapal", "laut")],
    "never seen, restored": [HIDDEN, ("withdraw", 0, False), ("clock", 29), ("restore", 0)],
    "never seen, merged": [of("laut"), HIDDEN, ("withdraw", 1, False), ("merge", "kapal", "laut")],
    "never seen, noticed": [HIDDEN, ("withdraw", 0, True), ("redate", 0, -1)],
    "told of for ever": [of("laut"), ("file", 0, "laut", "budi"), ("withdraw", 0, False), ("clock", 49)],
    "notice left in an archive": [
        *[("several", 2), ("withdraw", 0, True), ("several", 5), ("several", 5), ("clock", 49)]
    ],
    "notice taken back": [of("laut"), ("withdraw", 0, True), ("withdraw", 0, False)],
    "withheld, then canceled": [of("laut"), ("state", 0, "withheld"), ("state", 0, "canceled")],
    "merged twice": [of("laut"), of("ikan"), ("merge", "laut", "ikan"), ("merge", "laut", "ikan")],
    "an empty feed moves": [of("kapal"), ("withdraw", 0, False), ("rename", "kapal", "baru")],
    "combination of a renamed tag": [of("ikan"), ("rename", "ikan", "baru"), of("ikan")],
    "combination of an alias": [of("laut"), ("alias", "laut", "kapal")],
}


@pytest.mark.parametrize("steps", FOUND.values(), ids=FOUND)
def test_what_once_went_wrong_goes_well(steps: list[Step]) -> None:
    """Each was found by the test above, and cut short by hand."""
    live(3, steps)


@pytest.fixture(scope="module")
def lived() -> Life:
    """A newsroom with an archive, a story withheld and one withdrawn."""
    return live(3, [("several", 5), of("kapal"), ("state", 1, "withheld"), ("withdraw", 5, False)])


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        pytest.param("rss.xml", b"id/4<", b"id/44<", id="another id"),
        pytest.param("tags/laut/feed.json", b"Judul kq4x0", b"Judul kq4x1", id="another title"),
        pytest.param("atom.xml", b"<published>2029-", b"<published>2028-", id="another date"),
        pytest.param("archive/1/rss.xml", b"<item>", b"<b>", id="broken"),
        pytest.param("archive/1/atom.xml", b"id/0<", b"id/1<", id="withheld, in an archive"),
        pytest.param("feeds.json", b"Kabar Teluk", b"Judul kq1x0", id="withheld words"),
        pytest.param("tags/laut/atom.xml", b"</feed>", b'<at:deleted-entry ref="x"/></feed>', id="tombstone"),
        pytest.param("tags/kapal/atom.xml", b"<at:deleted-entry", b"<at:deleted", id="no tombstone"),
        pytest.param("atom.xml", b"/archive/", b"/arsip/", id="leads nowhere"),
    ],
)
def test_a_doctored_file_is_found_out(
    lived: Life, monkeypatch: pytest.MonkeyPatch, path: str, old: bytes, new: bytes
) -> None:
    """The checks can fail: each of these changes is none of the program's doing."""
    lived.check()
    body = lived.files[path]
    assert old in body
    monkeypatch.setitem(lived.files, path, body.replace(old, new, 1))
    with pytest.raises((AssertionError, KeyError)):
        lived.check()


@pytest.mark.parametrize("words", [b"Judul kq0x0", b"tags/rahasia/"])
def test_a_told_secret_is_found_out(words: bytes) -> None:
    """So is a private feed's file in the public folder."""
    life = live(3, [("add", 0, (PRIVATE,), "ekonomi", "ani"), of("laut")])
    assert b"Judul kq0x0" in life.files["tags/rahasia/atom.xml"]
    life.public["feeds.json"] += words
    with pytest.raises(AssertionError, match=r"feeds\.json tells of"):
        life.check()
    life.public = life.files
    with pytest.raises(AssertionError, match="tags/rahasia/"):
        life.check()


def test_what_is_written_in_vain_is_found_out(lived: Life) -> None:
    """A file that says what it said before, in other bytes; and one that is none of the story's."""
    check_changes(lived, lived.files, None)
    with pytest.raises(AssertionError):
        check_changes(lived, {path: body + b"\n" for path, body in lived.files.items()}, None)
    before = {**lived.files, "tags/kapal/feed.json": b'{"title": "", "items": []}'}
    with pytest.raises(AssertionError, match="none of"):
        check_changes(lived, before, lived.stories[0])


def test_a_new_tag_is_not_held_against_one_that_is_gone(tmp_path: Path) -> None:
    """The feed of the last tag that began goes up in another; the next new tag has no past."""
    life = Life(tmp_path, 20)
    for tag_ in ("laut", "kapal"):
        for age in range(8, 0, -1):
            life.add(age, (tag_,), "ekonomi", "ani")
        life.step(("again",))
    life.step(("merge", "kapal", "laut"))
    for age in range(20, 12, -1):
        life.add(age, ("ikan",), "ekonomi", "ani")
    life.step(("again",))


def test_a_held_tag_can_go_up_in_another(tmp_path: Path) -> None:
    """What was held is then no feed any more; the other's feed is an editor's own act."""
    life = Life(tmp_path, 20)
    for tag_ in ("laut", "kapal"):
        for age in range(12, 4, -1):
            life.add(age, (tag_,), "ekonomi", "ani")
    life.step(("again",))
    for story in life.stories[8:]:
        story.published += timedelta(minutes=30)
    life.now += TICK
    with pytest.raises(AssertionError, match="dates jumped"):
        life.build()
    life.merge("kapal", "laut")
    life.command("build", "--accept", "all")
    life.step(("again",))


def test_a_bulk_correction_passes(tmp_path: Path) -> None:
    """A feed that shows more than its limit until the rest is on a page of its archive loses nothing then."""
    life = Life(tmp_path, 3)
    life.step(("several", 12))
    for story in life.stories:
        story.body += 1
    life.step(("again",))
    life.step(("add", 0, ("laut",), "ekonomi", "ani"))
