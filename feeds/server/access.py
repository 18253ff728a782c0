"""Access: one JSON object a line for each request that was answered, and the file they are appended to."""

from __future__ import annotations

import logging
import os
import time
from dataclasses import dataclass, field
from functools import lru_cache
from json.encoder import encode_basestring_ascii as quoted
from pathlib import Path

from feeds.pollers.paths import shown_path

LONGEST_AGENT = 500  # bytes kept; known readers send up to 250
LONGEST_WORD = 64  # characters of an address or a method
BATCH = 1000  # lines after which a caller should flush without waiting for the second: about 300 kB

log = logging.getLogger("tagwire.access")


def access_line(
    now: float,
    remote: str,
    method: str,
    target: bytes,
    status: int,
    sent: int,
    user_agent: bytes,
    conditional: bool,
    coding: str,
    seconds: float,
) -> str:
    """Give the record of one request as a line of ASCII, with its line feed.

    now: seconds since 1970; target: the request's target as it came: its query and its token stay out;
    sent: bytes of the body; coding: `gzip`, ..., or empty; seconds: how long the answer took.
    What clients chose is bounded and escaped: it can neither end a line nor a value, nor reach a terminal.
    """
    agent = quoted(user_agent[:LONGEST_AGENT].decode("utf-8", "replace"))
    path = quoted(shown_path(target).decode("utf-8", "replace"))
    # The time is whole milliseconds first: 59.9996 must not become 59.1000.
    second, thousandth = divmod(int(now * 1000), 1000)
    return (
        f'{{"time":"{_stamp(second)}.{thousandth:03}Z","remote":{quoted(remote[:LONGEST_WORD])},'
        f'"method":{quoted(method[:LONGEST_WORD])},"path":{path},"query":"{"1" if b"?" in target else ""}",'
        f'"status":{status},"bytes":{sent},"user_agent":{agent},'
        f'"conditional":"{"1" if conditional else ""}","coding":{quoted(coding)},"seconds":{seconds:.6f}}}\n'
    )


@lru_cache(maxsize=4)
def _stamp(second: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))


@dataclass(slots=True)
class AccessFile:
    """A file of access records, open for appending, and the lines not yet written to it.

    It has no clock and no thread: whoever adds lines calls `flush` once a second, and at BATCH lines.
    Several processes may append to one file: lines go out whole, many in one write (O_APPEND).
    lost  records that could not be written, the disk being full; they are told in the log
    """

    path: Path
    handle: int
    lines: list[str] = field(default_factory=list)
    lost: int = 0

    def flush(self) -> None:
        """Write the lines. What cannot be written is lost and counted: the server has to go on."""
        if not self.lines:
            return
        count = len(self.lines)
        rest = memoryview("".join(self.lines).encode("ascii"))
        self.lines.clear()
        try:
            while rest:
                rest = rest[os.write(self.handle, rest) :]
        except OSError as error:
            self.lost += count
            log.error("access records cannot be written to %s: %s", self.path, error)

    def reopen(self) -> None:
        """Go on in a new file of the same name, logrotate having moved the old one away."""
        self.flush()
        try:
            handle = _opened(self.path)
        except OSError as error:
            log.error("access records go on in the old file, %s cannot be opened: %s", self.path, error)
            return
        os.close(self.handle)
        self.handle = handle

    def close(self) -> None:
        """Write what is left, and close."""
        self.flush()
        os.close(self.handle)


def open_access(path: Path) -> AccessFile:
    """Open a file for access records, creating it and its folder; raises OSError where that can't be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return AccessFile(path, _opened(path))


def _opened(path: Path) -> int:
    # Addresses of people stand in it: nobody else's business.
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)
