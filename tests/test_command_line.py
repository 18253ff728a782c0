"""The front door: commands, what they print, how they exit."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import publish

SITE = ("--site-url", "https://kabarteluk.example/")


def test_without_anything_the_bundled_example_is_published(newsroom: Any) -> None:
    """An empty folder, one word: a newsroom of every kind of input, with one record set aside."""
    code, out, _ = newsroom.run("build")
    assert code == 0
    assert "1 rejected" in out
    assert "published: no date" in out
    assert {"rss.xml", "atom.xml", "tags/pelabuhan/rss.xml"} <= set(newsroom.files())
    assert newsroom.run("status")[0] == 0


def test_everything_may_be_mixed_and_its_kind_is_found_by_looking(
    newsroom: Any, make_record: Callable[..., Any], samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder of pages and dumps, a file of records and standard input in one build."""
    newsroom.write(make_record(1), name="no-ending")
    record = {**make_record(2), "tags": ["stdin"]}
    stdin = type("Stdin", (), {"buffer": io.BytesIO(json.dumps([record]).encode())})
    monkeypatch.setattr(sys, "stdin", stdin)
    outcome = newsroom.build("no-ending", "-", str(samples / "pages"), source=str(samples / "dumps"))
    assert outcome["failed"] == []
    sources = {
        row["name"]: row["taken"] for row in json.loads(newsroom.run("status", "--json")[1])["sources"]
    }
    assert sources["no-ending"] == sources["-"] == 1
    assert sources[str(samples / "dumps")] >= 5
    assert sources[str(samples / "pages")] >= 5
    assert "tags/stdin/rss.xml" in newsroom.files()


def test_what_is_no_article_is_reported_and_its_neighbours_are_published(
    newsroom: Any, make_record: Callable[..., Any]
) -> None:
    """One bad record harms nobody: position, field, reason and the record itself are kept."""
    bad = {"title": "Tanpa tanggal", "n": 7}
    newsroom.write(make_record(1), bad, make_record(2))
    outcome = newsroom.build()
    assert (outcome["code"], outcome["records"]["new"]) == (0, 2)
    (rejected,) = outcome["rejected"]
    assert rejected["position"] == "line 2"
    assert rejected["field"] == "published"
    status = json.loads(newsroom.run("status", "--json")[1])
    assert status["rejected"][0]["record"]["title"] == "Tanpa tanggal"
    newsroom.write(make_record(1), make_record(2))
    newsroom.build()
    assert json.loads(newsroom.run("status", "--json")[1])["rejected"] == []


def test_strict_turns_a_rejection_into_exit_code_1(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """The rest is published all the same."""
    newsroom.write(make_record(1), {"title": "Tanpa tanggal"})
    outcome = newsroom.build("--strict")
    assert outcome["code"] == 1
    assert "rss.xml" in newsroom.files()


def test_a_source_that_fails_stops_no_other(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """Exit code 1, the source and the mend on standard error, the other source published."""
    newsroom.write(make_record(1))
    outcome = newsroom.build("missing.jsonl")
    assert outcome["code"] == 1
    assert "missing.jsonl: there is no such file or folder; check the path" in outcome["stderr"]
    assert "rss.xml" in newsroom.files()


def test_a_record_once_published_stays_when_its_new_version_is_bad(
    newsroom: Any, make_record: Callable[..., Any]
) -> None:
    """A feed already published is never replaced by a worse one."""
    newsroom.write(make_record(1), make_record(2))
    newsroom.build()
    before = newsroom.files()
    newsroom.write(make_record(1), {**make_record(2), "published": "kemarin"})
    assert newsroom.build()["records"]["rejected"] == 1
    newsroom.write()
    newsroom.build()
    assert newsroom.files() == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["build", "x.jsonl"], "site.url is missing"),
        (["build", "x.jsonl", "--site-url", "news"], "http(s)"),
        (["build", "--settings", "gone.toml"], "gone.toml"),
        (["status"], "no archive here yet"),
        (["publish"], "invalid choice"),
        ([], "required"),
    ],
)
def test_wrong_usage_exits_with_2(newsroom: Any, arguments: list[str], words: str) -> None:
    """And says what would be right."""
    code, _, err = newsroom.run(*arguments)
    assert code == 2
    assert words in err


