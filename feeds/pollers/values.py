"""Values: what is known of a feed, of a client, of a service's subscribers, and of all of them."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field
from statistics import median

INTERVALS = 31  # the last times between two polls that a client's usual one is taken of
PATIENCE = 25  # Feedbin believes a move seen more than 24 times (S-03, S-34)
REFETCHES = 3  # fetches of the whole without asking, before a client is named for it,
REFETCHED = 0.1  # and their share in what it asked: NewsBlur forces 1 % (S-04)


@dataclass(slots=True)
class Traffic:
    """What was asked and sent. `saved` is what 304 answers spared, by the last body known: about right."""

    requests: int = 0
    not_modified: int = 0
    sent: int = 0
    saved: int = 0


@dataclass(slots=True)
class Feed:
    """A feed, by the path it was asked for at, with the size of its last body in each coding."""

    traffic: Traffic = field(default_factory=Traffic)
    sizes: dict[str | None, int] = field(default_factory=dict)


@dataclass(slots=True)
class Poller:
    """A client at a feed.

    fetched        it got the whole once             coding         of that
    repeats        answers 200 or 304 after that     unconditional  those fetched without asking for changes
    untold         those of which the log does not tell whether it asked
    forced         NewsBlur's own checks: no validators and a query on purpose (S-04)
    moved          answers 301, 308 or 410 in a row
    """

    traffic: Traffic = field(default_factory=Traffic)
    fetched: bool = False
    coding: str | None = None
    repeats: int = 0
    unconditional: int = 0
    untold: int = 0
    forced: int = 0
    moved: int = 0
    last: float = -math.inf
    intervals: deque[int] = field(default_factory=lambda: deque(maxlen=INTERVALS))

    @property
    def interval(self) -> float | None:
        """Seconds that usually lie between two polls, of the last 31; None: it came once."""
        return median(self.intervals) if self.intervals else None

    @property
    def refetches(self) -> bool | None:
        """Whether it fetches the whole though it has it; None: the log cannot tell."""
        many = max(REFETCHES, REFETCHED * self.repeats)
        if self.unconditional >= many:
            return True
        return None if self.unconditional + self.untold >= many else False

    @property
    def ignores_move(self) -> bool:
        """Whether it asked again after so many answers that the feed moved or is gone."""
        return self.moved > PATIENCE


@dataclass(frozen=True, slots=True)
class Claim:
    """How many subscribers a service last said to read a feed for, when, and where it asked."""

    time: float
    subscribers: int
    path: str


@dataclass(slots=True)
class Summary:
    """What the records say.

    feeds      by path                         pollers   by name, what tells it from others, and path
    claims     by service and its id of the feed, or the path: only the last of each counts (S-37)
    others     requests for what is no feed    uncounted requests of clients beyond those told apart
    """

    since: float = math.inf
    until: float = -math.inf
    feeds: dict[str, Feed] = field(default_factory=dict)
    pollers: dict[tuple[str, str, str], Poller] = field(default_factory=dict)
    claims: dict[tuple[str, str], Claim] = field(default_factory=dict)
    others: int = 0
    uncounted: int = 0
    unreadable: int = 0
    examples: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
