"""Metrics: the server's numbers, counted in a plain dictionary, and the text Prometheus reads."""

from __future__ import annotations

import json
import os
import resource
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SILENCE = 15.0  # seconds after which a worker that leaves no numbers is held for dead
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH"})

# Numbers by a key of family and label values: ("tagwire_requests_total", "GET", 304, "gzip") -> 17.
# Each worker has its own; each key is counted by one thread. Not prometheus_client: with every answer its
# `labels().inc()` would cost ten times a dictionary's `+=`, and the text below is shorter than what would
# hand the numbers over to it.
Numbers = defaultdict[tuple[str | int, ...], float]


@dataclass(frozen=True, slots=True)
class Family:
    """What Prometheus is told of a number. The kind: `counter`, `gauge`, `summary` (a sum, a count)."""

    name: str
    kind: str
    help: str
    labels: tuple[str, ...] = ()


REQUESTS = "tagwire_requests_total"
RESPONSE_BYTES = "tagwire_response_bytes_total"
SAVED_BYTES = "tagwire_bytes_saved_total"
CONNECTIONS = "tagwire_open_connections"
REFUSED = "tagwire_connections_refused_total"
DOCUMENTS = "tagwire_documents"
DOCUMENT_BYTES = "tagwire_documents_in_memory_bytes"
PUBLICATIONS = "tagwire_publications_total"
PUBLICATION_SECONDS = "tagwire_publication_seconds"
LAST_PUBLICATION = "tagwire_last_publication_timestamp_seconds"
SOURCE_FAILURES = "tagwire_source_failures"
RESIDENT = "process_resident_memory_bytes"
OPEN_FILES = "process_open_fds"
MOST_FILES = "process_max_fds"
STARTED = "process_start_time_seconds"
PROCESSOR = "process_cpu_seconds_total"

FAMILIES = (
    Family(REQUESTS, "counter", "Requests answered.", ("method", "status", "coding")),
    Family(RESPONSE_BYTES, "counter", "Bytes of bodies sent."),
    Family(SAVED_BYTES, "counter", "Bytes of bodies that 304 answers made needless."),
    Family(CONNECTIONS, "gauge", "Connections open now."),
    Family(REFUSED, "counter", "Connections closed or refused, by reason.", ("reason",)),
    Family(DOCUMENTS, "gauge", "Documents known: feeds and the files beside them."),
    Family(DOCUMENT_BYTES, "gauge", "Bytes of documents held in memory, all codings together."),
    Family(PUBLICATIONS, "counter", "Publications finished."),
    Family(PUBLICATION_SECONDS, "summary", "How long publications took."),
    Family(LAST_PUBLICATION, "gauge", "When the last publication finished, in seconds since 1970."),
    Family(SOURCE_FAILURES, "gauge", "Failures in a row of a source; 0 once it answers again.", ("source",)),
    Family(RESIDENT, "gauge", "Resident memory size in bytes."),
    Family(OPEN_FILES, "gauge", "Number of open file descriptors."),
    Family(MOST_FILES, "gauge", "Maximum number of open file descriptors."),
    Family(STARTED, "gauge", "Start time of the process since unix epoch in seconds."),
    Family(PROCESSOR, "counter", "Total user and system CPU time spent in seconds."),
)


def new_numbers() -> Numbers:
    """Give numbers that begin. Counters without labels stand at 0, so that their first rise is seen."""
    unlabelled = (family.name for family in FAMILIES if family.kind == "counter" and not family.labels)
    return defaultdict(float, {(name,): 0.0 for name in unlabelled})


def count_request(numbers: Numbers, method: str, status: int, coding: str, sent: int, saved: int = 0) -> None:
    """Count an answer. sent: bytes of its body; saved: bytes of the body a 304 stands for, else 0."""
    numbers[REQUESTS, method if method in METHODS else "other", status, coding] += 1
    if sent:
        numbers[(RESPONSE_BYTES,)] += sent
    if saved:
        numbers[(SAVED_BYTES,)] += saved


