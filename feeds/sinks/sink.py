"""The Sink protocol: the one edge through which documents leave."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from feeds.archive.values import Published
from feeds.document import Document


class SinkError(Exception):
    """Documents can't be written. The message names the place and the mend."""


class Sink(Protocol):
    """Takes documents in whole: a reader never sees half of one."""

    def missing(self, published: Iterable[Published]) -> list[str]:
        """Return the paths of published documents that are not there, or not in their right length."""
        ...

    def write(self, documents: Sequence[Document]) -> None:
        """Put documents in their places, all durable when this returns. Raises SinkError."""
        ...

    def remove(self, paths: Sequence[str]) -> None:
        """Take documents away, and folders that are empty then; what is not there is no error."""
        ...

    def clear(self, folder: str, files: Sequence[str]) -> None:
        """Take away what lies in a feed's folder and its archive under these names."""
        ...

    def read(self, path: str) -> bytes | None:
        """Return what lies at a path; None if nothing does, or it can't be read."""
        ...
