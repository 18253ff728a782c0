"""Metrics: what Prometheus reads, by a parser that is not ours."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from feeds.server.metrics import (
    CONNECTIONS,
    FAMILIES,
    SOURCE_FAILURES,
    Numbers,
    count_publication,
    count_request,
    exposition,
    leave_numbers,
    new_numbers,
)

Found = dict[tuple[str, frozenset[tuple[str, str]]], float]


def parsed(text: bytes) -> Found:
    """Read an exposition: the value of each name and labels; none may stand there twice."""
    samples: list[Sample] = [
        sample for family in text_string_to_metric_families(text.decode()) for sample in family.samples
    ]
    found = {(sample.name, frozenset(sample.labels.items())): sample.value for sample in samples}
    assert len(found) == len(samples)
    return found


def value(found: Found, name: str, **labels: str) -> float | None:
    """Return one value, None where there is none."""
    return found.get((name, frozenset(labels.items())))


@pytest.fixture
def numbers() -> Numbers:
    """Give the numbers of a server that did a little of everything."""
    numbers = new_numbers()
    count_request(numbers, "GET", 200, "gzip", 5200)
    count_request(numbers, "GET", 304, "gzip", 0, saved=5200)
    count_request(numbers, "GET", 304, "gzip", 0, saved=5200)
    count_publication(numbers, 0.5, 1793682000.0)
    count_publication(numbers, 1.5, 1793682060.0)
    numbers[(CONNECTIONS,)] = 3
    return numbers


def test_requests_and_bytes_are_counted(numbers: Numbers) -> None:
    """Each answer is counted by method, status and coding, with what it sent and what a 304 spared."""
    found = parsed(exposition(numbers))
    assert value(found, "tagwire_requests_total", method="GET", status="200", coding="gzip") == 1
    assert value(found, "tagwire_requests_total", method="GET", status="304", coding="gzip") == 2
    assert value(found, "tagwire_response_bytes_total") == 5200
    assert value(found, "tagwire_bytes_saved_total") == 10400
    assert value(found, "tagwire_open_connections") == 3


def test_publications_give_a_summary(numbers: Numbers) -> None:
    """How many there were, how long they took together, and when the last one was."""
    found = parsed(exposition(numbers))
    assert value(found, "tagwire_publications_total") == 2
    assert value(found, "tagwire_publication_seconds_count") == 2
    assert value(found, "tagwire_publication_seconds_sum") == 2
    assert value(found, "tagwire_last_publication_timestamp_seconds") == 1793682060


def test_every_family_is_declared_with_its_kind(numbers: Numbers) -> None:
    """The kinds arrive as they are meant, and no name but those of the list."""
    families = {
        family.name: family.type for family in text_string_to_metric_families(exposition(numbers).decode())
    }
    assert families == {family.name.removesuffix("_total"): family.kind for family in FAMILIES}


def test_counters_begin_at_nought() -> None:
    """Before anything happened the counters are there; nothing claims a publication in 1970."""
    found = parsed(exposition(new_numbers()))
    assert value(found, "tagwire_publications_total") == 0
    assert value(found, "tagwire_last_publication_timestamp_seconds") is None


def test_label_values_are_escaped() -> None:
    """A source may be called anything."""
    numbers = new_numbers()
    name = 'arsip "lama"\\n\n{utama}, ärger'
    numbers[SOURCE_FAILURES, name] = 4
    numbers[SOURCE_FAILURES, "\udcff"] = 1  # a file name that is no UTF-8
    assert value(parsed(exposition(numbers)), "tagwire_source_failures", source=name) == 4


def test_invented_methods_make_no_new_series() -> None:
    """A client cannot fill Prometheus with names."""
    numbers = new_numbers()
    for method in ("BREW", "PROPFIND", "X" * 1000):
        count_request(numbers, method, 405, "", 30)
    found = parsed(exposition(numbers))
    assert value(found, "tagwire_requests_total", method="other", status="405", coding="") == 3


def test_the_process_tells_of_itself() -> None:
    """Memory, files and age come from the system."""
    found = parsed(exposition(new_numbers()))
    assert (value(found, "process_resident_memory_bytes") or 0) > 1e6
    assert (value(found, "process_start_time_seconds") or 0) > 1.6e9
    before = value(found, "process_open_fds") or 0
    with Path(__file__).open():
        assert value(parsed(exposition(new_numbers())), "process_open_fds") == before + 1


def test_workers_stand_side_by_side(numbers: Numbers, tmp_path: Path) -> None:
    """The worker that is asked gives the others' numbers with its own, each under its label."""
    leave_numbers(tmp_path, "0", numbers)
    leave_numbers(tmp_path, "1", numbers)
    leave_numbers(tmp_path, "1", numbers)  # again, in the place of the first
    count_request(numbers, "GET", 200, "gzip", 1)
    found = parsed(exposition(numbers, tmp_path, "0"))
    assert value(found, "tagwire_requests_total", method="GET", status="200", coding="gzip", worker="0") == 2
    assert value(found, "tagwire_requests_total", method="GET", status="200", coding="gzip", worker="1") == 1
    assert value(found, "tagwire_publication_seconds_sum", worker="1") == 2
    assert value(found, "process_open_fds", worker="1")


def test_a_dead_worker_is_forgotten(numbers: Numbers, tmp_path: Path) -> None:
    """Connections of a worker that is gone are not told as open."""
    leave_numbers(tmp_path, "1", numbers)
    os.utime(tmp_path / "1.json", (1793682000, 1793682000))
    assert value(parsed(exposition(numbers, tmp_path, "0")), "tagwire_open_connections", worker="1") is None
