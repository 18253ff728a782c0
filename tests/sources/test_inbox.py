"""What becomes of files that are dropped into an inbox, and that none is lost if a run is killed."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feeds.archive.sqlite import SqliteArchive
from feeds.intake import take_in
from feeds.schedule import Planned
from sources.article import Article
from sources.inbox import Inbox
from sources.source import Item, Rejected, Site, SourceError, Visited

NOW = datetime(2024, 11, 1, tzinfo=UTC)
OLD = 1_730_000_000  # when files were dropped: long enough ago


def story(number: int, **fields: object) -> dict[str, object]:
    """Return a record; what is stored of it is known by its id."""
    return {
        "id": f"tag:kabarteluk.example,2024:{number}",
        "title": f"Berita {number}",
        "published": "2024-10-28T12:40:00+07:00",
        **fields,
    }


def drop(inbox: Path, name: str, content: object, at: float = OLD) -> Path:
    """Drop a file, as text or bytes or a record in JSON, with the time it was dropped at."""
    path = inbox / name
    if not isinstance(content, (str, bytes)):
        content = json.dumps(content)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    os.utime(path, (at, at))
    return path


def tree(inbox: Path) -> list[str]:
    """Return the files of an inbox and its folders."""
    return sorted(path.relative_to(inbox).as_posix() for path in inbox.rglob("*") if not path.is_dir())


def begun(folder: Path) -> SqliteArchive:
    """Open the archive in a folder, as `build` begins one."""
    archive = SqliteArchive(folder / "tagwire.db")
    with archive.transaction():
        archive.set_meta("tagging_entity", "kabarteluk.example,2005")
    return archive


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """An empty inbox."""
    folder = tmp_path / "masuk"
    folder.mkdir()
    return folder


def taken(inbox: Path, site: Site) -> tuple[dict[str, int], list[Rejected]]:
    """Take an inbox in and let it finish, as a build does; return what became of the records."""
    source = Inbox(inbox.name, base=inbox.parent)
    with contextlib.closing(begun(inbox.parent)) as archive:
        intake = take_in(archive, [Planned(source)], site, NOW, "all", lambda *_: None)
        assert not intake.failed
        return dict(intake.records), intake.rejected


@dataclass
class Unfinished:
    """An inbox whose files a killed build has read and not moved."""

    inbox: Inbox

    @property
    def name(self) -> str:
        """The inbox's."""
        return self.inbox.name

    def read(self, site: Site, remembered: Mapping[str, str]) -> Iterator[Item]:
        """Read as the inbox does."""
        return self.inbox.read(site, remembered)


def remembered(inbox: Path, site: Site) -> dict[str, str]:
    """Take an inbox in without letting it finish; return what the archive remembers."""
    source = Unfinished(Inbox(inbox.name, base=inbox.parent))
    with contextlib.closing(begun(inbox.parent)) as archive:
        take_in(archive, [Planned(source)], site, NOW, "all", lambda *_: None)
        return archive.readings.remembered(inbox.name)


def set_aside(inbox: Path) -> list[Rejected]:
    """Return the records that the archive keeps for people to mend."""
    with contextlib.closing(begun(inbox.parent)) as archive:
        return archive.readings.rejected()


def given(inbox: Path, site: Site, settle: float = 2) -> list[Article | Rejected]:
    """Read an inbox without taking anything."""
    source = Inbox(inbox.name, base=inbox.parent, settle=settle)
    return [item for item in source.read(site, {}) if isinstance(item, (Article, Rejected))]


# --- taking ---


def test_a_file_is_taken_once(inbox: Path, site: Site) -> None:
    """What was good is moved to done/, and the next reading gives nothing."""
    drop(inbox, "dermaga.json", [story(1), story(2)])
    records, _ = taken(inbox, site)
    assert records["new"] == 2
    assert tree(inbox) == ["done/dermaga.json"]
    assert not taken(inbox, site)[0].get("unchanged")


