"""Records: one line of an access log as a request, whichever server wrote it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from feeds.pollers.paths import shown_path

# NCSA combined, as nginx and Apache write it; the common format lacks the last two. Quotes inside a value
# are written `\"` (Apache) or `\x22` (nginx).
_COMBINED = re.compile(
    r'(?P<remote>\S+) \S+ [^\[]*\[(?P<time>[^\]]+)\] "(?P<request>(?:[^"\\]|\\.)*)" '
    r'(?P<status>[0-9]{3}) (?P<bytes>[0-9]+|-)(?: "(?:[^"\\]|\\.)*" "(?P<agent>(?:[^"\\]|\\.)*)")?'
)
_STAMP = re.compile(r"(\d\d)/(\w{3})/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)", re.ASCII)
LONGEST = 500  # characters kept
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_ESCAPE = re.compile(r'\\x([0-9a-fA-F]{2})|\\(["\\])')


@dataclass(frozen=True, slots=True)
class Access:
    """A request that was answered.

    time         seconds since 1970           path    without its query, tokens hidden
    has_query    it had one                   sent    bytes of the body
    conditional  it came with If-None-Match or If-Modified-Since; None: the log doesn't tell
    coding       of the body; None: the log doesn't tell
    """

    time: float
    remote: str
    method: str
    path: str
    has_query: bool
    status: int
    sent: int
    user_agent: str
    conditional: bool | None
    coding: str | None


def read_access(line: bytes) -> Access | str:
    """Read a line of our access records, of nginx's in the same form, or of a combined log.

    Gives why it can't be read where that is so. Bytes that are no UTF-8 are replaced.
    """
    text = line.decode("utf-8", "replace").strip()
    try:
        return _from_json(text) if text.startswith("{") else _from_combined(text)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
        return _shown(f"{type(error).__name__}: {error}"[:200])


def _from_json(text: str) -> Access:
    """nginx writes every value as text, and its times with or without milliseconds, as seconds or as ISO."""
    record = json.loads(text)
    return Access(
        time=_time(str(record["time"])),
        remote=_shown(str(record["remote"])),
        method=str(record["method"]),
        path=_path(str(record["path"])),
        has_query=bool(record["query"]),
        status=int(record["status"]),
        sent=int(record["bytes"]),
        user_agent=_shown(str(record["user_agent"])),
        conditional=bool(record["conditional"]),
        coding=str(record["coding"]),
    )


def _time(text: str) -> float:
    if text.replace(".", "", 1).isdecimal():
        return float(text)
    return datetime.fromisoformat(text).timestamp()


def _from_combined(text: str) -> Access:
    found = _COMBINED.match(text)
    if found is None:
        raise ValueError("neither a JSON object nor a line of a combined log")
    words = _unescaped(found["request"]).split(" ")
    if len(words) < 2:
        raise ValueError("no request stands in it")
    status = int(found["status"])
    return Access(
        time=_stamp(found["time"]),
        remote=_shown(found["remote"]),
        method=words[0],
        path=_path(words[1]),
        has_query="?" in words[1],
        status=status,
        sent=0 if found["bytes"] == "-" else int(found["bytes"]),
        user_agent=_shown(_unescaped(found["agent"] or "")),
        conditional=True if status == 304 else None,  # nothing else is answered so (RFC 9110, 15.4.5)
        coding=None,
    )


def _path(target: str) -> str:
    return _shown(shown_path(target.encode("utf-8", "replace")).decode("utf-8", "replace"))


def _shown(text: str) -> str:
    """Give a client's words bounded and fit for a terminal: control characters would steer it."""
    text = text[:LONGEST]
    return text if text.isprintable() else "".join(c if c.isprintable() else "\ufffd" for c in text)


def _stamp(text: str) -> float:
    """Read `10/Oct/2026:13:55:36 +0700`; its months are English wherever the server stands."""
    found = _STAMP.fullmatch(text)
    if found is None:
        raise ValueError(f"no time: {text[:40]}")
    day, month, year, hour, minute, second, sign, hours, minutes = found.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes)) * (1 if sign == "+" else -1)
    date = (int(year), _MONTHS.index(month) + 1, int(day))
    return datetime(*date, int(hour), int(minute), int(second), tzinfo=timezone(offset)).timestamp()


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[2], text)
