"""Opening: a server's house made of its settings, and made anew when they change."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from feeds.publication import Publication
from feeds.serve_settings import ServeSettings
from feeds.server import metrics
from feeds.server.access import open_access
from feeds.server.house import House
from feeds.server.limits import Budget, Limits, possible_connections
from feeds.server.logs import event
from feeds.server.polling import Poller
from feeds.server.prepared import Freshness
from feeds.server.shelf import Public, Shelf
from feeds.server.writing import Writer
from feeds.settings import Settings, default_tagging_entity, private_out_for, publisher_for
from feeds.settings_file import SettingsError
from feeds.setup import settings_of
from feeds.storing import Intake


def open_house(arguments: Namespace) -> House:
    """Make what a server needs of its settings, and start its threads; in the event loop.

    Raises SettingsError, OSError.
    """
    settings = settings_of(arguments)
    serve = settings.serve
    public, realm = _public(settings)
    private = replace(public, folder=private_out_for(settings))
    house: House
    freshness: Callable[[str], Freshness] = lambda path: house.freshness(path)  # noqa: E731, PLW0108
    house = House(
        arguments=arguments,
        settings=settings,
        shelf=Shelf(public, freshness, serve.memory),
        loop=asyncio.get_running_loop(),
        private_shelf=Shelf(private, freshness, serve.memory // 4),
        realm=realm,
        was_there=Path(settings.archive).exists(),
        limits=_limits(serve),
        budget=_budget(serve),
        access=open_access(Path(serve.access_log)) if serve.access_log else None,
        writer=Writer(
            settings=lambda: _settings(house),
            published=lambda publication, seconds: _tell(house, publication, seconds),
            written=lambda paths: _tell_written(house, paths),
        ),
        poller=Poller(arguments, settings, _tell_read),
    )
    house.writer.start()
    house.poller.start()
    return house


def _budget(serve: ServeSettings) -> Budget | None:
    return Budget(serve.refetch.total_seconds()) if serve.refetch else None


def _limits(serve: ServeSettings) -> Limits:
    patience = {name: getattr(serve, name).total_seconds() for name in ("head", "body", "reading", "more")}
    most = min(serve.connections or 10**9, possible_connections())
    # The API itself refuses what is too large, and says why: this is for what never ends.
    return Limits(most, serve.per_address, body_bytes=serve.largest + 65_536, **patience)


def _public(settings: Settings) -> tuple[Public, str]:
    publisher = publisher_for(settings, default_tagging_entity(settings))
    headers: list[tuple[bytes, bytes]] = []
    if publisher.tdm_reservation is not None:  # F-102
        headers.append((b"tdm-reservation", b"1" if publisher.tdm_reservation else b"0"))
        if publisher.tdm_policy:
            headers.append((b"tdm-policy", publisher.tdm_policy.encode()))
    public = Public(Path(settings.out), publisher.feeds_url, publisher.license, tuple(headers))
    return public, publisher.title


def _tell(house: House, publication: Publication, seconds: float) -> None:
    metrics.count_publication(house.numbers, seconds, time.time())
    with contextlib.suppress(RuntimeError):  # the server has ended
        house.loop.call_soon_threadsafe(house.look)
    if publication.written or publication.held:
        held = sorted(publication.held)
        event("published", documents=publication.written, seconds=round(seconds, 3), held=held)


def _tell_written(house: House, paths: Sequence[str]) -> None:
    with contextlib.suppress(RuntimeError):  # the server has ended
        house.loop.call_soon_threadsafe(house.renew, paths)


def _tell_read(intake: Intake) -> None:
    for failure in intake.failed:
        event("source failed", level=logging.WARNING, reason=failure)
    counts = {name: count for name, count in intake.records.items() if count}
    if counts.keys() - {"unchanged"}:
        event("sources read", **counts, rejected_records=len(intake.rejected))


def _settings(house: House) -> Settings:
    """Read the settings anew; wrong ones change nothing."""
    try:
        house.settings = settings_of(house.arguments)
    except SettingsError as error:
        event("settings are wrong, the old ones stay", level=logging.ERROR, error=str(error))
    return house.settings


def refit(house: House) -> None:
    """Read the settings again, and go on by them; wrong ones change nothing. For SIGHUP."""
    if house.access:
        house.access.reopen()
    before, settings = house.settings, _settings(house)
    if settings is before:
        return
    event("reloading")
    public, house.realm = _public(settings)
    house.limits.refit(_limits(settings.serve))
    house.budget = _budget(settings.serve)
    house.shelf.refit(public)
    house.private_shelf.refit(replace(public, folder=private_out_for(settings)))
    old_writer, old_poller = house.writer, house.poller
    house.writer = replace(old_writer)
    house.poller = replace(old_poller, settings=settings)

    def change() -> None:
        old_poller.stop(wait=60.0)
        old_writer.stop()
        house.writer.start()
        house.poller.start()

    threading.Thread(target=change, name="refit").start()