def test_every_kind_of_file(inbox: Path, site: Site) -> None:
    """JSON, JSON Lines, CSV, Markdown, packed or not: what `path` reads, an inbox takes."""
    drop(inbox, "a.jsonl", f"{json.dumps(story(1))}\n{json.dumps(story(2))}\n")
    drop(inbox, "b.csv.gz", gzip.compress(b"id,title,published\n3,Ombak,2024-10-28\n"))
    drop(inbox, "c.md", "---\ntitle: Layar\ndate: 2024-10-28\n---\nIsi.\n")
    records, rejected = taken(inbox, site)
    assert (records["new"], rejected) == (4, [])
    assert tree(inbox) == ["done/a.jsonl", "done/b.csv.gz", "done/c.md"]


def test_what_is_not_wholly_good_says_why(inbox: Path, site: Site) -> None:
    """Its good records are taken; it is moved to rejected/, with a line for each bad record beside it."""
    drop(inbox, "campur.json", [story(1), story(2, published="kapan\nsaja"), story(3, title="")])
    records, rejected = taken(inbox, site)
    assert (records["new"], len(rejected)) == (1, 2)
    assert tree(inbox) == ["rejected/campur.json", "rejected/campur.json.reason.txt"]
    first, second = (inbox / "rejected/campur.json.reason.txt").read_text("utf-8").splitlines()
    assert first.startswith("campur.json, record 2: published: 'kapan saja' is not a date")
    assert second == "campur.json, record 3: title: no title and no text: nothing to publish"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\0\1\2\3", "of no kind that is known"),
        (gzip.compress(b"{}" * 999)[:30], "breaks off"),
        (b"{", "not JSON"),
    ],
)
def test_what_is_no_article(inbox: Path, site: Site, content: bytes, reason: str) -> None:
    """A file of no known kind, a broken one, an unfinished one: each says why."""
    drop(inbox, "aneh.json", content)
    drop(inbox, "baik.json", story(1))
    assert taken(inbox, site)[0]["new"] == 1
    assert tree(inbox)[1:] == ["rejected/aneh.json", "rejected/aneh.json.reason.txt"]
    assert reason in (inbox / "rejected/aneh.json.reason.txt").read_text("utf-8")


def test_very_many_reasons_are_cut(inbox: Path, site: Site) -> None:
    """A thousand lines are enough to see what is wrong; the archive has them all."""
    drop(inbox, "buruk.json", [{"title": str(number)} for number in range(1200)])
    assert len(taken(inbox, site)[1]) == 1200
    lines = (inbox / "rejected/buruk.json.reason.txt").read_text("utf-8").splitlines()
    assert (len(lines), lines[-1]) == (1001, "… and 200 more")


def test_a_mended_file_is_taken(inbox: Path, site: Site) -> None:
    """Put back with its reason and mended, it is done, and no longer among what was set aside."""
    drop(inbox, "cuaca.json", story(1, published="besok"))
    taken(inbox, site)
    for path in list((inbox / "rejected").iterdir()):
        path.rename(inbox / path.name)
    drop(inbox, "cuaca.json", story(1))
    assert taken(inbox, site)[0]["new"] == 1
    assert tree(inbox) == ["cuaca.json.reason.txt", "done/cuaca.json"]
    assert set_aside(inbox) == []


def test_the_later_file_wins(inbox: Path, site: Site) -> None:
    """Files are read in the order they were dropped in, and by name where that is one."""
    drop(inbox, "a.json", story(1), OLD + 60)
    drop(inbox, "c.json", story(2))
    drop(inbox, "b.json", story(3))
    assert [item.position for item in given(inbox, site)] == [f"{n}.json, record 1" for n in "bca"]


