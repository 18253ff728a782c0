"""Writing: the one thread of a server that changes its archive, and publishes what changed.

What the API takes in is made durable first; then the feeds follow, some milliseconds later. While many feeds
are published, what comes in meanwhile is taken in between.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from feeds.archive.archive import Archive
from feeds.archive.values import ArchiveError
from feeds.desk import Desk
from feeds.publication import Publication, is_behind, publish
from feeds.server.logs import event
from feeds.server.priority import step_back
from feeds.server.problem import Busy
from feeds.settings import Settings
from feeds.settings_file import SettingsError
from feeds.setup import open_desk, this_moment
from feeds.sinks.disk import DiskSink
from feeds.sinks.sink import Sink, SinkError

T = TypeVar("T")
Act = Callable[[Archive], Any]

LOOK = 0.25  # seconds between two looks at what others changed
MOST_WAITING = 256  # acts; whoever comes then is asked to come again
PATIENCE = 10.0  # seconds that an act waits for its turn
NICE = 5  # of the thread; with more, polls that wait for what it holds would wait long on a busy machine
AFTER_A_FAILURE = 10.0  # seconds until the next try: a full disk seldom empties itself


@dataclass(eq=False)
class Writer:
    """The thread.

    settings   asked for them whenever the thread begins, and when another process has left others
    published  called with each publication, in the thread
    written    called with the paths of documents as soon as they are in place, in the thread
    is_publishing  until `published` is called, `written` tells what there is to tell
    """

    settings: Callable[[], Settings]
    published: Callable[[Publication, float], None]
    written: Callable[[Sequence[str]], None]
    path: Path = field(default=Path(), init=False)
    is_publishing: bool = field(default=False, init=False)
    _acts: queue.SimpleQueue[tuple[Act, Future[Any]] | None] = field(
        default_factory=queue.SimpleQueue, init=False
    )
    _stop: threading.Event = field(default_factory=threading.Event, init=False)
    _thread: threading.Thread | None = field(default=None, init=False)
    ready: threading.Event = field(default_factory=threading.Event, init=False)

    def start(self) -> None:
        """Begin."""
        self._thread = threading.Thread(target=self._run, name="writer")
        self._thread.start()

    def stop(self) -> None:
        """End after the batch at hand; wait for that."""
        self._stop.set()
        self._acts.put(None)
        if self._thread:
            self._thread.join()

    async def write(self, act: Callable[[Archive], T]) -> T:
        """Carry out an act in a durable transaction; its feeds are published next. Raises Busy."""
        if self._acts.qsize() >= MOST_WAITING or self._stop.is_set():
            raise Busy(5)
        future: Future[T] = Future()
        self._acts.put((act, future))
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), PATIENCE)
        except (TimeoutError, ArchiveError) as error:
            raise Busy(10) from error

    def _run(self) -> None:
        step_back(NICE)
        while not self._stop.is_set():
            try:
                settings = self.settings()
                self.path = Path(settings.archive)
                with open_desk(settings, this_moment()) as desk:
                    self._work(desk, DiskSink(Path(settings.out)))
            except (ArchiveError, SettingsError, SinkError) as error:
                event("can't work", level=logging.ERROR, error=str(error))
                self._refuse_the_rest()
                self._stop.wait(LOOK)
            except Exception:
                logging.getLogger("tagwire").exception("the writer failed, and begins anew")
                self._stop.wait(AFTER_A_FAILURE)
        self._refuse_the_rest()

    def _work(self, desk: Desk, sink: Sink) -> None:
        """Work until told to stop, or until what is worked with has changed: the settings, by which another
        process has published, or the archive's file.
        """
        ours, again_at, held = desk.archive.meta("settings"), 0.0, set[int]()
        thorough = True
        while not self._stop.is_set() and desk.archive.meta("settings") == ours:
            is_due = thorough or self._take_one(desk.archive, LOOK)
            is_due = is_due or is_behind(desk.archive, this_moment(), held)
            if desk.archive.is_elsewhere():
                raise ArchiveError(f"{self.path}: another file lies there now; it is opened instead")
            if not is_due or time.monotonic() < again_at:
                continue
            self._take_all(desk.archive)
            try:
                held = self._publish(desk, sink, thorough)
            except SinkError as error:  # the archive goes on taking what is sent
                event("can't publish", level=logging.ERROR, error=str(error))
                again_at = time.monotonic() + AFTER_A_FAILURE
                continue
            thorough = False
            self.ready.set()

    def _publish(self, desk: Desk, sink: Sink, thorough: bool) -> set[int]:
        """Publish; return the rows of the feeds that stay as they are, held."""
        started = time.monotonic()
        desk = replace(desk, now=this_moment(), rejected=[])
        in_between = lambda *_: self._take_all(desk.archive)  # noqa: E731
        held = {term.term_id for term, _ in desk.archive.held.every()}
        self.is_publishing = True
        try:
            publication = publish(desk, sink, in_between, lambda _: False, thorough, self.written)
        finally:
            self.is_publishing = False
        self.published(publication, time.monotonic() - started)
        return held | {term.term_id for term, _ in desk.archive.held.every()}

    def _take_one(self, archive: Archive, wait: float) -> bool:
        try:
            item = self._acts.get(timeout=wait)
        except queue.Empty:
            return False
        if item is None or not item[1].set_running_or_notify_cancel():
            return False
        act, future = item
        try:
            if archive.is_elsewhere():
                raise ArchiveError(f"{self.path}: another file lies there now; send it again")
            with archive.transaction():
                archive.begin_run()
                outcome = act(archive)
        except Exception as error:
            future.set_exception(error)
        else:
            future.set_result(outcome)
        return True

    def _take_all(self, archive: Archive) -> None:
        with contextlib.suppress(queue.Empty):
            while not self._acts.empty():
                self._take_one(archive, 0)

    def _refuse_the_rest(self) -> None:
        while not self._acts.empty():
            item = self._acts.get()
            if item is not None:
                item[1].set_exception(Busy(5))
