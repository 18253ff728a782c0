"""Polls: requests that were answered, known again by their bytes: a reader sends the same for years."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from dataclasses import dataclass, field

from feeds.server.prepared import Variant

MOST = 32_768  # polls that are remembered: some 0.6 kB each
LONGEST = 512  # bytes of one
PLACES = 65_536  # for marks of what came once


@dataclass(slots=True, eq=False)
class Poll:
    """A request for a document, with its answer: all that is needed of both lies here, or is shared by many.

    A poll of one of 20,000 documents waits for memory more than for anything else.

    method, target, agent, is_conditional  of the request: for records and limits
    status, coding, saved  of the answer: for records; saved: bytes of the body that a 304 stands for
    start, cache_line, end  of the answer's head; Date comes before the end
    body_of  has the body, unless it was let go; None: there is none
    generation, good_until  the answer is right while the shelf's generation is this one, and until then
    """

    method: str
    target: bytes
    agent: bytes
    is_conditional: bool
    status: int
    coding: str
    saved: int
    start: bytes
    cache_line: bytes
    end: bytes
    body_of: Variant | None
    generation: int
    good_until: float

    def is_right(self, generation: int, now: float) -> bool:
        """Say whether the answer is still right. now: of the clock that only goes forward."""
        return self.generation == generation and now < self.good_until


@dataclass(eq=False)
class Polls:
    """Polls by their bytes, those remembered longest ago going first.

    The same bytes about the same version of a document mean the same: nothing of them has to be read again.
    """

    _known: OrderedDict[bytes, Poll] = field(default_factory=OrderedDict, init=False)
    _once: array[int] = field(default_factory=lambda: array("q", bytes(8 * PLACES)), init=False)

    def find(self, data: bytes) -> Poll | None:
        """Return the poll that came in these very bytes."""
        return self._known.get(data)

    def remember(self, data: bytes, poll: Poll) -> None:
        """Remember a poll, if it comes for the second time. data: its request, all of it and nothing else.

        What comes once and never again would cost more than it is worth.
        """
        mark = hash(data)
        place = mark % PLACES
        if self._once[place] != mark or len(data) > LONGEST:
            self._once[place] = mark
            return
        self._known[data] = poll
        if len(self._known) > MOST:
            self._known.popitem(last=False)
