"""Do the benchmarks run? What they measure is for docs/performance.md: nothing here depends on figures."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
SEARCHED = f"{os.environ['PATH']}:/usr/sbin"
MISSING = [tool for tool in ("wrk", "nginx", "taskset") if not shutil.which(tool, path=SEARCHED)]


def run(benchmark: str, *options: str) -> str:
    """Run a benchmark, as small as it can be; return what it prints."""
    command = [sys.executable, str(BENCHMARKS / benchmark), "--small", *options]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    return ran.stdout


def _printed(name: str, *options: str) -> tuple[list[list[str]], str]:
    """Run a benchmark; return the cells of its tables' rows, and what it printed."""
    told = run(name, *options)
    lines = [line for line in told.splitlines() if line.startswith("|")]
    return [line.strip("| ").split(" | ") for line in lines], told


def test_the_publishing_benchmark_prints_a_row_for_each_program_and_floor(tmp_path: Path) -> None:
    """Ours and feedgen's feeds are the same ones; times are there, and what each is of another."""
    rows, told = _printed("publishing.py", "--folder", str(tmp_path))
    ours, feedgen, *floors = rows[2:]
    assert (ours[0], feedgen[0], len(floors)) == ("tagwire", "feedgen", 2)
    for row in (ours, feedgen):
        assert all(float(cell.replace(",", "")) > 0 for cell in row[1:]), row
    assert ours[2] == ours[4] == "1.00"
    assert float(feedgen[2]) == pytest.approx(float(ours[1]) / float(feedgen[1]), rel=0.2)
    assert float(floors[0][1]) > 0  # to start Python alone takes that; `cp` may take less than is told
    feeds = int(re.findall(r"(\d+) feeds of tags", told)[0])
    assert int(feedgen[6]) == feeds < int(ours[6])
    assert list(tmp_path.iterdir()) == []


def test_a_peer_that_is_not_installed_is_named_and_left_out(tmp_path: Path) -> None:
    """A folder without feedsmith: the others are compared all the same."""
    command = [sys.executable, str(BENCHMARKS / "publishing.py"), "--articles", "20", "--tags", "5"]
    options = ["--rounds", "1", "--peers", "feedsmith", "--node", str(tmp_path)]
    ran = subprocess.run([*command, *options], capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert "feedsmith is not installed" in ran.stderr
    assert "| tagwire |" in ran.stdout
    assert "| feedsmith |" not in ran.stdout


@pytest.mark.skipif(importlib.util.find_spec("starlette") is None, reason="needs tagwire[serve]")
def test_the_changes_benchmark_prints_a_row_for_each_kind_of_change_and_for_builds(tmp_path: Path) -> None:
    """Three kinds, none of which writes a feed of others; a build with nothing to do touches no file."""
    rows, _ = _printed("changes.py", "--folder", str(tmp_path))
    kinds = {row[1]: [float(cell) for cell in row[2:]] for row in rows[2:5]}
    assert list(kinds) == ["new", "correction", "withdrawal"]
    for stored, _, published, _, whole, p95, written, strangers in kinds.values():
        assert 0 < stored < whole
        assert 0 < published < whole <= p95
        assert written >= 2
        assert strangers == 0
    articles, hashing, nothing, ratio, touched, more = map(float, rows[-1])
    assert (articles, touched) == (60, 0)
    assert min(hashing, nothing, more) > 0
    assert ratio > 1


@pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}")
def test_the_serving_benchmark_prints_a_row_for_each_case_and_server() -> None:
    """Four cases, three servers, all of which answer; the memory of ours."""
    told = run("serving.py")
    rows = re.findall(r"^\| (\d.*?) \| (.*?) \| ([\d,]+) \| [\d.]+ \|", told, re.MULTILINE)
    assert len({(case, server) for case, server, _ in rows}) == 12
    assert all(int(rate.replace(",", "")) > 100 for _, _, rate in rows)
    assert re.search(r"memory of tagwire at most \d+ MB", told)


@pytest.mark.skipif("wrk" in MISSING, reason="not installed: wrk")
def test_the_freshness_benchmark_prints_how_long_articles_take() -> None:
    """Some articles are sent and seen while polls run."""
    told = run("freshness.py")
    seen = re.search(r"^\| from there until a poll has it \| (\d+) \| (\d+) \| (\d+) \|", told, re.MULTILINE)
    assert seen, told
    assert 0 < int(seen[1]) <= int(seen[2]) <= int(seen[3])
    assert re.search(r"^[1-9]\d* articles in 2 s, 60 before them", told, re.MULTILINE), told


def test_the_benchmark_of_first_polls_prints_a_row_for_each_coding() -> None:
    """Four codings; in each the first poll after a change waits."""
    rows = re.findall(r"^\| (\w+) \| ([\d.]+), [\d.]+ \|", run("first_polls.py"), re.MULTILINE)
    assert [coding for coding, _ in rows] == ["identity", "gzip", "br", "zstd"]
    assert all(float(milliseconds) > 0 for _, milliseconds in rows)
