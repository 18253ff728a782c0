"""Private feeds: at no step of a life does a public file tell of a private story, in any format."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import feedparser
import pytest
import time_machine

NOW = "2030-01-01T00:00:00Z"
SETTINGS = """
[site]
url = "https://kabarteluk.example/"
title = "Kabar Teluk"
timezone = "Asia/Jakarta"
[feeds]
limit = 3
of = ["tags", "sections", "authors", "languages"]
menu = true
redirects = ["redirects.nginx.conf", "redirects.caddy", ".htaccess", "_redirects"]
%s
[[source]]
path = "articles.jsonl"
"""
RISET = '[[feed]]\ntag = "Riset"\nprivate = true\n'
COMBINED = '[[feed]]\ncombination = "nelayan OR pasar"\n[[feed]]\ncombination = "nelayan NOT kapal"\n'
TOMBSTONE = b"at:deleted-entry"
SECRET = 5  # the number of the story that is private
WORD = b"kq5x"  # stands in all that it says, its id, its address


def story(number: int, *tags: str, **more: Any) -> dict[str, Any]:
    """Return the record of a story that says `kq<number>x` wherever it says something."""
    word = f"kq{number}x"
    return {
        "id": f"https://kabarteluk.example/id/{word}",
        "url": f"https://kabarteluk.example/berita/{word}",
        "title": f"Judul {word}",
        "summary": f"Ringkasan {word}",
        "content": f"<p>Isi {word}.</p>",
        "published": f"2029-12-{number + 1:02}T07:00:00+07:00",
        "authors": ["Ani", f"Penulis {word}"],
        "image": f"https://kabarteluk.example/foto/{word}.jpg",
        "section": "Laut",
        "language": "id",
        "tags": ["nelayan", *tags],
        **more,
    }


class Paper:
    """A newsroom of nine stories; the fifth is of the tag Riset, which is private."""

    def __init__(self, newsroom: Any) -> None:
        self.newsroom = newsroom
        self.stories = {n: story(n) for n in range(1, 10)}
        self.stories[SECRET] = story(SECRET, "Riset", "rintisan-kq5x")

    def settings(self, feeds: str, private: bool = False) -> None:
        """Write publish.toml with these feeds."""
        text = SETTINGS % (("private = true\n" if private else "") + feeds)
        (self.newsroom.folder / "publish.toml").write_text(text, "utf-8")

    def build(self, now: str = NOW) -> dict[str, Any]:
        """Read and publish; nothing may be rejected or held."""
        self.newsroom.write(*self.stories.values())
        return self.run("build", now=now)

    def run(self, *arguments: str, now: str = NOW) -> dict[str, Any]:
        """Run a command that must succeed."""
        with time_machine.travel(now, tick=False):
            code, out, err = self.newsroom.run(*arguments, "--json")
        assert code == 0, err + out
        return dict(json.loads(out))

    def public(self) -> dict[str, bytes]:
        """Return every file that all may read, by path."""
        return files(self.newsroom.out)

    def private(self) -> dict[str, bytes]:
        """Return every file that only those with a token may read, by path."""
        return files(self.newsroom.folder / "private")

    def leaks(self, *words: bytes) -> set[str]:
        """Return the public files that hold one of some words, in their bytes or their names."""
        return holding(self.public(), *words)


def files(folder: Path) -> dict[str, bytes]:
    """Return the bytes of all files below a folder, by path."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def holding(found: dict[str, bytes], *words: bytes) -> set[str]:
    """Return the files that hold one of some words, in whatever case, in their bytes or their names."""
    texts = {path: path.encode().lower() + b"\n" + body.lower() for path, body in found.items()}
    return {path for path, text in texts.items() if any(word in text for word in words)}


@pytest.fixture
def paper(newsroom: Any) -> Paper:
    """A newsroom that has published, with Riset private."""
    paper = Paper(newsroom)
    paper.settings(RISET + COMBINED)
    paper.build()
    return paper


def feeds_at(*folders: str, file: str) -> set[str]:
    """Return the paths of feeds."""
    return {folder + file for folder in folders}


OF_9 = ("", "tags/nelayan/", "sections/laut/", "authors/ani/", "authors/penulis-kq9x/", "languages/id/")


