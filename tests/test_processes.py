"""Builds as processes: killed at any moment, two at once, on machines that differ."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import feedparser
import pytest

SITE_URL = "https://kabarteluk.example/"
BUILD = [
    sys.executable,
    "-m",
    "publish",
    "build",
    "articles.jsonl",
    "--site-url",
    SITE_URL,
    "--language",
    "id",
]
CLOCK = """
import sys, time_machine, publish
with time_machine.travel(sys.argv.pop(1), tick=True):
    sys.exit(publish.main(sys.argv[1:]))
"""

HOLDER = """
import sys, pathlib
from feeds.archive.lock import build_lock
with build_lock(pathlib.Path('tagwire.db'), 0, print):
    print('held', flush=True)
    sys.stdin.read()
"""


def files(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every feed below a folder."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*.xml"))}


@pytest.mark.parametrize(
    ("clock", "environment"),
    [
        ("2026-01-01T00:00:00Z", {"TZ": "Pacific/Kiritimati", "LC_ALL": "C"}),
        ("2038-01-19T03:14:08Z", {"TZ": "America/St_Johns", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "7"}),
        ("2150-02-28T12:00:00Z", {"TZ": "Asia/Jakarta", "LANG": "id_ID.UTF-8", "PYTHONUTF8": "0"}),
    ],
)
def test_another_clock_zone_or_locale_gives_the_same_bytes(
    newsroom: Any, samples: Path, clock: str, environment: dict[str, str]
) -> None:
    """Nothing in a feed comes from the machine it was made on.

    The clocks lie between the expiries and embargoes of the samples, which they would rightly decide.
    """
    arguments = ["build", str(samples / "hostile.jsonl"), str(samples / "dumps"), str(samples / "pages")]
    arguments += ["--site-url", SITE_URL, "--timezone", "Asia/Jakarta", "--quiet"]
    assert newsroom.run(*arguments)[0] == 0
    elsewhere = newsroom.folder / "elsewhere"
    elsewhere.mkdir()
    subprocess.run(
        [sys.executable, "-c", CLOCK, clock, *arguments],
        cwd=elsewhere,
        env={**os.environ, **environment},
        check=True,
        timeout=120,
    )
    assert files(elsewhere / "public") == files(newsroom.out)


def test_the_clock_does_differ_in_that_test() -> None:
    """The control: a program run that way sees the other year."""
    code = CLOCK.replace("publish.main(sys.argv[1:])", "0 if time.gmtime().tm_year == 1999 else 1").replace(
        "import sys,", "import sys, time,"
    )
    subprocess.run([sys.executable, "-c", code, "1999-12-31T00:00:00Z"], check=True)


def test_a_build_killed_at_any_moment_leaves_every_feed_readable(
    newsroom: Any, make_record: Callable[..., Any]
) -> None:
    """SIGKILL at random moments; every file parses whole each time, and the next build completes it.

    Without archive documents: which article is on which page tells when builds were made, killed or not.
    """
    (newsroom.folder / "publish.toml").write_text(
        f'[site]\nurl = "{SITE_URL}"\n[feeds]\nhistory = false\n[[source]]\npath = "articles.jsonl"\n'
    )
    rng = random.Random(7)  # noqa: S311 - moments, not secrets
    records = [make_record(n, tags=[f"t{n % 20}", "semua"]) for n in range(200)]
    newsroom.write(*records[:100])
    subprocess.run(BUILD, check=True, capture_output=True, timeout=60)
    killed = 0
    for round_ in range(8):
        changed = f"2024-11-{round_ + 1:02}T00:00:00+07:00"
        newsroom.write(*(dict(record, title=f"Putaran {round_}", updated=changed) for record in records))
        process = subprocess.Popen(BUILD, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + rng.uniform(0.15, 0.7)
        while process.poll() is None and time.monotonic() < deadline:
            pass
        process.send_signal(signal.SIGKILL)
        killed += process.wait(timeout=10) == -signal.SIGKILL
        for path, body in files(newsroom.out).items():
            parsed = feedparser.parse(body)
            assert not parsed.bozo, path
            assert body.rstrip().endswith((b"</rss>", b"</feed>")), path
    assert killed >= 3, "too few builds were caught while they ran"
    subprocess.run(BUILD, check=True, capture_output=True, timeout=60)
    subprocess.run(
        [*BUILD, "--archive", "fresh.db", "--out", "fresh"], check=True, capture_output=True, timeout=60
    )
    assert files(newsroom.out) == files(newsroom.folder / "fresh")
    assert not (newsroom.out / ".tagwire").exists()


def test_a_file_cut_short_would_be_seen(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """The control: half a feed does not pass for a whole one."""
    newsroom.write(make_record(1))
    newsroom.build()
    body = newsroom.files()["rss.xml"]
    assert feedparser.parse(body[: len(body) // 2]).bozo


def test_two_builds_at_once_take_turns(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """Eight at once: all succeed, and the feeds are what one would have made."""
    newsroom.write(*(make_record(n) for n in range(30)))
    builds = [
        subprocess.Popen([*BUILD, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(8)
    ]
    outcomes = [build.communicate(timeout=60) for build in builds]
    assert [build.returncode for build in builds] == [0] * 8, outcomes
    assert sum(json.loads(out)["records"]["new"] for out, _ in outcomes) == 30
    assert sum(json.loads(out)["feeds"]["written"] for out, _ in outcomes) == 6


def test_a_build_that_will_not_wait_says_who_holds_the_lock(
    newsroom: Any, make_record: Callable[..., Any]
) -> None:
    """The process is named; after it is gone the lock is free, whatever it left behind."""
    newsroom.write(make_record(1))
    holder = subprocess.Popen([sys.executable, "-c", HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    exit_code, _, err = newsroom.run("build", "articles.jsonl", "--site-url", SITE_URL, "--wait", "0")
    assert exit_code == 1
    assert f"process {holder.pid} is building" in err
    holder.kill()
    holder.communicate(timeout=10)
    assert newsroom.build()["feeds"]["written"] == 6


def test_status_reads_while_a_build_holds_the_lock(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """Readers need no lock, and leave the archive as it is."""
    newsroom.write(make_record(1))
    newsroom.build()
    before = (newsroom.folder / "tagwire.db").read_bytes()
    assert newsroom.run("status")[0] == 0
    assert (newsroom.folder / "tagwire.db").read_bytes() == before


def test_an_editor_need_not_wait_for_a_build(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """A build may crawl for an hour; a story is taken back between two of its transactions, at once."""
    newsroom.write(make_record(1), make_record(2))
    newsroom.build()
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        code, _, err = newsroom.run("withdraw", f"{SITE_URL}berita/1", "--reason", "Keliru")
        holder.kill()
    assert code == 0, err
    assert "Berita 1<" not in newsroom.files()["rss.xml"].decode()


def test_a_feed_is_never_built_for_an_earlier_moment(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """Of two processes, the one whose clock is behind does not take out again what an embargo let in."""
    newsroom.write(make_record(1), make_record(2, published="2024-11-05T00:00:00Z"))
    arguments = ["build", "articles.jsonl", "--site-url", SITE_URL, "--timezone", "UTC", "--json"]

    def build_at(moment: str) -> None:
        command = [sys.executable, "-c", CLOCK, moment, *arguments]
        subprocess.run(command, check=True, capture_output=True, timeout=60)

    build_at("2024-11-05T00:00:10Z")
    assert "Berita 2<" in newsroom.files()["rss.xml"].decode()
    newsroom.write(make_record(1, title="Lain sama sekali"), make_record(2, published="2024-11-05T00:00:00Z"))
    build_at("2024-11-04T23:59:50Z")
    text = newsroom.files()["rss.xml"].decode()
    assert "Lain sama sekali" in text
    assert "Berita 2<" in text