def test_a_name_that_comes_again_overwrites_nothing(inbox: Path, site: Site) -> None:
    """A CMS that uses one name for every version: all of them are kept."""
    for number in range(3):
        drop(inbox, "kini.json.gz", gzip.compress(json.dumps(story(1, title=f"Versi {number}")).encode()))
        taken(inbox, site)
    assert tree(inbox) == ["done/kini.2.json.gz", "done/kini.3.json.gz", "done/kini.json.gz"]
    assert b"Versi 2" in gzip.decompress((inbox / "done/kini.3.json.gz").read_bytes())


def test_a_version_dropped_before_the_move_is_read(inbox: Path, site: Site) -> None:
    """What was read is moved, not what took its name since: that is taken next, whatever its date."""
    drop(inbox, "kini.json", story(1, title="Versi A"))
    marks = remembered(inbox, site)
    (inbox / "baru").write_text(json.dumps(story(1, title="Versi B")))
    os.utime(inbox / "baru", (OLD, OLD))
    (inbox / "baru").rename(inbox / "kini.json")
    Inbox(inbox.name, base=inbox.parent).finish(marks)
    assert tree(inbox) == ["kini.json"]
    assert taken(inbox, site)[0]["changed"] == 1
    assert tree(inbox) == ["done/kini.json"]


# A child, as nothing takes an audit hook away again: a new version comes just before the file is moved.
RACE = """
import os, sys
from pathlib import Path
from sources.inbox import Inbox
folder, marks = Path(sys.argv[1]), eval(sys.argv[2])
Path(folder, "baru").write_text("versi baru")

def call(event, arguments):
    if event == "os.rename" and Path(folder, "baru").exists() and "baru" not in str(arguments[0]):
        os.replace(folder / "baru", folder / "kini.json")

sys.addaudithook(call)
Inbox(str(folder)).finish(marks)
"""


def test_a_version_dropped_in_the_moment_of_the_move_is_put_back(inbox: Path, site: Site) -> None:
    """What was not read never ends in done/."""
    drop(inbox, "kini.json", story(1))
    marks = remembered(inbox, site)
    subprocess.run([sys.executable, "-c", RACE, str(inbox), repr(marks)], check=True, timeout=60)
    assert tree(inbox) == ["kini.json"]
    assert (inbox / "kini.json").read_text() == "versi baru"


def test_a_file_that_changes_while_it_is_read_is_read_again(inbox: Path, site: Site) -> None:
    """It gives what it gives, but is not marked as taken."""
    path = drop(inbox, "kini.json", [story(1), story(2)])
    items = Inbox(inbox.name, base=inbox.parent).read(site, {})
    assert isinstance(next(items), Article)
    drop(inbox, path.name, [story(1), story(2), story(3)])
    assert not [item for item in items if isinstance(item, Visited)]


# --- what is left alone ---


@pytest.mark.parametrize(
    "name", [".berita.json", "berita.json.tmp", "berita.json.part", "x.filepart", "berita.json~", "foto.JPG"]
)
def test_what_is_not_meant_stays(inbox: Path, site: Site, name: str) -> None:
    """Unfinished and hidden files and pictures are left where they are, without a word."""
    drop(inbox, name, story(1))
    assert taken(inbox, site) == ({}, [])
    assert tree(inbox) == [name]


def test_subfolders_are_not_read(inbox: Path, site: Site) -> None:
    """Only what lies in the inbox itself is taken."""
    (inbox / "nanti").mkdir()
    drop(inbox / "nanti", "x.json", story(1))
    assert taken(inbox, site) == ({}, [])


def test_a_file_still_being_written_waits(inbox: Path, site: Site) -> None:
    """A file changed in the last seconds is left for the next time; one with a wrong date is not."""
    now = datetime.now(UTC).timestamp()
    drop(inbox, "kini.json", story(1), now - 30)
    assert given(inbox, site, settle=60) == []
    assert len(given(inbox, site, settle=10)) == 1
    drop(inbox, "kini.json", story(1), now + 30)
    assert given(inbox, site) == []
    drop(inbox, "kini.json", story(1), now + 400 * 86_400)
    assert len(given(inbox, site)) == 1