def test_a_private_story_is_in_its_private_feed_alone(paper: Paper) -> None:
    """No word, no id, no tag of it in public: feeds, archives, directories, combinations, authors' names."""
    assert paper.leaks(WORD, b"riset") == set()
    signposts = {"feeds.opml", "feeds.json", ".well-known/feeds", ".well-known/feed-menu.json"}
    assert signposts < set(paper.public())
    assert {"combine/nelayan,pasar/atom.xml", "archive/1/atom.xml", "archive/2/rss.xml"} < set(paper.public())
    assert set(paper.private()) == {f"tags/riset/{name}" for name in ("atom.xml", "feed.json", "rss.xml")}
    assert holding(paper.private(), WORD) == set(paper.private())
    shown = feedparser.parse(paper.private()["tags/riset/atom.xml"])
    assert not shown.bozo
    assert [tag.term for tag in shown.entries[0].tags] == ["nelayan", "Riset", "rintisan-kq5x"]
    assert shown.feed.links[0].href == "https://kabarteluk.example/tags/riset/atom.xml"


def followed(files: dict[str, bytes], path: str) -> set[str]:
    """Return the titles of a feed, and of its archive to the end."""
    found: set[str] = set()
    while path:
        page = feedparser.parse(files[path])
        found |= {entry.title for entry in page.entries}
        links = [link.href for link in page.feed.links if link.rel == "prev-archive"]
        path = links[0].removeprefix("https://kabarteluk.example/") if links else ""
    return found


def test_all_others_are_where_they_were(paper: Paper) -> None:
    """The archive of the site's feed, followed to its end, holds every public story."""
    titles = {f"Judul kq{n}x" for n in range(1, 10)}
    assert followed(paper.public(), "atom.xml") == titles - {f"Judul kq{SECRET}x"}


def test_a_story_that_was_never_public_enters_archives_when_it_is(paper: Paper) -> None:
    """It is too old for the feed itself by then, and in the archive of each; in the tag's as before."""
    paper.settings(COMBINED)
    paper.build()
    for folder in ("", "tags/nelayan/", "sections/laut/", "tags/riset/"):
        assert f"Judul kq{SECRET}x" in followed(paper.public(), f"{folder}atom.xml")


def test_a_feed_made_private_shows_secrets_of_others(paper: Paper) -> None:
    """A story of two tags, of which the second is made private later, enters its archive then."""
    paper.stories[SECRET] = story(SECRET, "Riset", "kapal")
    for number in range(6, 10):
        paper.stories[number] = story(number, "kapal")
    paper.build()
    assert paper.leaks(WORD) == set()
    paper.settings(RISET + RISET.replace("Riset", "kapal"))
    paper.build()
    titles = {f"Judul kq{n}x" for n in range(5, 10)}
    assert followed(paper.private(), "tags/kapal/atom.xml") == titles


Act = Callable[[Paper], object]


def change(**fields: Any) -> Act:
    """Return an act: the secret story's record says something else."""

    def act(paper: Paper) -> None:
        paper.stories[SECRET] |= fields
        paper.build("2030-01-02T00:00:00Z")

    return act


def later(paper: Paper) -> None:
    """Nothing happens, for two months."""
    paper.build("2030-03-05T00:00:00Z")


def command(*arguments: str) -> Act:
    """Return an act: a command is run."""
    return lambda paper: paper.run(*arguments, now="2030-01-02T00:00:00Z")


