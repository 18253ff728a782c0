"""House: what the parts of a running server share: its documents, limits, numbers, records and threads."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import time
from argparse import Namespace
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from feeds.archive.sqlite import SqliteArchive
from feeds.archive.tokens import Token
from feeds.archive.values import ArchiveError
from feeds.publication import is_behind
from feeds.server import metrics
from feeds.server.access import BATCH, AccessFile, access_line
from feeds.server.kept import Kept
from feeds.server.limits import Budget, Connection, Limits
from feeds.server.metrics import Numbers
from feeds.server.polling import Poller
from feeds.server.polls import Polls
from feeds.server.prepared import Freshness
from feeds.server.renewing import packer, renew
from feeds.server.shelf import Shelf
from feeds.server.writing import Writer
from feeds.settings import (
    Settings,
    default_tagging_entity,
    site_for,
)
from feeds.setup import open_archive, this_moment
from sources.source import Site

T = TypeVar("T")
NUMBERS = "TAGWIRE_NUMBERS"  # the folder in which several workers leave theirs, in the environment
NEW = Freshness(15 * 60)  # of a document that the archive does not know yet


@dataclass(eq=False)
class House:
    """See the module's docstring. Made by feeds.server.opening; all but the two threads is of the event loop.

    was_there  the archive, when the server started; is_ready: what it had to do first is done
    """

    arguments: Namespace
    settings: Settings
    shelf: Shelf
    limits: Limits
    budget: Budget | None
    access: AccessFile | None
    writer: Writer
    poller: Poller
    private_shelf: Shelf
    loop: asyncio.AbstractEventLoop
    realm: str
    connections: set[Connection] = field(default_factory=set)
    was_there: bool = True
    is_ready: bool = False
    combinations: Kept = field(default_factory=Kept)
    polls: Polls = field(default_factory=Polls)
    numbers: Numbers = field(default_factory=metrics.new_numbers)
    _archive: SqliteArchive | None = None
    _version: int = -1
    _reader: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "reader"))
    _packer: ThreadPoolExecutor = field(default_factory=packer)

    def note(
        self,
        address: str,
        agent: bytes,
        method: str,
        target: bytes,
        status: int,
        sent: int,
        is_conditional: bool,
        coding: str,
        began: float,
        saved: int = 0,
    ) -> None:
        """Count an answer, and record it. saved: bytes that a 304 stands for; the rest as in access_line."""
        metrics.count_request(self.numbers, method, status, coding, sent, saved)
        if self.access is not None:
            seconds = time.monotonic() - began
            line = access_line(
                time.time(), address, method, target, status, sent, agent, is_conditional, coding, seconds
            )
            self.access.lines.append(line)
            if len(self.access.lines) >= BATCH:
                self.access.flush()

    def look(self) -> None:
        """Look, now and then, whether the archive has changed: then documents' freshness may have."""
        with contextlib.suppress(ArchiveError, sqlite3.Error):
            archive = self.archive()
            if archive and (version := archive.version()) != self._version:
                self._version = version
                self.shelf.generation += 1
                self.private_shelf.generation += 1
            if archive and not self.is_ready:
                is_read = self.was_there or self.poller.has_read.is_set()
                held = {term.term_id for term, _ in archive.held.every()}
                is_published = self.writer.ready.is_set() and not is_behind(archive, this_moment(), held)
                self.is_ready = is_read and is_published

    def renew(self, paths: Sequence[str]) -> None:
        """Take note of documents that were written: what was polled is packed again, and given then."""
        for shelf in (self.shelf, self.private_shelf):
            renew(shelf, paths, self._packer)
        self.look()

    def archive(self) -> SqliteArchive | None:
        """Return the archive, to be read in the event loop's thread; None before the first build."""
        if self._archive is not None and self._archive.is_elsewhere():
            self._archive.close()
            self._archive, self._version = None, -1
        if self._archive is None and Path(self.settings.archive).exists():
            self._archive = SqliteArchive(Path(self.settings.archive), readonly=True)
        return self._archive

    def regular(self, now: float) -> None:
        """Do what is to be done every second. now: of the clock that only goes forward."""
        numbers = self.numbers
        numbers[(metrics.CONNECTIONS,)] = len(self.connections)
        numbers[(metrics.DOCUMENTS,)] = len(self.shelf)
        numbers[(metrics.DOCUMENT_BYTES,)] = self.shelf.used
        for connection in self.limits.overdue(self.connections, now):
            self.refused("too slow")
            connection.cut()
        if self.access:
            self.access.flush()
        if folder := os.environ.get(NUMBERS):
            with contextlib.suppress(OSError):  # the others' numbers are missing then, no more
                metrics.leave_numbers(Path(folder), str(os.getpid()), numbers)

    def refused(self, reason: str) -> None:
        """Count a connection that was not let in, or let go."""
        self.numbers[metrics.REFUSED, reason] += 1

    def exposition(self) -> bytes:
        """Write the numbers for Prometheus."""
        archive = self.archive()
        for row in archive.readings.sources() if archive else ():
            self.numbers[metrics.SOURCE_FAILURES, row.name] = row.failures
        folder = os.environ.get(NUMBERS)
        if folder is None:
            return metrics.exposition(self.numbers)
        return metrics.exposition(self.numbers, Path(folder), str(os.getpid()))

    async def read(self, act: Callable[[SqliteArchive], T]) -> T:
        """Carry out an act that reads, in a thread of its own."""

        def run() -> T:
            with open_archive(Path(self.settings.archive), readonly=True) as archive:
                return act(archive)

        return await asyncio.get_running_loop().run_in_executor(self._reader, run)

    async def token_of(self, secret: str) -> Token | None:
        """Return who has a secret, if anybody."""
        archive = self.archive()
        return archive.tokens.of(secret) if archive else None

    def site(self) -> Site:
        """Return the newsroom as records that are sent are read for it."""
        archive = self.archive()
        entity = archive.meta("tagging_entity") if archive else None
        site = site_for(self.settings, entity or default_tagging_entity(self.settings))
        is_dated = self.settings.site.undated == "reject"
        return site if is_dated else replace(site, first_seen=this_moment())

    def freshness(self, path: str) -> Freshness:
        """Return how long readers may go on with a document."""
        try:
            archive = self._archive or self.archive()  # whether it is another's, `look` asks
            if archive is None:
                return NEW
            found = archive.documents.freshness(path)
        except (ArchiveError, sqlite3.Error):
            return NEW
        return Freshness(*found) if found else Freshness()

    def stop(self) -> None:
        """End the threads, each after what it is doing; to be called in another than the event loop's."""
        self.poller.stop(wait=5.0)
        self.writer.stop()
        self._reader.shutdown()

    def close(self) -> None:
        """Let go of the archive and the records; to be called in the event loop's thread."""
        for shelf in (self.shelf, self.private_shelf):
            if shelf.renewal:
                shelf.renewal.cancel()
        self._packer.shutdown(wait=False, cancel_futures=True)
        if self._archive:
            self._archive.close()
        if self.access:
            self.access.close()
