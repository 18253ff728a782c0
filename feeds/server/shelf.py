"""Shelf: the published documents as they lie on disk, prepared when asked for, within bounds of memory."""

from __future__ import annotations

import os
import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

from feeds.archive.terms import KINDS
from feeds.directory import feeds_json, menu, opml, snippets
from feeds.document import Document, document
from feeds.formats import FORMATS, licence
from feeds.server.coding import ENDINGS, IDENTITY, encode
from feeds.server.prepared import Freshness, Headers, Prepared, common_headers

# Seconds for which a file is taken to be as it was while the archive is. Publications put files in place, and
# commit then: only other hands change them otherwise. What changes with the clock alone is looked at sooner.
LOOK_AGAIN = 30.0
LOOK_AT_THE_CLOCK = 1.0
DOCUMENTS = 100_000  # prepared at most: some 1.5 kB each, beside their bodies
SAFE = "/+,~"  # as in the feeds' own addresses

FILES = "|".join(re.escape(format_.file) for format_ in FORMATS)
# Where documents of feeds lie: whatever else lies in the folder is nobody's business.
OF_A_FEED = re.compile(
    rf"(?:(?P<folder>{'|'.join(KINDS.values())})/(?P<slug>[^/]+)/)?"
    rf"(?:archive/(?P<page>[1-9]\d{{0,8}})/)?(?P<file>{FILES})"
)
FEEDS = {format_.file: format_.media_type for format_ in FORMATS}
BESIDE = {
    **dict.fromkeys(opml.PATHS, opml.MEDIA_TYPE),
    feeds_json.PATH: feeds_json.MEDIA_TYPE,
    menu.PATH: menu.MEDIA_TYPE,
    snippets.PATH: snippets.MEDIA_TYPE,
    licence.TDM_FILE: "application/json",
}


@dataclass(frozen=True, slots=True)
class Public:
    """What is public of a newsroom's server.

    folder    where the documents lie
    base      their address, with a closing slash: `https://news.example/`; its path begins every path here
    license   its address, for the Link header; headers: that all answers have
    """

    folder: Path
    base: str
    license: str | None = None
    headers: Headers = ()