def test_a_file_that_is_no_archive_is_refused_and_left_alone(
    newsroom: Any, make_record: Callable[..., Any]
) -> None:
    """Not a traceback, and not a byte of it changed."""
    newsroom.write(make_record(1))
    (newsroom.folder / "tagwire.db").write_bytes(b"my holiday pictures" * 100)
    code, _, err = newsroom.run("build", "articles.jsonl", *SITE)
    assert code == 1
    assert "tagwire.db" in err
    assert (newsroom.folder / "tagwire.db").read_bytes() == b"my holiday pictures" * 100


def test_an_archive_in_a_place_that_is_not_there_is_named(
    newsroom: Any, make_record: Callable[..., Any]
) -> None:
    """Not a traceback: the path and the mend."""
    newsroom.write(make_record(1))
    code, _, err = newsroom.run("build", "articles.jsonl", *SITE, "--archive", "nowhere/tagwire.db")
    assert code == 1
    assert "nowhere/tagwire.db.lock: No such file or directory; name another place with --archive" in err


FULL_DISK = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20000, resource.RLIM_INFINITY))
"""


def test_no_room_for_the_archive_is_said_plainly(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """No file may grow over 20 kB: exit code 1, the archive named, the feeds in place as they were."""
    newsroom.write(make_record(1))
    newsroom.build()
    before = newsroom.files()
    program = FULL_DISK + "import publish; sys.exit(publish.main(sys.argv[1:]))"
    arguments = ["build", "articles.jsonl", *SITE, "--archive", "small.db"]
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], check=False, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr.startswith("tagwire: small.db: ")
    assert "Traceback" not in done.stderr
    assert newsroom.files() == before


def test_no_room_for_a_feed_leaves_every_feed_as_it_was(tmp_path: Path) -> None:
    """One of two documents fits: neither is put in place, and nothing half-written stays."""
    program = FULL_DISK + (
        "from pathlib import Path\n"
        "from feeds.document import document\n"
        "from feeds.sinks.disk import DiskSink\n"
        "from feeds.sinks.sink import SinkError, write\n"
        "sink = DiskSink(Path('public'))\n"
        "write(sink, [document('a.xml', '', b'old', 1), document('b.xml', '', b'old', 1)])\n"
        "try: write(sink, [document('a.xml', '', b'new', 2), document('b.xml', '', b'x' * 30000, 2)])\n"
        "except SinkError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert "File too large" in done.stdout
    found = {path.name: path.read_bytes() for path in (tmp_path / "public").rglob("*")}
    assert found == {"a.xml": b"old", "b.xml": b"old"}


def test_preview_shows_articles_and_rejections_and_stores_nothing(newsroom: Any) -> None:
    """Every field, which zones were assumed, what is wrong; no archive, no feeds."""
    newsroom.write(
        {"title": "Tanpa tanggal"}, {"title": "Ombak", "text": "Ombak.", "published": "2024-10-28 07:00"}
    )
    code, out, _ = newsroom.run("preview", "articles.jsonl", *SITE, "--timezone", "Asia/Jakarta")
    assert code == 0
    assert "2024-10-28T07:00:00+07:00  (zone assumed)" in out
    assert "rejected: articles.jsonl, line 1: published: no date" in out
    assert "1 articles, 1 rejected; nothing was stored" in out
    code, out, _ = newsroom.run("preview", "articles.jsonl", *SITE, "--timezone", "Asia/Jakarta", "--json")
    assert [set(json.loads(line)) >= {"article"} for line in out.splitlines()] == [False, True]
    assert sorted(path.name for path in newsroom.folder.iterdir()) == ["articles.jsonl"]


def test_a_reader_that_hangs_up_early_is_no_error(newsroom: Any) -> None:
    """`build | head -1`: the feeds are published, and no traceback is printed."""
    command = f"{sys.executable} -m publish build --strict | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], check=False, capture_output=True, text=True)
    assert done.stderr == ""
    assert "rss.xml" in newsroom.files()


def test_quiet_says_nothing(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """Only errors are printed."""
    newsroom.write(make_record(1))
    assert newsroom.run("build", "articles.jsonl", *SITE, "--quiet") == (0, "", "")
    assert newsroom.run("status", "--quiet") == (0, "", "")


@pytest.mark.parametrize("terminal", [True, False])
def test_a_progress_bar_appears_on_a_terminal_alone(
    newsroom: Any, make_record: Callable[..., Any], terminal: bool
) -> None:
    """On work longer than a second, which here is set to none; never in a pipe or a log."""
    newsroom.write(*(make_record(n, tags=[f"t{n}"]) for n in range(100)))
    program = (
        "import sys, publish, feeds.progress as p; p.BAR_AFTER = -1; sys.exit(publish.main(sys.argv[1:]))"
    )
    inside, outside = pty.openpty() if terminal else os.pipe()
    command = [sys.executable, "-c", program, "build", "articles.jsonl", *SITE, "--timezone", "Asia/Jakarta"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=outside, timeout=60)
    os.write(outside, b"end")
    shown = b""
    while not shown.endswith(b"end"):
        shown += os.read(inside, 65536)
    os.close(inside)
    os.close(outside)
    assert ("━".encode() in shown) == terminal


def test_forbidden_characters_are_cleaned_and_counted(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """A vertical tab would kill the whole feed for every reader (F-16)."""
    newsroom.write({**make_record(1), "title": "Om\x0bbak\x00"})
    assert newsroom.build()["cleaned_characters"] == 2
    assert b"<title>Ombak</title>" in newsroom.files()["rss.xml"]


def test_half_a_surrogate_pair_is_cleaned_kept_and_printed(newsroom: Any) -> None:
    """It can be written in no encoding: out of an Article it goes, in a rejected record it is shown."""
    lines = [
        '{"title": "Om\\ud800bak", "published": "2024-10-28T07:00:00Z"}',
        '{"title": "\\udfff tanpa tanggal"}',
    ]
    (newsroom.folder / "articles.jsonl").write_text("\n".join(lines))
    outcome = newsroom.build()
    assert outcome["cleaned_characters"] == 1
    assert b"<title>Ombak</title>" in newsroom.files()["rss.xml"]
    assert newsroom.run("status", "--json")[1].count("\\udfff tanpa tanggal") == 1
    assert newsroom.run("status")[0] == 0


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"status": "withheld"}, False),
        ({"status": "canceled"}, False),
        ({"embargoed_until": "2190-01-01T00:00:00Z"}, False),
        ({"embargoed_until": "2001-01-01T00:00:00Z"}, True),
        ({"expires": "2001-01-01T00:00:00Z"}, False),
        ({"expires": "2190-01-01T00:00:00Z"}, True),
    ],
)
def test_what_is_not_to_be_seen_is_in_no_feed(
    newsroom: Any, make_record: Callable[..., Any], fields: dict[str, str], shown: bool
) -> None:
    """Withheld, canceled, embargoed and expired articles leave no word behind, nor a feed of their tags."""
    newsroom.write(make_record(1), make_record(2, title="Rahasia besar", tags=["rahasia"], **fields))
    newsroom.build()
    assert any(b"ahasia" in body for body in newsroom.files().values()) == shown
    assert ("tags/rahasia/rss.xml" in newsroom.files()) == shown


def test_help_loads_nothing_heavy() -> None:
    """`--help` stays far under 200 ms because no library is loaded for it."""
    code = (
        "import sys, publish\n"
        "try: publish.main(['build', '--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'pydantic', 'lxml', 'httpx', 'rich', 'feedgen', 'trafilatura', 'nh3', 'sqlite3'}\n"
        "sys.exit(len(heavy & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == 0


def test_a_python_without_the_libraries_says_what_to_run() -> None:
    """The commonest first mistake: not the Python that everything was installed for."""
    checkout = Path(__file__).parent.parent
    command = [sys.executable, "-S", "publish.py", "build"]
    done = subprocess.run(command, cwd=checkout, check=False, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.endswith("is not installed: run the README's first command\n")
    assert "Traceback" not in done.stderr


def test_help_is_quick() -> None:
    """The median of five is under 200 ms on a warm file system."""
    times = []
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "publish", "--help"], check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    assert sorted(times)[2] < 0.2


def test_every_command_has_json_and_quiet() -> None:
    """Programs and cron jobs can use each of them."""
    commands = publish.parser()._subparsers._group_actions[0].choices  # type: ignore[union-attr]  # argparse
    edits = {"withdraw", "restore", "log", "tags", "token", "check"}
    serving = {"serve", "pollers", "deploy"}
    assert set(commands) == {"build", "preview", "status", "init", *edits, *serving}  # type: ignore[arg-type]  # it is a dict
    nested = {"tags", "token"}
    actions = [
        action
        for name in nested
        for action in commands[name]._subparsers._group_actions[0].choices.values()  # type: ignore[index]  # likewise
    ]
    # `serve` prints one line, and logs JSON.
    plain = [commands[name] for name in commands if name not in {*nested, "serve"}]  # type: ignore[index,union-attr]  # likewise
    for command in [*plain, *actions]:
        assert {"--json", "--quiet"} <= set(command._option_string_actions)


def test_a_file_name_in_no_encoding_and_a_terminal_of_ascii_stop_nothing(tmp_path: Path) -> None:
    """Old archives hold such names; cron runs in such a locale."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / os.fsdecode(b"kabar-\xff.json")).write_text('{"title": "日本", "published": "2024-10-28"}')
    command = [sys.executable, "-m", "publish", "build", "in", *SITE, "--strict"]
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert "names no zone" in done.stdout
    assert "kabar-\\udcff.json" in done.stdout