ID = f"https://kabarteluk.example/id/kq{SECRET}x"
WITHDRAW = ("withdraw", ID, "--reason", "Keliru kq5x")
ACTS: dict[str, list[Act]] = {
    "corrected": [change(title="Judul baru kq5x"), change(content="<p>Sama sekali lain kq5x.</p>")],
    "retagged": [change(tags=["Riset"]), change(tags=["riset", "pasar", "kapal"]), change(tags=["RISET"])],
    "moved": [change(section="Bagian kq5x", url="https://kabarteluk.example/kq5x/baru", language="jv")],
    "dated anew": [change(published="2029-12-31T00:00:00Z"), change(published="2029-12-01T00:00:00Z")],
    "withheld": [change(status="withheld"), change(status="usable")],
    "canceled by its record": [change(status="canceled"), change(status="usable")],
    "expired": [change(expires="2030-01-02T00:00:00Z"), change(expires=None)],
    "embargoed": [
        change(embargoed_until="2030-01-03T00:00:00Z"),
        lambda paper: paper.build("2030-01-04T00:00:00Z"),
    ],
    "withdrawn": [command(*WITHDRAW), change(), command("restore", ID), change()],
    "withdrawn with a notice": [
        command(*WITHDRAW, "--notice", "Ditarik kq5x"),
        change(),
        lambda paper: paper.build("2030-03-04T00:00:00Z"),
        command("restore", ID),
    ],
    "the tag is renamed": [command("tags", "rename", "Riset", "Risetan"), change(), change(title="kq5x")],
    "the tag has aliases": [command("tags", "alias", "Riset", "Risetan"), change(tags=["Risetan"])],
    "a tag goes up in it": [
        change(tags=["Riset", "pasar"]),
        command("tags", "merge", "pasar", "Riset"),
        change(),
        change(tags=["pasar"]),
    ],
    "it goes up in a tag": [
        command("tags", "merge", "Riset", "rintisan-kq5x"),
        change(),
        change(tags=["rintisan-kq5x"]),
    ],
    "a file is lost": [lambda paper: (paper.newsroom.out / "archive/1/atom.xml").unlink(), change()],
    "the private folder is lost": [
        lambda paper: (paper.newsroom.folder / "private/tags/riset/rss.xml").unlink(),
        change(),
    ],
    "it is one more's": [lambda paper: paper.settings(RISET + '[[feed]]\nauthor = "Ani"\n'), change()],
}


@pytest.mark.parametrize("acts", ACTS.values(), ids=ACTS)
def test_whatever_happens_to_it_no_public_file_tells(paper: Paper, acts: list[Act]) -> None:
    """Checked after each step, and after one in which nothing happens."""
    for act in [*acts, later]:
        act(paper)
        assert paper.leaks(WORD, b"riset") == set()
        assert len(paper.public()) > 40
        assert holding(paper.public(), b"kq9x")


@pytest.mark.parametrize("acts", ACTS.values(), ids=ACTS)
def test_the_same_lives_in_public_are_full_of_it(newsroom: Any, acts: list[Act]) -> None:
    """The check above can fail: without the setting, each life tells of the story somewhere."""
    paper = Paper(newsroom)
    paper.settings(RISET.replace("true", "false") + COMBINED)
    paper.build()
    told = [paper.leaks(WORD, b"riset")]
    for act in acts:
        try:
            act(paper)
        except FileNotFoundError:  # there is no private folder to lose
            continue
        told.append(paper.leaks(WORD, b"riset"))
    assert all(told)


def test_a_private_feed_tells_its_own_readers_of_a_withdrawal(paper: Paper) -> None:
    """And shows a notice, if there is one, like any feed."""
    paper.run(*WITHDRAW)
    assert TOMBSTONE in paper.private()["tags/riset/atom.xml"]
    assert TOMBSTONE not in b"".join(paper.public().values())
    paper.run("restore", ID)
    paper.run(*WITHDRAW, "--notice", "Ditarik.")
    assert all(b"Ditarik." in body for body in paper.private().values())


def test_a_story_that_becomes_private_leaves_every_page(paper: Paper) -> None:
    """Also sealed pages of archives; and it is back everywhere once it is public again."""
    was_in = paper.leaks(b"kq2x")
    assert feeds_at("", "tags/nelayan/", "authors/ani/", file="archive/1/feed.json") < was_in
    paper.stories[2] = story(2, "Riset")
    paper.build()
    # The feed of its author began in public, and stays, with nothing in it.
    assert holding(paper.public(), b"judul kq2x", b"id/kq2x", b"isi kq2x", b"foto/kq2x") == set()
    assert b"Judul kq2x" in paper.private()["tags/riset/feed.json"]
    paper.stories[2] = story(2)
    paper.build()
    folders = ("", "tags/nelayan/", "sections/laut/", "authors/penulis-kq2x/", "languages/id/")
    assert feeds_at(*folders, file="feed.json") < paper.leaks(b"judul kq2x")
    assert b"Judul kq2x" not in b"".join(paper.private().values())


