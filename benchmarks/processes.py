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
SHARE = re.compile(r"^Pss:\s+(\d+)", re.MULTILINE)  # of a process: what it shares with n others counts 1/n
LOOK = 0.1  # seconds between two looks at a process and its children


@dataclass(frozen=True, slots=True)
class Run:
    """What one run took.

    seconds  from start to end
    cpu      seconds of processors, its own and the system's for it, children included
    memory   bytes: the most that the process and its children had together, what they share counted once,
             where /proc tells it; at least the peak of the largest
    files, written  what there was in its folders afterwards, and its bytes
    """

    seconds: float
    cpu: float
    memory: int
    files: int
    written: int


def measured(command: Sequence[str], folders: Sequence[Path] = (), cwd: Path | None = None) -> Run:
    """Run a command; exit with what it said if it fails. folders: where it writes."""
    together: list[int] = [0]
    ticks: dict[int, int] = {}
    is_over = threading.Event()
    os.sync()  # nobody pays for what others left to be written
    with tempfile.TemporaryFile() as said:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=said)
        watch = threading.Thread(target=_watch, args=(process.pid, together, ticks, is_over))
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
        max(usage.ru_maxrss * KILO, *together),
        len(left),
        sum(path.stat().st_size for path in left),
    )


def _watch(pid: int, together: list[int], ticks: dict[int, int], is_over: threading.Event) -> None:
    """Note what a family of processes has of memory, again and again, and the time of each."""
    while not is_over.wait(LOOK):
        together.append(0)
        for member in _family(pid):
            with contextlib.suppress(OSError):  # it has just ended
                if found := SHARE.search(Path(f"/proc/{member}/smaps_rollup").read_text()):
                    together[-1] += int(found[1]) * KILO
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