def test_a_binary_file_in_a_folder_is_reported(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """What can't be read is named; pictures and style sheets beside articles are no news."""
    folder = newsroom.folder / "in"
    folder.mkdir()
    (folder / "a.json").write_text(json.dumps(make_record(1)))
    (folder / "foto.jpg").write_bytes(b"\xff\xd8\xff")
    with tarfile.open(folder / "old.tar", "w"):
        pass
    outcome = newsroom.build(source="in")
    assert [r["position"] for r in outcome["rejected"]] == ["old.tar"]
    assert outcome["records"]["new"] == 1


def test_status_loads_no_more_than_it_shows(newsroom: Any) -> None:
    """Neither pydantic nor what renders feeds: these take longer than all the rest."""
    assert newsroom.run("build", "--quiet")[0] == 0
    code = "import sys, publish; print(publish.main(['status', '--quiet']), *sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=newsroom.folder, capture_output=True, text=True, check=True
    )
    code_, *loaded = ran.stdout.split()
    assert code_ == "0"
    assert {"feeds.inspection", "sqlite3"} <= set(loaded)
    assert not {"pydantic", "lxml", "feedgen", "httpx", "dateutil"} & set(loaded)


def test_status_asks_the_settings_for_the_archives_name_alone(newsroom: Any) -> None:
    """Settings that are wrong elsewhere hide no archive; a name that is none, and no TOML, are told."""
    assert newsroom.run("build", "--archive", "tagwire.db")[0] == 0
    settings = newsroom.folder / "publish.toml"
    settings.write_text("[site]\nurl = 7\n")
    assert newsroom.run("status")[0] == 0
    settings.write_text("archive = 7\n")
    code, _, err = newsroom.run("status")
    assert (code, "archive: 7 is no path" in err) == (2, True)
    settings.write_text("archive = \n")
    code, _, err = newsroom.run("status")
    assert (code, "mend the TOML there" in err) == (2, True)
