"""Do the benchmarks run? What they measure is for docs/performance.md: nothing here depends on figures."""

from __future__ import annotations

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


def run(benchmark: str) -> str:
    """Run a benchmark, as small as it can be; return what it prints."""
    command = [sys.executable, str(BENCHMARKS / benchmark), "--small"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    return ran.stdout


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
