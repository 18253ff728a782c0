"""The sink of two places: private feeds' documents lie apart from those that a web server serves to all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from feeds.archive.values import Published
from feeds.document import Document
from feeds.sinks.sink import Laid, Sink

P = TypeVar("P", Laid, Published)


class RoutedSink:
    """Puts each document in one of two sinks, under the same path. See `feeds.sinks.sink.Sink`.

    is_private: does a path lie in a private feed's folder? What is written to one place leaves the other.
    """

    def __init__(self, public: Sink, private: Sink, is_private: Callable[[str], bool]) -> None:
        self._public = public
        self._private = private
        self._is_private = is_private

    def missing(self, published: Iterable[Published]) -> list[str]:
        """Look for each document in its own place."""
        public, private = self._apart(published)
        return [*self._public.missing(public), *self._private.missing(private)]

    def lay(self, document: Document) -> Laid:
        """Lay a document ready beside its own place."""
        return self._of(document.path).lay(document)

    def secure(self, laid: Sequence[Laid]) -> None:
        """Bring what is laid ready onto the disk."""
        for sink, there in self._parted(laid):
            sink.secure(there)

    def put(self, laid: Sequence[Laid]) -> None:
        """Put documents in their own places, and take them from the other."""
        self.tidy(one.path for one in laid)
        for sink, there in self._parted(laid):
            sink.put(there)

    def clean(self) -> None:
        """Take away what was laid ready, in both places."""
        self._public.clean()
        self._private.clean()

    def remove(self, paths: Sequence[str]) -> None:
        """Take documents away wherever they lie."""
        self._public.remove(paths)
        self._private.remove(paths)

    def clear(self, folder: str, files: Sequence[str]) -> None:
        """Clear a feed's folder in both places."""
        self._public.clear(folder, files)
        self._private.clear(folder, files)

    def has(self, path: str) -> bool:
        """Does something lie at a path in its own place?"""
        return self._of(path).has(path)

    def read(self, path: str) -> bytes | None:
        """Return what lies at a path in its own place."""
        return self._of(path).read(path)

    def tidy(self, paths: Iterable[str]) -> None:
        """Take away what lies in the place where it must not lie: its feed became private, or public."""
        is_anything_private_there = self._private.has("")
        for path in paths:
            wrong = self._public if self._is_private(path) else self._private
            if (is_anything_private_there or wrong is self._public) and wrong.has(path):
                wrong.remove([path])

    def _parted(self, laid: Sequence[Laid]) -> list[tuple[Sink, list[Laid]]]:
        public, private = self._apart(laid)
        return [(sink, there) for sink, there in ((self._public, public), (self._private, private)) if there]

    def _apart(self, found: Iterable[P]) -> tuple[list[P], list[P]]:
        """Part what is public from what is private."""
        public: list[P] = []
        private: list[P] = []
        for one in found:
            (private if self._is_private(one.path) else public).append(one)
        return public, private

    def _of(self, path: str) -> Sink:
        return self._private if self._is_private(path) else self._public