@dataclass(eq=False)
class Shelf:
    """Finds documents by their paths.

    freshness   asked for a path
    generation  a number that changes when documents or their freshness may have changed
    memory      bytes of bodies that are kept; others are read when they are asked for
    """

    public: Public
    freshness: Callable[[str], Freshness]
    memory: int
    generation: int = 0
    used: int = 0
    _ready: OrderedDict[bytes, Prepared] = field(default_factory=OrderedDict, init=False)
    _full: OrderedDict[Prepared, None] = field(default_factory=OrderedDict, init=False)
    _next_second: float = field(default=0.0, init=False)
    _look_again: float = field(default=0.0, init=False)
    _read_last: tuple[Prepared, bytes] | None = field(default=None, init=False)
    prefix: bytes = field(default=b"/", init=False)

    def __post_init__(self) -> None:
        self.refit(self.public)

    def refit(self, public: Public) -> None:
        """Begin anew with another folder, or other words about it."""
        self.public = public
        self.prefix = b"/" + public.base.partition("://")[2].partition("/")[2].encode()
        self._ready.clear()
        self._full.clear()
        self.used = 0

    def __len__(self) -> int:
        return len(self._ready)

    def at(self, target: bytes, now: float | None = None) -> Prepared | None:
        """Return the document at a percent-encoded path, as it is now; None: there is none."""
        prepared = self._ready.get(target)
        now = time.monotonic() if now is None else now
        if prepared is not None:
            if prepared.generation == self.generation and now < prepared.good_until:
                return prepared
            if self._is_as_it_was(prepared, now):
                self._remember_use(target, prepared)
                return prepared
            self._drop(target)
        return self._prepare(target, now)

    def _remember_use(self, target: bytes, prepared: Prepared) -> None:
        """Put what is asked for behind what may go first; as long as there is room, that is all the same."""
        if len(self._ready) > DOCUMENTS // 2:
            self._ready.move_to_end(target)
        if self.used > self.memory // 2 and prepared in self._full:
            self._full.move_to_end(prepared)

    def body(self, prepared: Prepared, coding: str) -> bytes | None:
        """Return a document's bytes in a coding; None if a newer version has come: ask `at` again."""
        held = prepared.body(coding)
        if held is None:
            held = self._load(prepared, coding)
            if held is None:
                prepared.generation = -1  # `at` is to look at the file at once
                return None
            self._keep(prepared, coding, held)
        return held

    def path_of(self, target: bytes) -> str | None:
        """Return the path below the output folder that a target names; None for what can't be one."""
        if not target.startswith(self.prefix):
            return None
        try:
            path = unquote_to_bytes(target[len(self.prefix) :]).decode()
        except UnicodeDecodeError:
            return None
        parts = path.split("/")
        is_plain = all(part and part not in {".", ".."} and "\0" not in part for part in parts)
        return path if is_plain and (path in BESIDE or not path.startswith(".")) else None

    def address_of(self, path: str) -> bytes:
        """Return the one address of a path: percent-encoded as in the feeds themselves."""
        return self.prefix + quote(path, safe=SAFE).encode()

    def as_document(self, prepared: Prepared) -> Document | None:
        """Return a prepared document as it was published; None if a newer version has come."""
        body = self.body(prepared, IDENTITY)
        if body is None:
            return None
        return document(prepared.path, prepared.media_type.decode(), body, prepared.modified)

    def _is_as_it_was(self, prepared: Prepared, now: float) -> bool:
        try:
            found = os.stat(prepared.file)  # noqa: PTH116 - a third of the time
        except OSError:
            return False
        if (found.st_ino, found.st_mtime_ns, found.st_size) != prepared.version:
            return False
        if prepared.is_ahead and prepared.modified <= time.time():
            return False  # from now on it has a date
        self._freshen(prepared, now)
        return True

    def _freshen(self, prepared: Prepared, now: float) -> None:
        if prepared.generation != self.generation:
            prepared.freshness = self.freshness(prepared.path)
            prepared.generation = self.generation
            prepared.cache_line = b""
        if not prepared.cache_line or prepared.freshness.until is not None:
            prepared.cache_line = cache_line(prepared.freshness.cache_control(time.time()))
        is_of_the_clock = prepared.is_ahead or prepared.freshness.until is not None
        prepared.good_until = now + LOOK_AT_THE_CLOCK if is_of_the_clock else self._later(now)

    def _later(self, now: float) -> float:
        """Return when to look again: one and the same number within a second, which is always at hand.

        A poll of one of 20,000 documents waits for memory more than for anything else.
        """
        if now >= self._next_second:
            self._next_second, self._look_again = now + 1, now + LOOK_AGAIN
        return self._look_again

    def _prepare(self, target: bytes, now: float) -> Prepared | None:
        path = self.path_of(target)
        media_type = path and media_type_of(path)
        if path is None or not media_type:
            return None
        canonical = self.address_of(path)
        if target != canonical:  # kept under one spelling
            return self.at(canonical)
        file = str(self.public.folder / path)
        read = _read(file)
        if read is None:
            return None
        body, version = read
        modified = version[1] // 1_000_000_000
        is_ahead = modified > time.time()
        prepared = Prepared(
            path=path,
            file=file,
            version=version,
            digest=sha256(body).hexdigest()[:32].encode(),
            modified=modified,
            media_type=media_type.encode(),
            # Of changes in one second, the later are dated ahead: until then they have a tag alone (S-24).
            headers=common_headers(None if is_ahead else modified, self.links(path), self.public.headers),
            freshness=self.freshness(path),
            is_ahead=is_ahead,
            generation=self.generation,
        )
        self._freshen(prepared, now)
        self._ready[target] = prepared
        self._read_last = prepared, body  # most ask for its bytes next
        if len(self._ready) > DOCUMENTS:
            self._drop(next(iter(self._ready)))
        return prepared

    def links(self, path: str) -> bytes:
        """Write Link: the same as in the document (S-40, F-80)."""
        is_feed = path.rpartition("/")[2] in FEEDS
        links = [f'<{self.public.base}{quote(path, safe=SAFE)}>; rel="self"'] if is_feed else []
        links += [f'<{self.public.license}>; rel="license"'] if self.public.license and is_feed else []
        return ", ".join(links).encode()

    def _load(self, prepared: Prepared, coding: str) -> bytes | None:
        """Read a document in a coding: from a file beside it of the same version, or by packing it."""
        if coding != IDENTITY:
            ready = _read(prepared.file + ENDINGS[coding])
            if ready and ready[1][1] == prepared.version[1]:
                return ready[0]
        body = self._plain(prepared)
        return body if body is None or coding == IDENTITY else encode(coding, body)

    def _plain(self, prepared: Prepared) -> bytes | None:
        if (held := prepared.body(IDENTITY)) is not None:
            return held
        last, self._read_last = self._read_last, None
        if last and last[0] is prepared:
            return last[1]
        read = _read(prepared.file)
        return read[0] if read and read[1] == prepared.version else None

    def _keep(self, prepared: Prepared, coding: str, body: bytes) -> None:
        """Keep a body, and let go of those that were asked for longest ago."""
        prepared.hold(coding, body)
        self.used += len(body)
        self._full[prepared] = None
        while self.used > self.memory and len(self._full) > 1:
            self._empty(next(iter(self._full)))

    def _empty(self, prepared: Prepared) -> None:
        if prepared in self._full:
            del self._full[prepared]
            self.used -= prepared.held()
            prepared.let_go()

    def _drop(self, target: bytes) -> None:
        self._empty(self._ready.pop(target))


@lru_cache(4096)  # documents share their words: thousands of them have the same
def cache_line(value: bytes) -> bytes:
    """Write Cache-Control as it goes over the wire."""
    return b"cache-control: %s\r\n" % value


def media_type_of(path: str) -> str | None:
    """Return the media type of a document that may be served; None: it may not."""
    found = OF_A_FEED.fullmatch(path)
    return FEEDS[found["file"]] if found else BESIDE.get(path)


def _read(path: str) -> tuple[bytes, tuple[int, int, int]] | None:
    """Read a file, and of which version it is: both of one and the same file."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        found = os.fstat(handle)
        body = os.read(handle, found.st_size + 1)
        while len(body) < found.st_size and (more := os.read(handle, found.st_size - len(body))):
            body += more
    except OSError:  # a folder
        return None
    finally:
        os.close(handle)
    return body, (found.st_ino, found.st_mtime_ns, found.st_size)
