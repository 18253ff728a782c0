"""The sink of two places: private feeds' documents lie apart from those that a web server serves to all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from feeds.archive.values import Published
from feeds.document import Document
from feeds.sinks.sink import Sink


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
        found = list(published)
        private = [one for one in found if self._is_private(one.path)]
        public = [one for one in found if not self._is_private(one.path)]
        return [*self._public.missing(public), *self._private.missing(private)]

    def write(self, documents: Sequence[Document]) -> None:
        """Put documents in their own places, and take them from the other."""
        self.tidy(document.path for document in documents)
        for sink in (self._public, self._private):
            if there := [document for document in documents if self._of(document.path) is sink]:
                sink.write(there)

    def remove(self, paths: Sequence[str]) -> None:
        """Take documents away wherever they lie."""
        self._public.remove(paths)
        self._private.remove(paths)

    def clear(self, folder: str, files: Sequence[str]) -> None:
        """Clear a feed's folder in both places."""
        self._public.clear(folder, files)
        self._private.clear(folder, files)

    def read(self, path: str) -> bytes | None:
        """Return what lies at a path in its own place."""
        return self._of(path).read(path)

    def tidy(self, paths: Iterable[str]) -> None:
        """Take away what lies in the place where it must not lie: its feed became private, or public."""
        for path in paths:
            wrong = self._public if self._is_private(path) else self._private
            if wrong.read(path) is not None:
                wrong.remove([path])

    def _of(self, path: str) -> Sink:
        return self._private if self._is_private(path) else self._public