def test_links_and_pipes_are_named_and_left(inbox: Path, site: Site, tmp_path: Path) -> None:
    """Nothing outside the folder is read, and a pipe that nobody writes to stops nothing."""
    drop(tmp_path, "rahasia.json", story(9))
    (inbox / "tautan.json").symlink_to(tmp_path / "rahasia.json")
    os.mkfifo(inbox / "pipa.json")
    os.utime(inbox / "pipa.json", (OLD, OLD))
    os.utime(inbox / "tautan.json", (OLD, OLD), follow_symlinks=False)
    drop(inbox, "baik.json", story(1))
    records, rejected = taken(inbox, site)
    assert records["new"] == 1
    assert [(item.position, item.reason[:16]) for item in rejected] == [
        ("pipa.json", "a link or a devi"),
        ("tautan.json", "a link or a devi"),
    ]
    (inbox / "tautan.json").unlink()
    (inbox / "pipa.json").unlink()
    taken(inbox, site)
    assert set_aside(inbox) == []


@pytest.mark.parametrize("name", [b"beri\xfft\n.json", "ж".encode() * 120 + b".json", b"x" * 240 + b".json"])
def test_names_of_any_bytes(inbox: Path, site: Site, name: bytes) -> None:
    """Names that are no text, or as long as can be, are moved all the same, twice."""
    for content in (story(1, published="kapan"), story(1, published="entah")):
        path = inbox / os.fsdecode(name)
        path.write_text(json.dumps(content))
        os.utime(path, (OLD, OLD))
        (rejected,) = taken(inbox, site)[1]
        rejected.position.encode()
    assert len(tree(inbox)) == 4
    assert all(file.startswith("rejected/") for file in tree(inbox))


# --- what can't be ---


def failure(inbox: Path, site: Site, marks: Mapping[str, str] | None = None) -> str:
    """Read an inbox that can't be read; give the message."""
    with pytest.raises(SourceError) as caught:
        list(Inbox(inbox.name, base=inbox.parent).read(site, marks))
    return str(caught.value)


def test_a_missing_folder(inbox: Path, site: Site) -> None:
    """A path with a slip is a failure, not an empty inbox."""
    inbox.rmdir()
    assert failure(inbox, site) == "masuk: there is no such folder; make it, or check the path"


@pytest.mark.parametrize("name", ["done", "rejected"])
def test_where_files_cannot_be_moved_nothing_is_taken(inbox: Path, site: Site, name: str) -> None:
    """Else the same files would be taken again and again; the mend is named."""
    drop(inbox, "berita.json", story(1))
    (inbox / name).write_text("bukan map")
    message = failure(inbox, site)
    assert f"masuk/{name} must be a folder that can be written to" in message
    assert "nothing was taken" in message


def test_a_move_that_fails(inbox: Path, site: Site) -> None:
    """What was taken and can't be moved is a failure that is told, now and at the next reading."""
    drop(inbox, "berita.json", story(1))
    source = Inbox(inbox.name, base=inbox.parent)
    marks = remembered(inbox, site)
    (inbox / "done").symlink_to(inbox / "nirwana")
    with pytest.raises(SourceError, match=r"berita.json was taken but can't be moved"):
        source.finish(marks)
    assert "can't be moved" in failure(inbox, site, marks)
    (inbox / "done").unlink()
    assert list(source.read(site, marks)) == [Visited("berita.json", 304, "")]
    assert tree(inbox) == ["done/berita.json"]


def test_reading_moves_nothing_by_itself(inbox: Path, site: Site) -> None:
    """A preview, which remembers nothing, leaves an inbox as it is."""
    drop(inbox, "berita.json", story(1))
    assert len(given(inbox, site)) == len(given(inbox, site)) == 1
    assert [path.name for path in inbox.iterdir()] == ["berita.json"]