def count_publication(numbers: Numbers, seconds: float, now: float) -> None:
    """Count a publication that took so many seconds and ended `now`, in seconds since 1970."""
    numbers[(PUBLICATIONS,)] += 1
    numbers[PUBLICATION_SECONDS, "sum"] += seconds
    numbers[PUBLICATION_SECONDS, "count"] += 1
    numbers[(LAST_PUBLICATION,)] = now


# --- what Prometheus reads ---


def exposition(numbers: Numbers, folder: Path | None = None, worker: str = "") -> bytes:
    """Give the numbers as Prometheus reads them (text format 0.0.4), those of the process with them.

    folder: where the other workers leave theirs; worker: which of them this is.
    With several workers each one's numbers carry a label `worker` and are not added up: when one of them is
    started anew, Prometheus sees that worker's counters begin again; in a sum it would take the drop for a
    new beginning of all.
    """
    workers = {worker: numbers | _process_numbers()}
    if folder is not None:
        workers |= _left_numbers(folder, worker)
    return "".join(line for family in FAMILIES for line in _lines(family, workers)).encode(
        errors="backslashreplace"
    )


def _lines(family: Family, workers: Mapping[str, Numbers]) -> Iterator[str]:
    yield f"# HELP {family.name} {family.help}\n# TYPE {family.name} {family.kind}\n"
    for worker, numbers in workers.items():
        for key, value in numbers.items():
            if key[0] != family.name:
                continue
            name, values = family.name, key[1:]
            if family.kind == "summary":  # its keys name the sum and the count
                name, values = f"{name}_{values[0]}", ()
            labels = dict(zip(family.labels, values, strict=True)) | ({"worker": worker} if worker else {})
            pairs = ",".join(f'{label}="{_escaped(str(of))}"' for label, of in labels.items())
            yield f"{name}{{{pairs}}} {value!r}\n" if pairs else f"{name} {value!r}\n"


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")


# --- several workers ---


def leave_numbers(folder: Path, worker: str, numbers: Numbers) -> None:
    """Write a worker's numbers where the worker that is asked finds them; to be called every few seconds.

    worker: its number, which its successor gets too. OSError is raised where nothing can be written.
    """
    rows = [[key, value] for key, value in (numbers | _process_numbers()).items()]
    beside = folder / f"{worker}.new"
    beside.write_text(json.dumps(rows), "ascii")
    beside.replace(folder / f"{worker}.json")


def _left_numbers(folder: Path, own: str) -> dict[str, Numbers]:
    """Give what the others left; a worker silent for long is dead, and its gauges would be untrue."""
    left = {}
    for path in sorted(folder.glob("*.json")):
        if path.stem != own and time.time() - path.stat().st_mtime < SILENCE:
            rows = json.loads(path.read_text("ascii"))
            left[path.stem] = defaultdict(float, {tuple(key): value for key, value in rows})
    return left


# --- the process ---


def _process_numbers() -> Numbers:
    """Give the process's own numbers; what a system without /proc cannot tell is left out."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    numbers: Numbers = defaultdict(float)
    numbers[(PROCESSOR,)] = used.ru_utime + used.ru_stime
    numbers[(MOST_FILES,)] = float(most)
    try:
        # What follows the name, which may hold anything: field 3 and on of proc(5), stat.
        fields = Path("/proc/self/stat").read_bytes().rpartition(b")")[2].split()
        numbers[(RESIDENT,)] = float(fields[21]) * resource.getpagesize()
        numbers[(STARTED,)] = _booted() + float(fields[19]) / os.sysconf("SC_CLK_TCK")
        numbers[(OPEN_FILES,)] = float(sum(1 for _ in Path("/proc/self/fd").iterdir()))
    except OSError:
        pass
    return numbers


def _booted() -> float:
    lines = Path("/proc/stat").read_bytes().splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith(b"btime "))
