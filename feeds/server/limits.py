"""Limits: what one client may take of a server that has room for a thousand connections.

Whoever is slow makes room for whoever is not: with no place left, the connection goes that has been waited
for longest. No timer is kept for each; all are looked through once a second.
"""

from __future__ import annotations

import resource
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, fields
from typing import Protocol

SPARE = 128  # open files that are no connections: the archive, documents being read, logs
LONGEST_AGENT = 200  # bytes of a User-Agent that tell one client from another
AT_ONCE = 0.05  # share of the connections closed together when there is no place


class Connection(Protocol):
    """What is asked of a connection. owes: what its client is waited for, since when; see FeedProtocol."""

    owes: str
    since: float

    address: str

    def cut(self) -> None:
        """End it at once."""
        ...

    def has_taken_some(self) -> bool:
        """Say whether its client has taken some of its answers since this was asked for last."""
        ...


@dataclass(eq=False)
class Limits:
    """Bounds of a server.

    connections  at a time; per_address: of them, from one address; 0: no bound, as behind a proxy
    head_bytes   of a request: its line and its headers; body_bytes: of its body, however that is sent
    head, body, more  seconds that a client may take to send a head, a body, another request
    reading      seconds in which it must take some of an answer
    """

    connections: int
    per_address: int = 0
    head_bytes: int = 32_768
    body_bytes: int = 20_000_000
    head: float = 10.0
    body: float = 60.0
    more: float = 75.0
    reading: float = 30.0
    _addresses: Counter[str] = field(default_factory=Counter)

    def refit(self, other: Limits) -> None:
        """Go on by other bounds, with the connections that are there."""
        for bound in fields(self):
            if not bound.name.startswith("_"):
                setattr(self, bound.name, getattr(other, bound.name))

    def enter(self, new: Connection, there: Collection[Connection]) -> str:
        """Let a connection in, at the cost of a slow one if need be; return why not, or nothing."""
        self._addresses[new.address] += 1
        if self.per_address and self._addresses[new.address] > self.per_address:
            return "too many from one address"
        if len(there) > self.connections:
            return self._make_room(new, there)
        return ""

    def leave(self, gone: Connection) -> None:
        """Let a connection go."""
        self._addresses[gone.address] -= 1
        if self._addresses[gone.address] <= 0:
            del self._addresses[gone.address]

    def most_bytes(self, owed: str) -> int:
        """Return how long a head or a body may be."""
        return self.head_bytes if owed == "head" else self.body_bytes

    def _make_room(self, new: Connection, there: Iterable[Connection]) -> str:
        waiting = sorted((one for one in there if one.owes and one is not new), key=lambda one: one.since)
        for one in waiting[: max(1, int(self.connections * AT_ONCE))]:
            one.cut()
        return "" if waiting else "no place"

    def overdue(self, there: Iterable[Connection], now: float) -> list[Connection]:
        """Return the connections whose clients have taken too long; to be called every second."""
        for one in there:
            if one.owes == "reading" and one.has_taken_some():
                one.since = now
        patience = {"head": self.head, "body": self.body, "more": self.more, "reading": self.reading}
        return [one for one in there if one.owes and now - one.since > patience[one.owes]]


def possible_connections() -> int:
    """Return how many connections there may be, after asking the system for as many as it allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        most = min(hard, 65_536) if hard != resource.RLIM_INFINITY else 65_536
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))
        soft = max(soft, most)
    return max(16, soft - SPARE)


@dataclass(eq=False)
class Budget:
    """How often a client may fetch one document without saying what it has (S-36). Off unless set.

    Conditional requests are never counted. seconds: within which a repeated fetch is refused.
    """

    seconds: float
    clients: int = 10_000
    _last: dict[tuple[str, bytes, bytes], float] = field(default_factory=dict)

    def wait(self, address: str, agent: bytes, path: bytes, now: float) -> int:
        """Return for how many seconds to refuse; 0: go on."""
        key = (address, agent[:LONGEST_AGENT], path)
        last = self._last.pop(key, None)
        if last is not None and now - last < self.seconds:
            self._last[key] = last
            return int(self.seconds - (now - last)) + 1
        self._last[key] = now
        if len(self._last) > self.clients:
            del self._last[next(iter(self._last))]
        return 0
