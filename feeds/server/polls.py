"""Polls: requests that were answered, known again by their bytes: a reader sends the same for years."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from feeds.server.prepared import Prepared, Variant

MOST = 32_768  # polls that are remembered: some 0.6 kB each
LONGEST = 512  # bytes of one


@dataclass(slots=True, eq=False)
class Poll:
    """A request for a version of a document: what an answer needs to know of it, without reading it again.

    end       of the answer's head: does the connection go on?
    prepared  the version that was asked for; is_held: the client has it already, in this variant
    """

    method: str
    target: bytes
    agent: bytes
    is_conditional: bool
    end: bytes
    prepared: Prepared
    is_held: bool
    variant: Variant


@dataclass(eq=False)
class Polls:
    """Polls by their bytes, those remembered longest ago going first.

    The same bytes about the same version of a document mean the same: so nothing has to be read of them, as
    long as that version is the one that is there.
    """

    _known: OrderedDict[bytes, Poll] = field(default_factory=OrderedDict, init=False)

    def find(self, data: bytes) -> Poll | None:
        """Return what these bytes were answered as."""
        return self._known.get(data)

    def remember(self, data: bytes, poll: Poll) -> None:
        """Remember a poll. data: its request, all of it and nothing else."""
        if len(data) > LONGEST:
            return
        self._known[data] = poll
        if len(self._known) > MOST:
            self._known.popitem(last=False)
