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


@pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}")
def test_the_serving_benchmark_prints_a_row_for_each_case_and_server() -> None:
    """Four cases, three servers, all of which answer; the memory of ours."""
    command = [sys.executable, str(BENCHMARKS / "serving.py"), "--small"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    rows = re.findall(r"^\| (\d.*?) \| (.*?) \| ([\d,]+) \| [\d.]+ \|", ran.stdout, re.MULTILINE)
    assert len({(case, server) for case, server, _ in rows}) == 12
    assert all(int(rate.replace(",", "")) > 100 for _, _, rate in rows)
    assert re.search(r"memory of tagwire at most \d+ MB", ran.stdout)
