"""Logs: the server's events as lines of JSON, and few of them."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from feeds.server.logs import configure, event

OURS = ("", "uvicorn", "uvicorn.error", "uvicorn.access", "asyncio", "httpx", "httpcore")


@dataclass
class Logs:
    """What was logged, with a clock that stands until it is moved."""

    now: float = 100.0
    stream: io.StringIO = field(default_factory=io.StringIO)
    settle: Callable[[], None] = lambda: None

    def lines(self) -> list[dict[str, Any]]:
        """Return what was written so far."""
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]


@pytest.fixture
def logs() -> Iterator[Logs]:
    """Configure logging as the server does; put everything back afterwards."""
    loggers = [logging.getLogger(name) for name in OURS]
    before = [(logger, logger.handlers[:], logger.level, logger.propagate) for logger in loggers]
    logs = Logs()
    logs.settle = configure(logs.stream, lambda: logs.now)
    yield logs
    for logger, handlers, level, propagate in before:
        logger.handlers[:], logger.propagate = handlers, propagate
        logger.setLevel(level)


def test_an_event_is_a_line_with_its_fields(logs: Logs) -> None:
    """What happened, when, and the numbers to it."""
    event("published", feeds=12, seconds=0.25, held=["nelayan"])
    (line,) = logs.lines()
    assert line.pop("time").endswith("Z")
    assert line == {
        "level": "info",
        "message": "published",
        "logger": "tagwire",
        "feeds": 12,
        "seconds": 0.25,
        "held": ["nelayan"],
    }


def test_no_line_can_be_forged(logs: Logs) -> None:
    """Line feeds, escapes and half characters of an answer stay inside their value, cut to a length."""
    event(
        "source failed", level=logging.WARNING, source="https://x.example/", reason="\n\x1b[2J\udcff" * 9000
    )
    assert logs.stream.getvalue().count("\n") == 1
    assert logs.stream.getvalue()[:-1].isprintable()
    assert len(logs.stream.getvalue()) < 20_000


def test_a_field_cannot_take_the_place_of_the_record(logs: Logs) -> None:
    """A field called as a part of the line is left out rather than lying."""
    event("started", time="never", logger="someone")
    (line,) = logs.lines()
    assert line["logger"] == "tagwire"
    assert line["time"] != "never"


def test_an_exception_is_one_line(logs: Logs) -> None:
    """A traceback stands in its field."""
    try:
        raise ValueError("ombak")
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
    (line,) = logs.lines()
    assert line["exception"].endswith("ValueError: ombak")


def test_a_flood_is_one_line_a_second(logs: Logs) -> None:
    """1,500 bad connections a second for a minute stay far below a megabyte, and none is forgotten."""
    logger = logging.getLogger("uvicorn.error")
    for second in range(60):
        logs.now = 100.0 + second
        for port in range(1500):
            logger.warning("Invalid HTTP request received from 192.0.2.%d:%d.", port % 256, port)
    logs.now += 1
    logs.settle()
    assert len(logs.stream.getvalue()) < 20_000
    lines = logs.lines()
    assert len(lines) == 61
    assert sum(line.get("left_out", 0) for line in lines) + 60 == 60 * 1500


def test_messages_written_out_with_numbers_are_the_same(logs: Logs) -> None:
    """asyncio's message of a full table of files names a descriptor each time."""
    for number in range(1000):
        logging.getLogger("asyncio").error(f"socket.accept() out of system resource\nsocket: fd={number}")
    assert len(logs.lines()) == 1


def test_what_was_left_out_is_told_without_a_next_time(logs: Logs) -> None:
    """A message that does not come again still tells how often it came; once."""
    event("connection refused")
    event("connection refused")
    event("connection refused")
    logs.settle()
    assert len(logs.lines()) == 1
    logs.now += 1
    logs.settle()
    logs.settle()
    assert [line.get("left_out") for line in logs.lines()] == [None, 2]


def test_two_sources_are_two_messages(logs: Logs) -> None:
    """Of two sources that fail at once both are told."""
    for source in ("https://a.example/", "https://b.example/"):
        event("source failed", level=logging.WARNING, source=source)
        event("source failed", level=logging.WARNING, reason=f"{source}: no answer")
    assert len(logs.lines()) == 4


def test_endless_kinds_of_messages_are_bounded(logs: Logs) -> None:
    """Messages that differ in letters share a place once there are too many of them."""
    for first in range(100):
        for second in range(100):
            logging.getLogger("asyncio").error(f"bad {chr(0x4E00 + first)}{chr(0x4E00 + second)}")
    assert len(logs.lines()) == 101


def test_uvicorn_writes_no_access_log(logs: Logs) -> None:
    """Its lines hold query strings and tokens; its banners say what our events say."""
    logging.getLogger("uvicorn.access").info('192.0.2.1:7 - "GET /for/rahasia/atom.xml HTTP/1.1" 200')
    logging.getLogger("uvicorn.error").info("Started server process [7]")
    logging.getLogger("httpx").info("HTTP Request: GET https://cms.example/?key=rahasia")
    assert logs.lines() == []


def test_standard_error_is_where_it_goes(logs: Logs, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a stream of the caller's, standard output stays free."""
    configure()
    event("started", port=8080)
    said = capsys.readouterr()
    assert (said.out, json.loads(said.err)["port"]) == ("", 8080)
    assert logs.lines() == []
    assert sys.stderr is not logs.stream