def test_a_public_feed_tells_of_what_it_had(paper: Paper) -> None:
    """Who has a story from a public feed hears of its withdrawal there, though it is private by now."""
    paper.stories[9] = story(9, "Riset")
    paper.build()
    assert TOMBSTONE not in paper.public()["atom.xml"]
    paper.run("withdraw", "https://kabarteluk.example/id/kq9x", "--reason", "Keliru", "--notice", "Ditarik.")
    telling = {path for path, body in paper.public().items() if TOMBSTONE in body}
    assert telling == feeds_at(*OF_9, file="atom.xml")
    assert b"Ditarik." not in b"".join(paper.public().values())
    assert b"Ditarik." in paper.private()["tags/riset/atom.xml"]


def accident(paper: Paper, *tags: str) -> dict[str, Any]:
    """Let a story change its tags, and others their dates, which the guard holds against a feed."""
    paper.settings("guard = {fewest = 1, redated = 0.01}\n" + RISET + COMBINED)
    paper.build()
    paper.stories[7] = story(7, *tags)
    for number in (8, 9):
        paper.stories[number] = story(number, published=f"2029-12-{number + 3:02}T00:00:00Z")
    paper.newsroom.write(*paper.stories.values())
    with time_machine.travel(NOW, tick=False):
        outcome = json.loads(paper.newsroom.run("build", "--json")[1])
    return dict(outcome["held"])


def test_a_feed_that_holds_a_secret_is_not_held(paper: Paper) -> None:
    """Nothing that the guard says keeps a private story in a public feed."""
    assert set(accident(paper, "Riset")) == {"authors/penulis-kq8x/", "authors/penulis-kq9x/"}
    assert paper.leaks(b"judul kq7x", b"id/kq7x", b"riset") == set()


def test_a_feed_without_a_secret_is_held(paper: Paper) -> None:
    """The guard goes on to do its work, whatever is private elsewhere: the check above can fail."""
    assert {"", "tags/nelayan/", "authors/ani/"} < set(accident(paper))


@pytest.fixture
def turning(paper: Paper) -> tuple[Paper, dict[str, bytes]]:
    """A newsroom, and what was public of it before any of its feeds was private."""
    paper.settings(COMBINED)
    paper.build()
    return paper, paper.public()


@pytest.mark.parametrize("kind", ["tag", "section", "author", "language"])
def test_a_feed_made_private_later_leaves_the_public(
    turning: tuple[Paper, dict[str, bytes]], kind: str
) -> None:
    """Its files, its stories in all other feeds; and all is back when it is made public again."""
    paper, before = turning
    names = {"tag": "Riset", "section": "Laut", "author": "Ani", "language": "id"}
    paper.settings(f'[[feed]]\n{kind} = "{names[kind]}"\nprivate = true\n' + COMBINED)
    outcome = paper.build()
    assert outcome["held"] == {}
    assert paper.leaks(b"judul kq5x", b"id/kq5x") == set()
    folder = f"{kind}s/{names[kind].lower()}/"
    assert {path for path in paper.public() if path.startswith(folder)} == set()
    assert f"{folder}atom.xml" in paper.private()
    paper.settings(COMBINED)
    paper.build()
    assert paper.private() == {}
    assert set(before) <= set(paper.public())
    assert {path for path in before if WORD in before[path]} <= paper.leaks(WORD)


def test_a_page_tells_of_no_secret_when_one_of_two_private_tags_is_opened(paper: Paper) -> None:
    """A story of both stays private: the opened feed shows it no more, and tells of no withdrawal of it."""
    paper.stories[SECRET] = story(SECRET, "Riset", "Intern")
    paper.stories[4] = story(4, "Intern")
    paper.settings(RISET + '[[feed]]\ntag = "Intern"\nprivate = true\n')
    paper.build()
    assert holding(paper.private(), b"kq5x") == set(paper.private())
    paper.settings(RISET)
    paper.build()
    paper.run(*WITHDRAW)
    assert paper.leaks(b"kq5x", b"riset") == set()
    assert b"Judul kq4x" in paper.public()["tags/intern/atom.xml"]
    assert TOMBSTONE in paper.private()["tags/riset/atom.xml"]


def test_a_public_tag_that_a_private_one_goes_up_in_is_private(paper: Paper) -> None:
    """At once, in the command itself, and with it all that was public in that tag."""
    paper.stories[1] = story(1, "kapal")
    paper.build()
    assert "tags/kapal/atom.xml" in paper.public()
    paper.run("tags", "merge", "Riset", "kapal")
    assert paper.leaks(b"judul kq1x", WORD, b"riset", b"kapal") == set()
    held_by = {f"tags/kapal/{name}" for name in ("atom.xml", "feed.json", "rss.xml")}
    assert holding(paper.private(), b"judul kq1x") == holding(paper.private(), WORD) == held_by
    assert "combine/nelayan~kapal/atom.xml" in paper.private()  # it names what is private now


