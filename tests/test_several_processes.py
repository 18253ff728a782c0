"""Builds so large that several processes share the work: the feeds of one, and no process left over."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest

SITE_URL = "https://kabarteluk.example/"
PATIENCE = 60.0  # seconds
BUILD = [sys.executable, "-m", "publish", "build", "articles.jsonl", "--json", "--site-url", SITE_URL]
ALONE = """
import os, sys, publish
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
sys.exit(publish.main(sys.argv[1:]))
"""
pytestmark = pytest.mark.skipif(
    not hasattr(os, "sched_getaffinity") or len(os.sched_getaffinity(0)) == 1, reason="one core: one process"
)


@pytest.fixture
def large(newsroom: Any, make_record: Callable[..., Any]) -> Any:
    """A newsroom of 600 feeds, whose articles have their archives, and some of whose records are none."""
    text = "<p>" + "Ombak setinggi dua meter. " * 100 + "</p>"
    dates = [(datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=n)).isoformat() for n in range(2400)]
    records = [
        make_record(n, content=text, published=date, tags=[f"tema {n % 590}", "semua"])
        for n, date in enumerate(dates)
    ]
    for number in range(0, 2400, 300):
        del records[number]["published"]
    newsroom.write(*records)
    return newsroom


def feeds(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every document below a folder."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def in_session(session: int) -> list[int]:
    """Return the processes of a session, but those that have ended."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, *rest = path.read_text().rpartition(")")[2].split()
        except OSError:  # it ended while we looked
            continue
        if int(rest[2]) == session and state != "Z":
            found.append(int(path.parent.name))
    return found


def until(condition: Callable[[], bool]) -> bool:
    """Wait until something is so; say whether it came to be."""
    deadline = time.monotonic() + PATIENCE
    while not (met := condition()) and time.monotonic() < deadline:
        os.sched_yield()
    return met


@contextmanager
def building() -> Iterator[subprocess.Popen[str]]:
    """Build in a session of its own, up to the moment when several processes work."""
    process = subprocess.Popen(
        BUILD, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        # The first process, the one that counts what they share, the one that starts others, and another.
        assert until(lambda: len(in_session(process.pid)) >= 4 or process.poll() is not None)
        assert process.poll() is None, "it was done before others could help"
        yield process
    finally:
        process.kill()
        process.communicate(timeout=PATIENCE)


def test_several_processes_make_what_one_makes(large: Any) -> None:
    """Every document, and every word of the report: which records were set aside, in their order."""
    told = [
        json.loads(subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE * 2).stdout)
        for command in (
            [*BUILD, "--archive", "many.db", "--out", "many"],
            [sys.executable, "-c", ALONE, *BUILD[3:], "--archive", "one.db", "--out", "one"],
        )
    ]
    many, one = (feeds(large.folder / name) for name in ("many", "one"))
    assert len(many) > 1200
    assert many == one
    for outcome in told:
        del outcome["seconds"], outcome["archive"], outcome["out"]
    assert told[0]["records"]["rejected"] == 8
    assert told[0] == told[1]


def test_all_processes_run_the_code_of_the_first(large: Any, tmp_path_factory: Any) -> None:
    """Another copy may be installed, or lie where the build is started: what helps must not run that one."""
    installed = Path(str(importlib.util.find_spec("publish").origin)).parent  # type: ignore[union-attr]  # it is there
    copy = tmp_path_factory.mktemp("copy")
    for name in ("feeds", "sources"):
        shutil.copytree(installed / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(installed / "publish.py", copy)
    rss = copy / "feeds" / "formats" / "rss.py"
    rss.write_text(rss.read_text("utf-8").replace('isPermaLink="false"', 'isPermaLink="FALSE"'), "utf-8")
    (large.folder / "feeds").mkdir()
    (large.folder / "feeds" / "__init__.py").write_text("raise SystemExit('a stranger')")
    subprocess.run(
        [sys.executable, copy / "publish.py", *BUILD[3:]],
        check=True,
        capture_output=True,
        timeout=PATIENCE * 2,
    )
    written = [path.read_bytes() for path in large.out.rglob("rss.xml")]
    assert len(written) > 600
    assert all(b'isPermaLink="FALSE"' in body and b'isPermaLink="false"' not in body for body in written)


def test_nothing_outlives_a_build_that_is_killed(large: Any) -> None:
    """Its helpers end with it, every feed is whole, and the next build completes what it began."""
    with building() as process:
        os.kill(process.pid, signal.SIGKILL)
        process.wait(timeout=PATIENCE)
        assert until(lambda: not in_session(process.pid))
    for body in (path.read_bytes() for path in large.out.rglob("*.xml")):
        assert not feedparser.parse(body).bozo
    subprocess.run(BUILD, check=True, capture_output=True, timeout=PATIENCE * 2)
    fresh = [*BUILD, "--archive", "fresh.db", "--out", "fresh"]
    subprocess.run(fresh, check=True, capture_output=True, timeout=PATIENCE * 2)
    # On which page of an archive an article is tells when builds were made: only the feeds are alike.
    alike = [path.relative_to(large.out) for path in large.out.glob("tags/tema-*/*.xml")]
    assert len(alike) > 1000
    for path in alike:
        assert (large.out / path).read_bytes() == (large.folder / "fresh" / path).read_bytes()


def test_a_helper_that_is_killed_is_told_of(large: Any) -> None:
    """Exit code 1, one line that says what to do; done again, it is complete."""
    with building() as process:
        youngest = max(in_session(process.pid))
        os.kill(youngest, signal.SIGKILL)
        _, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == 1
    assert err == ("tagwire: a process that helped was killed, perhaps for want of memory: run it again\n")
    subprocess.run(BUILD, check=True, capture_output=True, timeout=PATIENCE * 2)
    assert (large.out / "tags" / "tema-589" / "atom.xml").exists()
    assert not in_session(process.pid)


def test_files_that_are_as_they_were_start_no_process(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """To look at a file is done at once: other processes are for those to be read."""
    (newsroom.folder / "articles").mkdir()
    for number in range(400):
        newsroom.write(make_record(number), name=f"articles/{number}.jsonl")
    code = f"import sys, publish; publish.main(['build', 'articles', '--quiet', '--site-url', {SITE_URL!r}]);"
    code += "print('multiprocessing.pool' in sys.modules or 'concurrent.futures.process' in sys.modules)"
    command = [sys.executable, "-c", f"if __name__ == '__main__': {code}"]

    def starts_others() -> bool:
        ran = subprocess.run(command, cwd=newsroom.folder, capture_output=True, text=True, check=True)
        return ran.stdout == "True\n"

    assert starts_others()
    assert until(lambda: not starts_others())  # as soon as the files are old enough to be told by their dates
