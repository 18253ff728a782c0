"""Processes measured as wholes: how long, how much work, how much memory, what they left on disk."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HASH = "import hashlib, sys; hashlib.file_digest(open(sys.argv[1], 'rb'), 'sha256')"  # a floor for builds
KILO = 1024  # bytes: ru_maxrss and /proc count in kB
PEAK = re.compile(r"^VmHWM:\s+(\d+)", re.MULTILINE)
LOOK = 0.05  # seconds between two looks at the memory of a process and its children


@dataclass(frozen=True, slots=True)
class Run:
    """What one run took.

    seconds  from start to end
    cpu      seconds of processors, its own and the system's for it, children included
    memory   bytes: the sum of the peaks of the process and its children, where /proc tells them; at least
             the peak of the largest, and never less than what the measuring process has itself
    files, written  what there was in its folders afterwards, and its bytes
    """

    seconds: float
    cpu: float
    memory: int
    files: int
    written: int


def measured(command: Sequence[str], folders: Sequence[Path] = (), cwd: Path | None = None) -> Run:
    """Run a command; exit with what it said if it fails. folders: where it writes."""
    peaks: dict[int, int] = {}
    ticks: dict[int, int] = {}
    is_over = threading.Event()
    os.sync()  # nobody pays for what others left to be written
    with tempfile.TemporaryFile() as said:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=said)
        watch = threading.Thread(target=_watch, args=(process.pid, peaks, ticks, is_over))
        watch.start()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        is_over.set()
        watch.join()
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        if process.returncode:
            raise SystemExit(f"{command}: exit code {process.returncode}\n{said.read().decode()[-2000:]}")
    left = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return Run(
        seconds,
        max(usage.ru_utime + usage.ru_stime, sum(ticks.values()) / os.sysconf("SC_CLK_TCK")),
        max(usage.ru_maxrss * KILO, sum(peaks.values())),
        len(left),
        sum(path.stat().st_size for path in left),
    )


def _watch(pid: int, peaks: dict[int, int], ticks: dict[int, int], is_over: threading.Event) -> None:
    """Keep of each process of a family, as long as it lives, its peak of memory and its own time."""
    while not is_over.wait(LOOK):
        for member in _family(pid):
            with contextlib.suppress(OSError):  # it has just ended
                told = Path(f"/proc/{member}/status").read_text()
                if found := PEAK.search(told):
                    peaks[member] = int(found[1]) * KILO
                times = Path(f"/proc/{member}/stat").read_text().rpartition(")")[2].split()
                ticks[member] = int(times[11]) + int(
                    times[12]
                )  # not those of its children: they are here too


def _family(pid: int) -> list[int]:
    """Return a process and its children's children, where the system tells them."""
    found = [pid]
    for member in found:  # it grows
        for path in Path(f"/proc/{member}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                found += map(int, path.read_text().split())
    return found