def test_where_all_feeds_are_private_nothing_is_public(turning: tuple[Paper, dict[str, bytes]]) -> None:
    """No feed and no signpost; the private ones hold every story. And back again."""
    paper, before = turning
    paper.settings(COMBINED, private=True)
    assert paper.build()["held"] == {}
    assert paper.public() == {}
    assert set(paper.private()) == {path for path in before if path.endswith(("s.xml", "m.xml", "feed.json"))}
    for path, body in paper.private().items():
        assert body == before[path], path
    paper.settings(RISET + COMBINED)
    paper.build()
    assert paper.leaks(WORD, b"riset") == set()
    paper.run(*WITHDRAW)
    assert paper.leaks(WORD, b"riset") == set()
    paper.run("restore", ID)
    paper.settings(COMBINED)
    paper.build()
    assert set(before) <= set(paper.public())


def test_a_private_combination_alone_is_private(paper: Paper) -> None:
    """Its stories stay where they are, and it may hold private ones."""
    before = paper.public()
    paper.settings(RISET + COMBINED.replace('pasar"\n', 'pasar"\nprivate = true\n'))
    paper.build()
    gone = {path for path in before if path not in paper.public()}
    assert gone == {f"combine/nelayan,pasar/{name}" for name in ("atom.xml", "feed.json", "rss.xml")}
    assert gone < set(paper.private())
    assert paper.leaks(b"nelayan,pasar", WORD) == set()
    assert holding(paper.public(), b"judul kq9x") == holding(before, b"judul kq9x") - gone


def test_a_combination_that_names_a_private_tag_is_private(paper: Paper) -> None:
    """Its very address would tell of the tag."""
    paper.settings(RISET + '[[feed]]\ncombination = "nelayan NOT riset"\n')
    paper.build()
    assert "combine/nelayan~riset/atom.xml" in paper.private()
    assert paper.leaks(WORD, b"riset") == set()


def test_a_moved_private_feed_is_in_no_redirect(paper: Paper) -> None:
    """Nor is a public one that went up in it; that of a public tag is."""
    paper.stories[1] = story(1, "kapal")
    paper.stories[2] = story(2, "pasar")
    paper.build()
    paper.run("tags", "rename", "Riset", "Samudra")
    paper.run("tags", "rename", "kapal", "perahu")
    paper.run("tags", "merge", "pasar", "Samudra")
    assert paper.leaks(b"riset", b"samudra") == set()
    assert b"tags/kapal/" in paper.public()["redirects.caddy"]
    assert b"/tags/pasar/" not in paper.public()["redirects.caddy"]


@pytest.mark.parametrize("folder", ["public", "public/private", "."])
def test_a_private_folder_may_not_lie_in_the_public_one(paper: Paper, folder: str) -> None:
    """Exit code 2, and nothing was written."""
    before = paper.public()
    path = paper.newsroom.folder / "publish.toml"
    out = "." if folder == "." else "public"
    path.write_text(f'out = "{out}"\nprivate_out = "{folder}"\n' + path.read_text("utf-8"), "utf-8")
    code, _, err = paper.newsroom.run("build")
    assert code == 2
    assert "name another" in err
    assert paper.public() == before


def test_what_the_archive_knows_nothing_of_goes_too(newsroom: Any) -> None:
    """A killed build, or one with an archive that was lost, left a file of a private feed in public."""
    paper = Paper(newsroom)
    paper.settings(RISET)
    for name in ("rss.xml", "atom.xml", "feed.json"):
        path = newsroom.out / "tags/riset" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(WORD)
    paper.build()
    assert paper.leaks(WORD, b"riset") == set()


def test_nothing_changes_when_nothing_happens(paper: Paper) -> None:
    """A second build writes nothing, in either folder."""
    before = {path: path.stat().st_mtime_ns for path in paper.newsroom.folder.rglob("*.xml")}
    assert paper.build()["written"] == []
    assert {path: path.stat().st_mtime_ns for path in paper.newsroom.folder.rglob("*.xml")} == before
