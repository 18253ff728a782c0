"""Polling: the thread of a server that reads the sources when their time has come."""

from __future__ import annotations

import logging
import threading
from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from feeds.archive.lock import build_lock
from feeds.archive.values import ArchiveError
from feeds.intake import take_in
from feeds.schedule import Planned, is_due
from feeds.server.logs import event
from feeds.settings import Settings, default_tagging_entity, site_for
from feeds.settings_file import SettingsError
from feeds.setup import open_archive, opened_sources, this_moment
from feeds.storing import Intake

LOOK = 1.0  # seconds between two looks at the clock
AFTER_A_FAILURE = 30.0


@dataclass(eq=False)
class Poller:
    """The thread. arguments: of the command line, which may name sources; read: called after each reading.

    has_read: what was due has been read, once at least
    """

    arguments: Namespace
    settings: Settings
    read: Callable[[Intake], None]
    _stop: threading.Event = field(default_factory=threading.Event, init=False)
    has_read: threading.Event = field(default_factory=threading.Event, init=False)
    _thread: threading.Thread | None = field(default=None, init=False)

    def start(self) -> None:
        """Begin."""
        self._thread = threading.Thread(
            target=self._run, name="poller", daemon=True
        )  # one that hangs is let go
        self._thread.start()

    def stop(self, wait: float) -> None:
        """End after the record at hand. wait: seconds; a server that answers slowly is not waited for."""
        self._stop.set()
        if self._thread:
            self._thread.join(wait)

    def _run(self) -> None:
        while not self._stop.is_set():
            pause = LOOK
            try:
                with opened_sources(self.arguments, self.settings) as plans:
                    self._work([self._with_interval(plan) for plan in plans])
            except (ArchiveError, SettingsError) as error:
                event("can't read sources", level=logging.ERROR, error=str(error))
                pause = AFTER_A_FAILURE
            except Exception:
                logging.getLogger("tagwire").exception("the poller failed, and begins anew")
                pause = AFTER_A_FAILURE
            self._stop.wait(pause)

    def _with_interval(self, plan: Planned) -> Planned:
        return plan if plan.every else replace(plan, every=self.settings.serve.every)

    def _work(self, plans: list[Planned]) -> None:
        path = Path(self.settings.archive)
        while not self._stop.wait(LOOK):
            if not path.exists():
                continue  # the writer is about to make it
            with open_archive(path, readonly=True) as archive:
                if archive.meta("tagging_entity") is None:
                    continue
                rows = {plan.source.name: archive.readings.source(plan.source.name) for plan in plans}
            now = this_moment()
            if any((row := rows[plan.source.name]) is None or is_due(plan, row, now) for plan in plans):
                self._read(path, plans)
            self.has_read.set()

    def _read(self, path: Path, plans: list[Planned]) -> None:
        """Read what is due, unless a build or another process of the server is reading."""
        try:
            with build_lock(path, 0, lambda _: None), open_archive(path) as archive:
                entity = archive.meta("tagging_entity") or default_tagging_entity(self.settings)
                now = this_moment()
                site = site_for(self.settings, entity)
                site = replace(site, first_seen=now if self.settings.site.undated != "reject" else None)
                self.read(take_in(archive, plans, site, now, "due", self._progress))
        except _EndError:
            return
        except ArchiveError as error:
            event("sources wait", reason=str(error))

    def _progress(self, *_: object) -> None:
        if self._stop.is_set():
            raise _EndError


class _EndError(Exception):
    """The server ends: what was read so far is kept."""
