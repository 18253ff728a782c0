"""Shelf: the published documents as they lie on disk, prepared when asked for, within bounds of memory."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

from feeds.document import Document, document
from feeds.server.coding import ENDINGS, IDENTITY, encode
from feeds.server.files import BESIDE, FEEDS, media_type_of, read, version_of
from feeds.server.prepared import Freshness, Headers, Prepared, common_headers

# Seconds for which a file is taken to be as it was while the archive is. Publications put files in place, and
# commit then: only other hands change them otherwise. What changes with the clock alone is looked at sooner.
LOOK_AGAIN = 30.0
LOOK_AT_THE_CLOCK = 1.0
DOCUMENTS = 100_000  # prepared at most: some 1.5 kB each, beside their bodies
SAFE = "/+,~"  # as in the feeds' own addresses


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
    packing     what is being packed in another thread (feeds.server.packing)
    renewing    paths of documents of which the last version is given until the next one is packed, though not
                beyond a moment; renewal: the work on it (feeds.server.renewing)
    """

    public: Public
    freshness: Callable[[str], Freshness]
    memory: int
    generation: int = 0
    used: int = 0
    packing: dict[tuple[Prepared, str], asyncio.Task[bytes]] = field(default_factory=dict, init=False)
    renewing: dict[bytes, float] = field(default_factory=dict, init=False)
    renewal: asyncio.Task[None] | None = field(default=None, init=False)
    _ready: OrderedDict[bytes, Prepared] = field(default_factory=OrderedDict, init=False)
    _full: OrderedDict[Prepared, None] = field(default_factory=OrderedDict, init=False)
    _next_second: float = field(default=0.0, init=False)
    _look_again: float = field(default=0.0, init=False)
    _read_last: tuple[Prepared | None, bytes] = field(default=(None, b""), init=False)
    prefix: bytes = field(default=b"/", init=False)

    def __post_init__(self) -> None:
        self.refit(self.public)

    def refit(self, public: Public) -> None:
        """Begin anew with another folder, or other words about it."""
        self.public = public
        self.prefix = b"/" + public.base.partition("://")[2].partition("/")[2].encode()
        self._ready.clear()
        self._full.clear()
        self.renewing.clear()
        self.used = 0
        self.generation += 1  # what was answered before is no longer right

    def __len__(self) -> int:
        return len(self._ready)

    def at(self, target: bytes, now: float | None = None) -> Prepared | None:
        """Return the document at a percent-encoded path, as it is now; None: there is none."""
        prepared = self._ready.get(target)
        now = time.monotonic() if now is None else now
        if prepared is not None:
            if prepared.generation == self.generation and now < prepared.good_until:
                return prepared
            if now < self.renewing.get(target, 0.0):
                return prepared
            if self._is_as_it_was(prepared, now):
                self._remember_use(target, prepared)
                return prepared
            self._drop(target)
        return self._prepare(target, now)

    def held_at(self, target: bytes) -> Prepared | None:
        """Return the document that is held for a path, though a newer version may lie there."""
        return self._ready.get(target)

    def put(self, target: bytes, new: Prepared) -> None:
        """Put a document on the shelf, in the place of its last version."""
        if target in self._ready:
            self._drop(target)
        self._ready[target] = new
        if len(self._ready) > DOCUMENTS:
            self._drop(next(iter(self._ready)))

    def _remember_use(self, target: bytes, prepared: Prepared) -> None:
        """Put what is asked for behind what may go first; as long as there is room, that is all the same."""
        if len(self._ready) > DOCUMENTS // 2:
            self._ready.move_to_end(target)
        if self.used > self.memory // 2 and prepared in self._full:
            self._full.move_to_end(prepared)

    def body(self, prepared: Prepared, coding: str) -> bytes | None:
        """Return a document's bytes in a coding; None if a newer version has come: ask `at` again."""
        body = self.ready_made(prepared, coding)
        if body is not None:
            return body
        plain = self.plain(prepared)
        if plain is None:
            return None
        return self.keep(prepared, coding, plain if coding == IDENTITY else encode(coding, plain))

    def ready_made(self, prepared: Prepared, coding: str) -> bytes | None:
        """Return the bytes in a coding if they are held, or lie in a file beside the document."""
        body = prepared.body(coding)
        if body is None and coding in ENDINGS:
            beside = read(prepared.file + ENDINGS[coding])
            if beside and beside[1].modified == prepared.version.modified:
                return self.keep(prepared, coding, beside[0])
        return body

    def plain(self, prepared: Prepared) -> bytes | None:
        """Return the bytes as they lie on disk; None if a newer version has come: ask `at` again."""
        held, (last, body) = prepared.body(IDENTITY), self._read_last
        if held is not None:
            return held
        self._read_last = None, b""
        if last is prepared:
            return body
        found = read(prepared.file)
        if found and found[1] == prepared.version:
            return found[0]
        prepared.generation = -1  # `at` is to look at the file at once
        self.renewing.pop(self.address_of(prepared.path), None)
        return None

    def keep(self, prepared: Prepared, coding: str, body: bytes) -> bytes:
        """Keep and return a body, and let go of those that were asked for longest ago."""
        is_current = self._ready.get(self.address_of(prepared.path)) is prepared
        if is_current and prepared.body(coding) is None:
            prepared.hold(coding, body)
            self.used += len(body)
            self._full[prepared] = None
            self._full.move_to_end(prepared)
            while self.used > self.memory and len(self._full) > 1:
                self._empty(next(iter(self._full)))
        return body

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
        if version_of(prepared.file) != prepared.version:
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
        if path is None or not media_type_of(path):
            return None
        canonical = self.address_of(path)
        if target != canonical:  # kept under one spelling
            return self.at(canonical)
        made = self.made(path, now)
        if made is None:
            return None
        self.put(target, made[0])
        self._read_last = made  # most ask for its bytes next
        return made[0]

    def made(self, path: str, now: float) -> tuple[Prepared, bytes] | None:
        """Return what lies at a path now, prepared, and its bytes; it is not on the shelf by that."""
        file = str(self.public.folder / path)
        found, media_type = read(file), media_type_of(path)
        if found is None or media_type is None:
            return None
        body, version = found
        modified = version.modified // 1_000_000_000
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
        return prepared, body

    def links(self, path: str) -> bytes:
        """Write Link: the same as in the document (S-40, F-80)."""
        is_feed = path.rpartition("/")[2] in FEEDS
        links = [f'<{self.public.base}{quote(path, safe=SAFE)}>; rel="self"'] if is_feed else []
        links += [f'<{self.public.license}>; rel="license"'] if self.public.license and is_feed else []
        return ", ".join(links).encode()

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