# --- killed ---

# Each child takes an inbox in, and kills itself at another moment: an item, a commit, a move.
KILLED = """
import itertools, os, signal, sys
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo
import feeds.intake, sources.kinds
from datetime import UTC, datetime
from feeds.archive.sqlite import SqliteArchive
from feeds.schedule import Planned
from sources.inbox import Inbox
from sources.source import Site

SITE = Site("https://kabarteluk.example/", "kabarteluk.example,2005", "id", ZoneInfo("Asia/Jakarta"))
feeds.intake.CHUNK = 3  # no file ends where a chunk does
left = None

def moment(*_):
    global left
    if left is not None:
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

def call(event, arguments):
    if event in ("os.rename", "os.mkdir") or event == "open" and ".reason" in str(arguments[0]):
        moment()

@dataclass
class Watched:
    source: Inbox
    name: str
    def read(self, site, remembered):
        for item in self.source.read(site, remembered):
            moment()
            yield item
            moment()

def child(folder, number):
    global left
    left = number
    archive = SqliteArchive(folder / "tagwire.db")
    with archive.transaction():
        archive.set_meta("tagging_entity", SITE.tagging_entity)
    inbox = Inbox("masuk", base=folder)
    plan = Planned(Watched(inbox, inbox.name))
    feeds.intake.take_in(archive, [plan], SITE, datetime(2024, 11, 1, tzinfo=UTC), "all", moment)
    moment()
    archive.close()

sys.addaudithook(call)
for number in itertools.count():
    folder = Path(sys.argv[1], str(number))
    if not folder.exists():
        break
    pid = os.fork()
    if not pid:
        child(folder, number)
        os._exit(0)
    status = os.waitpid(pid, 0)[1]
    print(os.WTERMSIG(status))
"""
FILES = {
    "a.json": [story(1), story(2), story(3)],
    "b.json": [story(4), story(5, published="besok"), story(6)],
    "c.json": [story(1, title="Ralat", modified="2024-10-29T12:40:00+07:00")],
}
MOMENTS = 40  # more than there are


def titles(folder: Path) -> set[str]:
    """Return the headlines in an archive."""
    with contextlib.closing(begun(folder)) as archive:
        return {archive.article(number + 1).title for number in range(archive.status()["article"])}


def test_killed_at_any_moment_nothing_is_lost(tmp_path: Path, site: Site) -> None:
    """Whatever has left the inbox is in the archive, and the next run completes the work, once."""
    for number in range(MOMENTS):
        inbox = tmp_path / str(number) / "masuk"
        inbox.mkdir(parents=True)
        for at, (name, records) in enumerate(FILES.items()):
            drop(inbox, name, records, OLD + at)
    run = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    signals = run.stdout.split()
    assert len(signals) == MOMENTS, run.stderr
    assert signals.count("9") > 20, run.stderr
    assert signals[-1] == "0", run.stderr
    for number in range(MOMENTS):
        _holds_together(tmp_path / str(number), site)


def _holds_together(folder: Path, site: Site) -> None:
    inbox = folder / "masuk"
    gone = FILES.keys() - {path.name for path in inbox.iterdir()}
    stored = titles(folder)
    if "a.json" in gone:
        assert {"Berita 2", "Berita 3"} <= stored
    if "b.json" in gone:
        assert {"Berita 4", "Berita 6"} <= stored
        reason = (inbox / "rejected/b.json.reason.txt").read_text("utf-8")
        assert reason.startswith("b.json, record 2: published")
    if "c.json" in gone:
        assert "Ralat" in stored
    taken(inbox, site)
    assert titles(folder) == {"Ralat", "Berita 2", "Berita 3", "Berita 4", "Berita 6"}
    assert tree(inbox) == ["done/a.json", "done/c.json", "rejected/b.json", "rejected/b.json.reason.txt"]
