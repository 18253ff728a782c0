"""One request at a time for each host, with a pause between them, and a rest when the host asks for one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock


class RestingError(Exception):
    """The host asked to be left alone for so many more seconds: longer than anyone should wait here."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:.0f} s")
        self.seconds = seconds


@dataclass(slots=True)
class Host:
    """When a host may be asked again (of time.monotonic), for our pause and for its own wish."""

    lock: Lock = field(default_factory=Lock)
    free_at: float = 0.0
    rests_until: float = 0.0

    def rest(self, seconds: float) -> None:
        """Let the host alone for so long. To be called within its turn."""
        self.rests_until = max(self.rests_until, time.monotonic() + seconds)


@dataclass(slots=True)
class Pace:
    """The hosts known so far, by name. longest: seconds to wait at most for a host that rests."""

    longest: float
    hosts: dict[str, Host] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    @contextmanager
    def turn(self, name: str, pause: float) -> Iterator[Host]:
        """Wait for the host, hold it, and leave it free `pause` seconds after. Raises RestingError."""
        with self.lock:
            host = self.hosts.setdefault(name, Host())
        with host.lock:
            resting = host.rests_until - time.monotonic()
            if resting > self.longest:
                raise RestingError(resting)
            time.sleep(max(0.0, resting, host.free_at - time.monotonic()))
            try:
                yield host
            finally:
                host.free_at = time.monotonic() + pause
