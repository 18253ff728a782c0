"""Logs: the server's own events on standard error, one JSON object a line, and never a flood of them."""

from __future__ import annotations

import json
import logging
import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TextIO

PAUSE = 1.0  # seconds between two lines that say the same
KINDS = 100  # messages told apart within a second; what is beyond shares one place
LONGEST = 2000  # characters of a message or of a value
LONGEST_TRACE = 4000

_DIGITS = re.compile(r"[0-9]+")
_events = logging.getLogger("tagwire")


def event(message: str, *, level: int = logging.INFO, **fields: Any) -> None:
    """Log what the server did or what became of it: `event("published", feeds=12)`.

    fields: what JSON can hold; anything else is written as text. `source` and `reason` tell messages apart:
    of two sources that fail in one second, both are told. Put nothing there that strangers choose.
    """
    _events.log(level, message, extra={"fields": fields})


@dataclass(slots=True)
class _Said:
    """When a message was last let through, and how often it was left out since."""

    record: logging.LogRecord
    at: float
    left_out: int = 0


@dataclass(slots=True)
class _Thrift:
    """A filter of logging: of what says the same, one line passes in a second, the others are counted.

    1,500 bad connections otherwise write a hundred megabytes. Numbers make no difference: messages of
    uvicorn and asyncio carry ports and descriptors.
    """

    clock: Callable[[], float]
    said: dict[tuple[str, ...], _Said] = field(default_factory=dict)

    def __call__(self, record: logging.LogRecord) -> bool:
        key = _sameness(record)
        if key not in self.said and len(self.said) >= KINDS:
            key = ("more",)
        now = self.clock()
        before = self.said.get(key)
        if before is not None and now - before.at < PAUSE:
            before.left_out += 1
            return False
        record.left_out = before.left_out if before is not None else 0
        self.said[key] = _Said(record, now)
        return True

    def overdue(self) -> list[logging.LogRecord]:
        """Forget what is over, and give once more the records of which some were left out."""
        now = self.clock()
        over = {key: said for key, said in self.said.items() if now - said.at >= PAUSE}
        for key, said in over.items():
            del self.said[key]
            said.record.left_out = said.left_out
        return [said.record for said in over.values() if said.left_out]


def configure(
    stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic
) -> Callable[[], None]:
    """Send all that is logged in this process to a stream (None: standard error) as JSON lines.

    Gives what the server calls once a second and at its end: it tells of messages that were left out and
    did not come again. uvicorn must be given `log_config=None` and `access_log=False`, or it logs past this.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    thrift = _Thrift(clock)
    handler.addFilter(thrift)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    # What uvicorn and the HTTP client tell at `info`, the server's own events tell better; the client's lines
    # hold whole addresses of sources, with whatever secret stands in them.
    for name in ("uvicorn", "uvicorn.error", "asyncio", "httpx", "httpcore"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(logging.WARNING)
    # uvicorn's access log would write query strings and tokens.
    access = logging.getLogger("uvicorn.access")
    access.handlers.clear()
    access.propagate = False

    def settle() -> None:
        for record in thrift.overdue():
            handler.emit(record)

    return settle


class JsonLines(logging.Formatter):
    """Writes a record as one line: time, level, message, logger, the event's fields, what was left out."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the line, all ASCII, without a line feed."""
        time_of = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {
            "time": time_of.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "message": record.getMessage()[:LONGEST],
            "logger": record.name,
        }
        for name, value in getattr(record, "fields", {}).items():
            line.setdefault(name, value if isinstance(value, int | float | None) else _text(value))
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)[-LONGEST_TRACE:]
        if left_out := getattr(record, "left_out", 0):
            line["left_out"] = left_out
        return json.dumps(line)


def _text(value: Any) -> Any:
    """Lists and mappings stay what they are where they are short; all else is text, bounded."""
    if isinstance(value, list | dict) and len(text := json.dumps(value, default=str)) <= LONGEST:
        return json.loads(text)
    return str(value)[:LONGEST]


def _sameness(record: logging.LogRecord) -> tuple[str, ...]:
    """Give what makes two records the same message, but for numbers."""
    head = str(record.msg).partition("\n")[0][:200]
    fields = getattr(record, "fields", {})
    about = f"{fields.get('source', '')} {fields.get('reason', '')}"[:LONGEST]
    return record.name, record.levelname, _DIGITS.sub("0", head), about
