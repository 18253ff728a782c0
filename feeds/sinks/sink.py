"""The Sink protocol: the one edge through which documents leave."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from feeds.archive.values import Published
from feeds.document import Document


class SinkError(Exception):
    """Documents can't be written. The message names the place and the mend."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A document laid ready beside its place: whole, and seen by nobody yet.

    name   what the sink calls it until it is in its place
    made   what the sink had to make for it besides, and must bring onto the disk with it
    """

    path: str
    name: str
    made: frozenset[str] = frozenset()


class Sink(Protocol):
    """Takes documents in whole: a reader never sees half of one.

    Each is laid ready first, by whatever process has made it, and put in its place together with others.
    """

    def missing(self, published: Iterable[Published]) -> list[str]:
        """Return the paths of published documents that are not there, or not in their right length."""
        ...

    def lay(self, document: Document) -> Laid:
        """Lay a document ready. Raises SinkError."""
        ...

    def secure(self, laid: Sequence[Laid]) -> None:
        """Bring what is laid ready onto the disk for good. Raises SinkError."""
        ...

    def put(self, laid: Sequence[Laid]) -> None:
        """Put what is laid ready, and secured, in its places; durable when this returns. Raises SinkError."""
        ...

    def clean(self) -> None:
        """Take away what was laid ready and never put."""
        ...

    def remove(self, paths: Sequence[str]) -> None:
        """Take documents away, and folders that are empty then; what is not there is no error."""
        ...

    def clear(self, folder: str, files: Sequence[str]) -> None:
        """Take away what lies in a feed's folder and its archive under these names."""
        ...

    def has(self, path: str) -> bool:
        """Does something lie at a path?"""
        ...

    def read(self, path: str) -> bytes | None:
        """Return what lies at a path; None if nothing does, or it can't be read."""
        ...


def write(sink: Sink, documents: Iterable[Document]) -> list[Published]:
    """Put all documents in their places, or none; return what was put there. Raises SinkError.

    Each is asked for when the one before is laid ready: no two are needed at once.
    """
    try:
        made = list(map(partial(_lay, sink), documents))
        laid = [one for one, _ in made]
        sink.secure(laid)
        sink.put(laid)
    finally:
        sink.clean()
    return [published for _, published in made]


def _lay(sink: Sink, document: Document) -> tuple[Laid, Published]:
    published = Published(document.path, document.digest, len(document.body), document.modified)
    return sink.lay(document), published
